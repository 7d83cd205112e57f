import { describe, expect, it } from 'vitest';
import { type CalibrationItem, calibrate } from '../../../function/eval/calibrate.ts';
import {
	type Choice,
	type Classifier,
	type Defaults,
	type ModelLists,
	preferredClassifier,
	resolveClassifier,
} from '../../../function/model/classifiers.ts';
import type { CustomModel } from '../../../function/model/custom-models.ts';
import { resnext50LstmSpec } from '../../../function/model/presets.ts';
import { seededRandom } from '../../../function/statistics.ts';
import { customCalibrationSchema, fakeProbabilityFromLogit } from '../../../function/verdict/calibration.ts';

/** Normally distributed logits around -shift and +shift, so that the true probability is sigmoid(2 * shift * logit). */
function items(n: number, shift: number, kind: CalibrationItem['kind'] = 'video', seed = 1): CalibrationItem[] {
	const random = seededRandom(seed);
	const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
	return Array.from({ length: 2 * n }, (_, i) => {
		const fake = i % 2 === 1;
		return { fake, kind, group: `${kind}-${i}`, logit: normal() + (fake ? shift : -shift) };
	});
}

describe('calibration on a labelled set', () => {
	it('finds the scale that makes scores probabilities, and thresholds that hold on the other half', () => {
		const result = calibrate(items(1500, 1), 'mine');
		expect(customCalibrationSchema.parse(result)).toEqual(result);
		expect(fakeProbabilityFromLogit(1, result)).toBeCloseTo(1 / (1 + Math.exp(-2)), 1);
		expect(Math.abs(result.offset)).toBeLessThan(0.15);
		expect(result.image).toBeNull();
		const { falseAlarm, missed } = result.video ?? {};
		expect(falseAlarm?.rate).toBeLessThan(0.03);
		expect(missed?.rate).toBeGreaterThan(0.02);
		expect(missed?.rate).toBeLessThan(0.09);
		expect(falseAlarm?.n).toBe(750);
	});

	it('is reproducible, and keeps a group in one half', () => {
		const all = items(40, 1);
		expect(calibrate(all, 'mine')).toEqual(calibrate(all, 'mine'));
		const paired = items(40, 1).map((item, i) => ({ ...item, group: `${item.fake}-${Math.floor(i / 4)}` }));
		const n = calibrate(paired, 'mine').video?.falseAlarm?.n ?? 0;
		expect(n % 2).toBe(0);
	});

	it('stays finite and cautious if the classes are far apart', () => {
		const { video, temperature } = calibrate(items(50, 30), 'mine');
		expect(Number.isFinite(temperature)).toBe(true);
		expect(video?.likelyRealBelow).toBeLessThan(video?.likelyFakeAbove as number);
		expect(video?.falseAlarm?.rate).toBe(0);
	});

	it('sets thresholds only for a kind with enough files', () => {
		const { image, video } = calibrate([...items(60, 1, 'image'), ...items(5, 1, 'video', 2)], 'mine');
		expect(image).not.toBeNull();
		expect(video).toBeNull();
	});

	it('rejects too few files, and a model with swapped classes, in plain words', () => {
		expect(() => calibrate(items(9, 1), 'mine')).toThrow(/20 genuine and 20 manipulated/);
		// so few can be in any order by chance
		expect(() => calibrate(items(9, -1), 'mine')).toThrow(/20 genuine and 20 manipulated/);
		expect(() => calibrate([], 'mine')).toThrow(/20 genuine and 20 manipulated/);
		expect(() => calibrate(items(60, -1), 'mine')).toThrow(/class order/);
	});
});

describe('the classifier that is used by default', () => {
	const calibration = calibrate(items(60, 1), 'mine');
	const own = (id: string, digit: string, change: Partial<CustomModel> = {}): CustomModel => ({
		...{ id, file: `${id}.onnx`, sha256: digit.repeat(64), bytes: 1, network: 'resnext50-lstm' },
		...{ spec: resnext50LstmSpec, calibration, licence: '', madeBy: '', addedAt: '', folder: '' },
		hint: { frames: 100, accuracy: 97 },
		...change,
	});
	const crop = { id: 'c', kind: 'crop', file: 'c.onnx', sha256: 'c'.repeat(64), bytes: 1, size: 160 };
	const usual = { id: 'usual', kind: 'classifier', spec: resnext50LstmSpec, file: 'u.onnx', bytes: 1, calibration };
	const about = { inputs: [], outputs: [], licence: '', madeBy: '', metrics: [] };
	const files = [
		{ ...crop, ...about },
		{ ...usual, ...about, sha256: 'a'.repeat(64), tier: 'fast' },
	];
	const thorough = { ...usual, ...about, id: 'big', sha256: 'b'.repeat(64), tier: 'thorough' };
	const measured = (digit: string, auc: number, set = 's', measuredAt = '2026-11-25') => ({
		...{ sha256: digit.repeat(64), setSha256: set.repeat(64), set: 'mine', n: 40, auc, interval: null, measuredAt },
	});
	const listsOf = (models: CustomModel[], measurements: ReturnType<typeof measured>[], withThorough = false) => ({
		...{ folder: '', custom: { models, measurements } },
		manifest: {
			...{ version: 1, defaultClassifier: 'usual', files: withThorough ? [...files, thorough] : files },
		} as unknown as ModelLists['manifest'],
	});
	const chosen = (models: CustomModel[], measurements: ReturnType<typeof measured>[]) =>
		preferredClassifier(listsOf(models, measurements), 'cpu');
	const [one, two] = [own('one', '1'), own('two', '2', { hint: { frames: 10, accuracy: 84 } })];

	it('is the best one measured on the same set, whatever file names claim', () => {
		expect(chosen([one, two], [])).toBe('usual' satisfies Classifier['id']);
		expect(chosen([one, two], [measured('a', 0.8), measured('1', 0.7), measured('2', 0.9)])).toBe('two');
		expect(chosen([one, two], [measured('a', 0.8), measured('1', 0.7), measured('2', 0.75)])).toBe('usual');
	});

	it('stays the shipped one if the others were measured on other files or are not calibrated', () => {
		expect(chosen([two], [measured('2', 0.99)])).toBe('usual');
		expect(chosen([two], [measured('a', 0.6, 'x'), measured('2', 0.99, 'y')])).toBe('usual');
		const without = own('two', '2', { calibration: null });
		expect(chosen([without], [measured('a', 0.6), measured('2', 0.99)])).toBe('usual');
	});

	describe('with tiers', () => {
		const nothing = { model: null, tier: null };
		const lists = listsOf([two], [], true);
		const id = (choice: Choice, usual: Partial<Defaults> = {}, of: ModelLists = lists) =>
			resolveClassifier(of, choice, { tier: 'auto', provider: 'cpu', ...usual }).id;

		it('is the fast one on a CPU and the thorough one on a GPU, or the fast one if it is the only one', () => {
			expect(id(nothing)).toBe('usual');
			expect(id(nothing, { provider: 'cuda' })).toBe('big');
			expect(id(nothing, { provider: 'cuda' }, listsOf([], []))).toBe('usual');
		});

		it('is the requested one, which takes precedence over the settings', () => {
			expect(id({ model: null, tier: 'thorough' })).toBe('big');
			expect(id({ model: null, tier: 'fast' }, { provider: 'cuda' })).toBe('usual');
			expect(id(nothing, { tier: 'thorough' })).toBe('big');
			expect(id(nothing, { tier: 'fast', provider: 'cuda' })).toBe('usual');
			expect(id({ model: null, tier: 'fast' }, { tier: 'thorough' })).toBe('usual');
			expect(id({ model: 'two', tier: null }, { tier: 'thorough' })).toBe('two');
		});

		it('rejects a tier that is not installed, and a name together with a tier', () => {
			const fastAlone = listsOf([], []);
			expect(() => id({ model: null, tier: 'thorough' }, {}, fastAlone)).toThrow(/thorough; installed: fast/);
			expect(() => id(nothing, { tier: 'thorough' }, fastAlone)).toThrow(
				expect.objectContaining({ code: 'tier-missing' }),
			);
			expect(() => id({ model: 'two', tier: 'fast' })).toThrow(expect.objectContaining({ code: 'usage' }));
		});

		it('never switches tiers for a better AUC: cost is chosen, not measured', () => {
			const measurements = [measured('a', 0.8), measured('b', 0.9), measured('2', 0.85)];
			expect(preferredClassifier(listsOf([], measurements, true), 'cpu')).toBe('usual');
			expect(preferredClassifier(listsOf([two], measurements, true), 'cpu')).toBe('two');
			expect(preferredClassifier(listsOf([two], measurements, true), 'cuda')).toBe('big');
		});
	});
});
