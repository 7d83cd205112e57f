import { importLink } from '../../function/client/import-link.ts';
import { type Fault, isAbort, toProblemError } from '../../function/client/problem-error.ts';
import type { Api } from '../../function/client/service-api.ts';
import type { UploadProgress } from '../../function/contract/upload.ts';
import type { Surroundings } from './surroundings.ts';

/** A file that the service has fetched: an upload of which nothing is here. */
export type Fetched = {
	readonly id: string;
	readonly fileName: string;
	/** null = the service does not tell. */
	readonly sizeBytes: number | null;
	/** Where it came from, as a name of a machine. */
	readonly host: string;
};

/** The file that the service is asked to fetch from an address, one at a time. */
export class LinkImport {
	readonly #api: Pick<Api, 'importLink' | 'readUpload' | 'deleteAnalysis'>;
	readonly #around: Surroundings;
	#run: AbortController | null = null;

	/** As it was typed; kept after a refusal, to be mended. */
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
	/** How far it got; null before the service has begun. */
	get progress(): UploadProgress | null {
		return this.#progress;
	}
	/** Why the last one was refused or could not be fetched; null otherwise. */
	get fault(): Fault | null {
		return this.#fault;
	}
	/** Name of the file that was fetched last; null while there is none, or another one is wanted. */
	get lastName(): string | null {
		return this.#lastName;
	}

	/** Has the service fetch the file of `address`; null where it was refused, cancelled, or another one is being fetched. */
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

	/** Ends it and has the service delete what has arrived. */
	async cancel(): Promise<void> {
		const id = this.#progress?.id;
		this.#run?.abort();
		if (id) await this.#api.deleteAnalysis(id).catch(() => {}); // it expires by itself
	}
}

/** What was typed or pasted as an address; people leave out how the web begins. */
function urlFromTyped(text: string): string {
	const typed = text.trim();
	return typed === '' || /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `https://${typed}`;
}
