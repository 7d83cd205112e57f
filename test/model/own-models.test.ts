import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot, parseConfig } from '../../function/config.ts';
import { modelsSchema } from '../../function/contract/service.ts';
import { modelsTold, readOfferedLists } from '../../function/http/read-models.ts';
import { allowedLists, chooseClassifier, readModelLists } from '../../function/model/classifiers.ts';
import { cropGraphOfSize } from '../../function/model/crop-graph.ts';
import { checkModel, loadModels } from '../../function/model/load-models.ts';
import { addModel, readOwnModels, removeModel } from '../../function/model/own-models.ts';
import { parseSpec, type Spec } from '../../function/model/spec.ts';
import type { Frame } from '../../function/values.ts';
import { cutBox } from '../../function/vision/geometry.ts';
import { largestDifference } from './largest-difference.ts';

/** Small networks with the interfaces of published face classifiers, against what Python answers: test/fixtures/models/small_networks.py. */

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

/** The picture of small_networks.py. */
function patternFrame({ width, height }: { width: number; height: number }): Frame {
	const rgb = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
		const x = Math.floor(i / 3) % width;
		const y = Math.floor(i / 3 / width);
		return (7 * x + 13 * y + 29 * (i % 3) + ((x * y) % 97)) % 256;
	});
	return { index: 0, timeS: 0, width, height, rgb };
}

describe('a model that a user brought', () => {
	it.each(names)('%s answers as it does in Python: crop, colours, range, mean, output', async (name) => {
		await add(name);
		const lists = await readModelLists(shipped, folder);
		const models = await loadModels({ ...lists, choice: { model: name, tier: null }, provider: 'cpu', threads: 1 });
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
			await models.close();
		}
	});

	it('is listed with the digest of its file, and is gone when it is removed', async () => {
		const own = await mkdtemp(join(folder, 'list-'));
		const entry = await add('logit-48', specOf('logit-48'), own);
		const bytes = await readFile(fileOf('logit-48'));
		expect(entry).toMatchObject({
			sha256: createHash('sha256').update(bytes).digest('hex'),
			bytes: bytes.length,
			calibration: null,
		});
		expect((await readOwnModels(own)).models).toEqual([entry]);
		await expect(add('logit-48', specOf('logit-48'), own)).rejects.toMatchObject({ code: 'model-exists' });
		await removeModel(own, 'logit-48');
		expect(await readdir(own)).toEqual(['manifest.json']);
		await expect(removeModel(own, 'logit-48')).rejects.toMatchObject({ code: 'model-unknown' });
	});

	it('is not lost, nor listed twice, where several are added at the same time', async () => {
		const own = await mkdtemp(join(folder, 'together-'));
		const small = ['logit-48', 'two-probabilities-64', 'probability-96', 'older-112'];
		await Promise.all(small.map((name) => add(name, specOf(name), own)));
		expect((await readOwnModels(own)).models.map(({ id }) => id).sort()).toEqual(small.sort());
		const same = [1, 2, 3].map(() =>
			addModel(own, { id: 'same', path: fileOf('logit-48'), spec: specOf('logit-48'), ...about }),
		);
		const ends = await Promise.allSettled(same);
		expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
		const lists = await readModelLists(shipped, own);
		await (await loadModels({ ...lists, choice: { model: 'same', tier: null }, provider: 'cpu', threads: 1 })).close();
		expect((await readdir(own)).filter((name) => !name.endsWith('.onnx'))).toEqual(['manifest.json']);
	});

	it('is added although a killed program left its lock', async () => {
		const own = await mkdtemp(join(folder, 'lock-'));
		const lock = join(own, 'manifest.json.lock');
		await writeFile(lock, '');
		await utimes(lock, 0, 0);
		await add('logit-48', specOf('logit-48'), own);
		expect((await readdir(own)).sort()).toEqual(['logit-48.onnx', 'manifest.json']);
	});

	it('leaves nothing behind where its digest is another, its file is missing or its name is none', async () => {
		const own = await mkdtemp(join(folder, 'refused-'));
		const model = { id: 'm', path: fileOf('logit-48'), spec: specOf('logit-48'), ...about };
		const refused = (change: object) => addModel(own, { ...model, ...change });
		await expect(refused({ sha256: '0'.repeat(64) })).rejects.toMatchObject({ code: 'model-damaged' });
		await expect(refused({ path: join(own, 'none.onnx') })).rejects.toMatchObject({ code: 'model-missing' });
		await expect(refused({ id: '../m' })).rejects.toMatchObject({ code: 'usage' });
		expect(await readdir(own)).toEqual([]);
	});

	it('is refused where its file was changed since', async () => {
		const own = await mkdtemp(join(folder, 'changed-'));
		await add('logit-48', specOf('logit-48'), own);
		await writeFile(join(own, 'logit-48.onnx'), 'something else');
		const lists = await readModelLists(shipped, own);
		const loading = loadModels({ ...lists, choice: { model: 'logit-48', tier: null }, provider: 'cpu', threads: 1 });
		await expect(loading).rejects.toMatchObject({ code: 'model-damaged' });
	});

	it('is no reason to fail where there is no folder, and a list that is none is told', async () => {
		expect((await readOwnModels(join(folder, 'nowhere'))).models).toEqual([]);
		const own = await mkdtemp(join(folder, 'broken-'));
		await writeFile(join(own, 'manifest.json'), '{"version": 1');
		await expect(readOwnModels(own)).rejects.toMatchObject({ code: 'model-damaged' });
	});
});

describe('what a service offers', () => {
	const offered = async (UNMASK_OFFER_MODELS: string) => {
		const own = await mkdtemp(join(folder, 'offer-'));
		await add('logit-48', specOf('logit-48'), own);
		await add('older-112', specOf('older-112'), own);
		const env = { UNMASK_MODELS: shipped, UNMASK_OWN_MODELS: own, UNMASK_OFFER_MODELS };
		const config = parseConfig(env);
		const { models } = modelsSchema.parse(modelsTold(await readOfferedLists(config), config, null));
		return models.filter(({ isOwn }) => isOwn).map(({ id, isDefault }) => ({ id, isDefault }));
	};

	it('is none of the models that a user brought, unless the operator allows it', async () => {
		expect(await offered('none')).toEqual([]);
		expect(await offered('older-112, nonsense')).toEqual([{ id: 'older-112', isDefault: false }]);
		expect((await offered('all')).map(({ id }) => id)).toEqual(['logit-48', 'older-112']);
	});

	it('holds for the process that runs the models, too', async () => {
		const own = await mkdtemp(join(folder, 'allow-'));
		await add('logit-48', specOf('logit-48'), own);
		const lists = await readModelLists(shipped, own);
		const chosen = (allowed: string) =>
			chooseClassifier(
				allowedLists(lists, allowed),
				{ model: 'logit-48', tier: null },
				{ tier: 'auto', provider: 'cpu' },
			);
		expect(() => chosen('none')).toThrow(/not listed/);
		expect(chosen('logit-48').isOwn).toBe(true);
	});
});

describe('a model that does not do what its spec says', () => {
	const check = async (name: string, change: (spec: Spec) => unknown) => {
		const spec = parseSpec(JSON.stringify(change(specOf(name))));
		return checkModel(await readFile(fileOf(name)), name, spec);
	};

	it('is let through as long as it does', async () => {
		for (const name of names) await expect(check(name, (spec) => spec)).resolves.toBeUndefined();
	});

	it.each<[string, string, (spec: Spec) => unknown, RegExp]>([
		['another size', 'two-logits-380', (s) => ({ ...s, crop: { ...s.crop, size: 224 } }), /380.*224/],
		['another layout', 'logit-48', (s) => ({ ...s, input: { layout: 'nhwc' } }), /\[N, 3, 48, 48\].*\[N, 48, 48, 3\]/],
		[
			'an input that is not there',
			'logit-48',
			(s) => ({ ...s, input: { name: 'crops' } }),
			/no input crops, only input/,
		],
		['an output that is not there', 'logit-48', (s) => ({ ...s, output: { ...s.output, name: 'p' } }), /no output p/],
		['several outputs, none named', 'older-112', (s) => ({ ...s, output: { kind: 'two-logits' } }), /2 outputs/],
		[
			'another number of classes',
			'logit-48',
			(s) => ({ ...s, output: { kind: 'two-logits' } }),
			/the spec says 2 each/,
		],
		['no such map', 'logit-48', (s) => ({ ...s, heatMap: { name: 'cam' } }), /no output cam/],
		['an output that is no map', 'older-112', (s) => ({ ...s, heatMap: { name: 'logits' } }), /not \[N, 1, h, w\]/],
	])('is refused in plain words: %s', async (_, name, change, sentence) => {
		await expect(check(name, change)).rejects.toMatchObject({
			code: 'model-unfit',
			message: expect.stringMatching(sentence),
		});
	});

	it('is refused where its weights lie in a file beside it, and says how to export it whole', async () => {
		const bytes = await readFile(fileOf('weights-beside'));
		await expect(checkModel(bytes, 'm.onnx', specOf('logit-48'))).rejects.toMatchObject({
			code: 'model-unfit',
			detail: expect.stringContaining('external_data=False'),
		});
	});

	it('is refused where it is no ONNX file', async () => {
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
	])('%s is refused and says where', (text, sentence) => {
		expect(() => parseSpec(text)).toThrow(sentence);
	});
});

describe('the crop of another size', () => {
	it('is made of the one file that is known, for sizes that fit', async () => {
		const base = await readFile(join(shipped, 'face-crop-160.onnx'));
		expect(cropGraphOfSize(base, 160)).toEqual(Uint8Array.from(base));
		expect(() => cropGraphOfSize(base, 0)).toThrow(RangeError);
		expect(() => cropGraphOfSize(base, 20_000)).toThrow(RangeError);
		expect(() => cropGraphOfSize(base.subarray(0, 300), 224)).toThrow(RangeError);
	});
});
