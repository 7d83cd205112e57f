import type { Box } from '../contract/report.ts';

/** What the descriptors of two people say: one person, two, or too near to tell. */
export type Sameness = 'same' | 'unclear' | 'different';

/** How far two people are apart by their key faces, and what that says. */
export type Match = { readonly distance: number; readonly sameness: Sameness };

/**
 * Distances up to which two people of two files are one, and from which they are two; between them it cannot be told. Set by
 * `npm run same-person` (models/export/README.md), which compares genuine videos with manipulated ones of the same people.
 */
export const sameUpTo = 0.4;
/** See sameUpTo. */
export const differentFrom = 0.6;

/** Where a face lies in its key picture of `size` px, which shows the square `crop` of the frame. */
export function faceInCrop(face: Box, crop: Box, size: number): Box {
	const scale = size / crop.width;
	return {
		x: (face.x - crop.x) * scale,
		y: (face.y - crop.y) * scale,
		width: face.width * scale,
		height: face.height * scale,
	};
}

/** Compares the descriptors of the key faces of two people, one or more each: the Euclidean distance between their means. */
export function matchPeople(a: readonly Float32Array[], b: readonly Float32Array[]): Match {
	const [from, to] = [meanOf(a), meanOf(b)];
	const distance = Math.sqrt(from.reduce((sum, value, i) => sum + (value - (to[i] ?? 0)) ** 2, 0));
	return { distance, sameness: distance <= sameUpTo ? 'same' : distance < differentFrom ? 'unclear' : 'different' };
}

const meanOf = (descriptors: readonly Float32Array[]): number[] =>
	Array.from(
		descriptors[0] ?? [],
		(_, i) => descriptors.reduce((sum, values) => sum + (values[i] ?? 0), 0) / descriptors.length,
	);
