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
	readonly ytDlpSearchPath: string | null;
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
const [maxImports, maxImportsPerClient] = [8, 2];
/** Number of latest failures to remember. */
const maxFailures = 1000;

/** Imports files from links; each becomes an upload. Imports do not survive the process; clients must start them again. */
export class LinkImports {
	readonly #options: LinkImportOptions;
	readonly #running = new Map<string, Import>();
	readonly #failed = new Map<string, AnalysisError>();

	constructor(options: LinkImportOptions) {
		this.#options = options;
	}

	/** Starts an import; throws `url-refused`, `queue-full`. */
	start(id: string, { url, fileName }: { url: string; fileName?: string | undefined }, client: string): UploadProgress {
		checkLiteral(parseOutgoing(url), true, this.#options.rules);
		const all = [...this.#running.values()];
		if (all.length >= maxImports || all.filter((other) => other.client === client).length >= maxImportsPerClient)
			throw new AnalysisError('queue-full', 'upload', `at most ${maxImportsPerClient} links at a time`);
		const progress: UploadProgress = {
			id,
			fileName: plainName(fileName ?? ''),
			state: 'arriving',
			receivedBytes: 0,
			sizeBytes: null,
		};
		const stop = new AbortController();
		const entry: Import = { client, stop, progress, error: null, done: Promise.resolve() };
		this.#running.set(id, entry);
		entry.done = this.#run(id, entry, url, fileName);
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
		const entry = this.#running.get(id);
		entry?.stop.abort();
		await entry?.done;
		return this.#failed.delete(id) || entry !== undefined;
	}

	/** Stops all imports. */
	async close(): Promise<void> {
		await Promise.all([...this.#running.keys()].map((id) => this.cancel(id)));
	}

	/** Never rejects. */
	async #run(id: string, entry: Import, url: string, requestedName: string | undefined): Promise<void> {
		const { store, limitMs } = this.#options;
		const ended = new AbortController();
		const late = new AnalysisError('url-unreachable', 'upload', `it took longer than ${Math.round(limitMs / 1000)} s`);
		let isLate = false;
		wait(limitMs, undefined, { signal: ended.signal, ref: false }).then(
			() => {
				isLate = true;
				entry.stop.abort();
			},
			() => {},
		);
		try {
			const { signal } = entry.stop;
			await this.#fetch(id, entry, url, requestedName).catch((thrown: unknown) => {
				if (!isPage(thrown) || this.#options.ytDlpSearchPath === null) throw thrown;
				return this.#fetchFromPage(id, entry, url, requestedName, this.#options.ytDlpSearchPath);
			});
			if (signal.aborted) throw new AnalysisError('cancelled', 'upload');
		} catch (thrown) {
			await store.deleteUpload(id).catch(() => {}); // it expires by itself
			this.#failed.set(id, isLate ? late : toAnalysisError(thrown, 'upload'));
			const [oldest] = this.#failed.keys();
			if (this.#failed.size > maxFailures && oldest !== undefined) this.#failed.delete(oldest);
		} finally {
			ended.abort();
			this.#running.delete(id);
		}
	}

	async #fetch(id: string, entry: Import, url: string, requestedName: string | undefined): Promise<void> {
		const { store, rules, maxBytes, silenceMs } = this.#options;
		const { signal } = entry.stop;
		const file = await openLink(url, { rules, signal, maxBytes, ...(silenceMs !== undefined && { silenceMs }) });
		const { contentType, bytes, sizeBytes } = file;
		const fileName = plainName(requestedName ?? file.fileName);
		entry.progress = { ...entry.progress, fileName, sizeBytes };
		await store.putUpload({ id, fileName, contentType }, this.#counted(entry, bytes));
	}

	/** The progress counts all received bytes, including those of the page and its parts. */
	async #fetchFromPage(
		id: string,
		entry: Import,
		url: string,
		requestedName: string | undefined,
		searchPath: string,
	): Promise<void> {
		const { store, rules, maxBytes } = this.#options;
		const onBytes = (receivedBytes: number) => {
			entry.progress = { ...entry.progress, receivedBytes };
		};
		const options = { searchPath, rules, signal: entry.stop.signal, maxBytes, onBytes };
		await withPageVideo(url, options, async ({ path, title }) => {
			const fileName = plainName(requestedName ?? title);
			entry.progress = { ...entry.progress, fileName };
			await store.putUpload({ id, fileName, contentType: 'application/octet-stream' }, createReadStream(path));
		});
	}

	async *#counted(entry: Import, bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
		for await (const chunk of bytes) {
			entry.progress = { ...entry.progress, receivedBytes: (entry.progress.receivedBytes ?? 0) + chunk.length };
			yield chunk;
		}
	}
}
