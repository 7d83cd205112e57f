/** Whether the page is ready to work without a network. */
export type OfflineState = 'unable' | 'asleep' | 'loading' | 'ready' | 'failed';

/** Stores the page and the models in the browser. */
export type OfflineCache = {
	/** Registers the service worker, and calls back when a newer page has replaced this one. */
	begin(onNewer: () => void): Promise<void>;
	/** Fetches and stores everything an analysis needs; rejects if it cannot. */
	keepAll(onBytes: (done: number, total: number) => void): Promise<void>;
	/** Whether everything is stored. */
	isKept(): Promise<boolean>;
};

/** Offline use of the page: whether it is ready, and whether a newer version is available. */
export class Offline {
	#state = $state<OfflineState>('unable');
	#isNewer = $state(false);
	#loaded = $state.raw<{ readonly done: number; readonly total: number } | null>(null);
	readonly #cache: OfflineCache | null;

	/** null = this browser stores nothing for this page. */
	constructor(cache: OfflineCache | null) {
		this.#cache = cache;
	}

	get state(): OfflineState {
		return this.#state;
	}
	/** Whether a newer version will be shown after a reload. */
	get isNewer(): boolean {
		return this.#isNewer;
	}
	/** Bytes of the models loaded so far. */
	get loaded(): { readonly done: number; readonly total: number } | null {
		return this.#loaded;
	}

	async begin(): Promise<void> {
		try {
			await this.#cache?.begin(() => {
				this.#isNewer = true;
			});
			if (this.#cache) this.#state = (await this.#cache.isKept()) ? 'ready' : 'asleep';
		} catch {
			// private windows and blocked storage: the page still works with a network
		}
	}

	async keepAll(): Promise<void> {
		if (!this.#cache || this.#state === 'loading') return;
		this.#state = 'loading';
		try {
			await this.#cache.keepAll((done, total) => {
				this.#loaded = { done, total };
			});
			this.#state = 'ready';
		} catch {
			this.#state = 'failed';
		}
		this.#loaded = null;
	}
}
