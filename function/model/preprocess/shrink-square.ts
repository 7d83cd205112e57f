type Taps = { readonly first: number; readonly weights: readonly number[] };

/** For each of `to` equal parts of a line of `from` px: which px it covers, and how much of each, in shares of the part. */
function tapsOf(from: number, to: number): Taps[] {
	const length = from / to;
	return Array.from({ length: to }, (_, i) => {
		const [begin, end] = [i * length, (i + 1) * length];
		const first = Math.floor(begin);
		const last = Math.min(from, Math.ceil(end - 1e-9));
		const weights = Array.from(
			{ length: last - first },
			(_, k) => (Math.min(end, first + k + 1) - Math.max(begin, first + k)) / length,
		);
		return { first, weights };
	});
}

/** Crops [3, from, from] -> [3, to, to] by the mean over the area of each new px; `to` is at most `from`. */
export function shrinkSquare(from: number, to: number): (pixels: Float32Array) => Float32Array {
	const taps = tapsOf(from, to);
	return (pixels) => {
		const narrow = new Float32Array(3 * from * to);
		for (let row = 0; row < 3 * from; row++) {
			for (const [x, { first, weights }] of taps.entries()) {
				let sum = 0;
				for (let k = 0; k < weights.length; k++)
					sum += (weights[k] as number) * (pixels[row * from + first + k] as number);
				narrow[row * to + x] = sum;
			}
		}
		const small = new Float32Array(3 * to * to);
		for (let channel = 0; channel < 3; channel++) {
			for (const [y, { first, weights }] of taps.entries()) {
				const out = (channel * to + y) * to;
				for (let k = 0; k < weights.length; k++) {
					const row = (channel * from + first + k) * to;
					const weight = weights[k] as number;
					for (let x = 0; x < to; x++)
						small[out + x] = (small[out + x] as number) + weight * (narrow[row + x] as number);
				}
			}
		}
		return small;
	};
}
