/** Copies an address to the clipboard and tracks the result. */
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
			this.#state = 'failed'; // no clipboard without a secure origin and permission
		}
	}
}
