import fc from 'fast-check';
import { expect, test } from 'vitest';
import { trimCount, trimmedMean, trimmedMeanInterval } from '../../function/verdict/trimmed-mean.ts';

const logits = (minLength = 1) =>
	fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength, maxLength: 200 });

test('drops nothing from up to four values, one at each end from five, a tenth from twenty', () => {
	expect([1, 4, 5, 19, 20, 100].map(trimCount)).toEqual([0, 0, 1, 1, 2, 10]);
	expect(trimmedMean([])).toBeNull();
	expect(trimmedMean([3])).toBe(3);
	expect(trimmedMean([1, 2, 3, 100, -100])).toBe(2);
});

test('the trimmed mean lies between the extremes and does not depend on the order', () => {
	fc.assert(
		fc.property(logits(), (values) => {
			const mean = trimmedMean(values) as number;
			expect(mean).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9);
			expect(mean).toBeLessThanOrEqual(Math.max(...values) + 1e-9);
			expect(trimmedMean(values.toReversed())).toBeCloseTo(mean, 9);
		}),
	);
});

test('one outlier among ten values cannot move the mean outside the range of the others', () => {
	fc.assert(
		fc.property(fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 10, maxLength: 40 }), (values) => {
			expect(trimmedMean([...values, 1e6])).toBeLessThanOrEqual(Math.max(...values) + 1e-9);
		}),
	);
});

test('the interval is ordered, within the extremes, and reproducible', () => {
	fc.assert(
		fc.property(logits(2), (values) => {
			const [low, high] = trimmedMeanInterval(values) as [number, number];
			expect(low).toBeLessThanOrEqual(high);
			expect(low).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9);
			expect(high).toBeLessThanOrEqual(Math.max(...values) + 1e-9);
			expect(trimmedMeanInterval(values)).toEqual([low, high]);
		}),
		{ numRuns: 50 },
	);
});

test('fewer than two values have no interval; equal values have one of zero width', () => {
	expect(trimmedMeanInterval([])).toBeNull();
	expect(trimmedMeanInterval([1])).toBeNull();
	expect(trimmedMeanInterval([2, 2, 2, 2])).toEqual([2, 2]);
});

test('the interval shrinks with more frames and grows if neighbours resemble each other', () => {
	const width = (values: readonly number[]) => {
		const [low, high] = trimmedMeanInterval(values) as [number, number];
		return high - low;
	};
	const uniform = seeded();
	const values = Array.from({ length: 100 }, uniform);
	expect(width(values)).toBeLessThan(width(values.slice(0, 10)));
	expect(width(values.toSorted((a, b) => a - b))).toBeGreaterThan(width(values));
});

test('the interval covers the true mean of independent values about 95 % of the time', () => {
	const uniform = seeded();
	let covered = 0;
	for (let run = 0; run < 200; run++) {
		const values = Array.from({ length: 40 }, () => uniform() + uniform() + uniform() - 1.5);
		const [low, high] = trimmedMeanInterval(values) as [number, number];
		if (low <= 0 && high >= 0) covered++;
	}
	expect(covered / 200).toBeGreaterThan(0.88);
});

/** Reproducible numbers in 0..1. */
function seeded(): () => number {
	let state = 7;
	return () => {
		state = (state * 1103515245 + 12345) % 2147483648;
		return state / 2147483648;
	};
}
