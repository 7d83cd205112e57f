import { describe, expect, it } from 'vitest';
import { largestDifference } from './largest-difference.ts';

describe('largestDifference', () => {
	it('distinguishes equal, different, shorter and broken lists', () => {
		expect(largestDifference([1, 2], [1, 2])).toBe(0);
		expect(largestDifference([1, 2], [1, 2.5])).toBe(0.5);
		expect(largestDifference([1, 2], [1])).toBe(Number.POSITIVE_INFINITY);
		expect(largestDifference([Number.NaN], [1])).toBe(Number.POSITIVE_INFINITY);
	});
});
