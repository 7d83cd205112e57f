import type { DetectedFrame, Frame } from '../values.ts';
import type { Detect } from './detect-faces.ts';

/** Clockwise quarter turns to try, the likelier ones first. */
const turns = [90, 270, 180] as const;
/** Indices of the frames that are kept: the first and some later ones at growing distances. */
const keptFrames = new Set([0, 4, 12, 28]);
/** Lowest score of a face in a turned frame if no face was found in the unturned frames. */
const sureScore = 0.8;
/** Finder score of a face at which no turn is needed. The detector's score does not help: large sideways faces reach .96 there. */
const uprightScore = 0.9;
/**
 * If faces were found in the unturned frames, a turned face has to reach this score and exceed theirs by this much: the finder
 * scored sideways faces .80, the same faces upright .95.
 */
const clearScore = 0.88;
const clearGain = 0.06;
/** Lowest finder score that is compared. */
const lowestScore = 0.5;

/** Finds the orientation of a clip that shows no faces, or only doubtful ones: keeps a few frames and runs the finder on them turned. */
export class TurnFinder {
	readonly #detect: Detect;
	#kept: Frame[] = [];
	#hasUprightFace = false;
	#hasFace = false;
	#isDone = false;

	constructor(detect: Detect) {
		this.#detect = detect;
	}

	/** Passes the frames through and copies the ones to keep, until a turn has been looked for. */
	async *watch(frames: AsyncIterable<DetectedFrame>): AsyncGenerator<DetectedFrame, void> {
		for await (const detected of frames) {
			const faces = detected.faces ?? [];
			this.#hasUprightFace ||= faces.some(({ finderScore = 0 }) => finderScore >= uprightScore);
			this.#hasFace ||= faces.length > 0;
			if (this.#hasUprightFace) this.#kept = [];
			else if (!this.#isDone && keptFrames.has(detected.frame.index)) this.#kept.push(copyOf(detected.frame));
			yield detected;
		}
	}

	/** The turn that shows faces, or clearer ones; null if no turn does, or if a face was clearly found unturned. The kept frames are freed. */
	async find(): Promise<TurnDeg | null> {
		const unturned = this.#hasFace ? await this.#bestScore((frame) => frame) : null;
		const minScore = unturned === null ? sureScore : Math.max(clearScore, unturned + clearGain);
		let best: { readonly turnDeg: TurnDeg; readonly score: number } | null = null;
		for (const turnDeg of turns) {
			const score = await this.#bestScore((frame) => turnFrame(frame, turnDeg));
			if (score >= minScore && score > (best?.score ?? 0)) best = { turnDeg, score };
		}
		this.#kept = [];
		this.#isDone = true; // a second pass goes through `watch` too
		return best?.turnDeg ?? null;
	}

	/** The best score of a face in the kept frames after `turn`; 0 if there is none. */
	async #bestScore(turn: (frame: Frame) => Frame): Promise<number> {
		let best = 0;
		for (const frame of this.#kept)
			for (const { score } of await this.#detect(turn(frame), { finder: 640, minScore: lowestScore }))
				best = Math.max(best, score);
		return best;
	}
}

type TurnDeg = (typeof turns)[number];

const copyOf = ({ index, timeS, width, height, rgb }: Frame): Frame => ({
	...{ index, timeS, width, height },
	rgb: rgb.slice(),
});

/** A frame turned clockwise. */
export function turnFrame({ index, timeS, width, height, rgb }: Frame, turnDeg: TurnDeg): Frame {
	const out = new Uint8Array(rgb.length);
	const isHalfTurn = turnDeg === 180;
	const [newWidth, newHeight] = isHalfTurn ? [width, height] : [height, width];
	for (let y = 0; y < newHeight; y++)
		for (let x = 0; x < newWidth; x++) {
			const from = isHalfTurn
				? (height - 1 - y) * width + (width - 1 - x)
				: turnDeg === 90
					? (height - 1 - x) * width + y
					: x * width + (width - 1 - y);
			const to = 3 * (y * newWidth + x);
			out[to] = rgb[3 * from] as number;
			out[to + 1] = rgb[3 * from + 1] as number;
			out[to + 2] = rgb[3 * from + 2] as number;
		}
	return { index, timeS, width: newWidth, height: newHeight, rgb: out };
}
