import type { Box } from '../../contract/report.ts';
import type { Frame } from '../../values.ts';

/**
 * Bit-exact copy of Pillow's bilinear resizing of 8-bit pictures, which the legacy application's networks were trained with: a
 * triangle filter scaled with the reduction (antialiasing), weights in multiples of 2^-22, columns first, rounded to 8 bits before rows.
 */

/** Fractional bits of a weight: Pillow's Resample.c, PRECISION_BITS = 32 - 8 - 2. */
const precision = 22;

/** The source samples of one target sample: the index of the first, and the weights times 2^22. */
type Taps = { readonly first: number; readonly weights: Int32Array };

/**
 * Creates a function that crops boxes of whole px and resizes each to `size` x `size` px: [3, size, size] RGB 0..1, multiples of
 * 1/255. Boxes must lie inside the frame.
 */
export function cutLikePillow(size: number): (frame: Frame, boxes: readonly Box[]) => Promise<Float32Array[]> {
	return async (frame, boxes) => boxes.map((box) => resizePart(frame, box, size));
}

function resizePart({ rgb, width: frameWidth }: Frame, { x, y, width, height }: Box, size: number): Float32Array {
	const across = tapsOf(width, size);
	const down = tapsOf(height, size);
	const narrow = new Uint8Array(size * height * 3);
	for (let row = 0; row < height; row++) {
		const from = ((y + row) * frameWidth + x) * 3;
		for (const [column, taps] of across.entries())
			for (let channel = 0; channel < 3; channel++)
				narrow[(row * size + column) * 3 + channel] = weighted(rgb, from + channel, 3, taps);
	}
	const pixels = new Float32Array(3 * size * size);
	for (const [row, taps] of down.entries())
		for (let column = 0; column < size; column++)
			for (let channel = 0; channel < 3; channel++)
				pixels[channel * size * size + row * size + column] =
					weighted(narrow, 3 * column + channel, 3 * size, taps) / 255;
	return pixels;
}

/** The weighted sum of samples `step` apart, rounded and clamped to 0..255. */
function weighted(samples: Uint8Array, from: number, step: number, { first, weights }: Taps): number {
	let sum = 1 << (precision - 1);
	for (const [i, weight] of weights.entries()) sum += (samples[from + (first + i) * step] as number) * weight;
	return Math.min(255, Math.max(0, sum >> precision));
}

function tapsOf(from: number, to: number): Taps[] {
	const scale = from / to;
	const stretch = Math.max(1, scale); // also the radius of the triangle, source samples
	return Array.from({ length: to }, (_, i) => {
		const centre = (i + 0.5) * scale;
		const first = Math.max(0, Math.trunc(centre - stretch + 0.5));
		const end = Math.min(from, Math.trunc(centre + stretch + 0.5));
		const heights = Array.from({ length: end - first }, (_, k) =>
			Math.max(0, 1 - Math.abs((first + k - centre + 0.5) / stretch)),
		);
		const sum = heights.reduce((total, height) => total + height, 0);
		return { first, weights: Int32Array.from(heights, (height) => Math.trunc((height / sum) * 2 ** precision + 0.5)) };
	});
}
