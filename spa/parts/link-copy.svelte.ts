/** Copying an address to the clipboard, and how that went. */
export class LinkCopy {
	#state = $state<'idle' | 'copied' | 'failed'>('idle');

	get state(): 'idle' | 'copied' | 'failed' {
		return this.#state;
	}

	async copy(address: string): Promise<void> {
		try {
			await navigator.clipboard.writeText(address);
			this.#state = 'copied';
		} catch {
			this.#state = 'failed'; // without a secure origin or permission there is no clipboard
		}
	}
}
