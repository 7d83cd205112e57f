import fc from 'fast-check';
import { expect, it } from 'vitest';
import { timelineOf } from '../../../function/media/timeline.ts';

/** Packets of frames shown at these times, 25 per second, in decoding order. */
const packets = (times: readonly number[], hasOrder = true) => ({
	times: [...times],
	order: hasOrder ? [...times] : times.map(() => Number.NaN),
	durations: times.map(() => 0.04),
	keyTimes: [],
	hidden: 0,
});
const even = (frames: number, startS = 0, stepS = 0.04) => Array.from({ length: frames }, (_, i) => startS + i * stepS);

it('even times are steady from any start', () => {
	fc.assert(
		fc.property(
			fc.integer({ min: 1, max: 500 }),
			fc.double({ min: 0, max: 1e6, noNaN: true }),
			fc.double({ min: 0.005, max: 8, noNaN: true }),
			(frames, startS, stepS) => {
				const times = even(frames, startS, stepS);
				const { pace, lengthS } = timelineOf({ ...packets(times), durations: times.map(() => stepS) });
				expect(pace).toBe('steady');
				expect(lengthS).toBeCloseTo(frames * stepS, 3);
			},
		),
	);
});

it('reordered frames (B frames) are steady, with and without decoding times', () => {
	const shown = [0, 3, 1, 2, 6, 4, 5, 9, 7, 8].map((n) => n * 0.04);
	const order = shown.map((_, i) => (i - 1) * 0.04);
	for (const clock of [order, order.map(() => Number.NaN)])
		expect(timelineOf({ ...packets(shown), order: clock })).toEqual({ pace: 'steady', lengthS: 0.4, frames: 10 });
});

it('one wrong time does not make the clip longer', () => {
	const times = [...even(99), 10_800];
	expect(timelineOf(packets(times))).toMatchObject({ pace: 'broken', lengthS: 4 });
	const early = [-50_000, ...even(99)];
	expect(timelineOf(packets(early))).toMatchObject({ pace: 'broken', lengthS: 4 });
});

it('a clock that stops before the frames do is not trusted; a few frames of one time are', () => {
	const stopped = (frames: number) => packets([...even(50), ...even(frames, 1.96, 0)]);
	expect(timelineOf(stopped(50))).toEqual({ pace: 'broken', lengthS: 4, frames: 100 });
	expect(timelineOf(stopped(5))).toMatchObject({ pace: 'steady', lengthS: 2 });
});

it('packets without a time count: a few take the place of their neighbours, many get new times', () => {
	const untimed = (share: number) => even(100).map((timeS, i) => (i < share * 100 ? Number.NaN : timeS));
	expect(timelineOf(packets(untimed(0.02)))).toEqual({ pace: 'steady', lengthS: 3.92, frames: 100 });
	expect(timelineOf(packets(untimed(0.4)))).toEqual({ pace: 'broken', lengthS: 4, frames: 100 });
	expect(timelineOf(packets(untimed(1)))).toEqual({ pace: 'steady', lengthS: null, frames: 100 });
});

it('the lengths of concatenated pieces are added, wherever their times begin', () => {
	fc.assert(
		fc.property(fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 2, maxLength: 5 }), (starts) => {
			const times = starts.flatMap((startS) => even(50, startS));
			const { pace, lengthS } = timelineOf(packets(times));
			const pieces = starts.length;
			expect(lengthS).toBeGreaterThan(pace === 'broken' ? 2 * pieces - 0.1 : 2);
			if (pace === 'broken') expect(lengthS).toBeLessThan(2 * pieces + 10 * (pieces - 1) + 0.1); // short gaps stay
		}),
	);
	expect(timelineOf(packets([...even(50, 1.4), ...even(50, 1.4)]))).toMatchObject({ pace: 'broken', lengthS: 4 });
	expect(timelineOf(packets([...even(50), ...even(50, 5000)]))).toMatchObject({ pace: 'broken', lengthS: 4 });
});

it('a frozen picture keeps its time, and frames are selected by number', () => {
	expect(timelineOf(packets([...even(250), ...even(250, 40)]))).toMatchObject({ pace: 'gaps', lengthS: 50 });
	expect(timelineOf(packets([...even(2500), ...even(2500, 115)]))).toMatchObject({ pace: 'steady', lengthS: 215 });
});

it('without times there is no length', () => {
	expect(timelineOf(packets([Number.NaN, Number.NaN]))).toEqual({ pace: 'steady', lengthS: null, frames: 2 });
	expect(timelineOf(packets([]))).toMatchObject({ frames: 0 });
});
