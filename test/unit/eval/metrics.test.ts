import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aucInterval } from '../../../function/eval/bootstrap.ts';
import {
	auc,
	brierScore,
	equalErrorRate,
	expectedCalibrationError,
	logLoss,
	operatingPoint,
	type RocPoint,
	rateOf,
	rocCurve,
	type Scored,
} from '../../../function/eval/metrics.ts';
import { quantile, seededRandom } from '../../../function/statistics.ts';
import { reliabilityBins } from '../../../function/verdict/reliability.ts';

// 12 items with ties within and across the classes; expected values printed by scikit-learn 1.9.1 (roc_auc_score, roc_curve, log_loss, brier_score_loss).
const truth = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0];
const probabilities = [0.1, 0.3, 0.3, 0.55, 0.8, 0.3, 0.55, 0.7, 0.8, 0.9, 0.95, 0.02];
const judged = truth.map((label, i) => ({ fake: label === 1, probability: probabilities[i] as number }));
const scored = judged.map(({ fake, probability }) => ({ fake, score: probability }));

const item = fc.record({ fake: fc.boolean(), score: fc.integer({ min: -20, max: 20 }) }); // few distinct values give many ties
const bothClasses = fc
	.array(item, { minLength: 2, maxLength: 60 })
	.filter((items) => items.some((i) => i.fake) && items.some((i) => !i.fake));
const probability = fc.double({ min: 0, max: 1, noNaN: true });
const negated = (items: readonly Scored[]) => items.map(({ fake, score }) => ({ fake, score: -score }));
const curveOf = (items: readonly Scored[]) => rocCurve(items) as RocPoint[];

/** The definition, computed pair by pair. */
function aucByPairs(items: readonly Scored[]): number {
	let won = 0;
	let pairs = 0;
	for (const a of items.filter((i) => i.fake))
		for (const b of items.filter((i) => !i.fake)) {
			pairs++;
			won += a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0;
		}
	return won / pairs;
}

describe('auc', () => {
	it('matches scikit-learn', () => {
		expect(auc(scored)).toBeCloseTo(0.8333333333333334, 12);
	});

	it('matches its definition over all pairs', () => {
		fc.assert(
			fc.property(bothClasses, (items) => {
				expect(auc(items)).toBeCloseTo(aucByPairs(items), 12);
			}),
		);
	});

	it('is the area under the curve', () => {
		fc.assert(
			fc.property(bothClasses, (items) => {
				const curve = curveOf(items);
				const area = curve
					.slice(1)
					.reduce((sum, b, i) => sum + ((b.fpr - (curve[i]?.fpr ?? 0)) * (b.tpr + (curve[i]?.tpr ?? 0))) / 2, 0);
				expect(auc(items)).toBeCloseTo(area, 12);
			}),
		);
	});

	it('does not change under a monotonic map', () => {
		const map = (score: number) => Math.exp(score / 7) * 3 - 11;
		fc.assert(
			fc.property(bothClasses, (items) => {
				expect(auc(items.map(({ fake, score }) => ({ fake, score: map(score) })))).toBe(auc(items));
			}),
		);
	});

	it('is 1 minus that of the negated scores', () => {
		fc.assert(
			fc.property(bothClasses, (items) => {
				expect(auc(items)).toBeCloseTo(1 - (auc(negated(items)) ?? 0), 12);
			}),
		);
	});

	it('handles the extremes: perfect separation, all equal, one class', () => {
		const apart = [0, 1].map((score) => ({ fake: score === 1, score }));
		expect(auc(apart)).toBe(1);
		expect(auc(negated(apart))).toBe(0);
		expect(auc(scored.map(({ fake }) => ({ fake, score: 3 })))).toBe(0.5);
		expect(auc(scored.filter((i) => i.fake))).toBeNull();
		expect(auc([])).toBeNull();
		expect(rocCurve(scored.filter((i) => !i.fake))).toBeNull();
	});
});

describe('rocCurve, operatingPoint, equalErrorRate', () => {
	it('match scikit-learn', () => {
		const curve = curveOf(scored);
		const s = 1 / 6;
		expect(curve.map((point) => point.fpr)).toEqual([0, 0, 0, 1, 1, 2, 4, 5, 6].map((k) => expect.closeTo(k * s, 12)));
		expect(curve.map((point) => point.tpr)).toEqual([0, 1, 2, 3, 4, 5, 6, 6, 6].map((k) => expect.closeTo(k * s, 12)));
		expect(curve.map((point) => point.threshold)).toEqual([Infinity, 0.95, 0.9, 0.8, 0.7, 0.55, 0.3, 0.1, 0.02]);
		expect(equalErrorRate(curve)).toBeCloseTo(0.25, 12);
		expect(operatingPoint(curve, 0.1)).toEqual({ fpr: 0, tpr: 2 / 6, threshold: 0.9 });
		expect(operatingPoint(curve, 0.2)).toEqual({ fpr: 1 / 6, tpr: 4 / 6, threshold: 0.7 });
	});

	it('gives an operating point that holds on the items themselves', () => {
		fc.assert(
			fc.property(bothClasses, probability, (items, maxFpr) => {
				const point = operatingPoint(curveOf(items), maxFpr);
				const share = (fake: boolean) => {
					const of = items.filter((i) => i.fake === fake);
					return of.filter((i) => i.score >= point.threshold).length / of.length;
				};
				expect(share(false)).toBe(point.fpr);
				expect(share(true)).toBe(point.tpr);
				expect(point.fpr).toBeLessThanOrEqual(maxFpr);
			}),
		);
	});

	it('bounds the area by the equal error rate, for a monotone curve through (e, 1 - e)', () => {
		fc.assert(
			fc.property(bothClasses, (items) => {
				const e = equalErrorRate(curveOf(items));
				const area = auc(items) as number;
				expect(e).toBeGreaterThanOrEqual(0);
				expect(e).toBeLessThanOrEqual(1);
				expect(area).toBeGreaterThanOrEqual((1 - e) ** 2 - 1e-12);
				expect(area).toBeLessThanOrEqual(1 - e ** 2 + 1e-12);
			}),
		);
	});

	it('mirrors the equal error rate when scores are negated', () => {
		fc.assert(
			fc.property(bothClasses, (items) => {
				expect(equalErrorRate(curveOf(negated(items)))).toBeCloseTo(1 - equalErrorRate(curveOf(items)), 12);
			}),
		);
	});
});

describe('probabilities', () => {
	it('are measured as in scikit-learn and by the binned definition', () => {
		expect(logLoss(judged)).toBeCloseTo(0.4820950691570465, 12);
		expect(brierScore(judged)).toBeCloseTo(0.16399166666666667, 12);
		expect(expectedCalibrationError(reliabilityBins(judged))).toBeCloseTo(0.1141666666666667, 12);
	});

	it('stay finite when confidently wrong, and null without items', () => {
		expect(logLoss([{ fake: true, probability: 0 }])).toBeCloseTo(-Math.log(1e-13), 2);
		expect([logLoss([]), brierScore([]), expectedCalibrationError(reliabilityBins([]))]).toEqual([null, null, null]);
	});

	it('fall into bins that lose none and keep the calibration error within 0..1', () => {
		const items = fc.array(fc.record({ fake: fc.boolean(), probability }), { minLength: 1 });
		fc.assert(
			fc.property(items, fc.integer({ min: 1, max: 30 }), (list, bins) => {
				const filled = reliabilityBins(list, bins);
				expect(filled).toHaveLength(bins);
				expect(filled.reduce((sum, bin) => sum + bin.n, 0)).toBe(list.length);
				const error = expectedCalibrationError(filled) as number;
				expect(error).toBeGreaterThanOrEqual(0);
				expect(error).toBeLessThanOrEqual(1);
				for (const bin of filled) {
					if (bin.meanProbability === null) continue;
					expect(bin.meanProbability).toBeGreaterThanOrEqual(bin.from - 1e-9);
					expect(bin.meanProbability).toBeLessThanOrEqual(bin.to + 1e-9);
				}
			}),
		);
	});
});

describe('rateOf', () => {
	it('gives the same Wilson interval as scipy.stats', () => {
		expect(rateOf(3, 20).interval).toEqual([
			expect.closeTo(0.05236874589621662, 10),
			expect.closeTo(0.3604188647407569, 10),
		]);
		expect(rateOf(0, 10).interval).toEqual([0, expect.closeTo(0.27753279986288926, 10)]);
		expect(rateOf(0, 0)).toEqual({ rate: null, count: 0, n: 0, interval: null });
	});

	it('keeps the interval around the rate and within 0..1', () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 500 }), probability, (n, share) => {
				const { rate, interval } = rateOf(Math.floor(share * n), n);
				const [low, high] = interval as [number, number];
				expect(0 <= low && low <= (rate as number) && (rate as number) <= high && high <= 1).toBe(true);
			}),
		);
	});
});

describe('aucInterval', () => {
	const random = seededRandom(7);
	/** Groups of `size` near-copies of one score; fakes are on average 1 higher with a uniform spread of 2. */
	const clustered = (groups: number, size: number) =>
		Array.from({ length: groups }, (_, g) => {
			const fake = g % 2 === 1;
			const score = 2 * random() + (fake ? 1 : 0);
			return Array.from({ length: size }, () => ({ fake, score: score + 1e-6 * random(), group: `g${g}` }));
		}).flat();

	it('is reproducible for a seed, contains the value, and differs for another seed', () => {
		const items = clustered(60, 1);
		const { interval, groups, note } = aucInterval(items);
		expect(aucInterval(items).interval).toEqual(interval);
		expect(aucInterval(items, { seed: 2 }).interval).not.toEqual(interval);
		expect(groups).toBe(60);
		expect(note).toBeNull();
		const value = auc(items) as number;
		expect(interval?.[0]).toBeLessThan(value);
		expect(interval?.[1]).toBeGreaterThan(value);
	});

	it('does not get narrower with copies of the same clips', () => {
		const once = clustered(60, 1);
		const tenfold = once.flatMap((entry) => Array.from({ length: 10 }, () => entry));
		expect(aucInterval(tenfold).interval).toEqual(aucInterval(once).interval?.map((v) => expect.closeTo(v, 9)));
		const width = ([low, high]: readonly number[]) => (high ?? 0) - (low ?? 0);
		const asIfIndependent = aucInterval(tenfold.map((entry, i) => ({ ...entry, group: `${i}` })));
		expect(width(asIfIndependent.interval ?? [])).toBeLessThan(width(aucInterval(once).interval ?? []) / 2);
	});

	it('says why there is no interval, or that it is rough', () => {
		const entry = (fake: boolean, score: number, group: string) => ({ fake, score, group });
		expect(aucInterval([entry(true, 1, 'a'), entry(true, 2, 'b')])).toMatchObject({
			interval: null,
			note: 'one-class',
		});
		const oneReal = [entry(false, 1, 'a'), entry(false, 3, 'a'), entry(true, 2, 'b'), entry(true, 4, 'c')];
		expect(aucInterval(oneReal)).toMatchObject({ interval: null, note: 'one-group' });
		const apart = ['a', 'b', 'c', 'd'].map((group, i) => entry(i > 1, i, group));
		expect(aucInterval(apart)).toMatchObject({ interval: null, note: 'perfect-separation' });
		expect(aucInterval(clustered(12, 3)).note).toBe('few-groups');
	});
});

describe('quantile and seededRandom', () => {
	it('interpolate and spread evenly', () => {
		expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
		expect(quantile([1, 2, 3, 4], 0)).toBe(1);
		expect(quantile([1, 2, 3, 4], 1)).toBe(4);
		const random = seededRandom(3);
		const values = Array.from({ length: 10_000 }, random);
		expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
		expect(Math.max(...values)).toBeLessThan(1);
		expect(values.reduce((a, b) => a + b) / values.length).toBeCloseTo(0.5, 1);
	});
});
