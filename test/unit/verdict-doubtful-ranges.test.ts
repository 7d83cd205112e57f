import { describe, expect, it } from 'vitest';
import { doubtfulRanges, firstRound, secondRound } from '../../function/verdict/doubtful-ranges.ts';
import { matchTrack } from '../../function/vision/match-tracks.ts';
import { calibration, judged } from './verdict-samples.ts';

const flat = (level: number, n: number) => Array.from({ length: n }, () => level);
const rangesOf = (people: Parameters<typeof judged>[0], budget = 40) =>
	doubtfulRanges(judged(people).tracks, { likelyFakeAbove: 0.8 }, { stepS: 1, budget });

describe('the ranges of a second pass', () => {
	it('surround faces that look manipulated, by one step on either side', () => {
		expect(rangesOf([{ logits: [...flat(-2, 55), ...flat(4, 3), ...flat(-2, 2)] }])).toEqual([
			{ fromS: 54, toS: 58, frames: 39 },
		]);
		expect(rangesOf([{ logits: [4, ...flat(-2, 30)] }])).toMatchObject([{ fromS: 0, toS: 1 }]);
	});

	it('are empty for a clip that is clear throughout', () => {
		expect(rangesOf([{ logits: flat(-2, 40) }])).toEqual([]);
		expect(rangesOf([{ logits: flat(4, 40) }])).toEqual([]);
		expect(rangesOf([])).toEqual([]);
	});

	it('leave out people who are not judged', () => {
		const people = [
			{ logits: flat(-2, 30), quality: { sizePx: 400 } },
			{ logits: [...flat(-2, 20), 4, ...flat(-2, 9)], quality: { sizePx: 100 } },
		];
		const main = judged(people, undefined, undefined, { calibration, people: 'main' }).tracks;
		expect(doubtfulRanges(main, { likelyFakeAbove: 0.8 }, { stepS: 1, budget: 40 })).toEqual([]);
		expect(rangesOf(people)).toHaveLength(1);
	});

	it('surround a person who appears too briefly for a verdict', () => {
		expect(rangesOf([{ logits: flat(-2, 40) }, { logits: [0, 0], startS: 20 }])).toMatchObject([
			{ fromS: 19, toS: 22 },
		]);
	});

	it('stay within the budget and merge when they touch', () => {
		const scattered = Array.from({ length: 60 }, (_, i) => (i % 10 === 0 ? 4 : -2));
		const ranges = rangesOf([{ logits: scattered }], 30);
		expect(ranges).toHaveLength(3);
		expect(ranges.reduce((sum, { frames }) => sum + frames, 0)).toBeLessThanOrEqual(30);
		expect(rangesOf([{ logits: [...flat(-2, 20), 4, -2, 4, ...flat(-2, 20)] }])).toHaveLength(1);
		expect(rangesOf([{ logits: scattered }], 7)).toEqual([]);
	});

	it('takes a third of its frames first, and the others only where no stretch is manipulated yet', () => {
		const ranges = [
			{ fromS: 4, toS: 8, frames: 12 },
			{ fromS: 20, toS: 26, frames: 27 },
		];
		const segments = [
			{ startS: 5, endS: 7, outcome: 'likely-fake' as const, fakeProbability: 0.9, logit: 2, facesJudged: 9 },
		];
		expect(firstRound(ranges).map(({ frames }) => frames)).toEqual([4, 9]);
		expect(secondRound(ranges, [{ segments: [] }]).map(({ frames }) => frames)).toEqual([8, 18]);
		expect(secondRound(ranges, [{ segments }])).toEqual([{ fromS: 20, toS: 26, frames: 18 }]);
		expect(
			secondRound(ranges, [{ segments: segments.map((s) => ({ ...s, outcome: 'likely-real' as const })) }]),
		).toHaveLength(2);
	});
});

describe('a face found by a second pass', () => {
	const box = (x: number) => ({ x, y: 10, width: 100, height: 100 });
	const first = [
		{ trackId: 1, faces: [{ timeS: 1, box: box(0) }] },
		{ trackId: 2, faces: [{ timeS: 1.2, box: box(300) }] },
	];

	it('belongs to the track seen in that place at about that time', () => {
		expect(matchTrack({ timeS: 1.5, box: box(290) }, first, 1)).toBe(2);
		expect(matchTrack({ timeS: 0.5, box: box(20) }, first, 1)).toBe(1);
	});

	it('belongs to no track that is elsewhere, or long before or after', () => {
		expect(matchTrack({ timeS: 1.5, box: box(600) }, first, 1)).toBeNull();
		expect(matchTrack({ timeS: 9, box: box(0) }, first, 1)).toBeNull();
		expect(matchTrack({ timeS: 1, box: box(0) }, [], 1)).toBeNull();
	});
});
