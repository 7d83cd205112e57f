import type { FaceEntry, Headline, Outcome, Reason, Report, Span, TrackReport, Verdict } from '../contract/report.ts';
import { stretchesOf } from './people.ts';

/** The input of a headline. Every report has it, and so has the verdict before the report is written. */
export type Answered = {
	readonly verdict: Pick<Verdict, 'outcome' | 'reasons' | 'trackId'>;
	readonly tracks: readonly Omit<TrackReport, 'moments'>[];
	readonly thresholds: Pick<Report['thresholds'], 'likelyFakeAbove'>;
};
type Track = Answered['tracks'][number];

/** Maximum number of time spans that a headline lists. */
const spansListed = 3;

/** The headline of a report; computed for reports from versions that did not write one. */
export function headlineOf(report: Pick<Report, 'verdict' | 'tracks' | 'thresholds'>): Headline {
	return report.verdict.headline ?? createHeadline(report);
}

/** What the answer is and where in the video, as data that every language phrases in its own way. */
export function createHeadline(answered: Answered): Headline {
	const { verdict, tracks } = answered;
	const deciding = tracks.find(({ trackId }) => trackId === verdict.trackId);
	if (verdict.outcome === 'likely-fake') return fakeHeadline(answered);
	if (verdict.outcome === 'likely-real') {
		const clear = withOutcome(tracks, 'likely-real');
		const span = clear.length === 1 && clear[0] ? spanOf(clear[0]) : null;
		return { key: 'real', faces: clear.length, total: tracks.length, span };
	}
	return verdict.outcome === 'uncertain' ? unclearHeadline(answered, deciding) : notJudgedHeadline(tracks);
}

/**
 * The run of counted faces whose scores exceed `threshold` by the largest sum (Kadane 1984; faces below it are subtracted), in seconds from
 * first to last face; null if no score exceeds it.
 */
export function suspiciousStretch(faces: readonly FaceEntry[], threshold: number): Span | null {
	const none = { startS: 0, endS: 0, sum: 0 };
	let [best, run] = [none, none];
	for (const { timeS, fakeProbability, excluded } of faces) {
		if (excluded !== null) continue;
		const sum = fakeProbability - threshold;
		run = run.sum > 0 ? { ...run, endS: timeS, sum: run.sum + sum } : { startS: timeS, endS: timeS, sum };
		if (run.sum > best.sum) best = run;
	}
	return best.sum > 0 ? { startS: best.startS, endS: best.endS } : null;
}

function fakeHeadline({ tracks, thresholds }: Answered): Headline {
	const fakes = withOutcome(tracks, 'likely-fake');
	const spans = fakes
		.flatMap((track) => {
			const stretches = stretchesOf(track).map(spanOf);
			return stretches.length > 0
				? stretches
				: (suspiciousStretch(track.faces, thresholds.likelyFakeAbove) ?? spanOf(track));
		})
		.sort((a, b) => a.startS - b.startS);
	const [listed, more] = [spans.slice(0, spansListed), spans.length > spansListed];
	return { key: 'fake', fakes: fakes.length, total: tracks.length, spans: listed, more };
}

function unclearHeadline({ verdict, tracks }: Answered, deciding: Track | undefined): Headline {
	const has = (reason: Reason) => verdict.reasons.includes(reason);
	if (has('decode-errors') || !deciding) return { key: 'decode-errors' };
	if (has('not-calibrated')) return { key: 'not-calibrated' };
	if (has('too-few-frames'))
		return { key: 'too-few-frames', frames: tracks.length === 1 ? deciding.facesJudged : null };
	const [span, total] = [spanOf(deciding), tracks.length];
	const cleared = has('tracks-disagree') ? withOutcome(tracks, 'likely-real').length : 0;
	if (verdict.reasons[0] === 'tracks-disagree') return { key: 'brief', span, cleared };
	return { key: has('wide-interval') ? 'wide-interval' : 'near-threshold', span, total, cleared };
}

function notJudgedHeadline(tracks: Answered['tracks']): Headline {
	if (tracks.length === 0) return { key: 'no-face' };
	const reasons = [...new Set(tracks.flatMap((track) => track.reasons))];
	if (reasons.length > 1 || reasons[0] !== 'face-too-small') return { key: 'too-poor', total: tracks.length, reasons };
	const largestPx = tracks
		.flatMap(({ faces }) => faces)
		.reduce((most, { quality }) => Math.max(most, quality.sizePx), 0);
	return { key: 'too-small', total: tracks.length, largestPx: Math.floor(largestPx) };
}

const withOutcome = (tracks: Answered['tracks'], wanted: Outcome) => tracks.filter(({ outcome }) => outcome === wanted);

const spanOf = ({ startS, endS }: Span): Span => ({ startS, endS });
