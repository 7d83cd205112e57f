import sharp from 'sharp';
import type { FaceCrop } from '../values.ts';

/** Side of the pictures that are sent while an analysis runs, px. */
const SIDE = 96;

/** A crop as a small JPEG, base64, for whoever watches the analysis; the evidence of the report is `moments.ts`. */
export async function encodeCrop({ pixels, size }: Pick<FaceCrop, 'pixels' | 'size'>): Promise<string> {
	const jpeg = await sharp(rgbFromPlanes(pixels, size), { raw: { width: size, height: size, channels: 3 } })
		.resize(SIDE, SIDE)
		.jpeg({ quality: 80 })
		.toBuffer();
	return jpeg.toString('base64');
}

/** [3, size, size] 0..1 to [size, size, 3] 0..255. */
export function rgbFromPlanes(pixels: Float32Array, size: number): Uint8Array {
	const plane = size * size;
	const rgb = new Uint8ClampedArray(3 * plane); // rounds and clamps
	for (let channel = 0; channel < 3; channel++)
		for (let i = 0; i < plane; i++) rgb[3 * i + channel] = 255 * (pixels[channel * plane + i] as number);
	return new Uint8Array(rgb.buffer);
}
