import { expect, it } from 'vitest';
import { shrinkSquare } from '../../../../function/model/preprocess/shrink-square.ts';

const plane = (size: number, value: (x: number, y: number) => number) =>
	Float32Array.from({ length: 3 * size * size }, (_, i) => value(i % size, Math.floor(i / size) % size));

it('keeps means: of a uniform picture, of a slope, and of the whole', () => {
	const shrink = shrinkSquare(7, 5);
	expect(Math.max(...shrink(plane(7, () => 0.25)).map((value) => Math.abs(value - 0.25)))).toBeLessThan(1e-6);
	const slope = shrink(plane(7, (x) => x));
	expect(slope.length).toBe(75);
	// a part of 1.4 px centred on 1.4 (x + .5) has the slope's value there, minus half a px
	expect([...slope.slice(0, 5)].map((value) => Math.round(value * 1000) / 1000)).toEqual([
		0.286, 1.571, 3, 4.429, 5.714,
	]);
	const noise = plane(7, (x, y) => (x * 31 + y * 17) % 7);
	const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
	expect(mean(shrink(noise))).toBeCloseTo(mean(noise), 5);
});

it('a whole multiple gives the mean of each block', () => {
	const small = shrinkSquare(4, 2)(plane(4, (x, y) => 4 * y + x));
	expect([...small.slice(0, 4)]).toEqual([2.5, 4.5, 10.5, 12.5]);
});
