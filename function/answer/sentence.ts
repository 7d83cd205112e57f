import type { Change, Headline, Reason, Report, Span, Stability, Verdict, VideoInfo } from '../contract/report.ts';
import { headlineOf } from './headline.ts';
import type { Words } from './words.ts';

/** The answer as one sentence: what was found and where, or why there is no verdict; never a proof, never a bare number. */
export function verdictSentence(
	outcome: Verdict['outcome'],
	headline: Headline,
	kind: VideoInfo['kind'],
	words: Words,
): string {
	const { verdict: v } = words.m;
	const isPicture = kind === 'image';
	const said = says(headline, words, isPicture);
	if (outcome === 'likely-fake') return isPicture ? v.fakePicture(said) : v.fake(said);
	if (outcome === 'likely-real') return isPicture ? v.realPicture(said) : v.realVideo(said);
	return outcome === 'uncertain' ? v.unclear(said) : v.noVerdict(said);
}

/** The sentence of a report in another language than the one it was written in. */
export function sentenceOf(report: Pick<Report, 'verdict' | 'tracks' | 'thresholds' | 'video'>, words: Words): string {
	// a video that shows one picture all the time is judged as a picture
	const kind = report.verdict.reasons.includes('still-image') ? 'image' : report.video.kind;
	return verdictSentence(report.verdict.outcome, headlineOf(report), kind, words);
}

/** How a model of the legacy application was read and what that would have reported, sentence by sentence; none for other models. */
export function olderSentences({ older, coverage }: Pick<Report, 'older' | 'coverage'>, { m, f }: Words): string[] {
	if (!older) return [];
	const how = m.older.how[older.mode](coverage.framesSampled);
	if (!older.said) return [how];
	return [m.older.said(older.said.label, f.number(older.said.percent, 1)), how, m.older.box];
}

/** The classifier that gave the scores, with its tier where it has one; null in reports of versions that did not write it. */
export function classifierText({ classifier }: Pick<Report, 'classifier'>, { m }: Words): string | null {
	if (!classifier) return null;
	return classifier.tier ? m.marks.parts([m.tiers[classifier.tier], classifier.id]) : classifier.id;
}

/** How the frames were chosen. */
export function samplingText({ coverage }: Pick<Report, 'coverage'>, { m }: Words): string {
	return coverage.part === 'start' && coverage.sampling !== 'image' ? m.coverage.first : m.coverage[coverage.sampling];
}

/** Where a second pass looked closer, and at how many frames; null where there was none. */
export function secondPassText({ coverage }: Pick<Report, 'coverage'>, { m, f }: Words): string | null {
	if (!coverage.secondPass) return null;
	const { frames, spans } = coverage.secondPass;
	return m.coverage.secondPassOf(frames, m.and(spans.map(({ startS, endS }) => f.span(startS, endS))));
}

/** What a test of stability found, in one sentence; null where there was none. */
export function stabilityText({ stability }: Pick<Report, 'stability'>, { m }: Words): string | null {
	if (!stability) return null;
	const { survives, lost, unsure, failed } = m.stability;
	if (stability.failed !== null) return failed(stability.failed);
	if (stability.lost === null) return unsure;
	return stability.lost.length === 0 ? survives : lost;
}

/** How far the score of a changed copy is from that of the unchanged one, signed; null where one of them has none. */
export function movesText({ copies }: Stability, change: Change, { m, f }: Words): string | null {
	const scoreOf = (wanted: Change) => copies.find((copy) => copy.change === wanted)?.fakeProbability ?? null;
	const [from, to] = [scoreOf('none'), scoreOf(change)];
	if (from === null || to === null) return null;
	return m.stability.moves(f.fixed(Math.abs(to - from), 2), to >= from);
}

/** What is particular about the file and about what was looked at of it, sentence by sentence. */
export function noteTexts({ coverage }: Pick<Report, 'coverage'>, { m, f }: Words): string[] {
	const { notes, streamReasons } = m.coverage;
	const reasons: Readonly<Record<string, string>> = streamReasons;
	const part = coverage.span ? [m.coverage.partOnly(f.span(coverage.span.startS, coverage.span.endS))] : [];
	// reports of before there were notes may still be stored
	const told = (coverage.notes ?? []).map(({ code, seconds, frames, degrees, name = '' }) => {
		const number = frames ?? degrees;
		const value =
			seconds === undefined ? (number === undefined ? (reasons[name] ?? name) : f.number(number)) : f.time(seconds);
		return notes[code](value);
	});
	return [...part, ...told];
}

function says(said: Headline, words: Words, isPicture: boolean): string {
	const { m, f } = words;
	const { verdict: v } = m;
	const face = ({ startS, endS }: Span, total: number) => {
		if (!isPicture) return v.faceAt(f.span(startS, endS));
		return total === 1 ? v.faceInPicture : v.oneFaceInPicture;
	};
	const besides = (cleared: number) => (cleared > 0 ? v.whileCleared(cleared) : '');
	switch (said.key) {
		case 'fake':
			return fake(said, words, isPicture);
		case 'real':
			if (said.faces < said.total) return v.someFaces(said.faces, said.total);
			if (said.span) return face(said.span, said.total);
			return isPicture ? v.facesInPicture(said.faces) : v.faces(said.faces);
		case 'decode-errors':
			return isPicture ? v.damagedPicture : v.damagedVideo;
		case 'not-calibrated':
			return v.notMeasured;
		case 'too-few-frames':
			return said.frames === null ? v.tooFew : v.tooFewOnly(said.frames);
		case 'brief':
			return v.briefly(face(said.span, 2)) + besides(said.cleared);
		case 'wide-interval':
			return v.directions(face(said.span, said.total)) + besides(said.cleared);
		case 'near-threshold':
			return v.neither(face(said.span, said.total)) + besides(said.cleared);
		case 'no-face':
			return isPicture ? v.noFacePicture : v.noFaceVideo;
		case 'too-small':
			return said.total === 1 ? v.onlySmall(said.largestPx) : v.allSmall(said.total, said.largestPx);
		case 'too-poor':
			return poor(said, words);
	}
}

function fake({ fakes, total, spans, more }: Headline & { key: 'fake' }, { m, f }: Words, isPicture: boolean): string {
	const { verdict: v } = m;
	if (isPicture) {
		if (total === 1) return v.fakeFaceInPicture;
		return fakes === 1 ? v.fakeOneInPicture(total) : v.fakeSeveralInPicture(fakes, total);
	}
	const places = spans.map(({ startS, endS }) => f.span(startS, endS));
	if (fakes === 1) return v.fakeFaceAt(places[0] ?? '');
	return v.fakeSeveralAt(fakes, total, m.and(more ? [...places, v.otherTimes] : places));
}

function poor({ total, reasons }: Headline & { key: 'too-poor' }, { m }: Words): string {
	const known: Partial<Record<Reason, string>> = m.verdict.poor;
	const why = m.or(reasons.flatMap((reason) => known[reason] ?? []));
	return total === 1 ? m.verdict.onlyPoor(why) : m.verdict.allPoor(total, why);
}
