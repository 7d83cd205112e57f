import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot, parseConfig } from '../../function/config.ts';
import { modelsSchema } from '../../function/contract/service.ts';
import { describeModels, readOfferedLists } from '../../function/http/read-models.ts';
import { checkModel } from '../../function/model/check-model.ts';
import { allowedLists, readModelLists, resolveClassifier } from '../../function/model/classifiers.ts';
import {
	addModel,
	keepCalibration,
	keepMeasurement,
	type Measurement,
	readCustomModels,
	removeModel,
} from '../../function/model/custom-models.ts';
import { readModel } from '../../function/model/manifest.ts';
import { openModels } from '../../function/model/open-models.ts';
import { parseSpec, type Spec } from '../../function/model/spec.ts';
import type { Frame } from '../../function/values.ts';
import { cutBox } from '../../function/vision/geometry.ts';
import { largestDifference } from './largest-difference.ts';

/** Small networks with the interfaces of published face classifiers, compared with Python's outputs: test/fixtures/models/small_networks.py. */

const fixtures = join(packageRoot(), 'test/fixtures/models');
const shipped = join(packageRoot(), 'models');

type Answers = {
	frame: { width: number; height: number };
	boxes: [number, number, number, number][];
	networks: Record<string, { spec: object; faces: { logit: number; pixels: number[]; cam?: number[] }[] }>;
};
let answers: Answers;
let folder: string;

beforeAll(async () => {
	answers = JSON.parse(await readFile(join(fixtures, 'answers.json'), 'utf8'));
	folder = await mkdtemp(join(tmpdir(), 'unmask-own-'));
});
afterAll(() => rm(folder, { recursive: true }));

const names = [
	'two-logits-380',
	'two-logits-256',
	'two-logits-224',
	'probability-96',
	'logit-48',
	'two-probabilities-64',
	'older-112',
];
const specOf = (name: string): Spec => parseSpec(JSON.stringify(answers.networks[name]?.spec));
const fileOf = (name: string) => join(fixtures, `${name}.onnx`);
const about = { licence: 'none', madeBy: 'a test' };
const add = (name: string, spec = specOf(name), to = folder) =>
	addModel(to, { id: name, path: fileOf(name), spec, ...about });

const calibration = {
	temperature: 2,
	offset: 0,
	image: null,
	video: { likelyFakeAbove: 0.8, likelyRealBelow: 0.3, falseAlarm: null, missed: null, stretch: null, reference: null },
	source: 'a test',
};
const measurement = (digit: number): Measurement => ({
	...{ sha256: digit.toString(16).repeat(64), setSha256: 'a'.repeat(64), set: 's', n: 40, auc: 0.9, interval: null },
	measuredAt: '2026-11-25',
});

type Listed = Omit<Awaited<ReturnType<typeof addModel>>, 'folder'>;

/** The file in which earlier versions listed all models. */
const writeOldList = (own: string, models: readonly Listed[], measurements: readonly Measurement[] = []) =>
	writeFile(join(own, 'manifest.json'), JSON.stringify({ version: 1, models, measurements }));

/** The picture of small_networks.py. */
function patternFrame({ width, height }: { width: number; height: number }): Frame {
	const rgb = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
		const x = Math.floor(i / 3) % width;
		const y = Math.floor(i / 3 / width);
		return (7 * x + 13 * y + 29 * (i % 3) + ((x * y) % 97)) % 256;
	});
	return { index: 0, timeS: 0, width, height, rgb };
}

describe('a custom model', () => {
	it.each(names)('%s gives the same result as in Python: crop, colours, range, mean, output', async (name) => {
		await add(name);
		const lists = await readModelLists(shipped, folder);
		const opened = await openModels({ lists, choice: { model: name, tier: null }, provider: 'cpu', threads: 1 });
		const models = opened.chosen;
		try {
			const frame = patternFrame(answers.frame);
			const boxes = answers.boxes.map(([x, y, right, bottom]) =>
				cutBox({ x, y, width: right - x, height: bottom - y }, models.classifier.spec.crop, frame),
			);
			const crops = await models.crop(frame, boxes);
			const judged = await models.classify(crops);
			for (const [i, face] of (answers.networks[name]?.faces ?? []).entries()) {
				const crop = crops[i] as Float32Array;
				const picked = face.pixels.map((_, k) => crop[k * Math.floor(crop.length / 40)] as number);
				expect(largestDifference(picked, face.pixels)).toBeLessThan(name === 'older-112' ? 1e-7 : 1e-4);
				expect(Math.abs((judged[i]?.logit as number) - face.logit)).toBeLessThan(1e-3);
				if (!face.cam) {
					expect(judged[i]?.heatMap).toBeNull();
					continue;
				}
				const { values } = judged[i]?.heatMap ?? { values: [] };
				const shift = (values[0] as number) - (face.cam[0] as number);
				const shifted = values.map((value) => value - shift);
				expect(largestDifference(shifted, face.cam)).toBeLessThan(1e-3);
				expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(face.logit, 3);
			}
			expect(models.entries.map(({ kind }) => kind).filter((kind) => kind === 'classifier')).toHaveLength(1);
		} finally {
			await opened.close();
		}
	});

	it('is listed with the digest of its file, and is gone after it is removed', async () => {
		const own = await mkdtemp(join(folder, 'list-'));
		const entry = await add('logit-48', specOf('logit-48'), own);
		const bytes = await readFile(fileOf('logit-48'));
		expect(entry).toMatchObject({
			sha256: createHash('sha256').update(bytes).digest('hex'),
			bytes: bytes.length,
			calibration: null,
		});
		expect((await readCustomModels(own)).models).toEqual([entry]);
		await expect(add('logit-48', specOf('logit-48'), own)).rejects.toMatchObject({ code: 'model-exists' });
		await removeModel(own, 'logit-48');
		expect(await readdir(own)).toEqual([]);
		await expect(removeModel(own, 'logit-48')).rejects.toMatchObject({ code: 'model-unknown' });
	});

	it('is neither lost nor listed twice if several are added at the same time', async () => {
		const own = await mkdtemp(join(folder, 'together-'));
		const small = ['logit-48', 'two-probabilities-64', 'probability-96', 'older-112'];
		await Promise.all(small.map((name) => add(name, specOf(name), own)));
		expect((await readCustomModels(own)).models.map(({ id }) => id).sort()).toEqual(small.sort());
		const same = [1, 2, 3].map(() =>
			addModel(own, { id: 'same', path: fileOf('logit-48'), spec: specOf('logit-48'), ...about }),
		);
		const ends = await Promise.allSettled(same);
		expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
		const lists = await readModelLists(shipped, own);
		await (await openModels({ lists, choice: { model: 'same', tier: null }, provider: 'cpu', threads: 1 })).close();
		expect((await readdir(own)).sort()).toEqual([...small, 'same'].sort());
	});

	it('keeps every change of 12 writers, even if a killed program left the lock of the old list', async () => {
		for (let round = 0; round < 40; round++) {
			const own = await mkdtemp(join(folder, 'writers-'));
			await writeOldList(own, []);
			await writeFile(join(own, 'manifest.json.lock'), '');
			await utimes(join(own, 'manifest.json.lock'), 0, 0);
			const all = Array.from({ length: 12 }, (_, i) => measurement(i));
			await Promise.all(all.map((one) => keepMeasurement(own, one)));
			expect((await readCustomModels(own)).measurements).toHaveLength(12);
		}
	});

	it('keeps its calibration until its file changes', async () => {
		const own = await mkdtemp(join(folder, 'calibrated-'));
		await add('logit-48', specOf('logit-48'), own);
		await keepCalibration(own, 'logit-48', calibration);
		expect((await readCustomModels(own)).models[0]?.calibration).toEqual(calibration);
		const described = join(own, 'logit-48', 'model.json');
		const other = (await readFile(described, 'utf8')).replace(/"sha256": "\w+"/, `"sha256": "${'0'.repeat(64)}"`);
		await writeFile(described, other);
		expect((await readCustomModels(own)).models[0]?.calibration).toBeNull();
		await expect(keepCalibration(own, 'none', calibration)).rejects.toMatchObject({ code: 'model-unknown' });
	});

	it('is read from the list of earlier versions until the first change moves it to its own folder', async () => {
		const own = await mkdtemp(join(folder, 'list-'));
		const first = await add('logit-48', specOf('logit-48'), own);
		const { folder: _, ...listed } = { ...first, id: 'old', file: 'old.onnx', calibration };
		await writeOldList(own, [listed], [measurement(1)]);
		await cp(fileOf('logit-48'), join(own, 'old.onnx'));
		const before = await readCustomModels(own);
		expect(before.models.map(({ id, folder: at }) => [id, at])).toEqual([
			['logit-48', join(own, 'logit-48')],
			['old', own],
		]);
		await Promise.all([2, 3].map((digit) => keepMeasurement(own, measurement(digit))));
		expect((await readdir(own)).sort()).toEqual(['_measurements', 'logit-48', 'old']);
		const { models, measurements } = await readCustomModels(own);
		expect(models[1]).toEqual({ ...listed, folder: join(own, 'old') });
		expect(measurements).toHaveLength(3);
		const moved = await readModel(join(own, 'old'), { ...(models[1] as Listed), weights: [] });
		expect(moved.graph).toHaveLength(first.bytes);
		await removeModel(own, 'old');
		expect((await readCustomModels(own)).models.map(({ id }) => id)).toEqual(['logit-48']);
	});

	it('leaves nothing behind if its digest is wrong, its file is missing or its name is invalid', async () => {
		const own = await mkdtemp(join(folder, 'refused-'));
		const model = { id: 'm', path: fileOf('logit-48'), spec: specOf('logit-48'), ...about };
		const refused = (change: object) => addModel(own, { ...model, ...change });
		await expect(refused({ sha256: '0'.repeat(64) })).rejects.toMatchObject({ code: 'model-damaged' });
		await expect(refused({ path: join(own, 'none.onnx') })).rejects.toMatchObject({ code: 'model-missing' });
		await expect(refused({ id: '../m' })).rejects.toMatchObject({ code: 'usage' });
		expect(await readdir(own)).toEqual([]);
	});

	it('is refused if its file was changed since', async () => {
		const own = await mkdtemp(join(folder, 'changed-'));
		await add('logit-48', specOf('logit-48'), own);
		await writeFile(join(own, 'logit-48', 'logit-48.onnx'), 'something else');
		const lists = await readModelLists(shipped, own);
		const loading = openModels({ lists, choice: { model: 'logit-48', tier: null }, provider: 'cpu', threads: 1 });
		await expect(loading).rejects.toMatchObject({ code: 'model-damaged' });
	});

	it('may be absent, but a damaged list is an error', async () => {
		expect((await readCustomModels(join(folder, 'nowhere'))).models).toEqual([]);
		const own = await mkdtemp(join(folder, 'broken-'));
		await writeFile(join(own, 'manifest.json'), '{"version": 1');
		await expect(readCustomModels(own)).rejects.toMatchObject({ code: 'model-damaged' });
		await rm(join(own, 'manifest.json'));
		await mkdir(join(own, 'm'));
		await writeFile(join(own, 'm', 'model.json'), '{}');
		await expect(readCustomModels(own)).rejects.toMatchObject({ code: 'model-damaged' });
	});
});

describe('what a service offers', () => {
	const offered = async (UNMASK_OFFER_MODELS: string) => {
		const own = await mkdtemp(join(folder, 'offer-'));
		await add('logit-48', specOf('logit-48'), own);
		await add('older-112', specOf('older-112'), own);
		const env = { UNMASK_MODELS: shipped, UNMASK_CUSTOM_MODELS: own, UNMASK_OFFER_MODELS };
		const config = parseConfig(env);
		const { models } = modelsSchema.parse(describeModels(await readOfferedLists(config), config, null));
		return models.filter(({ isOwn }) => isOwn).map(({ id, isDefault }) => ({ id, isDefault }));
	};

	it('includes a custom model only if the operator allows it', async () => {
		expect(await offered('none')).toEqual([]);
		expect(await offered('older-112, nonsense')).toEqual([{ id: 'older-112', isDefault: false }]);
		expect((await offered('all')).map(({ id }) => id)).toEqual(['logit-48', 'older-112']);
	});

	it('also applies to the process that runs the models', async () => {
		const own = await mkdtemp(join(folder, 'allow-'));
		await add('logit-48', specOf('logit-48'), own);
		const lists = await readModelLists(shipped, own);
		const chosen = (allowed: string) =>
			resolveClassifier(
				allowedLists(lists, allowed),
				{ model: 'logit-48', tier: null },
				{ tier: 'auto', provider: 'cpu' },
			);
		expect(() => chosen('none')).toThrow(/not listed/);
		expect(chosen('logit-48').isCustom).toBe(true);
	});
});

describe('a model that does not do what its spec says', () => {
	const check = async (name: string, change: (spec: Spec) => unknown) => {
		const spec = parseSpec(JSON.stringify(change(specOf(name))));
		return checkModel(await readFile(fileOf(name)), name, spec);
	};

	it('is accepted as long as it does', async () => {
		for (const name of names) await expect(check(name, (spec) => spec)).resolves.toBeUndefined();
	});

	it.each<[string, string, (spec: Spec) => unknown, RegExp]>([
		['wrong size', 'two-logits-380', (s) => ({ ...s, crop: { ...s.crop, size: 224 } }), /380.*224/],
		['wrong layout', 'logit-48', (s) => ({ ...s, input: { layout: 'nhwc' } }), /\[N, 3, 48, 48\].*\[N, 48, 48, 3\]/],
		['a missing input', 'logit-48', (s) => ({ ...s, input: { name: 'crops' } }), /no input crops, only input/],
		['a missing output', 'logit-48', (s) => ({ ...s, output: { ...s.output, name: 'p' } }), /no output p/],
		[
			'several outputs, no name in the spec',
			'older-112',
			(s) => ({ ...s, output: { kind: 'two-logits' } }),
			/2 outputs/,
		],
		['wrong number of classes', 'logit-48', (s) => ({ ...s, output: { kind: 'two-logits' } }), /the spec says 2 each/],
		['a missing map', 'logit-48', (s) => ({ ...s, heatMap: { name: 'cam' } }), /no output cam/],
		['an output that is not a map', 'older-112', (s) => ({ ...s, heatMap: { name: 'logits' } }), /not \[N, 1, h, w\]/],
	])('is refused with a clear message: %s', async (_, name, change, sentence) => {
		await expect(check(name, change)).rejects.toMatchObject({
			code: 'model-unfit',
			message: expect.stringMatching(sentence),
		});
	});

	it('is refused if its weights are in a separate file, and the error says how to export it as one', async () => {
		const bytes = await readFile(fileOf('weights-beside'));
		await expect(checkModel(bytes, 'm.onnx', specOf('logit-48'))).rejects.toMatchObject({
			code: 'model-unfit',
			detail: expect.stringContaining('external_data=False'),
		});
	});

	it('is refused if it is not an ONNX file', async () => {
		const checking = checkModel(Buffer.from('<!doctype html>'), 'page.onnx', specOf('logit-48'));
		await expect(checking).rejects.toMatchObject({ code: 'model-failed' });
	});
});

describe('a spec', () => {
	it.each([
		['{', /not JSON/],
		['{}', /crop.*input.*output/],
		['{"crop":{"margin":9,"size":224},"input":{},"output":{"kind":"logit"}}', /crop\.margin/],
		['{"crop":{"margin":1,"size":224},"input":{"std":[1,0,1]},"output":{"kind":"logit"}}', /std/],
		['{"crop":{"margin":1,"size":224},"input":{},"output":{"kind":"logit"},"colors":"bgr"}', /colors/],
	])('%s is refused, and the error says where', (text, sentence) => {
		expect(() => parseSpec(text)).toThrow(sentence);
	});
});
