import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { verdictSchema } from '../../function/contract/report.ts';
import {
	type Calibrations,
	calibrationFor,
	calibrationSchema,
	fakeProbabilityFromLogit,
} from '../../function/verdict/calibration.ts';
import { exclusionReason } from '../../function/verdict/exclude-face.ts';
import { createJudge } from '../../function/verdict/judge.ts';
import { around, calibration, good, image, judged, type Person, scoredFace, video } from './verdict-samples.ts';

describe('calibration', () => {
	test('the offset is the logit with probability 0.5, the temperature flattens the curve', () => {
		expect(fakeProbabilityFromLogit(1.5, { temperature: 2, offset: 1.5 })).toBe(0.5);
		expect(fakeProbabilityFromLogit(3.5, { temperature: 2, offset: 1.5 })).toBeCloseTo(0.731, 3);
		expect(fakeProbabilityFromLogit(1e4, { temperature: 1, offset: 0 })).toBe(1);
		expect(fakeProbabilityFromLogit(-1e4, { temperature: 1, offset: 0 })).toBe(0);
	});
	const { temperature, offset, ...limits } = calibration;
	const listed: Calibrations = {
		temperature,
		offset,
		image: { ...limits, likelyFakeAbove: 0.95 },
		video: limits,
		source: 'made up for tests',
	};
	test('rejects a temperature of 0 and crossed thresholds', () => {
		expect(calibrationSchema.safeParse(listed).success).toBe(true);
		expect(calibrationSchema.safeParse({ ...listed, temperature: 0 }).success).toBe(false);
		expect(calibrationSchema.safeParse({ ...listed, image: { ...limits, likelyRealBelow: 0.9 } }).success).toBe(false);
	});
	test('stills and videos have separate thresholds', () => {
		expect(calibrationFor('video', listed)).toEqual(calibration);
		expect(calibrationFor('image', listed)).toEqual({ ...calibration, likelyFakeAbove: 0.95 });
	});
});

test.each([
	[{}, null],
	[{ sizePx: 47.9 }, 'face-too-small'],
	[{ sizePx: 48 }, null],
	[{ outside: 0.41 }, 'face-outside-picture'],
	[{ sharpness: 3.9e-5 }, 'face-too-blurred'],
	[{ covered: 0.51 }, 'face-covered'],
	[{ covered: 0.49, drawn: 0.49 }, null],
	[{ covered: 0.9, drawn: 0.51 }, 'not-photographic'],
	[{ sharpness: 0, drawn: 0.9 }, 'not-photographic'],
	[{ sizePx: 20, sharpness: 0, outside: 1 }, 'face-too-small'],
] as const)('a face with %j: %s', (quality, reason) => {
	expect(exclusionReason({ ...good, ...quality })).toBe(reason);
});

describe('one person', () => {
	test('well above, well below and between the thresholds', () => {
		expect(judged([{ logits: around(4, 20) }]).verdict).toMatchObject({
			outcome: 'likely-fake',
			reasons: [],
			trackId: 1,
		});
		expect(judged([{ logits: around(-4, 20) }]).verdict).toMatchObject({ outcome: 'likely-real', reasons: [] });
		expect(judged([{ logits: around(0, 20) }]).verdict).toMatchObject({
			outcome: 'uncertain',
			reasons: ['near-threshold'],
		});
	});
	test('a score is compared with clips of known origin; a stretch, a still and an empty video are not', () => {
		const { reference } = judged([{ logits: around(3, 20) }]).verdict; // .953
		expect(reference).toEqual({ genuine: { higher: 1, n: 4 }, manipulated: { higher: 1, n: 3 } });
		expect(judged([{ logits: [...around(-3, 20), ...around(6, 20)] }]).verdict).toMatchObject({
			reasons: ['segments-disagree'],
			reference: null,
		});
		expect(judged([]).verdict.reference).toBeNull();
		const alone = { calibration: { ...calibration, reference: null } };
		expect(judged([{ logits: around(3, 20) }], undefined, undefined, alone).verdict.reference).toBeNull();
	});
	test('contradicting frames make a person uncertain, whatever their mean', () => {
		const halves = [...Array(6).fill(-9), ...Array(10).fill(9)];
		const options = { calibration: { ...calibration, stretch: null } };
		const verdictOf = (logits: number[]) => judged([{ logits }], undefined, undefined, options).verdict;
		expect(verdictOf(halves)).toMatchObject({ outcome: 'uncertain', reasons: ['wide-interval'] });
		expect(verdictOf(halves.map((l) => -l))).toMatchObject({ reasons: ['wide-interval'] });
	});
	test('three faces of a video are too few and have no interval; four are enough', () => {
		expect(judged([{ logits: [5, 5, 5] }]).tracks[0]).toMatchObject({
			outcome: 'uncertain',
			reasons: ['too-few-frames'],
			facesJudged: 3,
			interval: null,
		});
		expect(judged([{ logits: [5, 5, 5, 5] }]).verdict.outcome).toBe('likely-fake');
	});
	test('a still image gets an answer without an interval, with a reason', () => {
		expect(judged([{ logits: [5] }], image).verdict).toMatchObject({
			outcome: 'likely-fake',
			reasons: ['still-image'],
			interval: null,
		});
	});
	test('excluded faces are listed but never counted', () => {
		const judge = createJudge({ calibration, video });
		for (let i = 0; i < 10; i++) judge.add(scoredFace({ frameIndex: i, timeS: i, logit: -5 }));
		const blurred = { ...good, sharpness: 0 };
		for (let i = 10; i < 30; i++) judge.add(scoredFace({ frameIndex: i, timeS: i, logit: 9, quality: blurred }));
		const [track] = judge.tracks();
		expect(track).toMatchObject({ outcome: 'likely-real', logit: -5, facesJudged: 10, startS: 0, endS: 29 });
		expect(track?.faces).toHaveLength(30);
		expect(judge.counts()).toEqual({ facesFound: 30, facesExcluded: { 'face-too-blurred': 20 } });
	});
	test('the entry that add returns carries the calibrated probability and no pixels', () => {
		const { face, trackId } = createJudge({ calibration, video }).add(scoredFace({ trackId: 3, logit: 2 }));
		expect(trackId).toBe(3);
		expect(face.fakeProbability).toBeCloseTo(0.881, 3);
		expect(face).not.toHaveProperty('pixels');
	});
});

describe('nobody to judge', () => {
	test('no face', () => {
		expect(judged([]).verdict).toMatchObject({
			outcome: 'not-applicable',
			reasons: ['no-face'],
			fakeProbability: null,
			interval: null,
			trackId: null,
		});
	});
	test('only excluded faces: their reasons, most common first, and no score', () => {
		const { verdict, tracks } = judged([
			{ logits: around(5, 3), quality: { sizePx: 30 } },
			{ logits: around(5, 8), quality: { sharpness: 0 } },
		]);
		expect(verdict).toMatchObject({
			outcome: 'not-applicable',
			reasons: ['face-too-blurred', 'face-too-small'],
			fakeProbability: null,
		});
		expect(tracks[0]).toMatchObject({ outcome: 'not-applicable', fakeProbability: null, logit: null, interval: null });
	});
});

describe('an uncalibrated classifier', () => {
	const judge = (people: readonly Person[], info = video) => judged(people, info, undefined, { calibration: null });
	test.each([9, 0, -9])('never says likely-*, whatever the score (logit %d)', (mean) => {
		const { verdict } = judge([{ logits: around(mean, 40) }]);
		expect(verdict).toMatchObject({ outcome: 'uncertain', reasons: ['not-calibrated'] });
		expect(verdict.fakeProbability).toBeCloseTo(1 / (1 + Math.exp(-mean)), 5);
		expect(verdict.sentence).toContain('were never measured');
	});
	test('also gives the reason for a picture and for too few frames', () => {
		expect(judge([{ logits: [9] }], image).verdict.reasons).toEqual(['not-calibrated', 'still-image']);
		expect(judge([{ logits: [9, 9] }]).verdict.reasons).toEqual(['not-calibrated', 'too-few-frames']);
		expect(judge([{ logits: around(9, 90) }, { logits: [9] }]).tracks[1]?.reasons).toEqual([
			'not-calibrated',
			'too-few-frames',
		]);
	});
	test('still reports that there was nobody to judge', () => {
		const { verdict } = judge([{ logits: [9, 9], quality: { sizePx: 20 } }]);
		expect(verdict).toMatchObject({ outcome: 'not-applicable', reasons: ['face-too-small'] });
	});
});

describe('how frames and people combine into an answer', () => {
	const logits = [-1, 0, 0, 0, 0, 0, 0, 0, 0, 11];
	test.each([
		['trimmed-mean', 0],
		['mean', 1],
		['last', 11],
	] as const)('%s of the logits', (frames, expected) => {
		const { tracks } = judged([{ logits }], video, undefined, { calibration, frames });
		expect(tracks[0]?.logit).toBeCloseTo(expected, 9);
	});
	test('mean-probability averages the probability of each frame and stays finite', () => {
		const { tracks } = judged([{ logits: [-2, 3, 800, 800] }], video, undefined, {
			calibration,
			frames: 'mean-probability',
		});
		const mean = (1 / (1 + Math.exp(2)) + 1 / (1 + Math.exp(-3)) + 2) / 4;
		expect(tracks[0]?.fakeProbability).toBeCloseTo(mean, 9);
		expect(tracks[0]?.interval?.every(Number.isFinite)).toBe(true);
	});
	test('with `main`, the person who fills most of the picture decides and the others are not judged', () => {
		const people = [
			{ logits: around(-4, 40), quality: { sizePx: 300 } },
			{ logits: around(6, 40), quality: { sizePx: 100 } },
		];
		const { verdict, tracks } = judged(people, video, undefined, { calibration, people: 'main' });
		expect(verdict).toMatchObject({ outcome: 'likely-real', trackId: 1 });
		expect(tracks[1]).toMatchObject({ outcome: 'not-applicable', reasons: ['not-main-face'], fakeProbability: null });
		expect(judged(people).verdict).toMatchObject({ outcome: 'likely-fake', trackId: 2 });
	});
});

describe('with `main`', () => {
	const large = { ...good, sizePx: 300 };
	test('others are not compared with, and a second pass over them does not make one of them the main person', () => {
		const judge = createJudge({ calibration, video, people: 'main' });
		for (let i = 0; i < 9; i++)
			judge.add(scoredFace({ frameIndex: i, timeS: i, logit: 4 + (i % 2), quality: { ...good, sizePx: 900 } }));
		for (let i = 0; i < 100; i++)
			judge.add({
				...scoredFace({ trackId: 2, frameIndex: 100 + i, timeS: i / 10, logit: -4, quality: large }),
				...(i >= 20 && { secondPass: true as const }),
			});
		expect(judge.verdict({ framesSampled: 40, framesCorrupt: 0 })).toMatchObject({
			outcome: 'likely-fake',
			trackId: 1,
		});
	});
	test('the others have no scored time and no judged faces', () => {
		const stretch = [...Array(30).fill(-4), ...Array(10).fill(6), ...Array(20).fill(-4)];
		const people = [{ logits: around(-4, 60), quality: large }, { logits: stretch }];
		const { tracks, verdict } = judged(people, video, undefined, { calibration, people: 'main' });
		expect(tracks[1]?.facesJudged).toBe(0);
		expect(tracks[1]?.segments).toEqual([
			{ startS: 0, endS: 59, outcome: 'not-applicable', fakeProbability: null, logit: null, facesJudged: 0 },
		]);
		expect(verdict.segments).toEqual([]);
		expect(tracks[0]?.facesJudged).toBe(60);
	});
});

describe('several people', () => {
	test('one fake face among many makes the video likely-fake', () => {
		const people = [-4, -3, 4, -5].map((mean, i) => ({ logits: around(mean, 20), startS: i }));
		expect(judged(people).verdict).toMatchObject({ outcome: 'likely-fake', reasons: [], trackId: 3 });
	});
	test('a face whose frames disagree does not hide another that shows strong signs', () => {
		const options = { calibration: { ...calibration, stretch: null } };
		const torn = [...Array(6).fill(-9), ...Array(10).fill(9)];
		const { verdict, tracks } = judged([{ logits: torn }, { logits: around(2.5, 16) }], undefined, undefined, options);
		expect(tracks.map(({ outcome }) => outcome)).toEqual(['uncertain', 'likely-fake']);
		expect(tracks[0]?.logit).toBeGreaterThan(tracks[1]?.logit ?? 0);
		expect(verdict).toMatchObject({ outcome: 'likely-fake', reasons: [], trackId: 2 });
	});
	test('three frames of a passer-by never outweigh the main person', () => {
		const { verdict } = judged([{ logits: around(-4, 95) }, { logits: [9, 9, 9] }]);
		expect(verdict).toMatchObject({ outcome: 'likely-real', trackId: 1 });
	});
	test('a brief unclear face does not make the main person unclear', () => {
		const { verdict, tracks } = judged([{ logits: around(-4, 95) }, { logits: around(0, 5) }]);
		expect(tracks[1]).toMatchObject({ outcome: 'uncertain', reasons: ['too-few-frames'] });
		expect(verdict).toMatchObject({ outcome: 'likely-real', trackId: 1 });
	});
	test('a brief face decides if its whole interval is above the threshold', () => {
		expect(judged([{ logits: around(-4, 95) }, { logits: around(6, 6) }]).verdict).toMatchObject({
			outcome: 'likely-fake',
			trackId: 2,
		});
	});
	test('a brief face with weaker signs of manipulation rules out likely-real', () => {
		expect(judged([{ logits: around(-4, 95) }, { logits: [3, 3, 3, 0.5, 0.5, 1.7] }]).verdict).toMatchObject({
			outcome: 'uncertain',
			reasons: ['tracks-disagree'],
			trackId: 2,
		});
	});
	test('a second pass over one person does not make another one brief', () => {
		const faces = [
			...around(-4, 40).map((logit, i) => ({ trackId: 1, frameIndex: i, timeS: i, logit })),
			...around(-4, 39).map((logit, i) => ({
				trackId: 1,
				frameIndex: 40 + i,
				timeS: i / 10,
				logit,
				secondPass: true as const,
			})),
			...[3, 3, 3, 0.5, 0.5, 1.7].map((logit, i) => ({ trackId: 2, frameIndex: 20 + i, timeS: 20 + i, logit })),
		];
		const judgedBy = (some: typeof faces) => {
			const judge = createJudge({ calibration, video });
			for (const face of some) judge.add({ ...scoredFace(), ...face });
			return judge.verdict({ framesSampled: 40, framesCorrupt: 0 });
		};
		const first = faces.filter((face) => !('secondPass' in face));
		expect(judgedBy(first)).toMatchObject({ outcome: 'likely-fake', trackId: 2 });
		expect(judgedBy(faces)).toMatchObject({ outcome: 'likely-fake', trackId: 2 });
	});
	test('an unclear face next to a clearly genuine one: the reasons include the disagreement', () => {
		expect(judged([{ logits: around(-4, 20) }, { logits: around(0, 20) }]).verdict).toMatchObject({
			outcome: 'uncertain',
			reasons: ['near-threshold', 'tracks-disagree'],
			trackId: 2,
		});
	});
});

describe('corrupt frames', () => {
	test('mostly corrupt: uncertain, with or without a clear face', () => {
		const frames = { framesSampled: 12, framesCorrupt: 28 };
		expect(judged([{ logits: around(4, 12) }], video, frames).verdict).toMatchObject({
			outcome: 'uncertain',
			reasons: ['decode-errors'],
		});
		expect(judged([], video, frames).verdict).toMatchObject({ outcome: 'uncertain', reasons: ['decode-errors'] });
	});
	test('a few corrupt frames change nothing', () => {
		expect(judged([{ logits: around(4, 30) }], video, { framesSampled: 30, framesCorrupt: 10 }).verdict.outcome).toBe(
			'likely-fake',
		);
	});
});

describe('for any faces', () => {
	const people = fc.array(
		fc.record({
			logits: fc.array(fc.double({ min: -15, max: 15, noNaN: true }), { minLength: 1, maxLength: 30 }),
			startS: fc.integer({ min: 0, max: 100 }),
			quality: fc.constantFrom({}, { sizePx: 30 }, { sharpness: 0 }),
		}),
		{ maxLength: 4 },
	);
	test('the verdict matches the contract, has a sentence, and never claims proof or a percentage', () => {
		fc.assert(
			fc.property(people, fc.constantFrom(video, image), (some, info) => {
				const { verdict } = judged(some, info);
				verdictSchema.parse(verdict);
				expect(verdict.sentence).toMatch(/^(Strong signs|No signs|Inconclusive|No verdict).*\.$/);
				expect(verdict.sentence).not.toMatch(/%|undefined|NaN|Infinity| {2}/);
				if (verdict.outcome === 'likely-fake') expect(verdict.fakeProbability).toBeGreaterThan(0.8);
				if (verdict.outcome === 'likely-real') expect(verdict.fakeProbability).toBeLessThan(0.3);
				if (verdict.outcome === 'uncertain') expect(verdict.reasons).not.toHaveLength(0);
			}),
			{ numRuns: 60 },
		);
	});
	test('the answer does not depend on how tracks are interleaved', () => {
		fc.assert(
			fc.property(people, (some) => {
				const faces = some.flatMap(({ logits, startS }, i) =>
					logits.map((logit, k) => scoredFace({ trackId: i + 1, frameIndex: startS + k, timeS: startS + k, logit })),
				);
				const verdicts = [faces, faces.toReversed()].map((order) => {
					const judge = createJudge({ calibration, video });
					for (const face of order) judge.add(face);
					return judge.verdict({ framesSampled: 40, framesCorrupt: 0 });
				});
				expect(verdicts[0]).toEqual(verdicts[1]);
			}),
			{ numRuns: 40 },
		);
	});
});
