import { evenly } from '../answer/usual-step.ts';
import type { FaceEntry, Outcome, Reason, TrackReport, VideoInfo } from '../contract/report.ts';
import { type Calibration, fakeProbabilityFromLogit, uncalibrated } from './calibration.ts';
import { countedLogit } from './counted-logit.ts';
import { type FrameMean, frameMean, frameMeanInterval } from './frame-mean.ts';
import { segmentsOf, splitFaces } from './segment-track.ts';

/** A track with its answer, before its key moments are collected. */
export type JudgedTrack = Omit<TrackReport, 'moments'>;

/**
 * Fewest counted faces for a track of a video: with three, a single bad frame moves the mean by a third, nothing can be trimmed,
 * and a bootstrap has only ten distinct samples. A still image has one face per track; its answer carries the reason `still-image`.
 */
export const minFaces = 4;

/** How a classifier's scores become the answer for a person. */
export type TrackOptions = {
	/** null = error rates were never measured, so no answer is likely-*, whatever the score. */
	readonly calibration: Calibration | null;
	/** How frames are combined into a score (default: trimmed-mean). */
	readonly frames?: FrameMean;
};

/**
 * The answer for one person from all of their faces in chronological order; faces with `excluded` are listed but do not count.
 * likely-fake needs a probability above `likelyFakeAbove` and a 95 % interval entirely above `likelyRealBelow`; likely-real is the mirror image.
 * A stretch that stands out from the rest of the track decides alone.
 */
export function judgeTrack(
	trackId: number,
	faces: readonly FaceEntry[],
	kind: VideoInfo['kind'],
	options: TrackOptions,
): JudgedTrack {
	const judged = faces.filter((face) => face.excluded === null);
	const { stretches, rest } = splitFaces(judged, kind === 'video' ? options.calibration : null);
	const whole = judgeFaces(evenly(judged, minFaces), faces, kind, options);
	const judgedStretches = stretches.map(({ from, to }) => ({
		...{ from, to },
		answer: judgeFaces(judged.slice(from, to), faces, kind, options),
	}));
	const suspicious = judgedStretches.filter(({ answer }) => answer.outcome === 'likely-fake');
	const worst = suspicious.toSorted((a, b) => (b.answer.logit ?? 0) - (a.answer.logit ?? 0))[0]?.answer;
	const around = suspicious.length > 0 ? judgeFaces(evenly(rest, minFaces), faces, kind, options) : whole;
	const segments = segmentsOf(faces, suspicious, around);
	return {
		trackId,
		...(worst ? { ...worst, reasons: ['segments-disagree'] } : whole),
		startS: faces[0]?.timeS ?? 0,
		endS: faces.at(-1)?.timeS ?? 0,
		facesJudged: judged.length,
		segments,
		faces: [...faces],
	};
}

type Judged = Pick<JudgedTrack, 'outcome' | 'reasons' | 'fakeProbability' | 'interval' | 'logit'>;

/** The answer for some of a person's faces; `all` supplies the reasons if none of them counts. */
function judgeFaces(
	judged: readonly FaceEntry[],
	all: readonly FaceEntry[],
	kind: VideoInfo['kind'],
	{ calibration, frames: how = 'trimmed-mean' }: TrackOptions,
): Judged {
	const logits = judged.map(countedLogit);
	const logit = frameMean(logits, how);
	const probability = (value: number) => fakeProbabilityFromLogit(value, calibration ?? uncalibrated);
	const logitInterval = kind === 'video' && logits.length >= minFaces ? frameMeanInterval(logits, how) : null;
	const fakeProbability = logit === null ? null : probability(logit);
	const interval: [number, number] | null = logitInterval && [
		probability(logitInterval[0]),
		probability(logitInterval[1]),
	];
	return {
		...answer(all, logits.length, fakeProbability, interval, kind, calibration),
		...{ fakeProbability, interval, logit },
	};
}

type Answer = { outcome: Outcome; reasons: Reason[] };

function answer(
	faces: readonly FaceEntry[],
	facesJudged: number,
	probability: number | null,
	interval: readonly [number, number] | null,
	kind: VideoInfo['kind'],
	calibration: Calibration | null,
): Answer {
	if (probability === null) return { outcome: 'not-applicable', reasons: exclusionsByCount(faces) };
	const still: Reason[] = kind === 'image' ? ['still-image'] : [];
	const few: Reason[] = kind === 'video' && facesJudged < minFaces ? ['too-few-frames'] : [];
	if (!calibration) return { outcome: 'uncertain', reasons: ['not-calibrated', ...few, ...still] };
	if (few.length > 0) return { outcome: 'uncertain', reasons: few };
	const { likelyFakeAbove, likelyRealBelow } = calibration;
	const [low, high] = interval ?? [probability, probability];
	if (probability > likelyFakeAbove)
		return low > likelyRealBelow
			? { outcome: 'likely-fake', reasons: still }
			: { outcome: 'uncertain', reasons: ['wide-interval', ...still] };
	if (probability < likelyRealBelow)
		return high < likelyFakeAbove
			? { outcome: 'likely-real', reasons: still }
			: { outcome: 'uncertain', reasons: ['wide-interval', ...still] };
	return { outcome: 'uncertain', reasons: ['near-threshold', ...still] };
}

/** Why faces were excluded, most common reason first; ties are broken by name so that the order is stable. */
export function exclusionsByCount(faces: readonly FaceEntry[]): Reason[] {
	const counts = new Map<Reason, number>();
	for (const { excluded } of faces) if (excluded) counts.set(excluded, (counts.get(excluded) ?? 0) + 1);
	return [...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b)).map(([reason]) => reason);
}
