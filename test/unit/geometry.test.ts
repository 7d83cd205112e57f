import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Box } from '../../function/contract/report.ts';
import {
	area,
	clampBox,
	interpolateBox,
	intersectBoxes,
	iou,
	outsideShare,
	squareBox,
} from '../../function/vision/geometry.ts';

const anyBox: fc.Arbitrary<Box> = fc.record({
	x: fc.integer({ min: -500, max: 2500 }),
	y: fc.integer({ min: -500, max: 2500 }),
	width: fc.integer({ min: 1, max: 1000 }),
	height: fc.integer({ min: 1, max: 1000 }),
});
const check = (property: (a: Box, b: Box) => void) => fc.assert(fc.property(anyBox, anyBox, property));
const box = (x: number, y: number, width: number, height: number): Box => ({ x, y, width, height });

describe('iou', () => {
	test('of boxes whose overlap is a third', () => expect(iou(box(0, 0, 2, 2), box(1, 0, 2, 2))).toBeCloseTo(1 / 3));
	test('is 0 for boxes that only touch, and for boxes without area', () => {
		expect(iou(box(0, 0, 2, 2), box(2, 0, 2, 2))).toBe(0);
		expect(iou(box(0, 0, 0, 0), box(0, 0, 0, 0))).toBe(0);
	});
	test('is symmetric, within 0..1, and 1 for a box and itself', () =>
		check((a, b) => {
			expect(iou(a, b)).toBe(iou(b, a));
			expect(iou(a, b)).toBeGreaterThanOrEqual(0);
			expect(iou(a, b)).toBeLessThanOrEqual(1);
			expect(iou(a, a)).toBe(1);
		}));
});

describe('squareBox', () => {
	test('has the margin times the longer side and the same centre', () =>
		expect(squareBox(box(10, 20, 30, 40), 1.5)).toEqual(box(-5, 10, 60, 60)));
	test('keeps the centre and contains the box for any margin of at least 1', () =>
		check((a) => {
			const square = squareBox(a, 1.3);
			expect(square.width).toBe(square.height);
			expect(square.x + square.width / 2).toBeCloseTo(a.x + a.width / 2, 6);
			expect(square.y + square.height / 2).toBeCloseTo(a.y + a.height / 2, 6);
			expect(area(intersectBoxes(a, square))).toBeCloseTo(area(a), 4);
		}));
});

describe('interpolateBox', () => {
	test('is each end at share 0 and 1, and the mean half-way', () =>
		check((a, b) => {
			expect(interpolateBox(a, b, 0)).toEqual(a);
			expect(interpolateBox(a, b, 1)).toEqual(b);
			expect(interpolateBox(a, b, 0.5).x).toBe((a.x + b.x) / 2);
			expect(interpolateBox(a, b, 0.5).width).toBe((a.width + b.width) / 2);
		}));
});

describe('outsideShare', () => {
	test('is 0 inside, 1 outside, and the share of the area across an edge', () => {
		expect(outsideShare(box(10, 10, 20, 20), 100, 100)).toBe(0);
		expect(outsideShare(box(-30, 10, 20, 20), 100, 100)).toBe(1);
		expect(outsideShare(box(-5, 10, 20, 20), 100, 100)).toBeCloseTo(0.25);
		expect(outsideShare(box(90, 90, 20, 20), 100, 100)).toBeCloseTo(0.75);
	});
	test('is 1 for a box without area', () => expect(outsideShare(box(1, 1, 0, 5), 100, 100)).toBe(1));
	test('is within 0..1, and 0 for what clampBox gives', () =>
		check((a, { width, height }) => {
			const share = outsideShare(a, width, height);
			expect(share).toBeGreaterThanOrEqual(0);
			expect(share).toBeLessThanOrEqual(1);
			const inside = clampBox(a, width, height);
			if (area(inside) > 0) expect(outsideShare(inside, width, height)).toBeCloseTo(0, 9);
		}));
});
