import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createJudge } from '../../function/verdict/judge.ts';
import { clarityOf, contrastOf, findStretches } from '../../function/verdict/stretches.ts';
import { calibration, good, judged, scoredFace, video } from './verdict-samples.ts';

const rule = { above: 1.4, contrast: 3 };
/** Scores around a level, scattered by at most `spread`. */
const around = (level: number, n: number, spread = 1) =>
	fc.array(fc.double({ min: level - spread, max: level + spread, noNaN: true }), { minLength: n, maxLength: n });
const flat = (level: number, n: number) => Array.from({ length: n }, () => level);

describe('stretches of a series of scores', () => {
	it('finds the part that stands out, and its ends', () => {
		expect(findStretches([...flat(-2, 40), ...flat(4, 6), ...flat(-2, 10)], rule)).toEqual([{ from: 40, to: 46 }]);
	});

	it('finds several parts, in order', () => {
		const logits = [...flat(-2, 10), ...flat(4, 5), ...flat(-1, 10), ...flat(5, 8)];
		expect(findStretches(logits, rule)).toEqual([
			{ from: 10, to: 15 },
			{ from: 25, to: 33 },
		]);
	});

	it('finds none if the whole series is high, or if a part stands out below the threshold', () => {
		expect(findStretches(flat(4, 40), rule)).toEqual([]);
		expect(findStretches([...flat(-4, 20), ...flat(1, 20)], rule)).toEqual([]);
	});

	it('needs four scores inside and four outside, whatever a single score is', () => {
		expect(findStretches([...flat(-2, 20), ...flat(4, 2)], rule)).toEqual([]);
		expect(findStretches([...flat(-2, 20), 90, ...flat(-2, 20)], rule)).toEqual([]);
		expect(findStretches([-2, -2, -2, 4, 4, 4, 4], rule)).toEqual([]);
		for (const few of [[], [1], [1, 2]]) expect(findStretches(few, rule)).toEqual([]);
		expect(contrastOf([1, 2], 0)).toBeNull();
	});

	it('finds none in equal scores, or in scores that scatter like those of a genuine clip', () => {
		expect(findStretches(flat(0, 100), rule)).toEqual([]);
		fc.assert(
			fc.property(around(-1, 60, 2), (logits) => {
				expect(findStretches(logits, rule)).toEqual([]);
			}),
			{ endOnFailure: true },
		);
	});

	it('searches a series of hours in reasonable time', () => {
		const found = findStretches([...flat(-2, 30_000), ...flat(4, 200), ...flat(-2, 30_000)], rule);
		expect(found).toEqual([{ from: 30_000, to: 30_200 }]);
	});

	it('never loses a stretch when genuine footage is added', () => {
		fc.assert(
			fc.property(around(-2, 30), around(4, 8), fc.nat(200), fc.boolean(), (genuine, fake, more, before) => {
				const clip = [...genuine, ...fake];
				const longer = before ? [...flat(-1.5, more), ...clip] : [...clip, ...flat(-1.5, more)];
				expect(findStretches(clip, rule).length).toBeGreaterThan(0);
				expect(findStretches(longer, rule).length).toBeGreaterThan(0);
			}),
			{ endOnFailure: true },
		);
	});
});

describe('a part that begins and ends as abruptly as an edit', () => {
	/** Requires more contrast than any of these series has. */
	const clear = { above: 1.4, contrast: 6, clarity: 0.8 };
	/** Alternates by 2 logits between neighbours, because real clips scatter too. */
	const restless = (level: number, n: number) => Array.from({ length: n }, (_, i) => level + (i % 2 ? 0.5 : -0.5));

	it('is found even if its contrast alone is not enough', () => {
		const logits = [...restless(-1, 40), ...restless(3, 12), ...restless(-1, 20)];
		expect(findStretches(logits, clear)).toEqual([{ from: 40, to: 52 }]);
		expect(findStretches(logits, { ...clear, clarity: null })).toEqual([]);
		expect(clarityOf(logits, 1.4)).toBeGreaterThan(0.8);
	});

	it('differs from scores that rise and fall as high, but gradually and with more scatter', () => {
		const logits = restless(-1, 80).map((logit, i) => 2 * logit + 1 + 4.5 * Math.sin((Math.PI * i) / 80) ** 2);
		expect(contrastOf(logits, 1.4)).toBeGreaterThan(3);
		expect(clarityOf(logits, 1.4)).toBeLessThan(0.8);
		expect(findStretches(logits, clear)).toEqual([]);
	});

	it('has at least eight scores, four around it and 38 in total, and stands two logits above its surroundings', () => {
		expect(clarityOf([...flat(-1, 40), ...flat(3, 7), ...flat(-1, 20)], 1.4)).toBe(0);
		expect(clarityOf([...flat(-1, 20), ...flat(3, 12)], 1.4)).toBe(0);
		expect(clarityOf([...flat(-1, 10), ...flat(3, 30)], 1.4)).toBe(1);
		expect(clarityOf([...flat(-1, 6), ...flat(3, 34)], 1.4)).toBe(1);
		expect(clarityOf([...flat(1.3, 40), ...flat(3, 12)], 1.4)).toBe(0);
		expect(clarityOf([...flat(-1, 40), ...flat(3, 12)], 1.4)).toBe(1);
		expect(clarityOf(flat(0, 60), 1.4)).toBeNull();
		expect(clarityOf([3, 3], 1.4)).toBeNull();
	});

	it('is not lost when genuine footage is added', () => {
		fc.assert(
			fc.property(
				around(-1, 40, 0.5),
				around(3, 12, 0.5),
				around(-1, 60, 0.9),
				fc.boolean(),
				(genuine, fake, more, before) => {
					const clip = [...genuine, ...fake];
					expect(findStretches(clip, clear)).toHaveLength(1);
					expect(findStretches(before ? [...more, ...clip] : [...clip, ...more], clear)).toHaveLength(1);
				},
			),
			{ endOnFailure: true },
		);
	});
});

describe('a person with a suspicious part', () => {
	const partial = [...flat(-2, 55), ...flat(4, 5)];

	it('is likely-fake for that stretch, with its times and the rest as separate segments', () => {
		const { tracks, verdict } = judged([{ logits: partial }]);
		expect(tracks[0]).toMatchObject({ outcome: 'likely-fake', reasons: ['segments-disagree'], logit: 4 });
		expect(tracks[0]?.segments).toMatchObject([
			{ startS: 0, endS: 55, outcome: 'likely-real', facesJudged: 55 },
			{ startS: 55, endS: 59, outcome: 'likely-fake', facesJudged: 5, logit: 4 },
		]);
		expect(verdict).toMatchObject({ outcome: 'likely-fake', reasons: ['segments-disagree'], trackId: 1 });
		expect(verdict.segments).toMatchObject([{ trackId: 1, startS: 55, endS: 59 }]);
	});

	it('is judged as a whole without a measured rule or without a calibration', () => {
		for (const other of [{ ...calibration, stretch: null }, null]) {
			const { tracks, verdict } = judged([{ logits: partial }], undefined, undefined, { calibration: other });
			expect(tracks[0]?.segments).toHaveLength(1);
			expect(verdict.segments).toEqual([]);
			expect(verdict.outcome).not.toBe('likely-fake');
		}
	});

	it('is found in one half when the clip is cut in two', () => {
		fc.assert(
			fc.property(around(-2, 40), around(4, 10), fc.integer({ min: 0, max: 40 }), (genuine, fake, at) => {
				const logits = [...genuine.slice(0, at), ...fake, ...genuine.slice(at)];
				const outcome = (part: readonly number[]) => judged([{ logits: part }]).verdict.outcome;
				const halves = [outcome(logits.slice(0, 25)), outcome(logits.slice(25))];
				expect(outcome(logits)).toBe('likely-fake');
				expect(halves).toContain('likely-fake');
			}),
			{ endOnFailure: true, numRuns: 20 },
		);
	});

	it('is found in neither half of a clip without a stretch', () => {
		fc.assert(
			fc.property(around(-2, 60, 1.2), fc.integer({ min: 4, max: 56 }), (logits, at) => {
				const outcome = (part: readonly number[]) => judged([{ logits: part }]).verdict.outcome;
				for (const part of [logits, logits.slice(0, at), logits.slice(at)])
					expect(outcome(part)).not.toBe('likely-fake');
			}),
			{ endOnFailure: true, numRuns: 20 },
		);
	});

	it('is not hidden by genuine footage before, after or within the rest, nor by other people', () => {
		fc.assert(
			fc.property(
				around(-2, 30),
				around(4, 8),
				fc.array(around(-2, 10), { maxLength: 6 }),
				fc.nat(30),
				fc.nat(3),
				(genuine, fake, more, at, others) => {
					const added = more.flat();
					const logits = [...genuine.slice(0, at), ...added, ...genuine.slice(at), ...fake, ...added];
					const people = Array.from({ length: others }, () => ({ logits: flat(-2, 40) }));
					const { verdict } = judged([...people, { logits }]);
					expect(verdict).toMatchObject({ outcome: 'likely-fake', trackId: others + 1 });
				},
			),
			{ endOnFailure: true, numRuns: 30 },
		);
	});

	it('does not depend on the order of people', () => {
		const person = fc.record({
			logits: fc.array(fc.double({ min: -6, max: 6, noNaN: true }), { minLength: 1, maxLength: 30 }),
			startS: fc.nat(60),
		});
		const people = fc
			.uniqueArray(person, { minLength: 2, maxLength: 5, selector: ({ logits }) => logits.join() })
			.chain((some) => fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length })));
		const answerOf = (some: Parameters<typeof judged>[0]) => {
			const { trackId, segments, sentence: _, headline: __, ...verdict } = judged(some).verdict;
			const who = (id: number | null) => (id === null ? null : some[id - 1]?.logits);
			return {
				...verdict,
				who: who(trackId),
				segments: segments
					.map(({ trackId: own, ...segment }) => ({ ...segment, who: who(own)?.join() }))
					.toSorted((a, b) => a.startS - b.startS || String(a.who).localeCompare(String(b.who))),
			};
		};
		fc.assert(
			fc.property(people, ([some, shuffled]) => {
				expect(answerOf(shuffled)).toEqual(answerOf(some));
			}),
			{ endOnFailure: true, numRuns: 50 },
		);
	});

	it('is not judged for a time in which none of their faces is seen', () => {
		const judge = judged([{ logits: flat(-2, 10) }, { logits: [] }]).tracks[0];
		expect(judge?.segments).toMatchObject([{ startS: 0, endS: 9, outcome: 'likely-real' }]);
		const poor = judged([{ logits: flat(-2, 10), quality: { sizePx: 20 } }]).tracks[0];
		expect(poor?.segments).toMatchObject([{ startS: 0, endS: 9, outcome: 'not-applicable', facesJudged: 0 }]);
	});

	it('is one person seen throughout if their frames come in bursts, and has one stretch', () => {
		const judge = createJudge({ calibration, video });
		for (let i = 0; i < 40; i++) {
			const burst = Math.floor(i / 4);
			const timeS = 10 * burst + 0.2 * (i % 4);
			judge.add(scoredFace({ frameIndex: i, timeS, logit: burst > 3 && burst < 7 ? 4 : -2, quality: good }));
		}
		const spans = judge.tracks()[0]?.segments.map(({ startS, endS, outcome }) => [startS, endS, outcome]) ?? [];
		expect(spans.map(([, , outcome]) => outcome)).toEqual(['likely-real', 'likely-fake', 'likely-real']);
		expect(spans[1]?.slice(0, 2)).toEqual([40, 60.6]);
	});

	it('is not judged where a whole burst of frames shows none of their faces', () => {
		const judge = createJudge({ calibration, video });
		for (let i = 0; i < 40; i++)
			if (i < 20 || i >= 24)
				judge.add(
					scoredFace({ frameIndex: i, timeS: 10 * Math.floor(i / 4) + 0.2 * (i % 4), logit: -2, quality: good }),
				);
		const outcomes = judge.tracks()[0]?.segments.map(({ outcome }) => outcome);
		expect(outcomes).toEqual(['likely-real', 'not-applicable', 'likely-real']);
	});

	it('is one person seen throughout, however closely a second pass looks at a part', () => {
		const judge = createJudge({ calibration, video });
		const add = (frameIndex: number, timeS: number, logit: number, secondPass?: true) =>
			judge.add({ ...scoredFace({ frameIndex, timeS, logit, quality: good }), ...(secondPass && { secondPass }) });
		for (let i = 0; i < 40; i++) add(i, 15 * i, i === 20 ? 4 : -2);
		for (let i = 0; i < 39; i++) add(40 + i, 285.5 + 0.75 * i, i > 15 && i < 24 ? 4 : -2, true);
		const segments = judge.tracks()[0]?.segments ?? [];
		expect(segments.map(({ outcome }) => outcome)).toEqual(['likely-real', 'likely-fake', 'likely-real']);
	});

	it.each([
		['behind the last', (timeS: number) => timeS],
		['before the first', (timeS: number) => 300 - timeS],
	])('is one person seen throughout if a second pass looks %s of the bursts of frames', (_, at) => {
		const judge = createJudge({ calibration, video });
		const first = Array.from({ length: 40 }, (_face, i) => at(30 * Math.floor(i / 4) + 15 + 0.2 * (i % 4)));
		const second = Array.from({ length: 13 }, (_face, i) => at(278.1 + 1.2 * i));
		const fake = [at(284), at(300)].toSorted((a, b) => a - b) as [number, number];
		const logitAt = (timeS: number) => (timeS > fake[0] && timeS < fake[1] ? 4 : -2);
		for (const [times, from, secondPass] of [[first, 0, false] as const, [second, 40, true] as const])
			for (const [i, timeS] of times.toSorted((a, b) => a - b).entries())
				judge.add({
					...scoredFace({ frameIndex: from + i, timeS, logit: logitAt(timeS), quality: good }),
					...(secondPass && { secondPass }),
				});
		const segments = judge.tracks()[0]?.segments ?? [];
		expect(segments.map(({ outcome }) => outcome).toSorted()).toEqual(['likely-fake', 'likely-real']);
		const { startS, endS } = segments.find(({ outcome }) => outcome === 'likely-fake') ?? {};
		expect([startS, endS].toSorted()).toEqual([at(292.5), at(284.1)].toSorted());
	});
});
