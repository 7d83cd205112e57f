import type { Box } from '../../contract/report.ts';
import type { Frame } from '../../values.ts';

/**
 * Computes what the graphs models/face-crop-SIZE.onnx compute, up to float32 rounding: RoiAlign (average, adaptive sampling,
 * half-pixel). The samples of an output px lie on a grid, and bilinear weights are the product of a horizontal and a vertical weight.
 * Rows are therefore combined first, then columns, so that a px of the frame is read once per row of the crop, not once per sample.
 */

/** For each output px along one axis: the first source px that it reads, how many it reads, and `reach` weights, of which the others are 0. */
type Taps = {
	readonly firsts: Int32Array;
	readonly counts: Int32Array;
	readonly weights: Float64Array;
	readonly reach: number;
};

/** Creates a function that crops boxes, square or not, from frames: [3, size, size] RGB 0..1 each, black outside the frame. */
export function createCropper(size: number) {
	const cut = async (frame: Frame, boxes: readonly Box[]) => boxes.map((box) => alignedCrop(frame, box, size));
	return Object.assign(cut, { size });
}

function alignedCrop({ rgb, width, height }: Frame, box: Box, size: number): Float32Array {
	const down = tapsOf(box.y, box.height, size, height);
	const across = tapsOf(box.x, box.width, size, width);
	const { from, length } = spanOf(across, width);
	const row = new Float64Array(3 * (length + across.reach));
	const pixels = new Float32Array(3 * size * size);
	for (let y = 0; y < size; y++) {
		const at = 3 * ((down.firsts[y] as number) * width + from);
		const weights = down.weights.subarray(y * down.reach, y * down.reach + (down.counts[y] as number));
		addRows(row.subarray(0, 3 * length), rgb, at, 3 * width, weights);
		addColumns(pixels, y * size, row, across, from, size);
	}
	return pixels;
}

/**
 * Sets `row` to the weighted sum of rows of the frame, which begin at `at` and lie `step` bytes apart. Four rows at a time: reading
 * and writing sums costs as much as computing them. Added in the same order, the sums are the same to the last bit.
 */
function addRows(row: Float64Array, rgb: Uint8Array, at: number, step: number, weights: Float64Array): void {
	row.fill(0);
	for (let k = 0; k < weights.length; k += 4) {
		const a = weights[k] as number;
		const [b, c, d] = [weights[k + 1] ?? 0, weights[k + 2] ?? 0, weights[k + 3] ?? 0];
		const atA = at + k * step;
		// rows without weight may lie outside the frame
		const atB = b === 0 ? atA : atA + step;
		const atC = c === 0 ? atA : atA + 2 * step;
		const atD = d === 0 ? atA : atA + 3 * step;
		for (let i = 0; i < row.length; i++)
			row[i] =
				(row[i] as number) +
				a * (rgb[atA + i] as number) +
				b * (rgb[atB + i] as number) +
				c * (rgb[atC + i] as number) +
				d * (rgb[atD + i] as number);
	}
}

/** Computes one row of the crop from the combined row of the frame, which begins at px `from`. */
function addColumns(
	pixels: Float32Array,
	at: number,
	row: Float64Array,
	{ firsts, counts, weights, reach }: Taps,
	from: number,
	size: number,
): void {
	const plane = size * size;
	for (let x = 0; x < size; x++) {
		let [red, green, blue] = [0, 0, 0];
		let source = 3 * ((firsts[x] as number) - from);
		const end = x * reach + (counts[x] as number);
		for (let k = x * reach; k < end; k++) {
			const weight = weights[k] as number;
			red += weight * (row[source] as number);
			green += weight * (row[source + 1] as number);
			blue += weight * (row[source + 2] as number);
			source += 3;
		}
		pixels[at + x] = red / 255;
		pixels[at + x + plane] = green / 255;
		pixels[at + x + 2 * plane] = blue / 255;
	}
}

/** The range of px that the taps read. */
function spanOf({ firsts, reach }: Taps, limit: number) {
	const from = firsts[0] as number;
	return { from, length: Math.min(limit, (firsts.at(-1) as number) + reach) - from };
}

/** The weights for `size` equal parts of a line of `length` px that begins at `start`, within a picture of `limit` px. */
function tapsOf(start: number, length: number, size: number, limit: number): Taps {
	const part = length / size;
	const samples = Math.max(1, Math.ceil(part));
	const reach = Math.floor(part) + 3;
	const firsts = new Int32Array(size);
	const counts = new Int32Array(size);
	const weights = new Float64Array(size * reach);
	for (let i = 0; i < size; i++) {
		const place = (k: number) => start - 0.5 + (i + (k + 0.5) / samples) * part;
		const first = Math.max(0, Math.min(limit - 1, Math.floor(place(0))));
		firsts[i] = first;
		const add = (px: number, weight: number) => {
			const at = i * reach + px - first;
			weights[at] = (weights[at] as number) + weight / samples;
			if (weight !== 0) counts[i] = Math.max(counts[i] as number, px - first + 1);
		};
		for (let k = 0; k < samples; k++) {
			const at = place(k);
			if (at < -1 || at > limit) continue; // black
			const inside = Math.max(0, at);
			const low = Math.floor(inside);
			if (low >= limit - 1) add(limit - 1, 1);
			else {
				add(low, 1 - (inside - low));
				add(low + 1, inside - low);
			}
		}
	}
	return { firsts, counts, weights, reach };
}
