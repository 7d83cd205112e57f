import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { packageRoot, parseConfig } from '../../function/config.ts';
import { describeModels, readOfferedLists } from '../../function/http/read-models.ts';
import { readManifest, readModel } from '../../function/model/manifest.ts';
import { type Runtime, type Session, startRuntime } from '../../function/model/session.ts';

/** A graph with external weights; weights-beside.onnx is logit-48.onnx saved as two files. */

const fixtures = join(packageRoot(), 'test/fixtures/models');
const [file, weightsFile] = ['weights-beside.onnx', 'weights-beside.weights'] as const;
let folder: string;
let bytes: Buffer;
let runtime: Runtime;

const listed = async (name: string) => {
	const content = await readFile(join(fixtures, name));
	return { file: name, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
};
const read = async () => readModel(folder, { ...(await listed(file)), weights: [await listed(weightsFile)] });

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'unmask-weights-'));
	bytes = await readFile(join(fixtures, weightsFile));
	runtime = startRuntime();
});
beforeEach(async () => {
	for (const name of [file, weightsFile]) await cp(join(fixtures, name), join(folder, name));
});
afterAll(() => Promise.all([rm(folder, { recursive: true }), runtime.close()]));

describe('external weights', () => {
	it('give the same outputs as embedded weights, and are transferred when the graph is opened', async () => {
		const { graph, weights } = await read();
		expect(weights.map((each) => [each.file, each.bytes.length])).toEqual([[weightsFile, bytes.length]]);
		const how = { provider: 'cpu', threads: 1 } as const;
		const split = await runtime.open('split', graph, { ...how, weights });
		const whole = await runtime.open('whole', await readFile(join(fixtures, 'logit-48.onnx')), how);
		expect(weights.map((each) => each.bytes.length)).toEqual([0]);
		const data = Float32Array.from({ length: 2 * 3 * 48 * 48 }, (_, i) => ((7 * i) % 97) / 97);
		const answer = (session: Session) =>
			session.run({ [session.inputs[0]?.name ?? '']: { data, shape: [2, 3, 48, 48] } }, [
				session.outputs[0]?.name ?? '',
			]);
		const [expected] = await answer(whole);
		expect(await answer(split)).toEqual([expected]);
		expect(expected.data[0]).not.toBe(expected.data[1]);
	});

	it('are refused by name if they are missing, truncated or changed', async () => {
		const path = join(folder, weightsFile);
		const refusal = (code: string) => ({ code, message: expect.stringContaining(weightsFile) });
		await rm(path);
		await expect(read()).rejects.toMatchObject(refusal('model-missing'));
		await writeFile(path, bytes.subarray(1));
		await expect(read()).rejects.toMatchObject(refusal('model-damaged'));
		await writeFile(path, bytes.with(100, (bytes[100] as number) ^ 1));
		await expect(read()).rejects.toMatchObject(refusal('model-damaged'));
		await writeFile(path, bytes);
		await expect(read()).resolves.toMatchObject({ weights: [{ file: weightsFile }] });
	});

	it('count in the size that clients see', async () => {
		const config = parseConfig({ UNMASK_CUSTOM_MODELS: join(folder, 'none') });
		const { files } = await readManifest(config.UNMASK_MODELS);
		const { models } = describeModels(await readOfferedLists(config), config, 'cpu');
		const listedSizes = files.map(({ id }) => models.find((model) => model.id === id)?.sizeBytes);
		const size = ({ bytes: own, weights }: (typeof files)[number]) =>
			weights.reduce((sum, each) => sum + each.bytes, own);
		expect(listedSizes).toEqual(files.map(size));
	});
});
