import type { DetectedFrame, Face, Frame } from '../values.ts';
import { iou } from './geometry.ts';

/** One pass of the detector over a frame; see model/operators.ts. */
export type Detect = (frame: Frame, options: { side: 256 | 512; margin: number; minScore: number }) => Promise<Face[]>;

/** Seconds between two detector frames; positions in between are interpolated. A talking head moves less than a third of its width in it. */
const DETECT_EVERY_S = 0.35;
/** Every n-th detector frame is also looked at closely (512 px), for new small faces. */
const CLOSE_LOOK_EVERY = 12;
/** Score from which one look is enough for a new face. Things that are none (a glass bowl, a poster) reached .67 in one look on the dev videos, faces nearly always more. */
const SURE_SCORE = 0.8;
/** Score that a new face needs at least; both looks must see it then. face-api's own default is .5. */
const NEW_FACE_SCORE = 0.5;
/** Score that suffices for the second look, and where a face was in the detector frame before. */
const KNOWN_FACE_SCORE = 0.3;
/** Overlap (IoU) from which two boxes are taken for one face. */
const SAME_FACE_IOU = 0.3;
/** Border for pictures that a face fills: finds 98.6 % of the dev-set crops, half as much 87 %, half more 83 % (models/export/README.md). */
const FILLED_MARGIN = 1;

/**
 * Finds all faces on some of the frames (`faces` is null on the others), at least on the first and the last.
 *
 * Most looks are quick ones at 256 px; close ones at 512 px follow at intervals and as long as they find faces that the quick look misses.
 * A clip without any face so far is also tried with a border, for pictures that are already face crops.
 */
export async function* detectFaces(frames: AsyncIterable<Frame>, look: Detect): AsyncGenerator<DetectedFrame, void> {
	const detector = createDetectorPolicy(look);
	let held: Frame | null = null;
	let lastS = Number.NEGATIVE_INFINITY;
	for await (const frame of frames) {
		if (held) yield { frame: held, faces: null };
		held = null;
		if (frame.timeS - lastS < DETECT_EVERY_S) {
			held = frame;
			continue;
		}
		lastS = frame.timeS;
		yield { frame, faces: await detector(frame) };
	}
	if (held) yield { frame: held, faces: await detector(held) };
}

function createDetectorPolicy(look: Detect): (frame: Frame) => Promise<Face[]> {
	let passes = 0;
	let known: readonly Face[] = [];
	let smallFaces = false;
	let filled = false;
	let anyFace = false;

	return async (frame) => {
		const scheduled = passes % CLOSE_LOOK_EVERY === 0;
		passes++;
		let faces = filled ? [] : await lookAt(frame, scheduled || smallFaces);
		if (filled || (scheduled && !anyFace && faces.length === 0)) {
			faces = await look(frame, { side: 512, margin: FILLED_MARGIN, minScore: NEW_FACE_SCORE });
			filled = faces.length > 0;
		}
		anyFace ||= faces.length > 0;
		known = faces;
		return faces;
	};

	/** A quick look, and a close one where it is due or the quick one is in doubt about a new face. */
	async function lookAt(frame: Frame, due: boolean): Promise<Face[]> {
		const quick = await look(frame, { side: 256, margin: 0, minScore: KNOWN_FACE_SCORE });
		const doubtful = (face: Face) => !isKnown(face) && face.score >= NEW_FACE_SCORE && face.score < SURE_SCORE;
		if (!due && !quick.some(doubtful)) return quick.filter((face) => isKnown(face) || face.score >= SURE_SCORE);
		const close = await look(frame, { side: 512, margin: 0, minScore: KNOWN_FACE_SCORE });
		const only = close.filter((face) => !quick.some((other) => isSame(face, other)) && isCredible(face, null));
		smallFaces = only.length > 0;
		const both = quick.filter((face) => isCredible(face, close.find((other) => isSame(face, other)) ?? null));
		return [...both, ...only];
	}

	function isKnown(face: Face): boolean {
		return known.some((other) => isSame(face, other));
	}

	/** Whether a face is believed, given what the other look saw in its place. */
	function isCredible(face: Face, other: Face | null): boolean {
		const best = Math.max(face.score, other?.score ?? 0);
		return isKnown(face) || best >= SURE_SCORE || (other !== null && best >= NEW_FACE_SCORE);
	}
}

const isSame = (a: Face, b: Face) => iou(a.box, b.box) > SAME_FACE_IOU;
