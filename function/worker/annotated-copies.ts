import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Language } from '../answer/languages.ts';
import type { Report } from '../contract/report.ts';
import { AnalysisError, toAnalysisError } from '../errors.ts';
import type { Store } from '../store/store.ts';

/** Writes an annotated copy of a file. */
export type DrawCopy = (
	path: string,
	report: Report,
	out: string,
	options: { signal: AbortSignal; language: Language; onProgress: (share: number) => void },
) => Promise<void>;

/** Options of the annotated copies. */
export type AnnotatedCopiesOptions = {
	readonly store: Pick<Store, 'openUpload' | 'findUpload'>;
	readonly draw: DrawCopy;
	/** How long a copy is kept after the last request, milliseconds. */
	readonly keptMs?: number;
	/** Interval between sweeps for expired copies, milliseconds. */
	readonly sweepMs?: number;
};

/** A finished copy, or the share of it that is drawn, 0..1. */
export type CopyState = { readonly path: string } | { readonly share: number };

/** Maximum number of copies, kept or pending; they are drawn one at a time. */
const maxCopies = 8;
const defaultKeptMs = 3600_000;
const defaultSweepMs = 60_000;

/** A pending or finished copy. */
type Copy = {
	readonly id: string;
	/** When its report was made. */
	readonly reportOf: string;
	readonly stop: AbortController;
	/** Whether its turn has come. */
	hasBegun: boolean;
	share: number;
	path: string | null;
	error: AnalysisError | null;
	requestedMs: number;
	done: Promise<void>;
};

/** Annotated copies of this instance, in a temporary folder. They are drawn on request, and deleted an hour after the last request or with their upload. */
export class AnnotatedCopies {
	readonly #options: AnnotatedCopiesOptions;
	readonly #copies = new Map<string, Copy>();
	readonly #sweeper: NodeJS.Timeout;
	#folder: Promise<string> | null = null;
	/** Resolves when the previous copy is drawn. */
	#turn: Promise<void> = Promise.resolve();

	constructor(options: AnnotatedCopiesOptions) {
		this.#options = options;
		this.#sweeper = setInterval(() => void this.#sweep().catch(() => {}), options.sweepMs ?? defaultSweepMs).unref();
	}

	/** The copy of an upload in a language; starts drawing if there is none. Throws `queue-full`, and once the error if drawing failed. */
	async open(id: string, report: Report, language: Language): Promise<CopyState> {
		const key = `${id}-${language}`;
		const before = this.#copies.get(key);
		if (before && before.reportOf !== report.createdAt) await this.#drop(key, before); // the upload was analysed again
		const copy = this.#copies.get(key) ?? this.#begin(key, id, report, language);
		copy.requestedMs = performance.now();
		if (copy.error) {
			this.#copies.delete(key); // the next request tries again
			throw copy.error;
		}
		return copy.path === null ? { share: copy.share } : { path: copy.path };
	}

	/** Stops and deletes the copies of an upload; returns whether there were any. */
	async remove(id: string): Promise<boolean> {
		const found = [...this.#copies].filter(([, copy]) => copy.id === id);
		await Promise.all(found.map(([key, copy]) => this.#drop(key, copy)));
		return found.length > 0;
	}

	/** Stops and deletes a copy. One that waits for its turn ends there, which may be minutes away. */
	async #drop(key: string, copy: Copy): Promise<void> {
		this.#copies.delete(key);
		copy.stop.abort();
		if (copy.hasBegun) await copy.done;
		if (copy.path !== null) await rm(copy.path, { force: true });
	}

	/** Stops and deletes all copies. */
	async close(): Promise<void> {
		clearInterval(this.#sweeper);
		for (const { id } of [...this.#copies.values()]) await this.remove(id);
		const folder = await this.#folder?.catch(() => null);
		if (folder) await rm(folder, { recursive: true, force: true });
	}

	#begin(key: string, id: string, report: Report, language: Language): Copy {
		if (this.#copies.size >= maxCopies && !this.#makeRoom()) throw new AnalysisError('queue-full', 'queue');
		const copy: Copy = {
			...{ id, reportOf: report.createdAt, requestedMs: performance.now() },
			...{ stop: new AbortController(), hasBegun: false, done: Promise.resolve() },
			...{ share: 0, path: null, error: null },
		};
		this.#copies.set(key, copy);
		const before = this.#turn;
		copy.done = before.then(() => this.#draw(copy, report, language));
		this.#turn = copy.done;
		return copy;
	}

	/** Never rejects. */
	async #draw(copy: Copy, report: Report, language: Language): Promise<void> {
		const { store, draw } = this.#options;
		const { signal } = copy.stop;
		if (signal.aborted) return;
		copy.hasBegun = true;
		try {
			this.#folder ??= mkdtemp(join(tmpdir(), 'unmask-annotated-'));
			const out = join(await this.#folder, `${randomUUID()}.mp4`);
			const upload = await store.openUpload(copy.id, signal);
			try {
				const onProgress = (share: number) => {
					copy.share = share;
				};
				await draw(upload.path, report, out, { signal, language, onProgress });
			} finally {
				await upload.release().catch(() => {}); // it expires by itself
			}
			copy.path = out;
		} catch (thrown) {
			copy.error = signal.aborted ? new AnalysisError('cancelled', 'write') : toAnalysisError(thrown, 'write');
		}
	}

	/** Deletes the least recently requested copy that is not pending; false if there is none. */
	#makeRoom(): boolean {
		const ended = [...this.#copies].filter(([, { path, error }]) => path !== null || error !== null);
		const [oldest] = ended.sort(([, a], [, b]) => a.requestedMs - b.requestedMs);
		if (!oldest) return false;
		this.#copies.delete(oldest[0]);
		if (oldest[1].path !== null) void rm(oldest[1].path, { force: true });
		return true;
	}

	async #sweep(): Promise<void> {
		const { store, keptMs = defaultKeptMs } = this.#options;
		for (const [key, copy] of [...this.#copies]) {
			const isOver = performance.now() - copy.requestedMs > keptMs;
			if (isOver || (await store.findUpload(copy.id)) === null) await this.#drop(key, copy);
		}
	}
}
