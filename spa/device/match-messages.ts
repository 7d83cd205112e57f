import type { Box } from '../../function/contract/report.ts';
import type { Match } from '../../function/vision/same-person.ts';

/** A key face of a report: its picture as a base64 JPEG, the square of the frame it shows, and the face, both in px of the frame. */
export type KeyFace = { readonly jpegBase64: string; readonly crop: Box; readonly face: Box };

/** Asks for the distances between the people of two reports; a person is one or more key faces. */
export type ToMatcher = {
	readonly modelsUrl: string;
	readonly first: readonly (readonly KeyFace[])[];
	readonly second: readonly (readonly KeyFace[])[];
};

/** One row per person of the first report with a match for each person of the second; or why it failed. */
export type FromMatcher =
	| { readonly type: 'matches'; readonly matches: readonly (readonly Match[])[] }
	| { readonly type: 'failed'; readonly code: string };
