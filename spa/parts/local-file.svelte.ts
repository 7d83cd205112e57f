/** The user's copy of the analysed file, chosen again after a reload of the page. */
export class LocalFile {
	#url = $state<string | null>(null);
	#isDifferent = $state(false);

	/** A URL for `<video>` or `<img>`; null until a file is chosen. */
	get url(): string | null {
		return this.#url;
	}
	/** Whether the last chosen file is not the analysed one. */
	get isDifferent(): boolean {
		return this.#isDifferent;
	}

	/** Accepts a file if its size in bytes matches the analysed one; nothing is sent. */
	choose(file: File, sizeBytes: number): void {
		this.dispose();
		this.#isDifferent = file.size !== sizeBytes;
		if (!this.#isDifferent) this.#url = URL.createObjectURL(file);
	}

	dispose(): void {
		if (this.#url) URL.revokeObjectURL(this.#url);
		this.#url = null;
	}
}
