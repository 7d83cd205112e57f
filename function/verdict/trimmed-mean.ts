import { quantile, seededRandom } from '../statistics.ts';

/**
 * How many of `n` values are dropped at each end: a tenth, but at least one from five values up, because a single
 * outlier (a blink, a cut) would otherwise move the mean by a fifth. With four or fewer, nothing is dropped.
 */
export function trimCount(n: number): number {
	return n < 5 ? 0 : Math.max(1, Math.floor(n / 10));
}

/** The mean without `trim` values at each end, by default the extreme tenth; null if there are no values. */
export function trimmedMean(values: readonly number[], trim = trimCount(values.length)): number | null {
	if (values.length === 0) return null;
	const kept = values.toSorted((a, b) => a - b).slice(trim, values.length - trim);
	return kept.reduce((sum, value) => sum + value, 0) / kept.length;
}

/** Bootstrap resamples: enough for the ends of a 95 % percentile interval (Efron & Tibshirani 1993, section 12.5: about 1,000). */
const resamples = 1000;

/**
 * The 95 % interval of the trimmed mean over chronological values, in the same unit; null with fewer than two.
 * Neighbouring frames resemble each other, so blocks are drawn instead of single values (circular block bootstrap, Politis & Romano 1992),
 * of n^(1/3) values each (Hall, Horowitz & Jing 1995). The seed is constant: the same values give the same interval.
 */
export function trimmedMeanInterval(
	values: readonly number[],
	trim = trimCount(values.length),
): [number, number] | null {
	const n = values.length;
	if (n < 2) return null;
	const order = Array.from(values.keys()).toSorted((a, b) => (values[a] as number) - (values[b] as number));
	const sorted = order.map((index) => values[index] as number);
	const rank = new Uint32Array(n);
	for (const [r, index] of order.entries()) rank[index] = r;

	const block = Math.max(1, Math.round(Math.cbrt(n)));
	const random = seededRandom(0x756e6d61); // "unma"; any constant does
	const counts = new Uint32Array(n);
	const means = new Float64Array(resamples);
	for (let r = 0; r < resamples; r++) {
		counts.fill(0);
		for (let drawn = 0; drawn < n; ) {
			const start = Math.floor(random() * n);
			for (let i = 0; i < block && drawn < n; i++, drawn++) {
				const at = rank[(start + i) % n] as number;
				counts[at] = (counts[at] as number) + 1;
			}
		}
		means[r] = trimmedMeanOfCounts(sorted, counts, trim);
	}
	means.sort();
	return [quantile(means, 0.025), quantile(means, 0.975)];
}

/** Trimmed mean of `sorted[i]` taken `counts[i]` times. The counts add up to the number of values, so no resample has to be sorted. */
function trimmedMeanOfCounts(sorted: readonly number[], counts: Uint32Array, trim: number): number {
	const n = sorted.length;
	let seen = 0;
	let sum = 0;
	for (let i = 0; i < n; i++) {
		const count = counts[i] as number;
		const from = Math.max(seen, trim);
		const to = Math.min(seen + count, n - trim);
		if (to > from) sum += (to - from) * (sorted[i] as number);
		seen += count;
	}
	return sum / (n - 2 * trim);
}
