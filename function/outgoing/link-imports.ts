import { setTimeout as wait } from 'node:timers/promises';
import type { UploadProgress } from '../contract/upload.ts';
import { AnalysisError, toAnalysisError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import { checkLiteral, type OutgoingRules, parseOutgoing } from './guarded-request.ts';
import { openLink } from './open-link.ts';
import { plainName } from './plain-name.ts';

/** What imports need. */
export type LinkImportOptions = {
	readonly store: Pick<Store, 'putUpload' | 'deleteUpload'>;
	readonly rules: OutgoingRules;
	readonly maxBytes: number;
	/** Milliseconds that one may take in all. */
	readonly limitMs: number;
	readonly silenceMs?: number;
};

/** One at work, or how it failed. */
type Import = {
	readonly client: string;
	readonly stop: AbortController;
	progress: UploadProgress;
	error: AnalysisError | null;
	done: Promise<void>;
};

/** Imports at a time, and those of one client. */
const [most, mostOfClient] = [8, 2];
/** Failures that are remembered, the newest. */
const failuresKept = 1000;

/** Files that come from links instead of their senders: each becomes an upload. They end with the process; the client begins them again. */
export class LinkImports {
	readonly #options: LinkImportOptions;
	readonly #running = new Map<string, Import>();
	readonly #failed = new Map<string, AnalysisError>();

	constructor(options: LinkImportOptions) {
		this.#options = options;
	}

	/** Begins one; throws `url-refused`, `queue-full`. */
	begin(id: string, { url, fileName }: { url: string; fileName?: string | undefined }, client: string): UploadProgress {
		checkLiteral(parseOutgoing(url), true, this.#options.rules);
		const all = [...this.#running.values()];
		if (all.length >= most || all.filter((other) => other.client === client).length >= mostOfClient)
			throw new AnalysisError('queue-full', 'upload', `${mostOfClient} links at a time`);
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

	/** How far it got, null = it is none that is at work; throws what it failed with. */
	find(id: string): UploadProgress | null {
		const error = this.#failed.get(id);
		if (error) throw error;
		return this.#running.get(id)?.progress ?? null;
	}

	/** Ends it and forgets its failure; whether there was one. */
	async cancel(id: string): Promise<boolean> {
		const begun = this.#running.get(id);
		begun?.stop.abort();
		await begun?.done;
		return this.#failed.delete(id) || begun !== undefined;
	}

	/** Ends all of them. */
	async close(): Promise<void> {
		await Promise.all([...this.#running.keys()].map((id) => this.cancel(id)));
	}

	/** Never rejects. */
	async #run(id: string, begun: Import, url: string, wanted: string | undefined): Promise<void> {
		const { store, rules, maxBytes, limitMs, silenceMs } = this.#options;
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
			const file = await openLink(url, { rules, signal, maxBytes, ...(silenceMs !== undefined && { silenceMs }) });
			const fileName = plainName(wanted ?? file.fileName);
			begun.progress = { ...begun.progress, fileName, sizeBytes: file.sizeBytes };
			const { contentType, bytes } = file;
			await store.putUpload({ id, fileName, contentType }, this.#counted(begun, bytes));
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

	async *#counted(begun: Import, bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
		for await (const chunk of bytes) {
			begun.progress = { ...begun.progress, receivedBytes: (begun.progress.receivedBytes ?? 0) + chunk.length };
			yield chunk;
		}
	}
}
