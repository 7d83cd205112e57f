import { describe, expect, it } from 'vitest';
import type { FaceEntry } from '../../function/contract/report.ts';
import { areComparable, differencesOf, facesIn, meanOf, pairsOf, widestOf } from '../../spa/lib/compare.ts';
import { sampleReports } from '../unit/sample-report.ts';

const thresholds = { likelyFakeAbove: 0.8, likelyRealBelow: 0.4 };

const face = (timeS: number, fakeProbability: number, excluded: FaceEntry['excluded'] = null): FaceEntry => ({
	frameIndex: Math.round(timeS),
	timeS,
	box: { x: 0, y: 0, width: 100, height: 100 },
	score: 0.9,
	logit: 0,
	fakeProbability,
	quality: { sizePx: 100, sharpness: 100, brightness: 0.5, outside: 0 },
	excluded,
});
const faces = (...scores: number[]) => scores.map((score, i) => face(i, score));

describe('facesIn and meanOf', () => {
	it('count time from the start of the part, and only faces that count', () => {
		const part = facesIn([...faces(0.1, 0.2, 0.3, 0.9), face(2.5, 1, 'face-too-small')], { fromS: 1, toS: 2.5 });
		expect(part.map(({ timeS }) => timeS)).toEqual([0, 1, 1.5]);
		expect(meanOf(part)).toEqual({ score: 0.25, frames: 2 });
	});

	it('have no mean if no face counts', () => {
		expect(meanOf([face(0, 1, 'face-too-blurred')])).toBeNull();
		expect(meanOf([])).toBeNull();
	});
});

describe('pairsOf', () => {
	it('finds the nearest face in time, however the two were sampled', () => {
		const other = faces(0.5, 0.6, 0.7).map((one) => ({ ...one, timeS: one.timeS + 0.2 }));
		expect(pairsOf(faces(0.1, 0.2, 0.3), other)).toEqual([
			{ timeS: 0, first: 0.1, second: 0.5 },
			{ timeS: 1, first: 0.2, second: 0.6 },
			{ timeS: 2, first: 0.3, second: 0.7 },
		]);
	});

	it('pairs frames half a step apart, however closely a second pass looked at a part of one of them', () => {
		const closer = Array.from({ length: 9 }, (_, i) => ({ ...face(2.05 + i / 10, 0.9), frameIndex: 9 + i }));
		const first = [
			...faces(0.1, 0.2, 0.3),
			...closer.map((one) => ({ ...one, secondPass: true as const })),
			face(3, 0.4),
		];
		const second = faces(0.5, 0.6, 0.7, 0.8).map((one) => ({ ...one, timeS: one.timeS + 0.4 }));
		const times = pairsOf(first, second).map(({ timeS }) => timeS);
		expect([0, 1, 2, 3].filter((timeS) => !times.includes(timeS))).toEqual([]);
	});

	it('skips faces that do not count, and times that only one of them has', () => {
		const first = [...faces(0.1, 0.2), face(30, 0.3)];
		const second = [face(0, 0.9, 'face-covered'), face(1, 0.8)];
		expect(pairsOf(first, second)).toEqual([{ timeS: 1, first: 0.2, second: 0.8 }]);
		expect(pairsOf(first, [])).toEqual([]);
	});
});

describe('differencesOf and widestOf', () => {
	it('find each stretch in which the bands differ, and where the scores are farthest apart', () => {
		const pairs = pairsOf(faces(0.1, 0.1, 0.2, 0.1, 0.5), faces(0.2, 0.9, 0.85, 0.3, 0.1));
		expect(differencesOf(pairs, thresholds)).toEqual([
			{ startS: 1, endS: 2, first: 'no-signs', second: 'strong-signs' },
			{ startS: 4, endS: 4, first: 'unclear', second: 'no-signs' },
		]);
		expect(widestOf(pairs)?.timeS).toBe(1);
	});

	it('keep two stretches separate if they agree in between', () => {
		const pairs = pairsOf(faces(0.1, 0.1, 0.1), faces(0.9, 0.1, 0.9));
		expect(differencesOf(pairs, thresholds).map(({ startS, endS }) => [startS, endS])).toEqual([
			[0, 0],
			[2, 2],
		]);
	});

	it('find nothing if nothing differs', () => {
		expect(differencesOf(pairsOf(faces(0.1, 0.9), faces(0.2, 0.95)), thresholds)).toEqual([]);
		expect(widestOf([])).toBeNull();
	});
});

describe('areComparable', () => {
	it('requires the same classifier with the same thresholds', async () => {
		const report = await sampleReports.real();
		expect(areComparable(report, await sampleReports.fake())).toBe(true);
		expect(areComparable(report, { ...report, thresholds: { ...report.thresholds, likelyFakeAbove: 0.99 } })).toBe(
			false,
		);
		const models = report.models.map((model) => ({ ...model, sha256: '9'.repeat(64) }));
		expect(areComparable(report, { ...report, models })).toBe(false);
	});
});
