import { describe, expect, it } from 'vitest';
import type { FaceEntry, Reason } from '../../function/contract/report.ts';
import {
	asPeopleCount,
	bandOf,
	suspiciousStretch,
	tracksBySuspicion,
	wordsFromReport,
} from '../../spa/lib/verdict-words.ts';
import { sampleReport, sampleReports } from '../unit/sample-report.ts';

const words = async (kind: keyof typeof sampleReports) => wordsFromReport(await sampleReports[kind]());

describe('wordsFromReport', () => {
	it('tells where the manipulated face is, its range, and how often such an answer is wrong', async () => {
		const report = await sampleReports.fake();
		const { headline, range, errors, stretch, ...rest } = wordsFromReport(report);
		expect(rest).toEqual({ outcome: 'likely-fake', kind: 'video', reasons: [] });
		const track = report.tracks[1];
		expect(headline).toEqual({ key: 'fake', fakes: 1, total: 3, spans: [stretch], more: false });
		expect(stretch?.startS).toBeGreaterThanOrEqual(track?.startS ?? 0);
		expect(stretch?.endS).toBeLessThanOrEqual(track?.endS ?? 0);
		expect(range).toEqual({
			score: track?.fakeProbability,
			low: track?.interval?.[0],
			high: track?.interval?.[1],
			isKnown: true,
		});
		expect(errors.map(({ key, rate }) => [key, rate])).toEqual([['false-alarm', report.errorRates.falseAlarm?.rate]]);
	});

	it('lists at most three places', async () => {
		const fake = (startS: number) => ({ logits: Array(10).fill(4), startS });
		const report = await sampleReport({ people: [fake(45), fake(0), fake(15), fake(30)] });
		const { headline } = wordsFromReport(report);
		expect(headline).toMatchObject({ key: 'fake', fakes: 4, total: 4, more: true });
		if (headline.key === 'fake') expect(headline.spans.map(({ startS }) => startS)).toEqual([0, 15, 30]);
	});

	it('says how many faces show no signs, and how often signs are missed', async () => {
		const rate = { rate: 0.12, n: 300, interval: [0.09, 0.16] as [number, number], set: 'held-out' };
		const report = await sampleReports.real();
		const { headline, errors, stretch } = wordsFromReport({
			...report,
			errorRates: { falseAlarm: null, missed: rate },
		});
		expect(headline).toEqual({ key: 'real', faces: 1, total: 1, span: { startS: 0, endS: 59 } });
		expect(errors).toEqual([{ key: 'missed', ...rate, count: 12, of: 100 }]);
		expect(stretch).toBeNull();
	});

	it('says why it cannot tell and what can be done', async () => {
		const unclear = await words('unclear');
		expect(unclear.headline).toMatchObject({ key: 'near-threshold', total: 2, cleared: 1 });
		expect(unclear.reasons).toEqual([
			{ reason: 'near-threshold', advice: 'deeper' },
			{ reason: 'tracks-disagree', advice: 'look-at-faces' },
		]);
		expect((await words('tooSmall')).headline).toEqual({ key: 'too-small', total: 1, largestPx: 41 });
		expect((await words('tooSmall')).reasons).toEqual([{ reason: 'face-too-small', advice: 'better-copy' }]);
		const nobody = await words('noFace');
		expect(nobody).toMatchObject({ headline: { key: 'no-face' }, range: null, errors: [], stretch: null });
	});

	it('gives a picture no stretch and no interval', async () => {
		const picture = await words('picture');
		expect(picture).toMatchObject({ kind: 'image', stretch: null, range: { isKnown: false } });
		expect(picture.reasons).toEqual([{ reason: 'still-image', advice: 'longer-clip' }]);
	});

	it('has a headline for every reason to be uncertain', async () => {
		const report = await sampleReports.unclear();
		const key = (reasons: Reason[]) => {
			const verdict = { ...report.verdict, outcome: 'uncertain' as const, reasons };
			return wordsFromReport({ ...report, verdict }).headline.key;
		};
		expect(key(['decode-errors', 'near-threshold'])).toBe('decode-errors');
		expect(key(['too-few-frames'])).toBe('too-few-frames');
		expect(key(['tracks-disagree'])).toBe('brief');
		expect(key(['wide-interval', 'tracks-disagree'])).toBe('wide-interval');
		const twoReasons = {
			...report.tracks[0],
			reasons: ['face-too-small', 'face-too-blurred'],
		} as (typeof report.tracks)[0];
		const verdict = { ...report.verdict, outcome: 'not-applicable' as const };
		expect(wordsFromReport({ ...report, verdict, tracks: [twoReasons] }).headline).toEqual({
			key: 'too-poor',
			total: 1,
			reasons: ['face-too-small', 'face-too-blurred'],
		});
	});
});

describe('suspiciousStretch', () => {
	const faces = (scores: readonly (number | null)[]) =>
		scores.map(
			(p, timeS) => ({ timeS, fakeProbability: p ?? 1, excluded: p === null ? 'face-too-small' : null }) as FaceEntry,
		);
	const stretch = (scores: readonly (number | null)[]) => {
		const found = suspiciousStretch({ faces: faces(scores) }, 0.5);
		return found && [found.startS, found.endS];
	};

	it('is the run that stands out most, over a single calm frame but not over many', () => {
		expect(stretch([0.1, 0.9, 0.9, 0.4, 0.9, 0.1, 0.1])).toEqual([1, 4]);
		expect(stretch([0.6, 0.1, 0.1, 0.1, 0.9, 0.9])).toEqual([4, 5]);
		expect(stretch([0.9])).toEqual([0, 0]);
	});

	it('does not count faces that do not count, and is nothing where all is calm', () => {
		expect(stretch([null, null, 0.9, 0.1])).toEqual([2, 2]);
		expect(stretch([0.5, 0.2])).toBeNull();
		expect(stretch([])).toBeNull();
	});
});

it('counts as people do', () => {
	expect(asPeopleCount({ rate: 0.034, n: 500 })).toEqual({ count: 3, of: 100 });
	expect(asPeopleCount({ rate: 0.0041, n: 5000 })).toEqual({ count: 4, of: 1000 });
	expect(asPeopleCount({ rate: 0.0001, n: 50_000 })).toEqual({ count: 1, of: 1000 });
	expect(asPeopleCount({ rate: 0, n: 250 })).toEqual({ count: 0, of: 250 });
});

it('puts the most suspicious first and a score into its band', async () => {
	const { tracks, thresholds } = await sampleReports.fake();
	expect(tracksBySuspicion(tracks).map(({ trackId }) => trackId)).toEqual([2, 1, 3]);
	const at = (p: number | null) => bandOf(p, { likelyFakeAbove: 0.8, likelyRealBelow: 0.3 });
	expect([0.1, 0.3, 0.8, 0.81, null].map(at)).toEqual(['no-signs', 'unclear', 'unclear', 'strong-signs', 'not-judged']);
	expect(bandOf(0.99, { likelyFakeAbove: 1, likelyRealBelow: 0 })).toBe('no-limits');
	expect(tracks.map(({ fakeProbability }) => bandOf(fakeProbability, thresholds))).toEqual([
		'no-signs',
		'strong-signs',
		'not-judged',
	]);
});
