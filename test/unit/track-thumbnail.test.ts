import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Frame } from '../../function/values.ts';
import { similarity, thumbnailFromFrame } from '../../function/vision/thumbnail.ts';

const WIDTH = 64;
const HEIGHT = 48;
const box = { x: 20, y: 10, width: 16, height: 20 };

function frameOf(colourAt: (x: number, y: number, colour: number) => number): Frame {
	const rgb = Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, at) => {
		const pixel = Math.floor(at / 3);
		return colourAt(pixel % WIDTH, Math.floor(pixel / WIDTH), at % 3);
	});
	return { index: 0, timeS: 0, width: WIDTH, height: HEIGHT, rgb };
}

const pattern = (x: number, y: number, colour: number) => 100 + 60 * Math.sin(x / 5 + colour) * Math.cos(y / 7);
const thumbnailOf = (colourAt: typeof pattern, at = box) => thumbnailFromFrame(frameOf(colourAt), at);

test('a face matches itself, also brighter or with a colour cast, and is the opposite of its negative', () => {
	const plain = thumbnailOf(pattern);
	expect(similarity(plain, plain)).toBeCloseTo(1, 6);
	expect(
		similarity(
			plain,
			thumbnailOf((x, y, colour) => pattern(x, y, colour) + 40),
		),
	).toBeGreaterThan(0.99);
	expect(
		similarity(
			plain,
			thumbnailOf((x, y, colour) => pattern(x, y, colour) + 20 * colour),
		),
	).toBeGreaterThan(0.99);
	expect(
		similarity(
			plain,
			thumbnailOf((x, y, colour) => 255 - pattern(x, y, colour)),
		),
	).toBeLessThan(-0.99);
});

test('a single colour matches nothing, not even itself', () => {
	const flat = thumbnailOf(() => 128);
	expect(similarity(flat, flat)).toBe(0);
	expect(similarity(flat, thumbnailOf(pattern))).toBe(0);
});

test('a face that moves with its surroundings stays similar', () => {
	const shifted = thumbnailOf((x, y, colour) => pattern(x - 6, y - 3, colour), { ...box, x: box.x + 6, y: box.y + 3 });
	expect(similarity(thumbnailOf(pattern), shifted)).toBeGreaterThan(0.99);
});

test('any box, even outside the picture, gives 192 numbers and a similarity within -1..1', () => {
	const frame = frameOf(pattern);
	const coordinate = fc.integer({ min: -200, max: 200 });
	const side = fc.integer({ min: 1, max: 300 });
	const anyBox = fc.record({ x: coordinate, y: coordinate, width: side, height: side });
	const plain = thumbnailOf(pattern);
	fc.assert(
		fc.property(anyBox, (at) => {
			const thumbnail = thumbnailFromFrame(frame, at);
			expect(thumbnail).toHaveLength(192);
			expect(Math.abs(similarity(plain, thumbnail))).toBeLessThanOrEqual(1 + 1e-6);
		}),
	);
});
