import fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { drawHeatMap, logitScaleFromFaces } from '../../function/evidence/draw-heat-map.ts';
import { fakeProbabilityFromLogit } from '../../function/verdict/calibration.ts';

const scale = { temperature: 1, offset: 0 };

const greyCrop = () =>
	sharp({ create: { width: 160, height: 160, channels: 3, background: '#808080' } })
		.jpeg()
		.toBuffer();

/** RGB at a place of the drawing, given as shares of its sides. */
async function colourAt(jpeg: Buffer, x: number, y: number): Promise<number[]> {
	const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
	const at = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels;
	return [...data.subarray(at, at + 3)];
}

const spread = (rgb: readonly number[]) => Math.max(...rgb) - Math.min(...rgb);

test('a part with strong signs is coloured, a part without has no colour, and they are where the map says', async () => {
	const values = Array.from({ length: 25 }, (_, i) => (i === 4 ? 8 : -5)); // top right cell of 5 x 5
	const drawn = await drawHeatMap(await greyCrop(), { width: 5, height: 5, values }, scale);
	expect(spread(await colourAt(drawn, 0.95, 0.05))).toBeGreaterThan(50);
	expect(spread(await colourAt(drawn, 0.05, 0.05))).toBeLessThan(10);
	expect(spread(await colourAt(drawn, 0.95, 0.95))).toBeLessThan(10);
});

test('the scale is absolute: a face without signs stays grey, however it varies', async () => {
	const values = [-9, -1, -4, -0.1];
	const drawn = await drawHeatMap(await greyCrop(), { width: 2, height: 2, values }, scale);
	const { channels } = await sharp(drawn).stats();
	expect(Math.max(...channels.map((channel) => channel.max - channel.min))).toBeLessThan(12);
});

test('a map that is not square, and one of a single cell, are drawn', async () => {
	for (const [width, height] of [
		[3, 2],
		[1, 1],
	] as const) {
		const drawn = await drawHeatMap(await greyCrop(), { width, height, values: Array(width * height).fill(3) }, scale);
		expect(await sharp(drawn).metadata()).toMatchObject({ format: 'jpeg', width: 320, height: 320 });
	}
});

test('the scale is read back from faces, whatever it was', () => {
	fc.assert(
		fc.property(
			fc.double({ min: 0.5, max: 5, noNaN: true }), // log-odds up to 12: far from saturated
			fc.double({ min: -3, max: 3, noNaN: true }),
			fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 2, maxLength: 20 }),
			(temperature, offset, logits) => {
				fc.pre(Math.max(...logits) - Math.min(...logits) > 0.1);
				const faces = logits.map((logit) => ({
					logit,
					fakeProbability: fakeProbabilityFromLogit(logit, { temperature, offset }),
				}));
				const found = logitScaleFromFaces(faces);
				expect(found.temperature).toBeCloseTo(temperature, 4);
				expect(found.offset).toBeCloseTo(offset, 4);
			},
		),
	);
});

test('of one face the offset is right; of none, or only of saturated ones, the scale is the identity', () => {
	const fakeProbability = fakeProbabilityFromLogit(2, { temperature: 1, offset: 0.5 });
	expect(logitScaleFromFaces([{ logit: 2, fakeProbability }]).offset).toBeCloseTo(0.5, 9);
	expect(logitScaleFromFaces([])).toEqual(scale);
	expect(logitScaleFromFaces([{ logit: 99, fakeProbability: 1 }])).toEqual(scale);
});
