/** Quantile of values in ascending order, with linear interpolation (Hyndman & Fan 1996, type 7). */
export function quantile(ascending: ArrayLike<number>, q: number): number {
	const position = q * (ascending.length - 1);
	const below = Math.floor(position);
	const a = ascending[below] ?? Number.NaN;
	const b = ascending[below + 1] ?? a;
	return a + (position - below) * (b - a);
}

/** The probability 0..1 whose log-odds are `logit`. */
export const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));

/** Distance from 1 to the next smaller double: a probability closer to 0 or 1 is rounded to it. */
const doubleEpsilon = 2 ** -53;

/** Natural log-odds of a probability 0..1, first clamped to [margin, 1 - margin]; with the default they stay within about ±37. */
export function logOdds(probability: number, margin: number = doubleEpsilon): number {
	const p = Math.min(1 - margin, Math.max(margin, probability));
	return Math.log(p / (1 - p));
}

/** Uniform 0..1 from a 32-bit seed (mulberry32, Tommy Ettinger 2017, public domain). */
export function seededRandom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = state;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
}
