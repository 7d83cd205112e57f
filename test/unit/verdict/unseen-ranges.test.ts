import { describe, expect, it } from 'vitest';
import { unseenRanges } from '../../../function/verdict/unseen-ranges.ts';

const minute = { fromS: 0, toS: 60, budget: 10 };
const everyTen = [0, 10, 20, 30, 40, 50];
const seen = [5, 15, 25, 35, 45, 55];

describe('where a face may have been missed', () => {
	it('is halfway between frames if the key frames indicate no cut', () => {
		const ranges = unseenRanges(seen, everyTen, minute);
		expect(ranges.map(({ fromS }) => fromS)).toEqual([2.25, 9.75, 19.75, 29.75, 39.75, 49.75, 57.25]);
		expect(ranges.every(({ frames }) => frames === 1)).toBe(true);
	});

	it('is first after cuts, longest unsampled time first', () => {
		const one = { ...minute, budget: 1 };
		expect(unseenRanges(seen, [0, 10, 17, 27, 37, 47, 57], one)).toEqual([{ fromS: 17.5, toS: 18, frames: 1 }]);
		expect(unseenRanges(seen, [0, 10, 17, 27, 29, 39, 49], one)[0]?.fromS).toBe(17.5);
		expect(unseenRanges(seen, [0, 10, 15, 25, 35, 45, 55], minute).map(({ fromS }) => fromS)).not.toContain(15.5);
	});

	it('handles hours of video in which every frame is a key frame', () => {
		const all = Array.from({ length: 200_000 }, (_, i) => i / 25);
		expect(unseenRanges([2000, 6000], all, { fromS: 0, toS: 8000, budget: 10 })).not.toEqual([]);
	});

	it('stays within the part and the budget', () => {
		const some = unseenRanges([20, 22], everyTen, { fromS: 18, toS: 24, budget: 10 });
		for (const { fromS, toS } of some) expect(fromS >= 18 && toS <= 24).toBe(true);
		expect(unseenRanges(seen, everyTen, { ...minute, budget: 3 })).toHaveLength(3);
		expect(unseenRanges(seen, everyTen, { ...minute, budget: 0 })).toEqual([]);
		expect(unseenRanges([], [], { ...minute, budget: 4 })).toHaveLength(1);
	});
});
