import type { DetectedFrame, Face, Frame } from '../values.ts';
import { area, intersectBoxes, iou } from './geometry.ts';

/** One pass over a frame, of the detector (`side`) or of the finder; see model/operators.ts. */
export type DetectionPass =
	| { readonly side: 256 | 512; readonly margin: number; readonly minScore: number }
	| { readonly finder: number; readonly minScore: number };
/** Runs one pass. */
export type Detect = (frame: Frame, pass: DetectionPass) => Promise<Face[]>;

/** Seconds between two detector frames; positions in between are interpolated. A talking head moves less than a third of its width in it. */
const DETECT_EVERY_S = 0.35;
/** Every n-th detector frame also gets the finder's passes, for faces that the detector misses: small, dark, turned aside. */
const CLOSE_PASS_EVERY = 12;
/** So does a frame this long after the one before: what was seen there says nothing of it. */
const APART_S = 2;
/** The finder's sides, px: for faces that fill the picture, for usual passes, and at most where small faces are looked for. */
const FILLED_SIDE = 160;
const USUAL_SIDE = 640;
const MOST_SIDE = 1280;
/** A known face smaller than this at the usual side is lost there: YuNet finds few under 20 px. */
const SMALL_PX = 32;
/** Score from which one pass is enough for a new face. Things that are none (a glass bowl, a poster) reached .67 in one pass on the dev videos, faces nearly always more. */
const SURE_SCORE = 0.8;
/** Score that a new face needs at least; both networks must see it then. face-api's own default is .5. */
const NEW_FACE_SCORE = 0.5;
/** Score that suffices for the second pass, and where a face was in the detector frame before. */
const KNOWN_FACE_SCORE = 0.3;
/** Overlap (IoU) from which two boxes are taken for one face. */
const SAME_FACE_IOU = 0.3;
/** Share of the smaller box inside of the other from which they are: the finder takes parts of a very large face for faces. */
const SAME_FACE_INSIDE = 0.7;

/**
 * Finds all faces on some of the frames (`faces` is null on the others), at least on the first and the last.
 *
 * Most passes are quick ones of the detector at 256 px. The finder's follow where the detector sees none, has lost a face that was there, or is in doubt
 * about one, at intervals, and where frames are far apart; at the frame's own size where small faces are to be expected.
 */
export async function* detectFaces(frames: AsyncIterable<Frame>, detect: Detect): AsyncGenerator<DetectedFrame, void> {
	const detector = new DetectionPolicy(detect);
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
		yield { frame, faces: await detector.facesIn(frame) };
	}
	if (held) yield { frame: held, faces: await detector.facesIn(held) };
}

/** Decides which passes a frame gets, and which of the faces are believed. */
class DetectionPolicy {
	readonly #detect: Detect;
	#passes = 0;
	#known: readonly Face[] = [];
	#lastS = Number.NEGATIVE_INFINITY;

	constructor(detect: Detect) {
		this.#detect = detect;
	}

	async facesIn(frame: Frame): Promise<Face[]> {
		const isDue = this.#passes++ % CLOSE_PASS_EVERY === 0 || frame.timeS - this.#lastS > APART_S;
		this.#lastS = frame.timeS;
		const quick = await this.#detect(frame, { side: 256, margin: 0, minScore: KNOWN_FACE_SCORE });
		const side = isDue || this.#hasSmall(frame) ? mostSide(frame) : USUAL_SIDE;
		this.#known =
			isDue || this.#needsFinder(quick) ? await this.#withFinder(frame, quick, side) : this.#believed(quick);
		return [...this.#known];
	}

	#hasSmall(frame: Frame): boolean {
		const scale = USUAL_SIDE / Math.max(frame.width, frame.height);
		return this.#known.some(({ box }) => scale * Math.max(box.width, box.height) < SMALL_PX);
	}

	#needsFinder(quick: readonly Face[]): boolean {
		const isDoubtful = (face: Face) => !this.#isKnown(face) && face.score >= NEW_FACE_SCORE && face.score < SURE_SCORE;
		const isLost = (face: Face) => !quick.some((other) => isSame(face, other));
		return this.#believed(quick).length === 0 || quick.some(isDoubtful) || this.#known.some(isLost);
	}

	/** Faces of one pass alone. */
	#believed(faces: readonly Face[]): Face[] {
		return faces.filter((face) => this.#isKnown(face) || face.score >= SURE_SCORE);
	}

	async #withFinder(frame: Frame, quick: readonly Face[], side: number): Promise<Face[]> {
		const wide = await this.#detect(frame, { finder: side, minScore: NEW_FACE_SCORE });
		const seen = quick.flatMap((face) => {
			const other = wide.find((candidate) => isSame(face, candidate)) ?? null;
			return this.#isCredible(face, other) ? [{ ...face, score: Math.max(face.score, other?.score ?? 0) }] : [];
		});
		const added = withoutParts(this.#believed(wide), seen);
		if (seen.length + added.length > 0) return [...seen, ...added];
		// a face that fills the picture is too large for the wide pass
		return this.#believed(await this.#detect(frame, { finder: FILLED_SIDE, minScore: NEW_FACE_SCORE }));
	}

	#isKnown(face: Face): boolean {
		return this.#known.some((other) => isSame(face, other));
	}

	/** Whether a face of the detector is believed, given what the finder saw in its place. */
	#isCredible(face: Face, other: Face | null): boolean {
		const best = Math.max(face.score, other?.score ?? 0);
		return this.#isKnown(face) || best >= SURE_SCORE || (other !== null && best >= NEW_FACE_SCORE);
	}
}

/** The frame's own longer side, within what the finder's passes may cost. */
const mostSide = ({ width, height }: Frame): number =>
	Math.min(MOST_SIDE, Math.max(USUAL_SIDE, 32 * Math.ceil(Math.max(width, height) / 32)));

/** Those that are no part of another face and not the same. */
const withoutParts = (faces: readonly Face[], others: readonly Face[]): Face[] =>
	faces.filter((face) => !others.some((other) => isSame(face, other) || isInside(face, other)));

const isSame = (a: Face, b: Face) => iou(a.box, b.box) > SAME_FACE_IOU;

const isInside = ({ box }: Face, { box: whole }: Face) =>
	area(intersectBoxes(box, whole)) > SAME_FACE_INSIDE * Math.min(area(box), area(whole));
