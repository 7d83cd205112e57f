/**
 * Memory of pictures that nobody reads any more, for the next ones of the same size. Otherwise it would stay until the browser happens to collect it,
 * which can take dozens of pictures.
 */
export class Buffers {
	readonly #spare = new Map<number, Uint8Array<ArrayBuffer>[]>();

	/** A buffer of `size` bytes with any content. */
	acquire(size: number): Uint8Array<ArrayBuffer> {
		return this.#spare.get(size)?.pop() ?? new Uint8Array(size);
	}

	/** Gives a buffer back, which must not be read afterwards. */
	release(buffer: Uint8Array<ArrayBuffer>): void {
		const spare = this.#spare.get(buffer.length);
		if (spare) spare.push(buffer);
		else this.#spare.set(buffer.length, [buffer]);
	}
}
