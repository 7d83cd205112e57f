import type { FaceEntry, Outcome, Reason, TrackReport, VideoInfo } from '../contract/report.ts';
import { type Calibration, fakeProbabilityFromLogit, uncalibrated } from './calibration.ts';
import { type FrameMean, frameMean, frameMeanInterval } from './frame-mean.ts';

/** A track with its answer, before its moments are collected. */
export type JudgedTrack = Omit<TrackReport, 'moments'>;

/**
 * Fewest judged faces of a track in a video: with three, a single bad frame moves the mean by a third, nothing can be trimmed,
 * and a bootstrap has ten distinct samples. A still image has one and says so.
 */
export const minFaces = 4;

/** How a classifier's numbers become a person's answer. */
export type TrackOptions = {
	/** null = errors were never measured, and no answer is likely-*, whatever the score. */
	readonly calibration: Calibration | null;
	/** How frames become a score (default: trimmed-mean). */
	readonly frames?: FrameMean;
};

/**
 * The answer for one person from all of their faces in order of time; faces with `excluded` are listed and do not count.
 * likely-fake needs a probability above `likelyFakeAbove` and a 95 % interval that stays clear of `likelyRealBelow`; likely-real the mirror of it.
 */
export function judgeTrack(
	trackId: number,
	faces: readonly FaceEntry[],
	kind: VideoInfo['kind'],
	options: TrackOptions,
): JudgedTrack {
	const { calibration, frames: how = 'trimmed-mean' } = options;
	const logits = faces.filter((face) => face.excluded === null).map((face) => face.logit);
	const logit = frameMean(logits, how);
	const probability = (value: number) => fakeProbabilityFromLogit(value, calibration ?? uncalibrated);
	const logitInterval = logits.length >= minFaces ? frameMeanInterval(logits, how) : null;
	const fakeProbability = logit === null ? null : probability(logit);
	const interval: [number, number] | null = logitInterval && [
		probability(logitInterval[0]),
		probability(logitInterval[1]),
	];
	return {
		trackId,
		...answer(faces, logits.length, fakeProbability, interval, kind, calibration),
		fakeProbability,
		interval,
		logit,
		startS: faces[0]?.timeS ?? 0,
		endS: faces.at(-1)?.timeS ?? 0,
		facesJudged: logits.length,
		faces: [...faces],
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

/** Why faces were excluded, the commonest reason first; ties by name, so that the order is always the same. */
export function exclusionsByCount(faces: readonly FaceEntry[]): Reason[] {
	const counts = new Map<Reason, number>();
	for (const { excluded } of faces) if (excluded) counts.set(excluded, (counts.get(excluded) ?? 0) + 1);
	return [...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b)).map(([reason]) => reason);
}
