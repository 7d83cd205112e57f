import type { Change, Headline, Reason, Report, Span, Stability, Verdict, VideoInfo } from '../contract/report.ts';
import { headlineOf } from './headline.ts';
import type { Words } from './words.ts';

/** The answer as one sentence: what was found and where, or why there is no verdict; never claims proof, never gives just a number. */
export function verdictSentence(
	outcome: Verdict['outcome'],
	headline: Headline,
	kind: VideoInfo['kind'],
	words: Words,
): string {
	const { verdict: v } = words.m;
	const isPicture = kind === 'image';
	const content = headlineText(headline, words, isPicture);
	if (outcome === 'likely-fake') return isPicture ? v.fakePicture(content) : v.fake(content);
	if (outcome === 'likely-real') return isPicture ? v.realPicture(content) : v.realVideo(content);
	return outcome === 'uncertain' ? v.unclear(content) : v.noVerdict(content);
}

/** Whether the answer is that of a single picture: of a picture file, or of a video that shows one still throughout. */
export const isOfPicture = ({ verdict, video }: Pick<Report, 'verdict' | 'video'>): boolean =>
	video.kind === 'image' || verdict.reasons.includes('still-image');

/** A report's sentence in a language other than the one it was written in. */
export function sentenceOf(report: Pick<Report, 'verdict' | 'tracks' | 'thresholds' | 'video'>, words: Words): string {
	const kind = isOfPicture(report) ? 'image' : 'video';
	return verdictSentence(report.verdict.outcome, headlineOf(report), kind, words);
}

/** How a legacy model was run and what the legacy application would have reported, one string per sentence; empty for other models. */
export function legacySentences({ older, coverage }: Pick<Report, 'older' | 'coverage'>, { m, f }: Words): string[] {
	if (!older) return [];
	const how = m.older.how[older.mode](coverage.framesSampled);
	if (!older.said) return [how];
	return [m.older.said(older.said.label, f.number(older.said.percent, 1)), how, m.older.box];
}

/** The classifier's id, with its tier if it has one; null in reports from versions that did not write it. */
export function classifierText({ classifier }: Pick<Report, 'classifier'>, { m }: Words): string | null {
	if (!classifier) return null;
	return classifier.tier ? m.marks.parts([m.tiers[classifier.tier], classifier.id]) : classifier.id;
}

/** How the frames were chosen. */
export function samplingText({ coverage }: Pick<Report, 'coverage'>, { m }: Words): string {
	return coverage.part === 'start' && coverage.sampling !== 'image' ? m.coverage.first : m.coverage[coverage.sampling];
}

/** Where the second pass sampled more closely, and how many frames; null if there was none. */
export function secondPassText({ coverage }: Pick<Report, 'coverage'>, { m, f }: Words): string | null {
	if (!coverage.secondPass) return null;
	const { frames, spans } = coverage.secondPass;
	return m.coverage.secondPassOf(frames, m.and(spans.map(({ startS, endS }) => f.span(startS, endS))));
}

/** The result of the stability test in one sentence; null if there was none. */
export function stabilityText({ stability }: Pick<Report, 'stability'>, { m }: Words): string | null {
	if (!stability) return null;
	const { survives, lost, unsure, failed } = m.stability;
	if (stability.failed !== null) return failed(stability.failed);
	if (stability.lost === null) return unsure;
	return stability.lost.length === 0 ? survives : lost;
}

/** How far the score of a changed copy is from that of the unchanged one, signed; null if either has none. */
export function movesText({ copies }: Stability, change: Change, { m, f }: Words): string | null {
	const scoreOf = (wanted: Change) => copies.find((copy) => copy.change === wanted)?.fakeProbability ?? null;
	const [from, to] = [scoreOf('none'), scoreOf(change)];
	if (from === null || to === null) return null;
	return m.stability.moves(f.fixed(Math.abs(to - from), 2), to >= from);
}

/** Peculiarities of the file and of what was analysed, one string per sentence. */
export function noteTexts({ coverage }: Pick<Report, 'coverage'>, { m, f }: Words): string[] {
	const { notes, streamReasons } = m.coverage;
	const reasons: Readonly<Record<string, string>> = streamReasons;
	const part = coverage.span ? [m.coverage.partOnly(f.span(coverage.span.startS, coverage.span.endS))] : [];
	// stored reports may date from before there were notes
	const texts = (coverage.notes ?? []).map(({ code, seconds, frames, degrees, bytes, name = '' }) => {
		const number = frames ?? degrees;
		if (seconds !== undefined) return notes[code](f.time(seconds));
		if (bytes !== undefined) return notes[code](f.bytes(bytes));
		return notes[code](number === undefined ? (reasons[name] ?? name) : f.number(number));
	});
	return [...part, ...texts];
}

function headlineText(headline: Headline, words: Words, isPicture: boolean): string {
	const { m, f } = words;
	const { verdict: v } = m;
	const face = ({ startS, endS }: Span, total: number) => {
		if (!isPicture) return v.faceAt(f.span(startS, endS));
		return total === 1 ? v.faceInPicture : v.oneFaceInPicture;
	};
	const besides = (cleared: number) => (cleared > 0 ? v.whileCleared(cleared) : '');
	switch (headline.key) {
		case 'fake':
			return fake(headline, words, isPicture);
		case 'real':
			if (headline.faces < headline.total) return v.someFaces(headline.faces, headline.total);
			if (headline.span) return face(headline.span, headline.total);
			return isPicture ? v.facesInPicture(headline.faces) : v.faces(headline.faces);
		case 'decode-errors':
			return isPicture ? v.damagedPicture : v.damagedVideo;
		case 'not-calibrated':
			return v.notMeasured;
		case 'too-few-frames':
			return headline.frames === null ? v.tooFew : v.tooFewOnly(headline.frames);
		case 'brief':
			return v.briefly(face(headline.span, 2)) + besides(headline.cleared);
		case 'wide-interval':
			return v.directions(face(headline.span, headline.total)) + besides(headline.cleared);
		case 'near-threshold':
			return v.neither(face(headline.span, headline.total)) + besides(headline.cleared);
		case 'no-face':
			return isPicture ? v.noFacePicture : v.noFaceVideo;
		case 'too-small':
			return headline.total === 1 ? v.onlySmall(headline.largestPx) : v.allSmall(headline.total, headline.largestPx);
		case 'too-poor':
			return poor(headline, words);
	}
}

function fake({ fakes, total, spans, more }: Headline & { key: 'fake' }, { m, f }: Words, isPicture: boolean): string {
	const { verdict: v } = m;
	if (isPicture) {
		if (total === 1) return v.fakeFaceInPicture;
		return fakes === 1 ? v.fakeOneInPicture(total) : v.fakeSeveralInPicture(fakes, total);
	}
	const places = spans.map(({ startS, endS }) => f.span(startS, endS));
	const at = m.and(more ? [...places, v.otherTimes] : places);
	return fakes === 1 ? v.fakeFaceAt(at) : v.fakeSeveralAt(fakes, total, at);
}

function poor({ total, reasons }: Headline & { key: 'too-poor' }, { m }: Words): string {
	const known: Partial<Record<Reason, string>> = m.verdict.poor;
	const why = m.or(reasons.flatMap((reason) => known[reason] ?? []));
	return total === 1 ? m.verdict.onlyPoor(why) : m.verdict.allPoor(total, why);
}
