import type { DetectedFrame, Frame } from '../values.ts';
import type { Detect } from './detect-faces.ts';

/** Clockwise quarter turns that are tried, the likelier ones first. */
const turns = [90, 270, 180] as const;
/** Frames that are kept to be turned: the first and some later ones, at growing distances. */
const keptFrames = new Set([0, 4, 12, 28]);
/** Score from which a face in a turned frame is believed where none was found as it is. */
const sureScore = 0.8;
/** The finder's score from which a face as it is makes turning needless. The detector does not tell: large faces that lie reach .96 there. */
const uprightScore = 0.9;
/** Where faces were found as it is, a turned one has to reach this and to be that much better: the finder saw lying faces at .80, the same upright at .95. */
const clearScore = 0.88;
const clearGain = 0.06;
/** Score from which the finder's faces are compared. */
const lowestScore = 0.5;

/** Keeps a few frames of a clip without faces, or with doubtful ones only, to look at them again turned. */
export class TurnFinder {
	readonly #detect: Detect;
	#kept: Frame[] = [];
	#hasUprightFace = false;
	#hasFace = false;

	constructor(detect: Detect) {
		this.#detect = detect;
	}

	/** The same frames; those worth keeping are copied on their way. */
	async *watch(frames: AsyncIterable<DetectedFrame>): AsyncGenerator<DetectedFrame, void> {
		for await (const detected of frames) {
			const faces = detected.faces ?? [];
			this.#hasUprightFace ||= faces.some(({ finderScore = 0 }) => finderScore >= uprightScore);
			this.#hasFace ||= faces.length > 0;
			if (this.#hasUprightFace) this.#kept = [];
			else if (keptFrames.has(detected.frame.index)) this.#kept.push(copyOf(detected.frame));
			yield detected;
		}
	}

	/** The turn that shows faces where there was none, or clearer ones; null where none does, or where a face was surely found as it is. */
	async find(): Promise<TurnDeg | null> {
		const asItIs = this.#hasFace ? await this.#bestScore((frame) => frame) : null;
		const minScore = asItIs === null ? sureScore : Math.max(clearScore, asItIs + clearGain);
		let best: { readonly turnDeg: TurnDeg; readonly score: number } | null = null;
		for (const turnDeg of turns) {
			const score = await this.#bestScore((frame) => turnFrame(frame, turnDeg));
			if (score >= minScore && score > (best?.score ?? 0)) best = { turnDeg, score };
		}
		return best?.turnDeg ?? null;
	}

	/** The best score of a face in the kept frames, held in some way; 0 where there is none. */
	async #bestScore(hold: (frame: Frame) => Frame): Promise<number> {
		let best = 0;
		for (const frame of this.#kept)
			for (const { score } of await this.#detect(hold(frame), { finder: 640, minScore: lowestScore }))
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
export function turnFrame({ index, timeS, width, height, rgb }: Frame, turnDeg: (typeof turns)[number]): Frame {
	const out = new Uint8Array(rgb.length);
	const isUpright = turnDeg === 180;
	const [newWidth, newHeight] = isUpright ? [width, height] : [height, width];
	for (let y = 0; y < newHeight; y++)
		for (let x = 0; x < newWidth; x++) {
			const from = isUpright
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
