import { createHeadline } from '../answer/headline.ts';
import { stretchesOf } from '../answer/people.ts';
import { verdictSentence } from '../answer/sentence.ts';
import { evenly } from '../answer/usual-step.ts';
import { english } from '../answer/words.ts';
import type { Coverage, FaceEntry, Reason, Verdict, VideoInfo } from '../contract/report.ts';
import type { Calibration } from './calibration.ts';
import { exclusionsByCount, type JudgedTrack, minFaces } from './judge-track.ts';
import { notJudged } from './segment-track.ts';

/**
 * A track with fewer than this share of the longest track's counted faces is brief: a passer-by does not outweigh the main person. Those of
 * a second pass do not make a track longer: it looks at a part of one person's time.
 */
const minShareOfLongest = 0.1;

/** How many frames were analysed and how many more were dropped as corrupt. */
export type FrameCounts = Pick<Coverage, 'framesSampled' | 'framesCorrupt'>;

/**
 * Compares the people with each other once each has an answer: a track that is brief next to a much longer one becomes uncertain
 * (too-few-frames), unless its whole interval lies above `likelyFakeAbove`.
 */
export function weighTracks(
	tracks: readonly JudgedTrack[],
	{ kind }: Pick<VideoInfo, 'kind'>,
	{ likelyFakeAbove }: Calibration,
): JudgedTrack[] {
	const judged = tracks.filter((track) => track.logit !== null);
	const longest = Math.max(0, ...judged.map(({ faces }) => evenly(faces.filter(isCounted), minFaces).length));
	return tracks.map((track) => {
		const strong = track.interval !== null && track.interval[0] > likelyFakeAbove;
		const isBrief = kind === 'video' && track.facesJudged < minShareOfLongest * longest;
		return isBrief && track.logit !== null && !strong
			? { ...track, outcome: 'uncertain', reasons: [...track.reasons.filter(isNotCalibrated), 'too-few-frames'] }
			: track;
	});
}

const isCounted = ({ excluded }: FaceEntry) => excluded === null;
const isNotCalibrated = (reason: Reason) => reason === 'not-calibrated';

/** Keeps only the person who fills most of the pictures and lists the others as not judged, for classifiers that are used that way. */
export function onlyMain(tracks: readonly JudgedTrack[]): JudgedTrack[] {
	const filled = ({ faces }: JudgedTrack) => evenly(faces, 1).reduce((sum, { quality }) => sum + quality.sizePx, 0);
	const most = Math.max(0, ...tracks.filter(({ logit }) => logit !== null).map(filled));
	return tracks.map((track) =>
		track.logit === null || filled(track) === most
			? track
			: {
					...{ ...track, outcome: 'not-applicable', reasons: ['not-main-face'] },
					...{ fakeProbability: null, interval: null, logit: null, facesJudged: 0 },
					segments: [notJudged(track.startS, track.endS)],
				},
	);
}

/**
 * The answer for the whole video: that of its most suspicious credible track, from the result of `weighTracks`; one that is likely-fake goes
 * before a higher score that is uncertain. A track with too few frames is not credible. If only such a track looks fake and the others look
 * real, the answer is uncertain (tracks-disagree).
 */
export function judgeVideo(
	tracks: readonly JudgedTrack[],
	video: VideoInfo,
	frames: FrameCounts,
	{ likelyFakeAbove, reference }: Calibration,
): Verdict {
	const found = withDecodeErrors(decide(tracks, likelyFakeAbove), frames);
	const headline = createHeadline({ verdict: found, tracks, thresholds: { likelyFakeAbove } });
	const sentence = verdictSentence(found.outcome, headline, video.kind, english);
	const segments = tracks
		.flatMap((track) => stretchesOf(track).map((segment) => ({ trackId: track.trackId, ...segment })))
		.toSorted((a, b) => a.startS - b.startS || a.trackId - b.trackId);
	return { ...found, segments, reference: segments.length > 0 ? null : among(reference, found), sentence, headline };
}

/** How many clips of each kind score higher than the deciding track. */
function among(reference: Calibration['reference'], { fakeProbability }: Decision): Verdict['reference'] {
	if (!reference || fakeProbability === null) return null;
	const higher = (clips: readonly number[]) => ({
		higher: clips.filter((clip) => clip > fakeProbability).length,
		n: clips.length,
	});
	return { genuine: higher(reference.genuine), manipulated: higher(reference.manipulated) };
}

type Decision = Omit<Verdict, 'sentence' | 'headline' | 'segments' | 'reference'>;

const nobody = { fakeProbability: null, interval: null, trackId: null };

function decide(tracks: readonly JudgedTrack[], likelyFakeAbove: number): Decision {
	if (tracks.length === 0) return { outcome: 'not-applicable', reasons: ['no-face'], ...nobody };
	const judged = tracks
		.filter((track) => track.logit !== null)
		.toSorted((a, b) => (b.logit as number) - (a.logit as number) || a.trackId - b.trackId);
	const credible = judged.filter((track) => !track.reasons.includes('too-few-frames'));
	const deciding = credible.find((track) => track.outcome === 'likely-fake') ?? credible[0] ?? judged[0];
	if (!deciding) {
		const reasons = exclusionsByCount(tracks.flatMap((track) => track.faces));
		return { outcome: 'not-applicable', reasons, ...nobody };
	}
	const brief = judged.find(
		(track) =>
			!credible.includes(track) && track.facesJudged >= minFaces && (track.fakeProbability ?? 0) > likelyFakeAbove,
	);
	if (deciding.outcome === 'likely-real' && brief)
		return { ...answerOf(brief), outcome: 'uncertain', reasons: ['tracks-disagree'] };
	if (deciding.outcome === 'uncertain' && credible.some((track) => track.outcome === 'likely-real'))
		return { ...answerOf(deciding), reasons: [...deciding.reasons, 'tracks-disagree'] };
	return answerOf(deciding);
}

function answerOf({ outcome, reasons, fakeProbability, interval, trackId }: JudgedTrack): Decision {
	return { outcome, reasons, fakeProbability, interval, trackId };
}

/** If most of the sampled frames are corrupt, the rest is not a fair sample of the video: no likely-* answer and no "no face". */
function withDecodeErrors(decision: Decision, { framesSampled, framesCorrupt }: FrameCounts): Decision {
	if (framesCorrupt <= framesSampled) return decision;
	const others: Reason[] = decision.reasons.filter((reason) => reason !== 'no-face');
	return { ...decision, outcome: 'uncertain', reasons: ['decode-errors', ...others] };
}
