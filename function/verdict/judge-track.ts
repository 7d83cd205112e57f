import type { FaceEntry, Outcome, Reason, TrackReport, VideoInfo } from '../contract.ts';
import { type Calibration, fakeProbabilityFromLogit } from './calibration.ts';
import { trimmedMean, trimmedMeanInterval } from './trimmed-mean.ts';

/** A track with its answer, before its moments are collected. */
export type JudgedTrack = Omit<TrackReport, 'moments'>;

/**
 * Fewest judged faces of a track in a video: with three, a single bad frame moves the mean by a third, nothing can be trimmed,
 * and a bootstrap has ten distinct samples. A still image has one and says so.
 */
export const minFaces = 4;

/**
 * The answer for one person from all of their faces in order of time; faces with `excluded` are listed and do not count.
 * likely-fake needs a probability above `likelyFakeAbove` and a 95 % interval that stays clear of `likelyRealBelow`; likely-real the mirror of it.
 */
export function judgeTrack(
	trackId: number,
	faces: readonly FaceEntry[],
	kind: VideoInfo['kind'],
	calibration: Calibration,
): JudgedTrack {
	const logits = faces.filter((face) => face.excluded === null).map((face) => face.logit);
	const logit = trimmedMean(logits);
	const probability = (value: number) => fakeProbabilityFromLogit(value, calibration);
	const logitInterval = logits.length >= minFaces ? trimmedMeanInterval(logits) : null;
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
	{ likelyFakeAbove, likelyRealBelow }: Calibration,
): Answer {
	if (probability === null) return { outcome: 'not-applicable', reasons: exclusionsByCount(faces) };
	const still: Reason[] = kind === 'image' ? ['still-image'] : [];
	if (kind === 'video' && facesJudged < minFaces) return { outcome: 'uncertain', reasons: ['too-few-frames'] };
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
