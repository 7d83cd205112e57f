import type { Box } from '../contract/report.ts';
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
/** Score from which the finder alone is believed; a new face below it is looked at again in its surroundings, enlarged. */
const CERTAIN_SCORE = 0.87;
/** Side of those surroundings as a multiple of the face's longer side, and what it is scaled to, px. */
const SURROUNDINGS = 6;
const SURROUNDINGS_SIDE = 320;
/** Faces that are looked at again in one frame, at most, and the smallest, px: smaller ones are not judged. */
const MOST_AGAIN = 12;
const AGAIN_FROM_PX = 36;
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
		return this.#known.some(({ box }) => scale * longerSide(box) < SMALL_PX);
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
		const all = (await this.#detect(frame, { finder: side, minScore: KNOWN_FACE_SCORE })).map(byFinder);
		const wide = all.filter(({ score }) => score >= NEW_FACE_SCORE);
		const seen = quick.flatMap((face) => {
			const other = wide.find((candidate) => isSame(face, candidate)) ?? null;
			const finderScore = other?.score ?? 0;
			return this.#isCredible(face, other) ? [{ ...face, score: Math.max(face.score, finderScore), finderScore }] : [];
		});
		const added = await this.#confirmed(frame, withoutParts(all, seen));
		if (seen.length + added.length > 0) return [...seen, ...added];
		// a face that fills the picture is too large for the wide pass
		return this.#believed((await this.#detect(frame, { finder: FILLED_SIDE, minScore: NEW_FACE_SCORE })).map(byFinder));
	}

	/** The faces that are known, certain, or found again in their surroundings; best first. */
	async #confirmed(frame: Frame, faces: readonly Face[]): Promise<Face[]> {
		const kept: Face[] = [];
		let again = 0;
		for (const face of faces) {
			const side = Math.round(SURROUNDINGS * longerSide(face.box));
			const mayAgain = longerSide(face.box) >= AGAIN_FROM_PX && side <= Math.max(frame.width, frame.height);
			if (this.#isKnown(face) || face.score >= (mayAgain ? CERTAIN_SCORE : SURE_SCORE)) kept.push(face);
			else if (mayAgain && again++ < MOST_AGAIN && (await this.#isFoundAgain(frame, face, side))) kept.push(face);
		}
		return kept;
	}

	async #isFoundAgain(frame: Frame, face: Face, side: number): Promise<boolean> {
		const { part, x, y } = surroundings(frame, face.box, side);
		const found = await this.#detect(part, { finder: SURROUNDINGS_SIDE, minScore: SURE_SCORE });
		return found.some(({ box, score }) => isSame({ score, box: { ...box, x: box.x + x, y: box.y + y } }, face));
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

/** A square of `side` px around a box, moved and cut to lie within the frame. */
function surroundings(frame: Frame, box: Box, side: number): { part: Frame; x: number; y: number } {
	const [width, height] = [Math.min(side, frame.width), Math.min(side, frame.height)];
	const place = (middle: number, length: number, most: number) =>
		Math.max(0, Math.min(most - length, Math.round(middle - length / 2)));
	const x = place(box.x + box.width / 2, width, frame.width);
	const y = place(box.y + box.height / 2, height, frame.height);
	const rgb = new Uint8Array(3 * width * height);
	for (let row = 0; row < height; row++) {
		const from = 3 * ((y + row) * frame.width + x);
		rgb.set(frame.rgb.subarray(from, from + 3 * width), 3 * row * width);
	}
	return { part: { index: frame.index, timeS: frame.timeS, width, height, rgb }, x, y };
}

const byFinder = (face: Face): Face => ({ ...face, finderScore: face.score });

const longerSide = ({ width, height }: Box) => Math.max(width, height);

/** Those that are no part of another face and not the same. */
const withoutParts = (faces: readonly Face[], others: readonly Face[]): Face[] =>
	faces.filter((face) => !others.some((other) => isSame(face, other) || isInside(face, other)));

const isSame = (a: Face, b: Face) => iou(a.box, b.box) > SAME_FACE_IOU;

const isInside = ({ box }: Face, { box: whole }: Face) =>
	area(intersectBoxes(box, whole)) > SAME_FACE_INSIDE * Math.min(area(box), area(whole));
