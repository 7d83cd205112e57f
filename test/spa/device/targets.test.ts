import { expect, it } from 'vitest';
import { targetsOf } from '../../../spa/device/targets.ts';

const times = Array.from({ length: 100 }, (_, i) => 1 + i / 25);
const steady = { pace: 'steady', frames: 100 } as const;

it('takes the middles of equal parts, from the first frame on', () => {
	const targets = targetsOf({ frames: 4, part: 'whole' }, { durationS: 4 }, steady, times);
	expect(targets).toEqual([1.5, 2.5, 3.5, 4.5]);
});

it('takes a part of the file, or the parts that a second pass looks at', () => {
	const span = { fromS: 1, toS: 3 };
	expect(targetsOf({ frames: 2, part: 'whole', span }, { durationS: 4 }, steady, times)).toEqual([2.5, 3.5]);
	const ranges = [
		{ fromS: 0, toS: 1, frames: 2 },
		{ fromS: 2, toS: 3, frames: 1 },
	];
	expect(targetsOf({ frames: 40, part: 'whole', ranges }, { durationS: 4 }, steady, times)).toEqual([1.25, 1.75, 3.5]);
});

it('counts frames where their times cannot be believed, and takes the first ones where asked', () => {
	const targets = targetsOf({ frames: 2, part: 'whole' }, { durationS: 400 }, { pace: 'gaps', frames: 100 }, times);
	expect(targets).toEqual([times[25], times[75]]);
	expect(targetsOf({ frames: 3, part: 'start' }, { durationS: 4 }, steady, times)).toEqual(times.slice(0, 3));
});

it('takes five a second of all', () => {
	expect(targetsOf({ frames: 'all', part: 'whole' }, { durationS: 4 }, steady, times)).toHaveLength(20);
});
