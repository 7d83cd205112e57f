import sharp from 'sharp';
import { expect, test } from 'vitest';
import { encodeCrop } from '../../function/evidence/encode-crop.ts';

test('a crop becomes a JPEG of 96 px, upright and in its own colours', async () => {
	const size = 160;
	const plane = size * size;
	// upper half red, lower half blue
	const pixels = Float32Array.from({ length: 3 * plane }, (_, i) => {
		const isUpper = (i % plane) / size < size / 2;
		return Math.floor(i / plane) === (isUpper ? 0 : 2) ? 1 : 0;
	});
	const jpeg = Buffer.from(await encodeCrop({ pixels, size }), 'base64');
	const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
	expect(info).toMatchObject({ width: 96, height: 96, channels: 3 });
	expect((await sharp(jpeg).metadata()).format).toBe('jpeg');
	const colourAt = (row: number) => [...data.subarray((row * 96 + 48) * 3, (row * 96 + 48) * 3 + 3)];
	const [upper, lower] = [colourAt(20), colourAt(75)];
	expect(upper[0]).toBeGreaterThan(240);
	expect(upper[2]).toBeLessThan(15);
	expect(lower[2]).toBeGreaterThan(240);
	expect(lower[0]).toBeLessThan(15);
});
