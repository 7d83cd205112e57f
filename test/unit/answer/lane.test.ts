import { describe, expect, it } from 'vitest';
import { Lane, laneFromFaces, timeTicks } from '../../../function/answer/lane.ts';
import type { FaceEntry, Reason } from '../../../function/contract/report.ts';

const face = (frameIndex: number, fakeProbability: number, excluded: Reason | null = null) =>
	({ frameIndex, timeS: frameIndex, fakeProbability, excluded }) as FaceEntry;
const at = (timeS: number, frameIndex: number, secondPass?: true) =>
	({ frameIndex, timeS, fakeProbability: 0.5, excluded: null, ...(secondPass && { secondPass }) }) as FaceEntry;
const starts = (line: string) => line.match(/M/g)?.length ?? 0;

describe('Lane', () => {
	it('draws a line through consecutive frames, a dot per face, and a mark for faces that do not count', () => {
		const lane = laneFromFaces([face(0, 0.5), face(1, 1), face(2, 0.7, 'face-too-blurred'), face(3, 0), face(6, 0.2)]);
		expect(lane.paths(10)).toEqual({
			line: 'M0 50L100 0M300 100M600 80',
			dots: 'M0 50h.01M100 0h.01M300 100h.01M600 80h.01',
			skipped: 'M200 100v-7',
		});
	});

	it('keeps the highest and lowest scores of very many faces, and the gaps', () => {
		const lane = new Lane();
		for (let i = 0; i < 20_000; i++)
			if (i < 9000 || i > 12_000) lane.add(face(i, i === 15_000 ? 1 : 0.25 + (i % 2) / 4));
		const { line, dots } = lane.paths(20_000);
		expect(starts(line)).toBe(2);
		expect(line).toContain('L750 0');
		expect(starts(dots)).toBeLessThanOrEqual(1600);
	});

	it('goes on through the faces of a second pass, whose frames lie between those of the first', () => {
		const first = Array.from({ length: 10 }, (_, i) => at(5 * i, i));
		const round1 = [20, 21.5, 23, 24.5].map((timeS, i) => at(timeS, 10 + i, true));
		const round2 = [20.5, 21, 22, 22.5, 23.5, 24].map((timeS, i) => at(timeS, 14 + i, true));
		const lane = (faces: readonly FaceEntry[]) => laneFromFaces(faces.toSorted((a, b) => a.timeS - b.timeS)).paths(50);
		expect(starts(lane([...first, ...round1, ...round2]).line)).toBe(1);
		const away = first.filter(({ timeS }) => timeS !== 35);
		expect(starts(lane([...away, ...round1, ...round2]).line)).toBe(2);
		const excluded = { ...at(22.2, 20, true), excluded: 'face-too-blurred' as const };
		expect(starts(lane([...first, ...round1, ...round2, excluded]).line)).toBe(2);
		expect(starts(lane([...round1, ...round2]).line)).toBe(1);
		expect(starts(lane([...round1, ...round2, at(60, 21, true)]).line)).toBe(2);
	});

	it('draws nothing without faces', () => {
		expect(new Lane().paths(1)).toEqual({ line: '', dots: '', skipped: '' });
	});
});

it('picks at most six round times', () => {
	expect(timeTicks(60)).toEqual([0, 15, 30, 45, 60]);
	expect(timeTicks(2.5)).toEqual([0, 1, 2]);
	for (const endS of [0.001, 1, 7, 59, 61, 3599, 86_400, 1e6]) expect(timeTicks(endS).length).toBeLessThanOrEqual(6);
});
