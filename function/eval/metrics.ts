import type { Judged, ReliabilityBin } from '../verdict/reliability.ts';

/** Measures of a detector on labelled items. Pure; a measure that the items cannot give (only one class, no items) is null, never NaN. */

/** A labelled score on any scale; higher = more likely fake. */
export type Scored = { readonly fake: boolean; readonly score: number };

/** A point of the ROC curve: the shares of reals and fakes with a score of at least `threshold`. */
export type RocPoint = { readonly fpr: number; readonly tpr: number; readonly threshold: number };

/** A share of `n` with its 95 % Wilson interval; `rate` and `interval` are null if n is 0. */
export type Rate = {
	readonly rate: number | null;
	readonly count: number;
	readonly n: number;
	readonly interval: readonly [number, number] | null;
};

/** Keeps log loss finite; about 1,000 times the spacing of doubles next to 1. */
const probabilityFloor = 1e-13;

/** 97.5 % quantile of the normal distribution. */
const z95 = 1.959963984540054;

/** Returns a function from weights (one per item, in the order of `items`) to the weighted area under the ROC curve, with ties counted half; null if a class has no weight. */
export function weightedAucOf(items: readonly Scored[]): (weights: ArrayLike<number>) => number | null {
	const order = Array.from(items.keys()).sort((a, b) => scoreAt(items, a) - scoreAt(items, b));
	const firstOfTie = order.map((item, i) => i === 0 || scoreAt(items, order[i - 1] as number) !== scoreAt(items, item));
	return (weights) => {
		let realsBelow = 0;
		let tiedReals = 0;
		let fakes = 0;
		let won = 0;
		for (let i = 0, tiedFakes = 0; i < order.length; i++) {
			if (firstOfTie[i]) {
				realsBelow += tiedReals;
				tiedReals = 0;
				tiedFakes = 0;
			}
			const index = order[i] as number;
			const weight = weights[index] ?? 0;
			if (items[index]?.fake) {
				won += weight * (realsBelow + tiedReals / 2);
				tiedFakes += weight;
				fakes += weight;
			} else {
				won += (weight * tiedFakes) / 2;
				tiedReals += weight;
			}
		}
		const pairs = fakes * (realsBelow + tiedReals);
		return pairs > 0 ? won / pairs : null;
	};
}

/** Area under the ROC curve = share of (fake, real) pairs in which the fake scores higher, ties counted half (Mann-Whitney U / pairs); null with only one class. */
export function auc(items: readonly Scored[]): number | null {
	return weightedAucOf(items)(new Uint8Array(items.length).fill(1));
}

/** ROC curve from (0, 0) to (1, 1), one point per distinct score, highest threshold first; null with only one class. */
export function rocCurve(items: readonly Scored[]): RocPoint[] | null {
	const fakes = items.filter((item) => item.fake).length;
	const reals = items.length - fakes;
	if (fakes === 0 || reals === 0) return null;
	const sorted = [...items].sort((a, b) => b.score - a.score);
	const points: RocPoint[] = [{ fpr: 0, tpr: 0, threshold: Number.POSITIVE_INFINITY }];
	let hits = 0;
	for (const [i, { fake, score }] of sorted.entries()) {
		if (fake) hits++;
		if (sorted[i + 1]?.score === score) continue;
		points.push({ fpr: (i + 1 - hits) / reals, tpr: hits / fakes, threshold: score });
	}
	return points;
}

/** The best operating point with a false positive rate of at most `maxFpr`; an actual threshold, nothing interpolated. */
export function operatingPoint(curve: readonly RocPoint[], maxFpr: number): RocPoint {
	const allowed = curve.filter((point) => point.fpr <= maxFpr);
	return allowed[allowed.length - 1] as RocPoint; // (0, 0) is always allowed
}

/** Equal error rate, 0..1: where the false positive rate equals the miss rate, interpolated linearly between the curve's points. */
export function equalErrorRate(curve: readonly RocPoint[]): number {
	const after = curve.findIndex(({ fpr, tpr }) => fpr + tpr >= 1);
	const b = curve[after] as RocPoint;
	const a = curve[Math.max(0, after - 1)] as RocPoint;
	const step = b.fpr + b.tpr - (a.fpr + a.tpr);
	const t = step > 0 ? (1 - (a.fpr + a.tpr)) / step : 0;
	return a.fpr + t * (b.fpr - a.fpr);
}

/** Mean negative log likelihood in nats, with probabilities kept 1e-13 away from 0 and 1; null without items. */
export function logLoss(items: readonly Judged[]): number | null {
	return mean(items.map(({ fake, probability }) => -Math.log(clampProbability(fake ? probability : 1 - probability))));
}

/** Mean squared difference between probability and truth (Brier 1950), 0..1; null without items. */
export function brierScore(items: readonly Judged[]): number | null {
	return mean(items.map(({ fake, probability }) => (probability - (fake ? 1 : 0)) ** 2));
}

/** Expected calibration error, 0..1: the mean over items of |mean probability - share of fakes| of their bin; null without items. */
export function expectedCalibrationError(bins: readonly ReliabilityBin[]): number | null {
	const n = bins.reduce((sum, bin) => sum + bin.n, 0);
	if (n === 0) return null;
	return bins.reduce((sum, bin) => sum + Math.abs((bin.meanProbability ?? 0) * bin.n - bin.fakes), 0) / n;
}

/** `count` of `n` as a share with its 95 % Wilson score interval (Wilson 1927). */
export function rateOf(count: number, n: number): Rate {
	if (n === 0) return { rate: null, count, n, interval: null };
	const p = count / n;
	const centre = p + z95 ** 2 / (2 * n);
	const half = z95 * Math.sqrt((p * (1 - p)) / n + z95 ** 2 / (4 * n ** 2));
	const scale = 1 + z95 ** 2 / n;
	const low = count === 0 ? 0 : (centre - half) / scale;
	const high = count === n ? 1 : (centre + half) / scale;
	return { rate: p, count, n, interval: [low, high] };
}

function mean(values: readonly number[]): number | null {
	return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

const scoreAt = (items: readonly Scored[], index: number) => items[index]?.score ?? 0;
const clampProbability = (p: number) => Math.min(1 - probabilityFloor, Math.max(probabilityFloor, p));
