import type { Reason, Report } from '../../function/contract/report.ts';
import { type HeadlineWords, type Span, wordsFromReport } from '../lib/verdict-words.ts';
import type { Words } from './words.ts';

/** The answer as a sentence in the page's language: the service's own in English, otherwise made of the catalogue's pieces. */
export function verdictSentence(report: Report, words: Words): string {
	if (words.m.locale.startsWith('en')) return report.verdict.sentence;
	const { headline, outcome, kind } = wordsFromReport(report);
	const { verdict: v } = words.m;
	const said = says(headline, words, kind === 'image');
	if (outcome === 'likely-fake') return kind === 'image' ? v.fakePicture(said) : v.fake(said);
	if (outcome === 'likely-real') return kind === 'image' ? v.realPicture(said) : v.realVideo(said);
	return v.cannotSay(said);
}

function says(said: HeadlineWords, words: Words, isPicture: boolean): string {
	const { m, f } = words;
	const { verdict: v } = m;
	const at = ({ startS, endS }: Span) => f.span(startS, endS);
	const face = (span: Span, total: number) => {
		if (!isPicture) return v.faceAt(at(span));
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

function fake(
	{ fakes, total, spans, more }: HeadlineWords & { key: 'fake' },
	{ m, f }: Words,
	isPicture: boolean,
): string {
	const { verdict: v } = m;
	if (isPicture) {
		if (total === 1) return v.fakeFaceInPicture;
		return fakes === 1 ? v.fakeOneInPicture(total) : v.fakeSeveralInPicture(fakes, total);
	}
	const places = spans.map(({ startS, endS }) => f.span(startS, endS));
	if (fakes === 1) return v.fakeFaceAt(places[0] ?? '');
	return v.fakeSeveralAt(fakes, total, m.and(more ? [...places, v.otherTimes] : places));
}

function poor({ total, reasons }: HeadlineWords & { key: 'too-poor' }, { m }: Words): string {
	const known: Partial<Record<Reason, string>> = m.verdict.poor;
	const why = m.or(reasons.flatMap((reason) => known[reason] ?? []));
	return total === 1 ? m.verdict.onlyPoor(why) : m.verdict.allPoor(total, why);
}
