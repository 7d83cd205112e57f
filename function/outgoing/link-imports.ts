import { createReadStream } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { UploadProgress } from '../contract/upload.ts';
import { AnalysisError, toAnalysisError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import { checkLiteral, type OutgoingRules, parseOutgoing } from './guarded-request.ts';
import { openLink } from './open-link.ts';
import { plainName } from './plain-name.ts';
import { isPage, withPageVideo } from './with-page-video.ts';

/** Options of the link imports. */
export type LinkImportOptions = {
	readonly store: Pick<Store, 'putUpload' | 'deleteUpload'>;
	readonly rules: OutgoingRules;
	readonly maxBytes: number;
	/** Time limit of one import, milliseconds. */
	readonly limitMs: number;
	readonly silenceMs?: number;
	/** Folders to search for yt-dlp, which reads links to pages; null = pages are refused. */
	readonly pageReaders: string | null;
};

/** A running import. */
type Import = {
	readonly client: string;
	readonly stop: AbortController;
	progress: UploadProgress;
	error: AnalysisError | null;
	done: Promise<void>;
};

/** Maximum number of concurrent imports, in all and per client. */
const [most, mostOfClient] = [8, 2];
/** Number of latest failures to remember. */
const failuresKept = 1000;

/** Imports files from links; each becomes an upload. Imports do not survive the process; clients must start them again. */
export class LinkImports {
	readonly #options: LinkImportOptions;
	readonly #running = new Map<string, Import>();
	readonly #failed = new Map<string, AnalysisError>();

	constructor(options: LinkImportOptions) {
		this.#options = options;
	}

	/** Starts an import; throws `url-refused`, `queue-full`. */
	begin(id: string, { url, fileName }: { url: string; fileName?: string | undefined }, client: string): UploadProgress {
		checkLiteral(parseOutgoing(url), true, this.#options.rules);
		const all = [...this.#running.values()];
		if (all.length >= most || all.filter((other) => other.client === client).length >= mostOfClient)
			throw new AnalysisError('queue-full', 'upload', `at most ${mostOfClient} links at a time`);
		const progress: UploadProgress = {
			id,
			fileName: plainName(fileName ?? ''),
			state: 'arriving',
			receivedBytes: 0,
			sizeBytes: null,
		};
		const stop = new AbortController();
		const begun: Import = { client, stop, progress, error: null, done: Promise.resolve() };
		this.#running.set(id, begun);
		begun.done = this.#run(id, begun, url, fileName);
		return progress;
	}

	/** The progress of an import; null if it is not running. Throws the error if it failed. */
	find(id: string): UploadProgress | null {
		const error = this.#failed.get(id);
		if (error) throw error;
		return this.#running.get(id)?.progress ?? null;
	}

	/** Stops an import or forgets its failure; returns whether there was one. */
	async cancel(id: string): Promise<boolean> {
		const begun = this.#running.get(id);
		begun?.stop.abort();
		await begun?.done;
		return this.#failed.delete(id) || begun !== undefined;
	}

	/** Stops all imports. */
	async close(): Promise<void> {
		await Promise.all([...this.#running.keys()].map((id) => this.cancel(id)));
	}

	/** Never rejects. */
	async #run(id: string, begun: Import, url: string, wanted: string | undefined): Promise<void> {
		const { store, limitMs } = this.#options;
		const ended = new AbortController();
		const late = new AnalysisError('url-unreachable', 'upload', `it took longer than ${Math.round(limitMs / 1000)} s`);
		let isLate = false;
		wait(limitMs, undefined, { signal: ended.signal, ref: false }).then(
			() => {
				isLate = true;
				begun.stop.abort();
			},
			() => {},
		);
		try {
			const { signal } = begun.stop;
			await this.#fetch(id, begun, url, wanted).catch((thrown: unknown) => {
				if (!isPage(thrown) || this.#options.pageReaders === null) throw thrown;
				return this.#fetchFromPage(id, begun, url, wanted, this.#options.pageReaders);
			});
			if (signal.aborted) throw new AnalysisError('cancelled', 'upload');
		} catch (thrown) {
			await store.deleteUpload(id).catch(() => {}); // it expires by itself
			this.#failed.set(id, isLate ? late : toAnalysisError(thrown, 'upload'));
			const [oldest] = this.#failed.keys();
			if (this.#failed.size > failuresKept && oldest !== undefined) this.#failed.delete(oldest);
		} finally {
			ended.abort();
			this.#running.delete(id);
		}
	}

	async #fetch(id: string, begun: Import, url: string, wanted: string | undefined): Promise<void> {
		const { store, rules, maxBytes, silenceMs } = this.#options;
		const { signal } = begun.stop;
		const file = await openLink(url, { rules, signal, maxBytes, ...(silenceMs !== undefined && { silenceMs }) });
		const { contentType, bytes, sizeBytes } = file;
		const fileName = plainName(wanted ?? file.fileName);
		begun.progress = { ...begun.progress, fileName, sizeBytes };
		await store.putUpload({ id, fileName, contentType }, this.#counted(begun, bytes));
	}

	/** The progress counts all received bytes, including those of the page and its parts. */
	async #fetchFromPage(
		id: string,
		begun: Import,
		url: string,
		wanted: string | undefined,
		searchPath: string,
	): Promise<void> {
		const { store, rules, maxBytes } = this.#options;
		const onBytes = (receivedBytes: number) => {
			begun.progress = { ...begun.progress, receivedBytes };
		};
		const options = { searchPath, rules, signal: begun.stop.signal, maxBytes, onBytes };
		await withPageVideo(url, options, async ({ path, title }) => {
			const fileName = plainName(wanted ?? title);
			begun.progress = { ...begun.progress, fileName };
			await store.putUpload({ id, fileName, contentType: 'application/octet-stream' }, createReadStream(path));
		});
	}

	async *#counted(begun: Import, bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
		for await (const chunk of bytes) {
			begun.progress = { ...begun.progress, receivedBytes: (begun.progress.receivedBytes ?? 0) + chunk.length };
			yield chunk;
		}
	}
}
