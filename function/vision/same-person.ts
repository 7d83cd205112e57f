import type { Box } from '../contract/report.ts';

/** The result of comparing two people: one person, two, or unclear. */
export type Sameness = 'same' | 'unclear' | 'different';

/** The distance of two people by their key faces, and what it means. */
export type Match = { readonly distance: number; readonly sameness: Sameness };

/**
 * Distance up to which two people from two files are the same, and from which they are different; in between it is unclear. Set by
 * `npm run same-person` (models/export/README.md), which compares genuine videos with manipulated ones of the same people.
 */
export const sameUpTo = 0.4;
/** See sameUpTo. */
export const differentFrom = 0.6;

/** The box of a face in its key picture of `size` px, which shows the square `crop` of the frame. */
export function faceInCrop(face: Box, crop: Box, size: number): Box {
	const scale = size / crop.width;
	return {
		x: (face.x - crop.x) * scale,
		y: (face.y - crop.y) * scale,
		width: face.width * scale,
		height: face.height * scale,
	};
}

/** Compares two people by the Euclidean distance between the means of their key faces' descriptors, one or more each. */
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
