import { describe, expect, it } from 'vitest';
import { facesAt, samplingGapS } from '../../function/answer/faces-at.ts';
import type { FaceEntry, Reason } from '../../function/contract/report.ts';
import { Playback } from '../../spa/lib/playback.svelte.ts';

const face = (frameIndex: number, timeS: number, p: number, x = 0, excluded: Reason | null = null): FaceEntry => ({
	frameIndex,
	timeS,
	box: { x, y: 10, width: 20 + x, height: 40 },
	score: 0.9,
	logit: 0,
	fakeProbability: p,
	quality: { sizePx: 40, sharpness: 1, brightness: 0.5, outside: 0 },
	excluded,
});

// sampled every 0.5 s; the person is away at frames 3 to 5
const person = {
	trackId: 1,
	faces: [face(0, 0, 0.2, 0), face(1, 0.5, 0.4, 10), face(2, 1, 0.4, 20), face(6, 3, 0.9, 100)],
};

describe('Playback', () => {
	it('returns the sample itself at its time, and interpolates linearly between samples', () => {
		const playback = new Playback([person]);
		const at = (timeS: number) => {
			playback.setTime(timeS);
			return playback.faces.map(({ box, fakeProbability }) => [box.x, box.width, fakeProbability]);
		};
		expect(at(0)).toEqual([[0, 20, 0.2]]);
		expect(at(0.5)).toEqual([[10, 30, 0.4]]);
		expect(at(0.25)[0]?.[0]).toBeCloseTo(5);
		expect(at(0.25)[0]?.[1]).toBeCloseTo(25);
		expect(at(0.25)[0]?.[2]).toBeCloseTo(0.3);
	});

	it('shows nobody in a gap, and holds a sample only for a moment', () => {
		const seen = (timeS: number) => facesAt([person], timeS, samplingGapS([person])).map(({ box }) => box.x);
		expect(seen(1.1)).toEqual([20]);
		expect(seen(1.5)).toEqual([]);
		expect(seen(2)).toEqual([]);
		expect(seen(2.9)).toEqual([100]);
		expect(seen(3.1)).toEqual([100]);
		expect(seen(4)).toEqual([]);
		expect(seen(-1)).toEqual([]);
	});

	it('does not interpolate between samples that are many seconds apart', () => {
		const sparse = { trackId: 1, faces: [face(0, 0, 0.2), face(1, 15, 0.4, 100), face(2, 30, 0.4, 200)] };
		expect(samplingGapS([sparse])).toBe(2);
		expect(facesAt([sparse], 7, 2)).toEqual([]);
		expect(facesAt([sparse], 15, 2)).toHaveLength(1);
	});

	it('interpolates between samples of the first pass, however closely a second one looks at a part', () => {
		const closer = Array.from({ length: 9 }, (_, i) => ({
			...face(20 + i, 1.1 + i / 10, 0.9),
			secondPass: true as const,
		}));
		const all = [...Array.from({ length: 6 }, (_, i) => face(i, i, 0.2)), ...closer].toSorted(
			(a, b) => a.timeS - b.timeS,
		);
		expect(samplingGapS([{ trackId: 1, faces: all }])).toBe(1.5);
	});

	it('gives each person their own score, and no score to a face that does not count', () => {
		const small = {
			trackId: 2,
			faces: [face(0, 0, 0.7, 5, 'face-too-small'), face(1, 0.5, 0.8, 5, 'face-too-small'), face(2, 1, 0.9, 5)],
		};
		const at = (timeS: number) =>
			facesAt([person, small], timeS, 0.75).map((f) => [f.trackId, f.fakeProbability, f.excluded]);
		expect(at(0.5)).toEqual([
			[1, 0.4, null],
			[2, null, 'face-too-small'],
		]);
		expect(at(0.9)[1]).toEqual([2, 0.9, null]); // from the nearer sample, not interpolated with one that does not count
	});

	it('asks the player to jump, even twice to the same place', () => {
		const playback = new Playback([person]);
		expect(playback.seekRequest).toBeNull();
		playback.seek(2);
		const first = playback.seekRequest;
		playback.seek(2);
		expect(playback.seekRequest).toEqual({ timeS: 2 });
		expect(playback.seekRequest).not.toBe(first);
		playback.seek(-3);
		expect(playback.timeS).toBe(0);
	});

	it('accepts a report without people', () => {
		expect(samplingGapS([])).toBe(0);
		expect(new Playback([]).faces).toEqual([]);
	});
});
