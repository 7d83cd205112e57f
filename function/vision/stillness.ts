import type { Frame } from '../values.ts';

/** The picture is compared on a grid of this many cells a side, each a mean of some of its pixels. */
const cells = 32;
const samplesASide = 4;
/**
 * Largest difference of a cell's brightness, 0..255, that compression makes of one picture shown again and again; a mouth that moves, or a
 * hand that holds the camera, makes more in some cell.
 */
const sameWithin = 4;
/** Fewer frames than this do not show that nothing moves. */
const fewestFrames = 4;

/** Notices whether all frames of a video show one and the same picture. */
export class Stillness {
	#first: Float32Array | null = null;
	#moves = false;
	#frames = 0;

	/** Whether all frames so far are the same. */
	get isStill(): boolean {
		return !this.#moves && this.#frames >= fewestFrames;
	}

	/** The same frames, looked at on their way. */
	async *watch(frames: AsyncIterable<Frame>): AsyncGenerator<Frame, void> {
		for await (const frame of frames) {
			if (!this.#moves) this.#look(frame);
			yield frame;
		}
	}

	#look(frame: Frame): void {
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
	const steps = cells * samplesASide;
	for (let j = 0; j < steps; j++) {
		const y = Math.floor(((j + 0.5) * height) / steps);
		for (let i = 0; i < steps; i++) {
			const at = 3 * (y * width + Math.floor(((i + 0.5) * width) / steps));
			const sum = (rgb[at] as number) + (rgb[at + 1] as number) + (rgb[at + 2] as number);
			const cell = Math.floor(j / samplesASide) * cells + Math.floor(i / samplesASide);
			grid[cell] = (grid[cell] as number) + sum / (3 * samplesASide * samplesASide);
		}
	}
	return grid;
}
