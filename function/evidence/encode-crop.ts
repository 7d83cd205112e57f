import sharp from 'sharp';
import type { FaceCrop } from '../values.ts';
import type { EncodePicture } from './moments.ts';
import { rgbFromPlanes } from './rgb-from-planes.ts';

/** Side of the pictures sent while an analysis runs, px. */
const SIDE = 96;

/** Encodes a crop as a small base64 JPEG for live progress; the report's evidence is made in `moments.ts`. */
export async function encodeCrop({ pixels, size }: Pick<FaceCrop, 'pixels' | 'size'>): Promise<string> {
	const jpeg = await sharp(rgbFromPlanes(pixels, size), { raw: { width: size, height: size, channels: 3 } })
		.resize(SIDE, SIDE)
		.jpeg({ quality: 80 })
		.toBuffer();
	return jpeg.toString('base64');
}

/** Encodes a moment's picture with full chroma, because colour seams are evidence. */
export const encodeMoment: EncodePicture = async (rgb, size) => {
	const jpeg = await sharp(rgb, { raw: { width: size, height: size, channels: 3 } })
		.jpeg({ quality: 90, chromaSubsampling: '4:4:4' })
		.toBuffer();
	return jpeg.toString('base64');
};
