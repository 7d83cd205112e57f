import type { FaceEntry, Report } from '../contract/report.ts';
import type { TimeRange } from '../values.ts';
import { type JudgedTrack, minFaces } from './judge-track.ts';

/** Maximum number of ranges that are analysed more closely: each costs a seek. */
const maxRanges = 6;
/** Minimum frames per range, enough for a stretch, and their minimum spacing, below which frames add nothing new. */
const [minFrames, minSpacingS] = [9, 0.1];
/** A range is read in two rounds: a third of its frames, then the frames on either side of each of those. */
const rounds = 3;
/** Seconds around a face that was found between two frames of the first pass. */
const nearS = 2;

/**
 * Where a second pass is worth its time, in chronological order: around faces above the threshold in a track that is not suspicious
 * throughout, and around tracks with too few faces for a verdict. `stepS` is the time between two frames of the first pass; all ranges together
 * get at most `budget` frames, a multiple of three each. Empty if nothing is in doubt.
 */
export function doubtfulRanges(
	tracks: readonly JudgedTrack[],
	{ likelyFakeAbove }: Pick<Report['thresholds'], 'likelyFakeAbove'>,
	{ stepS, budget }: { readonly stepS: number; readonly budget: number },
): TimeRange[] {
	const found = tracks.flatMap(({ faces, outcome, segments, logit }) => {
		if (logit === null) return []; // not judged at all
		const judged = faces.filter((face) => face.excluded === null);
		if (judged.length > 0 && judged.length < minFaces) return [{ ...spanOf(judged, 1), byS: aroundS(judged, stepS) }];
		const isWhole = outcome === 'likely-fake' && segments.every((segment) => segment.outcome !== 'likely-real');
		return isWhole ? [] : suspiciousRuns(judged, likelyFakeAbove);
	});
	const widened = found.map(({ fromS, toS, weight, byS = stepS }) => ({
		fromS: Math.max(0, fromS - byS),
		toS: toS + byS,
		weight,
	}));
	const kept = merged(widened)
		.toSorted((a, b) => b.weight - a.weight || a.fromS - b.fromS)
		.slice(0, Math.min(maxRanges, Math.floor(budget / minFrames)));
	const totalS = kept.reduce((sum, { fromS, toS }) => sum + toS - fromS, 0);
	return kept
		.toSorted((a, b) => a.fromS - b.fromS)
		.map(({ fromS, toS }) => {
			const share = Math.floor(((budget - minFrames * kept.length) * (toS - fromS)) / totalS);
			const useful = Math.max(minFrames, Math.ceil((toS - fromS) / minSpacingS));
			const frames = Math.min(minFrames + share, useful);
			return { fromS, toS, frames: frames - (frames % rounds) };
		});
}

/** The first round of some ranges: a third of their frames, evenly spaced. */
export const firstRound = (ranges: readonly TimeRange[]): TimeRange[] =>
	ranges.map((range) => ({ ...range, frames: range.frames / rounds }));

/**
 * The second round: the other two thirds, where the first round left a range undecided. A range is decided when a stretch in it is likely
 * fake: more frames would not change the answer. At twice the rate of the first round, its targets fall between those.
 */
export const secondRound = (
	ranges: readonly TimeRange[],
	tracks: readonly Pick<JudgedTrack, 'segments'>[],
): TimeRange[] =>
	ranges
		.filter(({ fromS, toS }) => !manipulatedStretches(tracks).some(({ startS, endS }) => startS < toS && endS > fromS))
		.map((range) => ({ ...range, frames: range.frames - range.frames / rounds }));

const manipulatedStretches = (tracks: readonly Pick<JudgedTrack, 'segments'>[]) =>
	tracks.flatMap(({ segments }) => segments.filter(({ outcome }) => outcome === 'likely-fake'));

type Weighed = { readonly fromS: number; readonly toS: number; readonly weight: number; readonly byS?: number };

/** How far around a brief track to search: one step, or less if only a second pass found it, between two steps. */
const aroundS = (faces: readonly FaceEntry[], stepS: number) =>
	faces.every((face) => face.secondPass) ? Math.min(stepS, nearS) : stepS;

/** Runs of faces above the threshold; empty if they make up most of the track. */
function suspiciousRuns(judged: readonly FaceEntry[], threshold: number): Weighed[] {
	const above = judged.map((face) => face.fakeProbability > threshold);
	if (above.filter(Boolean).length * 2 > judged.length) return [];
	const starts = judged.flatMap((_, i) => (above[i] && !above[i - 1] ? [i] : []));
	return starts.map((from) => {
		const length = above.slice(from).indexOf(false);
		return spanOf(judged.slice(from, length < 0 ? undefined : from + length), 2);
	});
}

/** The time range of some faces. The weight grows with their number, and a suspicious run outweighs a brief track. */
function spanOf(faces: readonly FaceEntry[], weight: number): Weighed {
	return { fromS: faces[0]?.timeS ?? 0, toS: faces.at(-1)?.timeS ?? 0, weight: weight * faces.length };
}

function merged(ranges: readonly Weighed[]): Weighed[] {
	const result: Weighed[] = [];
	for (const range of ranges.toSorted((a, b) => a.fromS - b.fromS)) {
		const last = result.at(-1);
		if (last && range.fromS <= last.toS)
			result[result.length - 1] = {
				fromS: last.fromS,
				toS: Math.max(last.toS, range.toS),
				weight: last.weight + range.weight,
			};
		else result.push(range);
	}
	return result;
}
