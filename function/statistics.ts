/** Quantile of ascending values, linear between them (Hyndman & Fan 1996, type 7). */
export function quantile(ascending: ArrayLike<number>, q: number): number {
	const position = q * (ascending.length - 1);
	const below = Math.floor(position);
	const a = ascending[below] ?? Number.NaN;
	const b = ascending[below + 1] ?? a;
	return a + (position - below) * (b - a);
}

/** The probability 0..1 whose log-odds are `logit`. */
export const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));

/** Distance of 1 from the next smaller double: nearer to 0 and 1 no probability is told from them. */
const leastOfDoubles = 2 ** -53;

/** Natural log-odds of a probability 0..1, which is first kept `least` off 0 and 1 (default: about 37 either way). */
export function logOdds(probability: number, least: number = leastOfDoubles): number {
	const p = Math.min(1 - least, Math.max(least, probability));
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
