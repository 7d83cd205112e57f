import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../function/config.ts';
import { readModelLists } from '../../function/model/classifiers.ts';
import { createClassifier } from '../../function/model/classify.ts';
import { readModel } from '../../function/model/manifest.ts';
import type { OpenClassifier } from '../../function/model/model-host.ts';
import { type OpenModels, openModels } from '../../function/model/open-models.ts';
import { type Session, startRuntime, type Tensor } from '../../function/model/session.ts';
import type { Frame } from '../../function/values.ts';
import { iou, squareBox } from '../../function/vision/geometry.ts';
import { largestDifference } from './largest-difference.ts';

let opened: OpenModels;
let models: OpenClassifier;
const runtime = startRuntime();
let classifierSession: Session;

beforeAll(async () => {
	const folder = join(packageRoot(), 'models');
	const lists = await readModelLists(folder, join(folder, 'none'));
	opened = await openModels({ lists, choice: { model: null, tier: null }, provider: 'cpu', threads: 2 });
	models = opened.chosen;
	const { graph } = await readModel(models.classifier.folder, models.classifier);
	classifierSession = await runtime.open(models.classifier.id, graph, { provider: 'cpu', threads: 1 });
});
afterAll(() => Promise.all([opened.close(), runtime.close()]));

const fullPass = { side: 512, margin: 0, minScore: 0.5 } as const;

async function portrait(name: string, width?: number): Promise<Frame> {
	const file = join(import.meta.dirname, '../fixtures/portraits', name);
	const { data, info } = await sharp(file)
		.resize(width ?? null)
		.raw()
		.toBuffer({ resolveWithObject: true });
	return { index: 0, timeS: 0, width: info.width, height: info.height, rgb: new Uint8Array(data) };
}

async function faceOf(frame: Frame) {
	const [face] = await models.detect(frame, fullPass);
	if (!face) throw new Error('no face');
	return face;
}

/** The picture of goldens.py, which both languages compute without a decoder. */
function patternFrame(width: number, height: number): Frame {
	const rgb = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
		const x = Math.floor(i / 3) % width;
		const y = Math.floor(i / 3 / width);
		return (7 * x + 13 * y + 29 * (i % 3) + ((x * y) % 97)) % 256;
	});
	return { index: 0, timeS: 0, width, height, rgb };
}

type Goldens = {
	frame: { width: number; height: number };
	crops: { box: [number, number, number, number]; values: number[]; logit: number; cam: number[] }[];
};

const goldens = async (): Promise<Goldens> =>
	JSON.parse(await readFile(join(import.meta.dirname, '../goldens/crops.json'), 'utf8'));

describe('the detector', () => {
	it('finds the face of a portrait, the same at both sizes', async () => {
		const frame = await portrait('a.jpg');
		const full = await models.detect(frame, fullPass);
		const quick = await models.detect(frame, { ...fullPass, side: 256 });
		expect(full).toHaveLength(1);
		expect(quick).toHaveLength(1);
		expect(iou((full[0] as (typeof full)[0]).box, (quick[0] as (typeof quick)[0]).box)).toBeGreaterThan(0.6);
	});

	it('gives boxes in px of the frame, whatever its size', async () => {
		const small = await faceOf(await portrait('a.jpg', 210));
		const large = await faceOf(await portrait('a.jpg', 840));
		expect(large.box.width / small.box.width).toBeGreaterThan(3.6);
		expect(large.box.width / small.box.width).toBeLessThan(4.4);
	});

	it('finds a face that fills the picture if a border is added', async () => {
		const frame = await portrait('b.jpg');
		const { box } = await faceOf(frame);
		const left = Math.round(box.x + 0.1 * box.width);
		const top = Math.round(box.y + 0.1 * box.height);
		const width = Math.round(0.8 * box.width);
		const height = Math.round(0.8 * box.height);
		const file = join(import.meta.dirname, '../fixtures/portraits/b.jpg');
		const rgb = new Uint8Array(await sharp(file).extract({ left, top, width, height }).raw().toBuffer());
		const filled = { index: 0, timeS: 0, width, height, rgb };
		const [face] = await models.detect(filled, { ...fullPass, margin: 1 });
		expect(face?.score).toBeGreaterThan(0.5);
	});

	it('finds nothing in a pattern', async () => {
		expect(await models.detect(patternFrame(320, 240), fullPass)).toEqual([]);
	});
});

describe('the crop', () => {
	it("equals torchvision's roi_align of the same picture, also at the edge and far outside", async () => {
		const { frame, crops } = await goldens();
		for (const { box, values } of crops) {
			const [x, y, x2, y2] = box;
			const [pixels] = await models.crop(patternFrame(frame.width, frame.height), [
				{ x, y, width: x2 - x, height: y2 - y },
			]);
			const picked = values.map((_, i) => pixels?.[i * 97] as number);
			expect(largestDifference(picked, values)).toBeLessThan(1e-4);
		}
	});
});

describe('the classifier', () => {
	// bit-identical on the same processor; on another one, sums are in another order, an 8-bit value may round to the next of 256 steps,
	// and the logit moves by up to .2 (models/training/README.md, Parity)
	it('gives the same logits and maps as the Python runtime for the same crops', async () => {
		const { frame, crops } = await goldens();
		for (const { box, logit, cam } of crops) {
			const [x, y, x2, y2] = box;
			const cut = await models.crop(patternFrame(frame.width, frame.height), [{ x, y, width: x2 - x, height: y2 - y }]);
			const [answer] = await models.classify(cut);
			expect(Math.abs((answer?.logit as number) - logit)).toBeLessThan(0.2);
			expect(largestDifference(answer?.heatMap?.values ?? [], cam)).toBeLessThan(0.6);
		}
	});

	it('gives a map whose mean is the logit', async () => {
		const frame = await portrait('a.jpg');
		const { box } = await faceOf(frame);
		const [answer] = await models.classify(
			await models.crop(frame, [squareBox(box, models.classifier.spec.crop.margin)]),
		);
		const { width, height, values } = answer?.heatMap ?? { width: 0, height: 0, values: [] };
		expect(values).toHaveLength(width * height);
		expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(answer?.logit as number, 3);
	});

	it('gives a face the same logit alone and in a batch', async () => {
		const crops: Float32Array[] = [];
		for (const name of ['a.jpg', 'b.jpg', 'c.jpg']) {
			const frame = await portrait(name);
			crops.push(...(await models.crop(frame, [squareBox((await faceOf(frame)).box, 1.3)])));
		}
		const together = await models.classify(crops);
		for (const [i, crop] of crops.entries()) {
			const [alone] = await models.classify([crop]);
			expect(Math.abs((alone?.logit as number) - (together[i]?.logit as number))).toBeLessThan(1e-3);
		}
	});
});

describe('a classifier with fixed batch sizes, as on a GPU', () => {
	it('pads its runs and gives the same results', async () => {
		const frame = await portrait('a.jpg');
		const crops = await models.crop(
			frame,
			[1.1, 1.3, 1.5].map((margin) => squareBox({ x: 40, y: 40, width: 90, height: 90 }, margin)),
		);
		const runs: number[] = [];
		const session: Session = {
			...classifierSession,
			async run(feeds, outputs) {
				const { shape } = feeds.crops as Tensor;
				runs.push(shape[0] as number);
				return classifierSession.run(feeds, outputs);
			},
		};
		const classify = createClassifier(session, models.classifier.spec, { counts: [2, 4] });
		const filled = [...(await classify(crops)), ...(await classify(crops.slice(0, 1)))];
		expect(runs).toEqual([4, 2]);
		const plain = await models.classify(crops);
		expect(filled).toHaveLength(4);
		for (const [i, { logit, heatMap }] of filled.entries()) {
			expect(logit).toBeCloseTo(plain[i % 3]?.logit as number, 3);
			expect(heatMap?.values).toHaveLength(plain[i % 3]?.heatMap?.values.length as number);
		}
	});
});

describe('the identity', () => {
	it('is closer for two pictures of one person than for two people', async () => {
		const describe = async (name: string, width?: number) => {
			const frame = await portrait(name, width);
			return models.identify(frame, (await faceOf(frame)).box);
		};
		const distance = (a: Float32Array, b: Float32Array) => Math.hypot(...a.map((value, i) => value - (b[i] as number)));
		const a = await describe('a.jpg');
		expect(distance(a, await describe('a.jpg', 300))).toBeLessThan(distance(a, await describe('b.jpg')));
		expect(distance(a, await describe('a.jpg', 300))).toBeLessThan(distance(a, await describe('c.jpg')));
	});
});
