import type { FaceEntry } from '../contract/report.ts';

type Sample = Pick<FaceEntry, 'frameIndex' | 'timeS' | 'secondPass'>;

/** The faces of the first pass, which are evenly spaced; all faces if there are fewer than `least` of those. */
export function evenly<F extends Pick<FaceEntry, 'secondPass'>>(faces: readonly F[], least: number): readonly F[] {
	const first = faces.filter((face) => !face.secondPass);
	return first.length >= least ? first : faces;
}

/** The median time between two frames of the first pass over people's neighbouring faces, seconds; 0 if nobody has two faces. */
export function usualStepS(people: readonly (readonly Sample[])[]): number {
	const steps = people.flatMap((faces) => {
		const some = evenly(faces, 2);
		return some.slice(1).map((face, i) => {
			const before = some[i] as Sample;
			const frames = face.secondPass || before.secondPass ? 1 : face.frameIndex - before.frameIndex;
			return (face.timeS - before.timeS) / Math.max(1, frames);
		});
	});
	return steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
}
