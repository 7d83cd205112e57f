import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot, parseConfig } from '../../function/config.ts';
import { planSchema } from '../../function/contract/plan.ts';
import type { Report } from '../../function/contract/report.ts';
import { modelsSchema } from '../../function/contract/service.ts';
import { describeModels, readOfferedLists } from '../../function/http/read-models.ts';
import { type Choice, readModelLists } from '../../function/model/classifiers.ts';
import { readManifest } from '../../function/model/manifest.ts';
import type { OpenClassifier } from '../../function/model/model-host.ts';
import { type OpenModels, openModels } from '../../function/model/open-models.ts';
import { createInference, type Inference } from '../../function/worker/inference.ts';
import { makeTierModels, thoroughId } from '../tools/tier-models.ts';
import { largestDifference } from './largest-difference.ts';

/** Both tiers over real sessions; the thorough one is a stand-in, see tier-models.ts. */

let folder: string;
let both: string;
let fastAlone: string;
let fastId: string;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'unmask-tiers-'));
	both = await makeTierModels(join(folder, 'both'), true);
	fastAlone = await makeTierModels(join(folder, 'fast'), false);
	fastId = (await readManifest(both)).defaultClassifier;
});
afterAll(() => rm(folder, { recursive: true }));

const nothing: Choice = { model: null, tier: null };
const load = async (models: string, choice: Choice) =>
	openModels({ lists: await readModelLists(models, join(folder, 'none')), choice, provider: 'cpu', threads: 2 });

/** A crop that is not its own mirror image, RGB 0..1. */
function cropOf(size: number): Float32Array {
	return Float32Array.from(
		{ length: 3 * size * size },
		(_, i) => ((7 * (i % size) + 13 * Math.floor(i / size)) % 97) / 97,
	);
}
function mirrored(values: ArrayLike<number>, width: number): number[] {
	return Array.from(values, (_, i) => values[i - (i % width) + (width - 1 - (i % width))] as number);
}

describe('both tiers', () => {
	let opened: OpenModels;
	let fast: OpenClassifier;
	let thorough: OpenClassifier;

	beforeAll(async () => {
		opened = await load(both, nothing);
		fast = opened.chosen;
		thorough = await opened.open({ model: null, tier: 'thorough' });
	});
	afterAll(() => opened.close());

	it('share everything but the classifier, and reports name different models', () => {
		expect([fast.classifier.id, thorough.classifier.id]).toEqual([fastId, thoroughId]);
		expect(thorough.detect).toBe(fast.detect);
		expect(thorough.identify).toBe(fast.identify);
		const others = ({ entries }: OpenClassifier) => entries.filter(({ kind }) => kind !== 'classifier');
		expect(others(thorough)).toEqual(others(fast));
		expect(thorough.entries.filter(({ kind }) => kind === 'classifier').map(({ id }) => id)).toEqual([thoroughId]);
	});

	it('give outputs of the same shape: a logit and a map whose mean it is', async () => {
		for (const { classify, crop } of [fast, thorough]) {
			const [first, second, ...rest] = await classify([cropOf(crop.size), new Float32Array(3 * crop.size ** 2)]);
			expect(rest).toEqual([]);
			for (const { logit, heatMap } of [first, second].filter((answer) => answer !== undefined)) {
				expect(heatMap).toMatchObject({ width: crop.size / 32, height: crop.size / 32 });
				const values = heatMap?.values ?? [];
				expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(logit, 4);
			}
		}
	});

	it('average a crop and its mirror image with test-time augmentation, whose map is mirrored back', async () => {
		const { size } = fast.crop;
		const crop = cropOf(size);
		const turned = Float32Array.from(mirrored(crop, size));
		const [straight, other] = await fast.classify([crop, turned]);
		const [answer, answerTurned] = await thorough.classify([crop, turned]);
		if (!straight?.heatMap || !other?.heatMap || !answer?.heatMap || !answerTurned?.heatMap) throw new Error('no map');
		expect(Math.abs(straight.logit - other.logit)).toBeGreaterThan(0.01); // otherwise the test would show nothing
		expect(answer.logit).toBeCloseTo((straight.logit + other.logit) / 2, 4);
		const { width } = straight.heatMap;
		const otherBack = mirrored(other.heatMap.values, width);
		const mean = straight.heatMap.values.map((value, i) => (value + (otherBack[i] as number)) / 2);
		expect(largestDifference(answer.heatMap.values, mean)).toBeLessThan(1e-4);
		expect(answerTurned.logit).toBeCloseTo(answer.logit, 4);
		expect(largestDifference(mirrored(answerTurned.heatMap.values, width), answer.heatMap.values)).toBeLessThan(1e-4);
	});
});

describe('a tier', () => {
	it('that is not installed is refused with the installed ones', async () => {
		const loading = load(fastAlone, { model: null, tier: 'thorough' });
		await expect(loading).rejects.toMatchObject({
			code: 'tier-missing',
			detail: expect.stringContaining('installed: fast'),
		});
	});

	it('has one classifier: a manifest with two is invalid', async () => {
		const path = join(both, 'manifest.json');
		const text = await readFile(path, 'utf8');
		const manifest = JSON.parse(text);
		const second = { ...manifest.files.at(-1), id: 'another' };
		await writeFile(path, JSON.stringify({ ...manifest, files: [...manifest.files, second] }));
		await expect(readManifest(both)).rejects.toMatchObject({ code: 'model-damaged' });
		await writeFile(path, text);
	});

	it('is listed with thresholds, error rates and speed; the default follows the settings and the provider', async () => {
		const listed = async (env: Record<string, string>, provider: string | null) => {
			const config = parseConfig({ UNMASK_MODELS: both, UNMASK_CUSTOM_MODELS: join(folder, 'none'), ...env });
			return modelsSchema.parse(describeModels(await readOfferedLists(config), config, provider));
		};
		const { models, errorRates } = await listed({}, 'cpu');
		const tiers = models.filter(({ tier }) => tier !== null);
		expect(tiers.map(({ id, tier, isDefault }) => [id, tier, isDefault])).toEqual([
			[fastId, 'fast', true],
			[thoroughId, 'thorough', false],
		]);
		expect(tiers[0]?.errorRates).toEqual(errorRates);
		expect(tiers[1]).toMatchObject({ speed: { facesASecond: 20 }, thresholds: tiers[0]?.thresholds });
		const usual = async (...given: Parameters<typeof listed>) =>
			(await listed(...given)).models.find(({ isDefault }) => isDefault)?.tier;
		expect(await usual({}, 'cuda')).toBe('thorough');
		expect(await usual({}, null)).toBe('fast');
		expect(await usual({ UNMASK_PROVIDER: 'cuda' }, null)).toBe('thorough');
		expect(await usual({ UNMASK_TIER: 'fast' }, 'cuda')).toBe('fast');
		expect(await usual({ UNMASK_TIER: 'thorough' }, 'cpu')).toBe('thorough');
	});
});

describe('the process that runs the models', () => {
	const portrait = join(packageRoot(), 'test/fixtures/portraits/a.jpg');
	const open: Inference[] = [];
	afterAll(() => Promise.all(open.map((inference) => inference.close())));

	function start(models: string, tier: 'auto' | 'thorough' = 'auto'): Inference {
		const config = { ...parseConfig(), UNMASK_MODELS: models, UNMASK_TIER: tier };
		const inference = createInference({ config });
		open.push(inference);
		return inference;
	}

	async function analyse(inference: Inference, choice: Choice): Promise<Report | string> {
		const plan = planSchema.parse({ frames: 10, ...choice });
		for await (const event of inference.analyse(
			{ path: portrait, fileName: 'a.jpg', plan },
			new AbortController().signal,
		)) {
			if (event.type === 'report') return event.report;
			if (event.type === 'failed') return event.error.code;
		}
		return 'no end';
	}

	it('uses the tier that a plan names, and each report says which', async () => {
		const inference = start(both);
		const usual = (await analyse(inference, nothing)) as Report;
		const thorough = (await analyse(inference, { model: null, tier: 'thorough' })) as Report;
		const fast = (await analyse(inference, { model: null, tier: 'fast' })) as Report;
		expect([usual, thorough, fast].map(({ classifier }) => [classifier?.id, classifier?.tier])).toEqual([
			[fastId, 'fast'],
			[thoroughId, 'thorough'],
			[fastId, 'fast'],
		]);
		const named = (await analyse(inference, { model: thoroughId, tier: null })) as Report;
		expect(named.tracks).toEqual(thorough.tracks);
		expect(fast.tracks).toEqual(usual.tracks);
		expect(thorough.tracks[0]?.logit).not.toBe(usual.tracks[0]?.logit);
		expect(inference.status()).toMatchObject({ tiers: ['fast', 'thorough'], restarts: { died: 0, recycled: 0 } });
	});

	it('uses the tier of the settings if a plan names none, and does not start without it', async () => {
		const inference = start(both, 'thorough');
		expect(((await analyse(inference, nothing)) as Report).classifier).toMatchObject({ tier: 'thorough' });
		const without = start(fastAlone, 'thorough');
		expect(await analyse(without, nothing)).toBe('tier-missing');
		expect(without.status()).toMatchObject({ state: 'failed', problemCode: 'tier-missing' });
	});
});
