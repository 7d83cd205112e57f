import sharp from 'sharp';
import { expect, test } from 'vitest';
import { heatMapPixels, scaleOf } from '../../../function/answer/heat-scale.ts';
import { drawHeatMap } from '../../../function/evidence/draw-heat-map.ts';
import { sampleReports } from '../sample-report.ts';
import { calibration, judged, video } from '../verdict-samples.ts';

const scale = { temperature: 1, offset: 0 };

const greyCrop = () =>
	sharp({ create: { width: 160, height: 160, channels: 3, background: '#808080' } })
		.jpeg()
		.toBuffer();

/** RGB at a point of the drawing, given as shares of its sides. */
async function colourAt(jpeg: Buffer, x: number, y: number): Promise<number[]> {
	const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
	const at = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels;
	return [...data.subarray(at, at + 3)];
}

const spread = (rgb: readonly number[]) => Math.max(...rgb) - Math.min(...rgb);

test('a part with strong signs is coloured and a part without is not, in the right places', async () => {
	const values = Array.from({ length: 25 }, (_, i) => (i === 4 ? 8 : -5)); // top right cell of 5 x 5
	const drawn = await drawHeatMap(await greyCrop(), { width: 5, height: 5, values }, scale);
	expect(spread(await colourAt(drawn, 0.95, 0.05))).toBeGreaterThan(50);
	expect(spread(await colourAt(drawn, 0.05, 0.05))).toBeLessThan(10);
	expect(spread(await colourAt(drawn, 0.95, 0.95))).toBeLessThan(10);
});

test('the scale is absolute: a face without signs stays grey, however much it varies', async () => {
	const values = [-9, -1, -4, -0.1];
	const drawn = await drawHeatMap(await greyCrop(), { width: 2, height: 2, values }, scale);
	const { channels } = await sharp(drawn).stats();
	expect(Math.max(...channels.map((channel) => channel.max - channel.min))).toBeLessThan(12);
});

test('draws a map that is not square, and a map of one cell', async () => {
	for (const [width, height] of [
		[3, 2],
		[1, 1],
	] as const) {
		const drawn = await drawHeatMap(await greyCrop(), { width, height, values: Array(width * height).fill(3) }, scale);
		expect(await sharp(drawn).metadata()).toMatchObject({ format: 'jpeg', width: 320, height: 320 });
	}
});

test('gives the full colour from log-odds of 6, and none without signs', () => {
	const { width, data } = heatMapPixels({ width: 2, height: 1, values: [-9, 50] }, scale, 40);
	const at = (x: number) => [...data.subarray(4 * (20 * width + x), 4 * (20 * width + x) + 4)];
	expect(at(0)[3]).toBe(0);
	expect(at(39)).toEqual([252, 255, 164, 191]);
});

test('a map of one cell is drawn evenly', () => {
	const { data } = heatMapPixels({ width: 1, height: 1, values: [3] }, scale, 8);
	expect(new Set(Array.from({ length: 64 }, (_, i) => data.subarray(4 * i, 4 * i + 4).join())).size).toBe(1);
});

test('uses the scale of the calibration instead of deriving it from faces', async () => {
	const report = await sampleReports.real();
	expect(scaleOf(report)).toEqual({ temperature: calibration.temperature, offset: calibration.offset });
	const measured = judged([{ logits: [3] }], video, undefined, {
		calibration: { ...calibration, temperature: 1.7, offset: -0.4 },
	});
	expect(measured.judge.rules.calibration).toEqual({ temperature: 1.7, offset: -0.4 });
	expect(scaleOf({}), 'of a report that was written before').toEqual(scale);
});
