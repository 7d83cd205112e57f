import type { Quality, Reason } from '../contract/report.ts';

/** Smallest face that counts, in px of the longer side: a 160 px crop of a smaller face is mostly interpolation. */
const minFacePx = 48;

/**
 * Lowest sharpness that counts: variance of the 4-neighbour Laplacian of luma 0..1 over the inner half of the crop at 160 px.
 * Measured on 105 crops of the dev set: unchanged crops have 1.6e-4 at the 1st percentile; shrunk to 64 px and enlarged again (small but honest
 * faces) 7.4e-5; blurred with a Gaussian of 3 px, 3.6e-5 at the 95th percentile. Such a blur removes brows, eyes and mouth, and the evidence
 * with them. A larger crop is shrunk by area instead of being cut again: on 52 crops that gave .87 of the sharpness for sharp faces, 1.03 for
 * faces blurred by 3 px, and the same faces fell below the threshold.
 */
const minSharpness = 4e-5;

/** Largest share of a face's box, 0..1, that may lie outside the picture; with more than two fifths missing, an eye or the mouth is gone. */
const maxOutside = 0.4;

/** Threshold for covered and drawn faces. The model's outputs are scaled so that genuine and manipulated faces stay below it (models/README.md). */
const coverThreshold = 0.5;

/** Why a face is excluded, or null if it counts. Checked in the order size, position, drawn, covered, blur; the first match is returned. */
export function exclusionReason(quality: Quality): Reason | null {
	if (quality.sizePx < minFacePx) return 'face-too-small';
	if (quality.outside > maxOutside) return 'face-outside-picture';
	if ((quality.drawn ?? 0) > coverThreshold) return 'not-photographic';
	if ((quality.covered ?? 0) > coverThreshold) return 'face-covered';
	if (quality.sharpness < minSharpness) return 'face-too-blurred';
	return null;
}
