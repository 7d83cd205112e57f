import type { Frame } from '../values.ts';

/** Frames are compared on a grid of this many cells per side, each the mean of this many samples per side. */
const cells = 32;
const samplesPerSide = 4;
/**
 * Largest difference in a cell's brightness, 0..255, that compression causes in a still picture. A moving mouth or a hand-held
 * camera causes more in some cell.
 */
const sameWithin = 4;
/** Fewest frames that can show that nothing moves. */
const fewestFrames = 4;

/** Detects whether all frames of a video show the same picture. */
export class Stillness {
	#first: Float32Array | null = null;
	#moves = false;
	#frames = 0;

	/** Whether all frames so far are the same. */
	get isStill(): boolean {
		return !this.#moves && this.#frames >= fewestFrames;
	}

	/** Passes the frames through and compares them. */
	async *watch(frames: AsyncIterable<Frame>): AsyncGenerator<Frame, void> {
		for await (const frame of frames) {
			if (!this.#moves) this.#compare(frame);
			yield frame;
		}
	}

	#compare(frame: Frame): void {
		this.#frames++;
		const grid = gridOf(frame);
		this.#first ??= grid;
		const first = this.#first;
		this.#moves = grid.some((value, i) => Math.abs(value - (first[i] as number)) > sameWithin);
	}
}

/** Mean brightness of each cell. */
function gridOf({ rgb, width, height }: Frame): Float32Array {
	const grid = new Float32Array(cells * cells);
	const steps = cells * samplesPerSide;
	for (let j = 0; j < steps; j++) {
		const y = Math.floor(((j + 0.5) * height) / steps);
		for (let i = 0; i < steps; i++) {
			const at = 3 * (y * width + Math.floor(((i + 0.5) * width) / steps));
			const sum = (rgb[at] as number) + (rgb[at + 1] as number) + (rgb[at + 2] as number);
			const cell = Math.floor(j / samplesPerSide) * cells + Math.floor(i / samplesPerSide);
			grid[cell] = (grid[cell] as number) + sum / (3 * samplesPerSide * samplesPerSide);
		}
	}
	return grid;
}
