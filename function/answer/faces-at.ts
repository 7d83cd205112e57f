import type { Box, Coverage, FaceEntry, Reason } from '../contract/report.ts';
import { usualStepS } from './usual-step.ts';

/** One person at one moment of the video. */
export type FaceAt = {
	readonly trackId: number;
	/** px of the upright picture (report.video.width x height). */
	readonly box: Box;
	/** 0..1; null if the face does not count. */
	readonly fakeProbability: number | null;
	/** Why the face does not count; null if it does. */
	readonly excluded: Reason | null;
};

/** A person with their faces in chronological order. */
export type FacesOfTrack = { readonly trackId: number; readonly faces: readonly FaceEntry[] };

/** Across a longer gap, in seconds, a face moves too far to interpolate its box. */
const maxGapS = 2;

/** A sample without a near neighbour is shown this many seconds before and after. */
const holdS = 0.2;

/**
 * The longest time between two samples across which a box is interpolated, in seconds: one and a half times the usual step between sampled
 * frames, because sampled times fall on whole frames; at most 2 s.
 */
export function samplingGapS(tracks: readonly FacesOfTrack[]): number {
	return Math.min(maxGapS, 1.5 * usualStepS(tracks.map(({ faces }) => faces)));
}

/** Everyone visible at `timeS`: interpolated linearly between samples at most `gapS` apart, otherwise only close to a sample. */
export function facesAt(tracks: readonly FacesOfTrack[], timeS: number, gapS: number): FaceAt[] {
	return tracks.flatMap(({ trackId, faces }) => {
		const at = lastNotAfter(faces, timeS);
		const [before, after] = [faces[at], faces[at + 1]];
		if (before && after && after.timeS - before.timeS <= gapS) return [between(trackId, before, after, timeS)];
		const nearest = [before, after].find((face) => face && Math.abs(face.timeS - timeS) <= holdS);
		return nearest ? [between(trackId, nearest, nearest, timeS)] : [];
	});
}

/** Degrees by which the analysis rotated the picture clockwise beyond what the file says, because no face was found otherwise. */
export const furtherTurnOf = ({ coverage }: { readonly coverage: Pick<Coverage, 'notes'> }): number =>
	coverage.notes?.find(({ code }) => code === 'turned')?.degrees ?? 0; // stored reports may date from before there were notes

function between(trackId: number, a: FaceEntry, b: FaceEntry, timeS: number): FaceAt {
	const share = b.timeS > a.timeS ? (timeS - a.timeS) / (b.timeS - a.timeS) : 0;
	const mix = (from: number, to: number) => from + (to - from) * share;
	const box = {
		x: mix(a.box.x, b.box.x),
		y: mix(a.box.y, b.box.y),
		width: mix(a.box.width, b.box.width),
		height: mix(a.box.height, b.box.height),
	};
	const nearest = share < 0.5 ? a : b;
	if (nearest.excluded) return { trackId, box, fakeProbability: null, excluded: nearest.excluded };
	const bothCount = a.excluded === null && b.excluded === null;
	const fakeProbability = bothCount ? mix(a.fakeProbability, b.fakeProbability) : nearest.fakeProbability;
	return { trackId, box, fakeProbability, excluded: null };
}

/** Index of the last sample at or before a time, by binary search; -1 = none. */
export function lastNotAfter(faces: readonly FaceEntry[], timeS: number): number {
	let [low, high] = [0, faces.length];
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((faces[middle]?.timeS ?? 0) <= timeS) low = middle + 1;
		else high = middle;
	}
	return low - 1;
}
