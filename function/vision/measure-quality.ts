import type { Box, Quality } from '../contract/report.ts';
import { outsideShare } from './geometry.ts';

/** ITU-R BT.601 luma weights. */
const LUMA = [0.299, 0.587, 0.114] as const;

/**
 * Quality of a face from its crop [3, size, size] RGB 0..1 and its box in px of a `width` x `height` frame.
 * Sharpness is the variance of the 4-neighbour Laplacian of the luma (0..1) over the inner half of the crop, where the face is.
 */
export function measureQuality(pixels: Float32Array, size: number, box: Box, width: number, height: number): Quality {
	const luma = lumaOf(pixels, size);
	const from = Math.floor(size / 4);
	const to = size - from;
	let sum = 0;
	let laplacianSum = 0;
	let laplacianSquares = 0;
	const at = (x: number, y: number) => luma[y * size + x] as number;
	for (let y = from; y < to; y++) {
		for (let x = from; x < to; x++) {
			const laplacian = at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1) - 4 * at(x, y);
			sum += at(x, y);
			laplacianSum += laplacian;
			laplacianSquares += laplacian * laplacian;
		}
	}
	const count = (to - from) ** 2;
	return {
		sizePx: Math.max(box.width, box.height),
		sharpness: Math.max(0, laplacianSquares / count - (laplacianSum / count) ** 2),
		brightness: Math.min(1, sum / count),
		outside: outsideShare(box, width, height),
	};
}

function lumaOf(pixels: Float32Array, size: number): Float32Array {
	const plane = size * size;
	const luma = new Float32Array(plane);
	for (const [channel, weight] of LUMA.entries()) {
		for (let i = 0; i < plane; i++) luma[i] = (luma[i] as number) + weight * (pixels[channel * plane + i] as number);
	}
	return luma;
}
