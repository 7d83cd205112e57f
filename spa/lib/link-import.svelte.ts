import { importLink } from '../../function/client/import-link.ts';
import { type Fault, isAbort, toProblemError } from '../../function/client/problem-error.ts';
import type { Api } from '../../function/client/service-api.ts';
import type { UploadProgress } from '../../function/contract/upload.ts';
import type { Surroundings } from './surroundings.ts';

/** A file that the service fetched: an upload without a local file. */
export type Fetched = {
	readonly id: string;
	readonly fileName: string;
	/** null = the service does not report it. */
	readonly sizeBytes: number | null;
	/** The host it came from. */
	readonly host: string;
};

/** Asks the service to fetch a file from an address, one at a time. */
export class LinkImport {
	readonly #api: Pick<Api, 'importLink' | 'readUpload' | 'deleteAnalysis'>;
	readonly #around: Surroundings;
	#run: AbortController | null = null;

	/** As typed; kept after a refusal, so that it can be corrected. */
	address = $state('');
	#progress = $state.raw<UploadProgress | null>(null);
	#isFetching = $state(false);
	#fault = $state.raw<Fault | null>(null);
	#lastName = $state<string | null>(null);

	constructor(api: Pick<Api, 'importLink' | 'readUpload' | 'deleteAnalysis'>, around: Surroundings) {
		this.#api = api;
		this.#around = around;
	}

	get isFetching(): boolean {
		return this.#isFetching;
	}
	/** Progress so far; null before the service has begun. */
	get progress(): UploadProgress | null {
		return this.#progress;
	}
	/** Why the last one was refused or could not be fetched; null otherwise. */
	get fault(): Fault | null {
		return this.#fault;
	}
	/** Name of the last fetched file; null if there is none, or if another fetch has started. */
	get lastName(): string | null {
		return this.#lastName;
	}

	/** Has the service fetch the file at `address`; null if it was refused or cancelled, or if another fetch is running. */
	async fetch(): Promise<Fetched | null> {
		const url = urlFromTyped(this.address);
		if (this.#isFetching || url === '') return null;
		const run = new AbortController();
		this.#run = run;
		this.#isFetching = true;
		this.#fault = null;
		this.#lastName = null;
		try {
			const onProgress = (progress: UploadProgress) => {
				if (!run.signal.aborted) this.#progress = progress;
			};
			const got = await importLink(this.#api, { url }, this.#around, { signal: run.signal, onProgress });
			this.address = '';
			this.#lastName = got.fileName;
			const { id, fileName, sizeBytes, receivedBytes } = got;
			return { id, fileName, sizeBytes: sizeBytes ?? receivedBytes, host: new URL(url).host };
		} catch (thrown) {
			if (!isAbort(thrown)) this.#fault = toProblemError(thrown);
			return null;
		} finally {
			this.#isFetching = false;
			this.#progress = null;
			this.#run = null;
		}
	}

	/** Cancels the fetch and has the service delete what has arrived. */
	async cancel(): Promise<void> {
		const id = this.#progress?.id;
		this.#run?.abort();
		if (id) await this.#api.deleteAnalysis(id).catch(() => {}); // it expires by itself
	}
}

/** The typed or pasted text as a URL; adds https:// if the scheme is missing. */
function urlFromTyped(text: string): string {
	const typed = text.trim();
	return typed === '' || /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `https://${typed}`;
}
