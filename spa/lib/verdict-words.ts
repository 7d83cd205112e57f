import type { ErrorRate, Outcome, Reason, Report, TrackReport } from '../../function/contract/report.ts';

/** A stretch of the video, seconds. */
export type Span = { readonly startS: number; readonly endS: number };

/** What the catalogue words: a key and what goes into it. */
export type HeadlineWords =
	/** Strong signs: `fakes` of `total` faces, seen at `spans` (at most three; `more` = there are others). */
	| {
			readonly key: 'fake';
			readonly fakes: number;
			readonly total: number;
			readonly spans: readonly Span[];
			readonly more: boolean;
	  }
	/** No signs in `faces` of `total`; `span` is where the only face is seen, null with several. */
	| { readonly key: 'real'; readonly faces: number; readonly total: number; readonly span: Span | null }
	/** Most of the frames are damaged. */
	| { readonly key: 'decode-errors' }
	/** The model's errors were never measured. */
	| { readonly key: 'not-calibrated' }
	/** Too few frames with a good enough face; `frames` of the only face, null with several. */
	| { readonly key: 'too-few-frames'; readonly frames: number | null }
	/** Looks manipulated and is seen briefly, while `cleared` others show no signs. */
	| { readonly key: 'brief'; readonly span: Span; readonly cleared: number }
	/** The frames of the face at `span` point in different directions; `cleared` others show no signs. */
	| { readonly key: 'wide-interval'; readonly span: Span; readonly total: number; readonly cleared: number }
	/** Neither clearly one nor the other. */
	| { readonly key: 'near-threshold'; readonly span: Span; readonly total: number; readonly cleared: number }
	| { readonly key: 'no-face' }
	/** All `total` faces are too small, the largest `largestPx` high. */
	| { readonly key: 'too-small'; readonly total: number; readonly largestPx: number }
	/** None of `total` faces is good enough, for these reasons. */
	| { readonly key: 'too-poor'; readonly total: number; readonly reasons: readonly Reason[] };

/** What a person can do about a reason. */
export type Advice = 'deeper' | 'better-copy' | 'original-file' | 'longer-clip' | 'look-at-faces' | 'none';

/** How often such an answer is wrong: about `count` of `of` (0 = none of n); `rate` with its interval for the details. */
export type ErrorWords = ErrorRate & {
	readonly key: 'false-alarm' | 'missed';
	readonly count: number;
	readonly of: number;
};

/** Where a score lies among the limits. */
export type Band = 'no-signs' | 'unclear' | 'strong-signs' | 'not-judged' | 'no-limits';

export type VerdictWords = {
	readonly outcome: Outcome;
	readonly kind: 'video' | 'image';
	readonly headline: HeadlineWords;
	/** Score 0..1 and its 95 % interval, to be shown with the limits, never alone; null = not judged. */
	readonly range: {
		readonly score: number;
		readonly low: number;
		readonly high: number;
		readonly isKnown: boolean;
	} | null;
	readonly reasons: readonly { readonly reason: Reason; readonly advice: Advice }[];
	/** The rates that concern this answer; empty when the model card has none. */
	readonly errors: readonly ErrorWords[];
	/** The most suspicious stretch of the deciding face; null when no frame lies above the limit or it is a picture. */
	readonly stretch: Span | null;
};

const adviceOf: Record<Reason, Advice> = {
	'no-face': 'deeper',
	'face-too-small': 'better-copy',
	'face-too-blurred': 'better-copy',
	'face-outside-picture': 'none',
	'too-few-frames': 'deeper',
	'near-threshold': 'deeper',
	'wide-interval': 'look-at-faces',
	'tracks-disagree': 'look-at-faces',
	'still-image': 'longer-clip',
	'decode-errors': 'original-file',
	'not-calibrated': 'none',
	'not-main-face': 'none',
};

/** More places than this are not listed one by one. */
const spansListed = 3;

/** The answer of a report for the catalogue, as function/verdict/verdict-sentence.ts says it in English. */
export function wordsFromReport(report: Report): VerdictWords {
	const { verdict, tracks, video, thresholds } = report;
	const deciding = tracks.find(({ trackId }) => trackId === verdict.trackId);
	const { fakeProbability: score, interval } = verdict;
	return {
		outcome: verdict.outcome,
		kind: video.kind,
		headline: headline(report, deciding),
		range:
			score === null
				? null
				: { score, low: interval?.[0] ?? score, high: interval?.[1] ?? score, isKnown: interval !== null },
		reasons: verdict.reasons.map((reason) => ({ reason, advice: adviceOf[reason] })),
		errors: errorWords(report),
		stretch: deciding && video.kind === 'video' ? suspiciousStretch(deciding, thresholds.likelyFakeAbove) : null,
	};
}

/** Where a score lies among a report's limits. */
export function bandOf(score: number | null, { likelyFakeAbove, likelyRealBelow }: Report['thresholds']): Band {
	if (score === null) return 'not-judged';
	if (likelyFakeAbove === 1 && likelyRealBelow === 0) return 'no-limits'; // nobody calibrated the model
	if (score > likelyFakeAbove) return 'strong-signs';
	return score < likelyRealBelow ? 'no-signs' : 'unclear';
}

/** People with the most suspicious first, those not judged last. */
export function tracksBySuspicion(tracks: readonly TrackReport[]): TrackReport[] {
	return tracks.toSorted((a, b) => (b.fakeProbability ?? -1) - (a.fakeProbability ?? -1) || a.trackId - b.trackId);
}

/**
 * The run of judged faces whose scores lie above `limit` by the largest sum (Kadane 1984; faces below count against it), seconds from the
 * first to the last; null when none lies above.
 */
export function suspiciousStretch({ faces }: Pick<TrackReport, 'faces'>, limit: number): Span | null {
	const none = { startS: 0, endS: 0, sum: 0 };
	let [best, run] = [none, none];
	for (const { timeS, fakeProbability, excluded } of faces) {
		if (excluded !== null) continue;
		const sum = fakeProbability - limit;
		run = run.sum > 0 ? { ...run, endS: timeS, sum: run.sum + sum } : { startS: timeS, endS: timeS, sum };
		if (run.sum > best.sum) best = run;
	}
	return best.sum > 0 ? { startS: best.startS, endS: best.endS } : null;
}

function headline(report: Report, deciding: TrackReport | undefined): HeadlineWords {
	const { verdict, tracks } = report;
	if (verdict.outcome === 'likely-fake') return fakeHeadline(report);
	if (verdict.outcome === 'likely-real') {
		const clear = tracks.filter(({ outcome }) => outcome === 'likely-real');
		const span = clear.length === 1 && clear[0] ? spanOf(clear[0]) : null;
		return { key: 'real', faces: clear.length, total: tracks.length, span };
	}
	return verdict.outcome === 'uncertain' ? unclearHeadline(report, deciding) : notJudgedHeadline(tracks);
}

function fakeHeadline({ tracks, thresholds }: Report): HeadlineWords {
	const fakes = tracks.filter(({ outcome }) => outcome === 'likely-fake');
	const spans = fakes
		.map((track) => suspiciousStretch(track, thresholds.likelyFakeAbove) ?? spanOf(track))
		.sort((a, b) => a.startS - b.startS);
	const [listed, more] = [spans.slice(0, spansListed), spans.length > spansListed];
	return { key: 'fake', fakes: fakes.length, total: tracks.length, spans: listed, more };
}

function unclearHeadline({ verdict, tracks }: Report, deciding: TrackReport | undefined): HeadlineWords {
	const has = (reason: Reason) => verdict.reasons.includes(reason);
	if (has('decode-errors') || !deciding) return { key: 'decode-errors' };
	if (has('not-calibrated')) return { key: 'not-calibrated' };
	if (has('too-few-frames'))
		return { key: 'too-few-frames', frames: tracks.length === 1 ? deciding.facesJudged : null };
	const clear = tracks.filter(({ outcome }) => outcome === 'likely-real').length;
	const [span, total, cleared] = [spanOf(deciding), tracks.length, has('tracks-disagree') ? clear : 0];
	if (verdict.reasons[0] === 'tracks-disagree') return { key: 'brief', span, cleared };
	return { key: has('wide-interval') ? 'wide-interval' : 'near-threshold', span, total, cleared };
}

function notJudgedHeadline(tracks: readonly TrackReport[]): HeadlineWords {
	if (tracks.length === 0) return { key: 'no-face' };
	const reasons = [...new Set(tracks.flatMap((track) => track.reasons))];
	if (reasons.length > 1 || reasons[0] !== 'face-too-small') return { key: 'too-poor', total: tracks.length, reasons };
	const sizes = tracks.flatMap(({ faces }) => faces.map(({ quality }) => quality.sizePx));
	return { key: 'too-small', total: tracks.length, largestPx: Math.floor(Math.max(...sizes)) };
}

function errorWords({ verdict, errorRates }: Report): ErrorWords[] {
	const wanted = {
		'likely-fake': ['false-alarm'],
		'likely-real': ['missed'],
		uncertain: ['false-alarm', 'missed'],
		'not-applicable': [],
	} as const satisfies Record<Outcome, readonly ErrorWords['key'][]>;
	return wanted[verdict.outcome].flatMap((key) => {
		const rate = key === 'false-alarm' ? errorRates.falseAlarm : errorRates.missed;
		return rate ? [{ key, ...rate, ...asPeopleCount(rate) }] : [];
	});
}

/** A rate as people count: 3 of 100, 4 of 1,000, 0 of n. */
export function asPeopleCount({ rate, n }: Pick<ErrorRate, 'rate' | 'n'>): { count: number; of: number } {
	if (rate === 0) return { count: 0, of: n };
	return rate * 100 >= 0.95
		? { count: Math.round(rate * 100), of: 100 }
		: { count: Math.max(1, Math.round(rate * 1000)), of: 1000 };
}

const spanOf = ({ startS, endS }: TrackReport): Span => ({ startS, endS });
