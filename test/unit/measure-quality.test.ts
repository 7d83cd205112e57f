import { describe, expect, it } from 'vitest';
import { measureQuality } from '../../function/vision/measure-quality.ts';

const size = 32;
const box = { x: 10, y: 10, width: 60, height: 80 };

/** A crop whose luma is `value(x, y)`, 0..1. */
function crop(value: (x: number, y: number) => number): Float32Array {
	return Float32Array.from({ length: 3 * size * size }, (_, i) => value(i % size, Math.floor(i / size) % size));
}

describe('measureQuality', () => {
	it('uses the longer side of the box as the size', () => {
		expect(
			measureQuality(
				crop(() => 0.5),
				size,
				box,
				640,
				480,
			).sizePx,
		).toBe(80);
	});

	it('gives a uniform surface no sharpness and its own brightness', () => {
		const quality = measureQuality(
			crop(() => 0.25),
			size,
			box,
			640,
			480,
		);
		expect(quality.sharpness).toBeCloseTo(0, 10);
		expect(quality.brightness).toBeCloseTo(0.25, 5);
	});

	it('gives fine detail more sharpness than coarse detail', () => {
		const fine = measureQuality(
			crop((x) => x % 2),
			size,
			box,
			640,
			480,
		);
		const coarse = measureQuality(
			crop((x) => 0.5 + 0.5 * Math.sin(x / 4)),
			size,
			box,
			640,
			480,
		);
		expect(fine.sharpness).toBeGreaterThan(10 * coarse.sharpness);
	});

	it('returns the share of the box outside the picture', () => {
		const quality = measureQuality(
			crop(() => 0.5),
			size,
			{ x: -30, y: 10, width: 60, height: 80 },
			640,
			480,
		);
		expect(quality.outside).toBeCloseTo(0.5, 10);
	});
});
