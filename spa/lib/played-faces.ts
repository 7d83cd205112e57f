import { type FaceAt, furtherTurnOf } from '../../function/answer/faces-at.ts';
import type { Box, Report } from '../../function/contract/report.ts';

type Turned = Pick<Report, 'video' | 'coverage'>;

/** The size of the picture as a player shows it, in px. */
export function playedSize(report: Turned): { readonly width: number; readonly height: number } {
	const { width, height } = report.video;
	return furtherTurnOf(report) % 180 === 0 ? { width, height } : { width: height, height: width };
}

/** Faces with their boxes in the picture as a player shows it. */
export function playedFaces(faces: readonly FaceAt[], report: Turned): readonly FaceAt[] {
	const degrees = furtherTurnOf(report);
	return degrees === 0 ? faces : faces.map((face) => ({ ...face, box: turnedBack(face.box, report.video, degrees) }));
}

/** A box of a picture that was rotated clockwise, mapped back to the picture before the rotation. */
function turnedBack({ x, y, width, height }: Box, turned: Report['video'], degrees: number): Box {
	const [right, below] = [turned.width - x - width, turned.height - y - height];
	if (degrees === 180) return { x: right, y: below, width, height };
	return degrees === 90
		? { x: y, y: right, width: height, height: width }
		: { x: below, y: x, width: height, height: width };
}
