import type { Box } from '../../function/contract/report.ts';
import type { Match } from '../../function/vision/same-person.ts';

/** A key face of a report: its picture as a base64 JPEG, the square of the frame that it shows, and the face in px of the frame. */
export type KeyFace = { readonly jpegBase64: string; readonly crop: Box; readonly face: Box };

/** Asks how far each person of one report is from each of another; a person is one or more key faces. */
export type ToMatcher = {
	readonly modelsUrl: string;
	readonly first: readonly (readonly KeyFace[])[];
	readonly second: readonly (readonly KeyFace[])[];
};

/** A match for each of the second's people in a row for each of the first's, or why there is none. */
export type FromMatcher =
	| { readonly type: 'matches'; readonly matches: readonly (readonly Match[])[] }
	| { readonly type: 'failed'; readonly code: string };
