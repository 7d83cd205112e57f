import type { DetectedFrame, Frame } from '../values.ts';
import type { Detect } from './detect-faces.ts';

/** Clockwise quarter turns that are tried, the likelier ones first. */
const turns = [90, 270, 180] as const;
/** Frames that are kept to be turned: the first and some later ones, at growing distances. */
const keptFrames = new Set([0, 4, 12, 28]);
/** Score from which a face in a turned frame is believed. */
const sureScore = 0.8;

/** Keeps a few frames of a clip without faces, to look at them again turned. */
export class TurnFinder {
	readonly #detect: Detect;
	#kept: Frame[] = [];
	#hasFace = false;

	constructor(detect: Detect) {
		this.#detect = detect;
	}

	/** The same frames; those worth keeping are copied on their way. */
	async *watch(frames: AsyncIterable<DetectedFrame>): AsyncGenerator<DetectedFrame, void> {
		for await (const detected of frames) {
			this.#hasFace ||= (detected.faces?.length ?? 0) > 0;
			if (this.#hasFace) this.#kept = [];
			else if (keptFrames.has(detected.frame.index)) this.#kept.push(copyOf(detected.frame));
			yield detected;
		}
	}

	/** The turn that shows faces where there was none; null where none does, or where a face was found as it is. */
	async find(): Promise<(typeof turns)[number] | null> {
		for (const turnDeg of turns) {
			for (const frame of this.#kept) {
				const faces = await this.#detect(turnFrame(frame, turnDeg), { side: 512, margin: 0, minScore: sureScore });
				if (faces.length > 0) return turnDeg;
			}
		}
		return null;
	}
}

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
