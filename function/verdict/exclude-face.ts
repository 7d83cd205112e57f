import type { Quality, Reason } from '../contract.ts';

/** Smallest face that is judged, px of the longer side: below it a crop of 160 px is mostly interpolation (design.md, decision on tracks). */
export const minFacePx = 48;

/**
 * Least sharpness that is judged: variance of the 4-neighbour Laplacian of luma 0..1 on the crop at 160 px.
 * Measured on 105 crops of the dev set: honest crops shrunk to 64 px and enlarged again keep 9.1e-5 at their 5th percentile,
 * crops blurred with a Gaussian of 2 px have a median of 6.2e-5 and of 3 px at most 4.5e-5 at their 95th.
 */
export const minSharpness = 6e-5;

/** Largest share of a face's box outside of the picture that is judged, 0..1; with more than two fifths gone an eye or the mouth is missing. */
export const maxOutside = 0.4;

/** Why a face is not judged, or null when it counts; the first of size, place, blur that applies. */
export function exclusionReason(quality: Quality): Reason | null {
	if (quality.sizePx < minFacePx) return 'face-too-small';
	if (quality.outside > maxOutside) return 'face-outside-picture';
	if (quality.sharpness < minSharpness) return 'face-too-blurred';
	return null;
}
