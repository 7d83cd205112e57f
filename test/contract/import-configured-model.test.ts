import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { packageRoot, parseConfig } from '../../function/config.ts';
import { importConfiguredModel } from '../../function/import-configured-model.ts';
import { readCustomModels } from '../../function/model/custom-models.ts';
import { createGcsObjects } from '../../function/store/gcs-objects.ts';
import { type FakeGcs, startFakeGcs } from '../tools/fake-gcs-server.ts';

/** A container imports a configured model: a file, or an object on a real server of the Google Cloud Storage API. */

const fixtures = join(packageRoot(), 'test/fixtures/models');
const file = join(fixtures, 'older-112.onnx');
let gcs: FakeGcs;
let folder: string;
let sha256: string;

beforeAll(async () => {
	gcs = await startFakeGcs();
	await post('/storage/v1/b', JSON.stringify({ name: 'models' }));
	sha256 = createHash('sha256')
		.update(await readFile(file))
		.digest('hex');
});
afterAll(() => gcs?.stop());
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'unmask-bring-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function post(path: string, body: string | Buffer<ArrayBuffer>): Promise<void> {
	const response = await fetch(gcs.endpoint + path, { method: 'POST', body });
	expect(response.ok).toBe(true);
}

const bring = (env: Record<string, string>) =>
	importConfiguredModel(
		parseConfig({
			UNMASK_CUSTOM_MODELS: folder,
			UNMASK_IMPORT_SHA256: sha256,
			UNMASK_IMPORT_SPEC: 'resnext50-lstm',
			STORAGE_EMULATOR_HOST: gcs.endpoint,
			...env,
		}),
	);
const ids = async () => (await readCustomModels(folder)).models.map(({ id }) => id);

describe('a configured model', () => {
	it('is imported from a file, once', async () => {
		expect(await bring({ UNMASK_IMPORT_MODEL: file })).toBe('older-112');
		const [model] = (await readCustomModels(folder)).models;
		expect(model).toMatchObject({ sha256, network: 'resnext50-lstm', calibration: null });
		expect(await bring({ UNMASK_IMPORT_MODEL: file })).toBe('older-112');
		expect(await ids()).toEqual(['older-112']);
	});

	it('is not confused with one imported by another spec', async () => {
		await bring({ UNMASK_IMPORT_MODEL: file });
		const again = bring({ UNMASK_IMPORT_MODEL: file, UNMASK_IMPORT_SPEC: 'gs://models/nets/other.json' });
		await expect(again).rejects.toMatchObject({ code: 'model-exists' });
	});

	it('is imported from an object, as is its spec', async () => {
		const objects = createGcsObjects({ apiEndpoint: gcs.endpoint });
		const bytes = await readFile(join(fixtures, 'logit-48.onnx'));
		await post('/upload/storage/v1/b/models/o?uploadType=media&name=nets/logit-48.onnx', bytes);
		const spec = JSON.stringify({ crop: { margin: 1, size: 48 }, input: {}, output: { kind: 'logit' } });
		await objects.writeText('models', 'nets/spec.json', 'application/json', spec);
		const name = await bring({
			UNMASK_IMPORT_MODEL: 'gs://models/nets/logit-48.onnx',
			UNMASK_IMPORT_SHA256: createHash('sha256').update(bytes).digest('hex'),
			UNMASK_IMPORT_SPEC: 'gs://models/nets/spec.json',
		});
		expect(name).toBe('logit-48');
	});

	it.each([
		['another digest', { UNMASK_IMPORT_MODEL: file, UNMASK_IMPORT_SHA256: '0'.repeat(64) }, 'model-damaged'],
		['a missing file', { UNMASK_IMPORT_MODEL: '/nowhere/m.onnx' }, 'model-missing'],
		['a missing object', { UNMASK_IMPORT_MODEL: 'gs://models/none.onnx' }, 'model-missing'],
		['no digest', { UNMASK_IMPORT_MODEL: file, UNMASK_IMPORT_SHA256: '' }, 'environment'],
		['no spec', { UNMASK_IMPORT_MODEL: file, UNMASK_IMPORT_SPEC: '' }, 'environment'],
		['a spec that does not match', { UNMASK_IMPORT_MODEL: file, UNMASK_IMPORT_SPEC: 'gend-clip-l14' }, 'model-unfit'],
	])('is refused for %s, and nothing is left behind', async (_, env, code) => {
		await expect(bring(env)).rejects.toMatchObject({ code });
		expect(await readdir(folder)).toEqual([]);
	});

	it('is optional', async () => {
		expect(await importConfiguredModel(parseConfig({ UNMASK_CUSTOM_MODELS: folder }))).toBeNull();
	});
});
