/** Quantile of ascending values, linear between them (Hyndman & Fan 1996, type 7). */
export function quantile(ascending: ArrayLike<number>, q: number): number {
	const position = q * (ascending.length - 1);
	const below = Math.floor(position);
	const a = ascending[below] ?? Number.NaN;
	const b = ascending[below + 1] ?? a;
	return a + (position - below) * (b - a);
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
