/** The analysed file as the user has it, chosen again after the page was loaded anew. */
export class LocalFile {
	#url = $state<string | null>(null);
	#isDifferent = $state(false);

	/** An address for `<video>` or `<img>`; null before one was chosen. */
	get url(): string | null {
		return this.#url;
	}
	/** Whether the last choice was another file than the one that was analysed. */
	get isDifferent(): boolean {
		return this.#isDifferent;
	}

	/** Takes a file if its size is that of the analysed one, bytes; nothing is sent. */
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
