/** For each new px of a line: the first px that it covers, and `reach` weights. */
type Taps = { readonly firsts: Int32Array; readonly weights: Float64Array; readonly reach: number };

/** The weights for `to` equal parts of a line of `from` px. */
function tapsOf(from: number, to: number): Taps {
	const length = from / to;
	const reach = Math.ceil(length) + 1;
	const firsts = Int32Array.from({ length: to }, (_, i) => Math.floor(i * length));
	const weights = Float64Array.from({ length: to * reach }, (_, at) => {
		const i = Math.floor(at / reach);
		const px = (firsts[i] as number) + (at % reach);
		return Math.max(0, Math.min((i + 1) * length, from, px + 1) - Math.max(i * length, px)) / length;
	});
	return { firsts, weights, reach };
}

/** Creates a function that shrinks crops [3, from, from] -> [3, to, to] by area averaging; `to` is at most `from`. */
export function shrinkSquare(from: number, to: number): (pixels: Float32Array) => Float32Array {
	const { firsts, weights, reach } = tapsOf(from, to);
	return (pixels) => {
		const small = new Float32Array(3 * to * to);
		const row = new Float64Array(from + reach);
		for (let line = 0; line < 3 * to; line++) {
			const y = line % to;
			const top = from * Math.floor(line / to) + (firsts[y] as number);
			row.fill(0);
			for (let k = 0; k < reach; k++) {
				const weight = weights[y * reach + k] as number;
				const at = (top + k) * from;
				if (weight !== 0)
					for (let x = 0; x < from; x++) row[x] = (row[x] as number) + weight * (pixels[at + x] as number);
			}
			for (let x = 0; x < to; x++) {
				let sum = 0;
				const first = firsts[x] as number;
				for (let k = 0; k < reach; k++) sum += (weights[x * reach + k] as number) * (row[first + k] as number);
				small[line * to + x] = sum;
			}
		}
		return small;
	};
}
