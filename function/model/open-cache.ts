/** Something that has to be closed. */
export type Closable = { close(): Promise<void> };

type Entry<V> = { readonly opening: Promise<V>; users: number };

/**
 * A cache of values that are costly to open. Users of the same key share a value. When there are more than `capacity`, the least
 * recently used is closed. Values in use are never closed, so the cache may exceed its capacity. A value that failed to open is not kept.
 */
export class OpenCache<V extends Closable> {
	readonly #capacity: number;
	/** In order of use, the least recently used first. */
	readonly #entries = new Map<string, Entry<V>>();

	constructor(capacity: number) {
		this.#capacity = capacity;
	}

	/** Returns the value of a key and opens it if necessary. Call `release` when it is no longer used; calling it again has no effect. */
	async acquire(key: string, open: () => Promise<V>): Promise<{ readonly value: V; release(): Promise<void> }> {
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
