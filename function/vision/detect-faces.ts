import type { DetectedFrame, Face, Frame } from '../values.ts';
import { iou } from './geometry.ts';

/** One look of the detector at a frame; see model/operators.ts. */
type Look = (frame: Frame, options: { side: 256 | 512; margin: number; minScore: number }) => Promise<Face[]>;

/** Seconds between two detector frames; positions in between are interpolated. A talking head moves less than a third of its width in it. */
const DETECT_EVERY_S = 0.35;
/** Every n-th detector frame is also looked at closely (512 px), for new small faces. */
const CLOSE_LOOK_EVERY = 8;
/** Score that a new face needs; face-api's own default is .5. */
const NEW_FACE_SCORE = 0.5;
/** Score that suffices where a face was in the detector frame before. */
const KNOWN_FACE_SCORE = 0.3;
/** Overlap (IoU) from which two boxes are taken for one face. */
const SAME_FACE_IOU = 0.4;
/** Border for pictures that a face fills: dev-set crops found with 0 / .5 / 1 / 1.5 of it: 50, 87, 99, 83 % (models/export/README.md). */
const FILLED_MARGIN = 1;

/**
 * Finds all faces on some of the frames (`faces` is null on the others), at least on the first and the last.
 *
 * Most looks are quick ones at 256 px; close ones at 512 px follow at intervals and as long as they find faces that the quick look misses.
 * A clip without any face so far is also tried with a border, for pictures that are already face crops.
 */
export async function* detectFaces(frames: AsyncIterable<Frame>, look: Look): AsyncGenerator<DetectedFrame, void> {
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

function createDetectorPolicy(look: Look): (frame: Frame) => Promise<Face[]> {
	let passes = 0;
	let known: readonly Face[] = [];
	let smallFaces = false;
	let filled = false;
	let anyFace = false;

	return async (frame) => {
		const close = passes % CLOSE_LOOK_EVERY === 0 || smallFaces;
		passes++;
		const faces = filled ? [] : await lookAt(frame, close);
		if (faces.length === 0 && (filled || (close && !anyFace))) {
			faces.push(...credible(await look(frame, { side: 512, margin: FILLED_MARGIN, minScore: KNOWN_FACE_SCORE })));
			filled = faces.length > 0;
		}
		anyFace ||= faces.length > 0;
		known = faces;
		return faces;
	};

	async function lookAt(frame: Frame, close: boolean): Promise<Face[]> {
		const faces = credible(await look(frame, { side: 256, margin: 0, minScore: KNOWN_FACE_SCORE }));
		if (!close) return faces;
		const closely = credible(await look(frame, { side: 512, margin: 0, minScore: KNOWN_FACE_SCORE }));
		const small = closely.filter((face) => !faces.some((other) => iou(face.box, other.box) > 0.1));
		smallFaces = small.length > 0;
		return [...faces, ...small];
	}

	function credible(faces: readonly Face[]): Face[] {
		return faces.filter(
			({ box, score }) => score >= NEW_FACE_SCORE || known.some((face) => iou(face.box, box) > SAME_FACE_IOU),
		);
	}
}
