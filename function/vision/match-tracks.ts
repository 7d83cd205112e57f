import type { Box } from '../contract/report.ts';
import { iou } from './geometry.ts';

/** A face of a track at a point in time. */
export type Placed = { readonly timeS: number; readonly box: Box };

/** Overlap (IoU) above which a face of the second pass belongs to a track of the first; the two may be a step apart in time. */
const sameIou = 0.2;

/** The first-pass track whose face nearest in time, at most `withinS` away, overlaps this face most; null if the person was not seen. */
export function matchTrack(
	face: Placed,
	first: readonly { readonly trackId: number; readonly faces: readonly Placed[] }[],
	withinS: number,
): number | null {
	const overlaps = first.map(({ trackId, faces }) => {
		const near = nearest(faces, face.timeS);
		const isNear = near !== null && Math.abs(near.timeS - face.timeS) <= withinS;
		return { trackId, overlap: isNear ? iou(near.box, face.box) : 0 };
	});
	const best = overlaps.toSorted((a, b) => b.overlap - a.overlap)[0];
	return best && best.overlap > sameIou ? best.trackId : null;
}

function nearest(faces: readonly Placed[], timeS: number): Placed | null {
	return faces.reduce<Placed | null>(
		(best, face) => (best && Math.abs(best.timeS - timeS) <= Math.abs(face.timeS - timeS) ? best : face),
		null,
	);
}
