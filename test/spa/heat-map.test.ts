import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import * as drawn from '../../function/evidence/draw-heat-map.ts';
import { heatColours, heatMapPixels, logitScaleFromFaces } from '../../spa/lib/heat-map.ts';

const scale = { temperature: 1.3, offset: -0.4 };
const pixelAt = ({ width, data }: ReturnType<typeof heatMapPixels>, x: number, y: number) => [
	...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 4),
];

describe('heatMapPixels', () => {
	it('looks like the heat map of the HTML report', async () => {
		const values = Array.from({ length: 25 }, (_, i) => 9 * Math.sin(i) - 1);
		const map = { width: 5, height: 5, values };
		const grey = sharp({ create: { width: 320, height: 320, channels: 3, background: '#808080' } });
		const crop = await grey.jpeg().toBuffer();
		const { data, ...size } = heatMapPixels(map, scale, 320);
		const ours = await sharp(crop)
			.composite([{ input: Buffer.from(data.buffer), raw: { ...size, channels: 4 } }])
			.removeAlpha()
			.raw()
			.toBuffer();
		const theirs = await sharp(await drawn.drawHeatMap(crop, map, scale))
			.raw()
			.toBuffer();
		let sum = 0;
		for (let i = 0; i < theirs.length; i++) sum += Math.abs((theirs[i] ?? 0) - (ours[i] ?? 255));
		expect(theirs).toHaveLength(ours.length);
		expect(sum / theirs.length).toBeLessThan(4); // of 255; theirs is a JPEG with halved colour resolution
		expect(heatColours).toEqual(drawn.heatColours);
	});

	it('has no colour where nothing speaks for manipulation, and the full one from log-odds of 6 on', () => {
		const pixels = heatMapPixels({ width: 2, height: 1, values: [-9, 50] }, { temperature: 1, offset: 0 }, 40);
		expect(pixelAt(pixels, 0, 20)[3]).toBe(0);
		expect(pixelAt(pixels, 39, 20)).toEqual([252, 255, 164, 191]);
	});

	it('draws a map of one cell evenly', () => {
		const { data } = heatMapPixels({ width: 1, height: 1, values: [3] }, { temperature: 1, offset: 0 }, 8);
		expect(new Set(Array.from({ length: 64 }, (_, i) => data.subarray(4 * i, 4 * i + 4).join())).size).toBe(1);
	});

	it('reads the scale from faces as the HTML report does', () => {
		const logit = fc.double({ min: -12, max: 12, noNaN: true });
		fc.assert(
			fc.property(
				fc.array(logit, { maxLength: 8 }),
				fc.double({ min: 0.2, max: 5, noNaN: true }),
				(logits, temperature) => {
					const faces = logits.map((value) => ({
						logit: value,
						fakeProbability: 1 / (1 + Math.exp(-(value - 0.7) / temperature)),
					}));
					expect(logitScaleFromFaces(faces)).toEqual(drawn.logitScaleFromFaces(faces));
				},
			),
		);
	});
});
