import type { Box } from '../contract/report.ts';
import type { DetectedFrame, Face, Frame } from '../values.ts';
import { area, intersectBoxes, iou } from './geometry.ts';

/** One pass of the detector over a frame. */
export type DetectorPass = {
	/** Side of the square that the frame is scaled into, px: 512 is the original network; 256 takes a quarter of the time, for faces of twice the size. */
	readonly side: 256 | 512;
	/** Black border added on each side, as a multiple of the frame's longer side. */
	readonly margin: number;
	/** Lowest score returned, 0..1. */
	readonly minScore: number;
};
/** One pass of the finder over a frame. */
export type FinderPass = {
	/** Length that the frame's longer side is scaled to, px, a multiple of 32: 1280 for small faces, 160 for faces that fill the frame. */
	readonly finder: number;
	/** Lowest score returned, 0..1. */
	readonly minScore: number;
};
/** One detection pass. */
export type DetectionPass = DetectorPass | FinderPass;
/** Runs one pass and returns the faces, best first; boxes in px of the frame, as the detector draws them. */
export type Detect = (frame: Frame, pass: DetectionPass) => Promise<Face[]>;

/** Seconds between two detector frames; boxes in between are interpolated. A talking head moves less than a third of its width in that time. */
const DETECT_EVERY_S = 0.35;
/** The finder also runs on every n-th detector frame, for faces that the detector misses: small, dark or turned away. */
const FINDER_EVERY = 12;
/** The finder also runs on a frame that follows the previous one by more than this, seconds: the known faces say nothing about it. */
const GAP_S = 2;
/** Sides of the finder's passes, px: for faces that fill the picture, by default, and the maximum for small faces. */
const FILLED_SIDE = 160;
const DEFAULT_SIDE = 640;
const MAX_SIDE = 1280;
/** Known faces smaller than this at the default side need a larger one: YuNet finds few faces under 20 px. */
const SMALL_PX = 32;
/**
 * Score at which one pass is enough for a new face. On the dev videos, other objects (a glass bowl, a poster) reached .67 in one
 * pass; faces nearly always score higher.
 */
const SURE_SCORE = 0.8;
/** Lowest score of a new face, if both networks see it. face-api's default is .5. */
const NEW_FACE_SCORE = 0.5;
/** Lowest score of a face that was there in the previous detector frame, and of a candidate that is checked again. */
const KNOWN_FACE_SCORE = 0.3;
/** Score at which the finder alone is enough; a new face below it is checked again in an enlarged crop of its surroundings. */
const CERTAIN_SCORE = 0.87;
/** Side of that crop as a multiple of the face's longer side, and the side that it is scaled to, px. */
const SURROUNDINGS = 6;
const SURROUNDINGS_SIDE = 320;
/** Most faces per frame that are checked again, and the smallest such face, px: smaller ones are not judged. */
const MAX_RECHECKS = 12;
const MIN_RECHECK_PX = 36;
/** Two boxes that overlap by more than this (IoU) are the same face. */
const SAME_FACE_IOU = 0.3;
/** So are two boxes if more than this share of the smaller one lies inside the other: the finder mistakes parts of a very large face for faces. */
const SAME_FACE_INSIDE = 0.7;

/**
 * Finds all faces on some of the frames, always including the first and the last; `faces` is null on the others.
 *
 * Most passes are quick passes of the detector at 256 px. The finder also runs if the detector finds no face, loses a known one or is
 * in doubt about one, at regular intervals, and if frames are far apart. It runs at the frame's own size if small faces are likely.
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

/** Decides which passes a frame gets and which faces are accepted. */
class DetectionPolicy {
	readonly #detect: Detect;
	#passes = 0;
	#known: readonly Face[] = [];
	#lastS = Number.NEGATIVE_INFINITY;

	constructor(detect: Detect) {
		this.#detect = detect;
	}

	async facesIn(frame: Frame): Promise<Face[]> {
		const isDue = this.#passes++ % FINDER_EVERY === 0 || frame.timeS - this.#lastS > GAP_S;
		this.#lastS = frame.timeS;
		const quick = await this.#detect(frame, { side: 256, margin: 0, minScore: KNOWN_FACE_SCORE });
		const side = isDue || this.#hasSmall(frame) ? maxSide(frame) : DEFAULT_SIDE;
		this.#known =
			isDue || this.#needsFinder(quick) ? await this.#withFinder(frame, quick, side) : this.#accepted(quick);
		return [...this.#known];
	}

	#hasSmall(frame: Frame): boolean {
		const scale = DEFAULT_SIDE / Math.max(frame.width, frame.height);
		return this.#known.some(({ box }) => scale * longerSide(box) < SMALL_PX);
	}

	#needsFinder(quick: readonly Face[]): boolean {
		const isDoubtful = (face: Face) => !this.#isKnown(face) && face.score >= NEW_FACE_SCORE && face.score < SURE_SCORE;
		const isLost = (face: Face) => !quick.some((other) => isSame(face, other));
		return this.#accepted(quick).length === 0 || quick.some(isDoubtful) || this.#known.some(isLost);
	}

	/** The faces for which one pass is enough. */
	#accepted(faces: readonly Face[]): Face[] {
		return faces.filter((face) => this.#isKnown(face) || face.score >= SURE_SCORE);
	}

	async #withFinder(frame: Frame, quick: readonly Face[], side: number): Promise<Face[]> {
		const all = (await this.#detect(frame, { finder: side, minScore: KNOWN_FACE_SCORE })).map(byFinder);
		const wide = all.filter(({ score }) => score >= NEW_FACE_SCORE);
		const confirmed = quick.flatMap((face) => {
			const other = wide.find((candidate) => isSame(face, candidate)) ?? null;
			const finderScore = other?.score ?? 0;
			return this.#isCredible(face, other) ? [{ ...face, score: Math.max(face.score, finderScore), finderScore }] : [];
		});
		const added = await this.#recheck(frame, withoutParts(all, confirmed));
		if (confirmed.length + added.length > 0) return [...confirmed, ...added];
		// a face that fills the picture is too large for the wide pass
		return this.#accepted((await this.#detect(frame, { finder: FILLED_SIDE, minScore: NEW_FACE_SCORE })).map(byFinder));
	}

	/** The faces that are known, certain, or found again in a crop of their surroundings; best first. */
	async #recheck(frame: Frame, faces: readonly Face[]): Promise<Face[]> {
		const kept: Face[] = [];
		let rechecks = 0;
		for (const face of faces) {
			const side = Math.round(SURROUNDINGS * longerSide(face.box));
			const canRecheck = longerSide(face.box) >= MIN_RECHECK_PX && side <= Math.max(frame.width, frame.height);
			if (this.#isKnown(face) || face.score >= (canRecheck ? CERTAIN_SCORE : SURE_SCORE)) kept.push(face);
			else if (canRecheck && rechecks++ < MAX_RECHECKS && (await this.#isFoundAgain(frame, face, side)))
				kept.push(face);
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

	/** Whether a face of the detector is accepted, given the finder's face in the same place. */
	#isCredible(face: Face, other: Face | null): boolean {
		const best = Math.max(face.score, other?.score ?? 0);
		return this.#isKnown(face) || best >= SURE_SCORE || (other !== null && best >= NEW_FACE_SCORE);
	}
}

/** The frame's own longer side, rounded up to a multiple of 32 and kept within the finder's sides. */
const maxSide = ({ width, height }: Frame): number =>
	Math.min(MAX_SIDE, Math.max(DEFAULT_SIDE, 32 * Math.ceil(Math.max(width, height) / 32)));

/** A square of `side` px around a box, moved and cropped to lie within the frame. */
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

/** The faces that are neither the same as one of the others nor part of one. */
const withoutParts = (faces: readonly Face[], others: readonly Face[]): Face[] =>
	faces.filter((face) => !others.some((other) => isSame(face, other) || isInside(face, other)));

const isSame = (a: Face, b: Face) => iou(a.box, b.box) > SAME_FACE_IOU;

const isInside = ({ box }: Face, { box: whole }: Face) =>
	area(intersectBoxes(box, whole)) > SAME_FACE_INSIDE * Math.min(area(box), area(whole));
