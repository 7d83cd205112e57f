/** Something that has to be closed. */
export type Closable = { close(): Promise<void> };

type Entry<V> = { readonly opening: Promise<V>; users: number };

/**
 * Values that are costly to open: whoever asks for the same one shares it, and it stays open for the next one until it is the least recently used
 * of more than `capacity`. What is in use is never closed, so that there may be more for a while. A value that could not be opened is forgotten.
 */
export class OpenCache<V extends Closable> {
	readonly #capacity: number;
	/** In order of use, the least recent first. */
	readonly #entries = new Map<string, Entry<V>>();

	constructor(capacity: number) {
		this.#capacity = capacity;
	}

	/** The value of that key, opened if it is not; `release` says that it is not used any more, and may be called twice. */
	async take(key: string, open: () => Promise<V>): Promise<{ readonly value: V; release(): Promise<void> }> {
		const entry = this.#entries.get(key) ?? { opening: open(), users: 0 };
		this.#entries.delete(key);
		this.#entries.set(key, entry);
		entry.users++;
		try {
			const value = await entry.opening;
			await this.#evict();
			return { value, release: this.#releaseOnce(entry) };
		} catch (error) {
			entry.users--;
			if (this.#entries.get(key) === entry) this.#entries.delete(key);
			throw error;
		}
	}

	/** Number of values that are open or being opened. */
	get size(): number {
		return this.#entries.size;
	}

	#releaseOnce(entry: Entry<V>): () => Promise<void> {
		let isReleased = false;
		return async () => {
			if (isReleased) return;
			isReleased = true;
			entry.users--;
			await this.#evict();
		};
	}

	async #evict(): Promise<void> {
		for (const [key, { opening, users }] of this.#entries) {
			if (this.#entries.size <= this.#capacity) return;
			if (users > 0) continue;
			this.#entries.delete(key);
			await (await opening).close();
		}
	}
}
