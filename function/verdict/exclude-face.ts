import type { Quality, Reason } from '../contract/report.ts';

/** Smallest face that is judged, px of the longer side: below it a crop of 160 px is mostly interpolation. */
const minFacePx = 48;

/**
 * Least sharpness that is judged: variance of the 4-neighbour Laplacian of luma 0..1 over the inner half of the crop at 160 px.
 * Measured on 105 crops of the dev set: as they are, 1.6e-4 at the 1st percentile; shrunk to 64 px and enlarged again (small but honest
 * faces) 7.4e-5; blurred with a Gaussian of 3 px 3.6e-5 at the 95th. Brows, eyes and mouth are then gone, and with them what is judged.
 * A larger crop is shrunk by area instead of being cut again: on 52 of them .87 of that for sharp faces, 1.03 for those blurred by 3 px, the same ones
 * below the limit.
 */
const minSharpness = 4e-5;

/** Largest share of a face's box outside of the picture that is judged, 0..1; with more than two fifths gone an eye or the mouth is missing. */
const maxOutside = 0.4;

/** From here on the reader of covered and drawn faces is believed: its numbers are scaled so that genuine and manipulated faces stay below (models/README.md). */
const coverLimit = 0.5;

/** Why a face is not judged, or null when it counts; the first of size, place, kind, cover, blur that applies. */
export function exclusionReason(quality: Quality): Reason | null {
	if (quality.sizePx < minFacePx) return 'face-too-small';
	if (quality.outside > maxOutside) return 'face-outside-picture';
	if ((quality.drawn ?? 0) > coverLimit) return 'not-photographic';
	if ((quality.covered ?? 0) > coverLimit) return 'face-covered';
	if (quality.sharpness < minSharpness) return 'face-too-blurred';
	return null;
}
