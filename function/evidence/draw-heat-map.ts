import sharp from 'sharp';
import { heatMapPixels, type LogitScale } from '../answer/heat-scale.ts';
import type { HeatMap } from '../contract/report.ts';

/** Side of the picture, px. */
const sidePx = 320;

/** The crop in grey with the parts that indicate manipulation in colour, as a JPEG of 320 x 320 px. */
export async function drawHeatMap(cropJpeg: Uint8Array, heatMap: HeatMap, scale: LogitScale): Promise<Buffer> {
	const { data, width, height } = heatMapPixels(heatMap, scale, sidePx);
	return sharp(cropJpeg)
		.resize(sidePx, sidePx, { fit: 'fill', kernel: 'cubic' })
		.grayscale()
		.toColourspace('srgb')
		.composite([{ input: Buffer.from(data.buffer), raw: { width, height, channels: 4 } }])
		.jpeg({ quality: 88 })
		.toBuffer();
}
