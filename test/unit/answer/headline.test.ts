import { describe, expect, it } from 'vitest';
import { wordsIn } from '../../../function/answer/catalogues.ts';
import { headlineOf, suspiciousStretch } from '../../../function/answer/headline.ts';
import { languageFromHeader, languageFromTags, languages } from '../../../function/answer/languages.ts';
import { bandOf, peopleInOrder, stretchesOf } from '../../../function/answer/people.ts';
import { sentenceOf } from '../../../function/answer/sentence.ts';
import { countsText } from '../../../function/answer/words.ts';
import type { FaceEntry, Reason, Report } from '../../../function/contract/report.ts';
import { sampleReport, sampleReports } from '../sample-report.ts';

const headline = async (kind: keyof typeof sampleReports) => headlineOf(await sampleReports[kind]());

/** The report as written by a version without headlines. */
const withoutHeadline = (report: Report): Report => ({ ...report, verdict: { ...report.verdict, headline: null } });

describe('headlineOf', () => {
	it("names the time of the manipulated face's signs", async () => {
		const report = await sampleReports.fake();
		const track = report.tracks[1];
		const stretch = suspiciousStretch(track?.faces ?? [], report.thresholds.likelyFakeAbove);
		expect(headlineOf(report)).toEqual({ key: 'fake', fakes: 1, total: 3, spans: [stretch], more: false });
		expect(stretch?.startS).toBeGreaterThanOrEqual(track?.startS ?? 0);
		expect(stretch?.endS).toBeLessThanOrEqual(track?.endS ?? 0);
	});

	it('lists at most three places', async () => {
		const fake = (startS: number) => ({ logits: Array(10).fill(4), startS });
		const said = headlineOf(await sampleReport({ people: [fake(45), fake(0), fake(15), fake(30)] }));
		expect(said).toMatchObject({ key: 'fake', fakes: 4, total: 4, more: true });
		if (said.key === 'fake') expect(said.spans.map(({ startS }) => startS)).toEqual([0, 15, 30]);
	});

	it('counts the faces without signs, and says why there is no verdict', async () => {
		expect(await headline('real')).toEqual({ key: 'real', faces: 1, total: 1, span: { startS: 0, endS: 59 } });
		expect(await headline('unclear')).toMatchObject({ key: 'near-threshold', total: 2, cleared: 1 });
		expect(await headline('tooSmall')).toEqual({ key: 'too-small', total: 1, largestPx: 41 });
		expect(await headline('noFace')).toEqual({ key: 'no-face' });
	});

	it('is recomputed for a report without one', async () => {
		for (const make of Object.values(sampleReports)) {
			const report = await make();
			expect(headlineOf(withoutHeadline(report))).toEqual(report.verdict.headline);
		}
	});

	it('has a key for every reason to be uncertain', async () => {
		const report = withoutHeadline(await sampleReports.unclear());
		const key = (reasons: Reason[]) =>
			headlineOf({ ...report, verdict: { ...report.verdict, outcome: 'uncertain', reasons } }).key;
		expect(key(['decode-errors', 'near-threshold'])).toBe('decode-errors');
		expect(key(['too-few-frames'])).toBe('too-few-frames');
		expect(key(['tracks-disagree'])).toBe('brief');
		expect(key(['wide-interval', 'tracks-disagree'])).toBe('wide-interval');
		const reasons: Reason[] = ['face-too-small', 'face-too-blurred'];
		const tracks = report.tracks.slice(0, 1).map((track) => ({ ...track, reasons }));
		const verdict = { ...report.verdict, outcome: 'not-applicable' as const };
		expect(headlineOf({ ...report, verdict, tracks })).toEqual({ key: 'too-poor', total: 1, reasons });
	});
});

it('every language gives the same times', async () => {
	const calmAtFirst = { logits: [...Array(10).fill(-1), ...Array(20).fill(6)] };
	const report = await sampleReport({ people: [calmAtFirst] });
	expect(report.verdict.outcome).toBe('likely-fake');
	const times = (sentence: string) => sentence.match(/\d+:\d\d/g);
	for (const language of languages) expect(times(sentenceOf(report, wordsIn(language)))).toEqual(['0:10', '0:29']);
	expect(times(report.verdict.sentence)).toEqual(['0:10', '0:29']);
});

it('names the stretches that show strong signs when the rest does not', async () => {
	const report = await sampleReports.partial();
	expect(report.verdict).toMatchObject({ outcome: 'likely-fake', reasons: ['segments-disagree'] });
	expect(report.tracks.map((track) => stretchesOf(track).map(({ startS, endS }) => [startS, endS]))).toEqual([
		[[45, 52]],
	]);
	for (const language of languages) expect(sentenceOf(report, wordsIn(language))).toMatch(/0:45.+0:52/);
	const early = { ...report.tracks[0], reasons: [], segments: [] };
	expect(stretchesOf(early)).toEqual([]);
});

it('names every stretch of the only person who shows strong signs', async () => {
	const calm = Array(20).fill(-3);
	const logits = [...calm, ...Array(6).fill(4), ...calm, ...Array(6).fill(4), ...calm];
	const report = await sampleReport({ people: [{ logits }] });
	expect(report.verdict.segments).toHaveLength(2);
	for (const language of languages) expect(sentenceOf(report, wordsIn(language))).toMatch(/0:20.+0:25.+0:46.+0:51/);
});

describe('suspiciousStretch', () => {
	const stretch = (scores: readonly (number | null)[]) => {
		const faces = scores.map(
			(p, timeS) => ({ timeS, fakeProbability: p ?? 1, excluded: p === null ? 'face-too-small' : null }) as FaceEntry,
		);
		const found = suspiciousStretch(faces, 0.5);
		return found && [found.startS, found.endS];
	};

	it('is the run that stands out most, across a single calm frame but not across many', () => {
		expect(stretch([0.1, 0.9, 0.9, 0.4, 0.9, 0.1, 0.1])).toEqual([1, 4]);
		expect(stretch([0.6, 0.1, 0.1, 0.1, 0.9, 0.9])).toEqual([4, 5]);
		expect(stretch([0.9])).toEqual([0, 0]);
	});

	it('skips faces that do not count, and is null if everything is calm', () => {
		expect(stretch([null, null, 0.9, 0.1])).toEqual([2, 2]);
		expect(stretch([0.5, 0.2])).toBeNull();
		expect(stretch([])).toBeNull();
	});
});

it('phrases counts naturally', () => {
	const say = (rate: number, n: number) => countsText(wordsIn('en'), { rate, n });
	expect([say(0.034, 500), say(0.0041, 5000), say(0.0001, 50_000), say(0, 250)]).toEqual([
		...['About 3 in 100', 'About 4 in 1,000', 'About 1 in 1,000', 'None of 250'],
	]);
});

it('puts the deciding person first, then the most suspicious, and a score into its band', async () => {
	const report = await sampleReports.fake();
	const order = (parts: Partial<Report>) => peopleInOrder({ ...report, ...parts }).map(({ trackId }) => trackId);
	expect(order({})).toEqual([2, 1, 3]);
	expect(order({ verdict: { ...report.verdict, trackId: 1 } })).toEqual([1, 2, 3]);
	const at = (p: number | null) => bandOf(p, { likelyFakeAbove: 0.8, likelyRealBelow: 0.3 });
	expect([0.1, 0.3, 0.8, 0.81, null].map(at)).toEqual(['no-signs', 'unclear', 'unclear', 'strong-signs', 'not-judged']);
	expect(bandOf(0.99, { likelyFakeAbove: 1, likelyRealBelow: 0 })).toBe('no-limits');
});

it('picks the supported language that a client prefers', () => {
	expect(languageFromHeader('nl, ar-EG;q=0.8, en;q=0.9')).toBe('en');
	expect(languageFromHeader('en;q=0.2, AR')).toBe('ar');
	expect(languageFromHeader('ar;q=0, *')).toBe('en');
	for (const nothing of [undefined, '', 'nl', ';;q=,', 'en;q=x']) expect(languageFromHeader(nothing)).toBe('en');
	expect(languageFromTags(['nl', 'ar-EG', 'en'])).toBe('ar');
	expect(languageFromTags(['nl'])).toBeNull();
});
