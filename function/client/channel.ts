/** Passes values to one reader. Of the values that the reader has not taken yet, only the latest is kept. */
export class Channel<T> {
	#latest: { readonly value: T } | null = null;
	#hasEnded = false;
	#wake: () => void = () => {};

	put(value: T): void {
		this.#latest = { value };
		this.#wake();
	}

	end(): void {
		this.#hasEnded = true;
		this.#wake();
	}

	async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
		for (;;) {
			const next = this.#latest;
			this.#latest = null;
			if (next) yield next.value;
			else if (this.#hasEnded) return;
			else
				await new Promise<void>((resolve) => {
					this.#wake = resolve;
				});
		}
	}
}
