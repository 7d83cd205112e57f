import { type FileHandle, rename, rm } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AnalysisError } from '../errors.ts';
import { createExclusiveRunner } from './exclusive-runner.ts';
import { createPartSink, emptyPart, openPart, type Part, readPart } from './part-sink.ts';
import { sizeOf, type UploadFiles, type UploadRecord } from './upload-files.ts';

/** Bytes `first` to before `end` of a file that are about to arrive; `whole` = they replace everything received before. */
export type Incoming = { readonly first: number; readonly end: number; readonly whole: boolean };

/** Writes bytes to a sink until all have arrived or the signal aborts, then ends the sink. */
export type Pour = (sink: Writable, signal: AbortSignal) => Promise<void>;

/** Uploads in progress, as files. If an upload has two senders, the later one wins. */
export class IncomingUploads {
	readonly #files: UploadFiles;
	readonly #exclusively = createExclusiveRunner();
	/** Caches the hash state of parts; the file itself is authoritative. */
	readonly #parts = new Map<string, Part>();

	constructor(files: UploadFiles) {
		this.#files = files;
	}

	/**
	 * Receives bytes (null = none); returns the file's SHA-256 once it is complete, otherwise null. Throws the errors of `pour`, `upload-interrupted`
	 * for too few bytes, `upload-mismatch` for too many, `not-a-video`, `playlist-refused`, `write-failed`.
	 */
	receive(id: string, record: UploadRecord, incoming: Incoming | null, pour: Pour): Promise<string | null> {
		return this.#exclusively(id, async (signal) => {
			if ((await sizeOf(this.#files.whole(id))) !== null) return (await this.#files.readRecord(id))?.sha256 ?? null;
			const part = incoming?.whole ? emptyPart() : await this.#currentPart(id);
			if (incoming && incoming.first <= part.receivedBytes) {
				this.#parts.set(id, part);
				await this.#append(id, part, { ...incoming, sizeBytes: record.sizeBytes }, (sink) => pour(sink, signal));
			}
			return part.receivedBytes === record.sizeBytes ? this.#complete(id, part, record) : null;
		});
	}

	/** Receives a whole file of unknown size; removes it on failure. */
	async put(
		id: string,
		about: Omit<UploadRecord, 'sizeBytes' | 'sha256'>,
		bytes: AsyncIterable<Buffer>,
	): Promise<void> {
		const part = emptyPart(null); // no sender needs the hash, and it is expensive
		try {
			const file = await openPart(this.#files.part(id), part);
			const range = { first: 0, end: Number.POSITIVE_INFINITY, sizeBytes: Number.POSITIVE_INFINITY };
			await pipeline(bytes, createPartSink(file, part, range)).finally(() => file.close());
			await this.#complete(id, part, { ...about, sizeBytes: part.receivedBytes, sha256: null });
		} catch (thrown) {
			await this.#files.remove(id);
			throw writeError(thrown);
		}
	}

	/** Number of bytes of an upload that have arrived, complete or not. */
	async receivedBytes(id: string): Promise<number> {
		return (await sizeOf(this.#files.whole(id))) ?? (await sizeOf(this.#files.part(id))) ?? 0;
	}

	/** Stops any writer of an upload and removes its files. */
	remove(id: string): Promise<void> {
		return this.#exclusively(id, async () => {
			this.#parts.delete(id);
			await this.#files.remove(id);
		});
	}

	/** Stops all writers; received bytes are kept. */
	close(): Promise<void> {
		return this.#exclusively.stopAll();
	}

	async #append(
		id: string,
		part: Part,
		range: Incoming & { readonly sizeBytes: number },
		pour: (sink: Writable) => Promise<void>,
	): Promise<void> {
		let file: FileHandle | null = null;
		try {
			file = await openPart(this.#files.part(id), part);
			await pour(createPartSink(file, part, range));
			if (part.receivedBytes < range.end) throw new AnalysisError('upload-interrupted', 'upload');
		} catch (thrown) {
			const error = writeError(thrown);
			if (!error.retryable || error.code === 'write-failed') await this.#forget(id);
			if (error.code === 'not-a-video' || error.code === 'playlist-refused') await this.#files.remove(id);
			throw error;
		} finally {
			await file?.close();
		}
	}

	async #complete(id: string, part: Part, record: UploadRecord): Promise<string | null> {
		const sha256 = part.hash?.digest('hex') ?? null;
		this.#parts.delete(id);
		try {
			await this.#files.writeRecord(id, { ...record, sha256 });
			await rename(this.#files.part(id), this.#files.whole(id));
		} catch (thrown) {
			throw writeError(thrown);
		}
		return sha256;
	}

	async #currentPart(id: string): Promise<Part> {
		const sizeBytes = (await sizeOf(this.#files.part(id))) ?? 0;
		const known = this.#parts.get(id);
		if (known?.receivedBytes === sizeBytes) return known;
		return sizeBytes === 0 ? emptyPart() : readPart(this.#files.part(id));
	}

	async #forget(id: string): Promise<void> {
		this.#parts.delete(id);
		await rm(this.#files.part(id), { force: true });
	}
}

/** Converts an error of the file system to `write-failed`. */
function writeError(thrown: unknown): AnalysisError {
	if (thrown instanceof AnalysisError) return thrown;
	return new AnalysisError('write-failed', 'upload', (thrown as NodeJS.ErrnoException).code ?? '', { cause: thrown });
}
