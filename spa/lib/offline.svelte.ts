/** How far the page is ready to work without a network. */
export type OfflineState = 'unable' | 'asleep' | 'loading' | 'ready' | 'failed';

/** What keeps the page in the browser, as far as this class uses it. */
export type Keeper = {
	/** Registers what answers without a network, and tells when a newer page has taken its place. */
	begin(onNewer: () => void): Promise<void>;
	/** Fetches and keeps all that an analysis needs; rejects where it cannot. */
	keepAll(onBytes: (done: number, total: number) => void): Promise<void>;
	/** Whether all of it is kept. */
	isKept(): Promise<boolean>;
};

/** The page without a network: whether it is ready, and whether a newer one is there. */
export class Offline {
	#state = $state<OfflineState>('unable');
	#isNewer = $state(false);
	#loaded = $state.raw<{ readonly done: number; readonly total: number } | null>(null);
	readonly #keeper: Keeper | null;

	/** null = this browser keeps nothing for this page. */
	constructor(keeper: Keeper | null) {
		this.#keeper = keeper;
	}

	get state(): OfflineState {
		return this.#state;
	}
	/** Whether a newer page waits for this one to be loaded again. */
	get isNewer(): boolean {
		return this.#isNewer;
	}
	/** Bytes of the models that have come. */
	get loaded(): { readonly done: number; readonly total: number } | null {
		return this.#loaded;
	}

	async begin(): Promise<void> {
		try {
			await this.#keeper?.begin(() => {
				this.#isNewer = true;
			});
			if (this.#keeper) this.#state = (await this.#keeper.isKept()) ? 'ready' : 'asleep';
		} catch {
			// private windows and blocked storage: the page works as before, with a network
		}
	}

	async keepAll(): Promise<void> {
		if (!this.#keeper || this.#state === 'loading') return;
		this.#state = 'loading';
		try {
			await this.#keeper.keepAll((done, total) => {
				this.#loaded = { done, total };
			});
			this.#state = 'ready';
		} catch {
			this.#state = 'failed';
		}
		this.#loaded = null;
	}
}
