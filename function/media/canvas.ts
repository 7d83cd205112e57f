import { frameSize } from './filters.ts';
import type { VideoStream } from './probe.ts';

/** The pixels of a frame in a buffer that `release` gives back. */
export type Picture = {
	readonly width: number;
	readonly height: number;
	readonly rgb: Uint8Array;
	release(): void;
};

/** Sizes of pictures that differ by less are not worth decoding again. */
const minGrowth = 1.1;

/**
 * The size that frames are decoded in, and buffers for them: allocating megabytes for every frame costs more than filling them. It grows
 * where the pictures of a video do, as in calls, which begin small. The buffers are shared memory, so that the threads that run models
 * read frames where they are.
 */
export class Canvas {
	/** How many times wider or higher than the first picture the largest is. */
	growth = 1;
	readonly #stream: VideoStream;
	readonly #sizes = new Set<string>();
	#free: Uint8Array[] = [];

	constructor(stream: VideoStream) {
		this.#stream = stream;
	}

	/** Whether pictures of more than one size were seen. */
	get hasChanged(): boolean {
		return this.#sizes.size > 1;
	}

	/** A picture to fill; there are as many buffers as are in use at one time. */
	acquire(): Picture {
		const { width, height } = frameSize(this.#stream, this.growth);
		const free = this.#free;
		const rgb = free.pop() ?? new Uint8Array(new SharedArrayBuffer(width * height * 3));
		return { width, height, rgb, release: () => void free.push(rgb) };
	}

	/** Takes notice of a picture's size before it was scaled; true if the canvas became larger. */
	grow({ width, height }: { readonly width: number; readonly height: number }): boolean {
		const { codedWidth, codedHeight, interlaced } = this.#stream;
		this.#sizes.add(`${width} x ${height}`);
		const growth = Math.max(width / codedWidth, height / codedHeight);
		if (interlaced || growth < minGrowth * this.growth) return false;
		const before = frameSize(this.#stream, this.growth);
		this.growth = growth;
		const isLarger = frameSize(this.#stream, growth).width > before.width;
		if (isLarger) this.#free = [];
		return isLarger;
	}
}
