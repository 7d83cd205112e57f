import type { StoredEntry } from '../contract/report.ts';
import type { UploadRequest, UploadTicket } from '../contract/upload.ts';

/** An upload that is about to begin. */
export type NewUpload = UploadRequest & {
	/** 128 random bits, 32 hexadecimal digits. */
	readonly id: string;
	/** Origin of the page that will send the bytes; null when it is not a browser. */
	readonly origin: string | null;
};

/** What the store knows of an upload. */
export type UploadState = UploadRequest & {
	readonly id: string;
	/** Whether every announced byte has arrived. */
	readonly complete: boolean;
	/** Bytes that arrived so far; null where the store does not tell before the end. */
	readonly receivedBytes: number | null;
	/** ISO 8601, UTC. */
	readonly createdAt: string;
};

/** One version of an object of Google Cloud Storage. */
export type StoredObject = { readonly bucket: string; readonly name: string; readonly generation: string };

/** A file of this machine's disk that is the caller's until `release`. */
export type OpenedUpload = { readonly path: string; release(): Promise<void> };

/** Told of each deletion by the store itself: what it was and that its time was over. */
export type OnExpired = (what: 'upload' | 'report', id: string) => void;

/** Small texts that the service keeps for itself, each under the id of an analysis. */
export type KeptTexts = {
	/** Atomic: a reader sees the old one or the new one, whole. */
	write(id: string, text: string): Promise<void>;
	read(id: string): Promise<string | null>;
	list(): Promise<readonly string[]>;
	/** Whether there was one. */
	remove(id: string): Promise<boolean>;
};

/**
 * Where uploads and results are kept: a folder, or Google Cloud Storage. `uploads/{id}`, `results/{id}.json` and `webhooks/{id}.json` are all
 * that there is.
 * One contract suite runs on every implementation (test/contract). Every method throws `store-failed` when the store does not answer.
 */
export type Store = {
	readonly kind: 'disk' | 'gcs';
	/** A signed place for the bytes, bound to id, size, type and time; a path where it is at the service itself. */
	createUpload(upload: NewUpload): Promise<UploadTicket['upload']>;
	/**
	 * Stores a file whose size is known at its end; nothing of it stays where that fails. Throws `file-empty`, `file-too-large`, `not-a-video`,
	 * `playlist-refused`, `no-video-stream`, `write-failed`, and what `bytes` throws.
	 */
	putUpload(upload: Omit<NewUpload, 'sizeBytes' | 'origin'>, bytes: AsyncIterable<Buffer>): Promise<void>;
	/** Null = never begun, deleted or expired. */
	findUpload(id: string): Promise<UploadState | null>;
	/** The complete upload as a local file; throws upload-not-found, upload-incomplete, upload-mismatch, cancelled. */
	openUpload(id: string, signal: AbortSignal): Promise<OpenedUpload>;
	/** Whether there was one; also forgets a part that had arrived. */
	deleteUpload(id: string): Promise<boolean>;
	/** Atomic: a reader sees the old one or the new one, whole. */
	writeResult(id: string, result: StoredEntry): Promise<void>;
	readResult(id: string): Promise<StoredEntry | null>;
	/** Whether there was one. */
	deleteResult(id: string): Promise<boolean>;
	/** Webhooks that are to be called. */
	readonly webhooks: KeptTexts;
	/**
	 * Makes an upload of an object that landed in a bucket without the service; only where objects land, so not on disk. The object itself is
	 * never deleted with the upload. Throws upload-not-found, file-empty, file-too-large.
	 */
	adoptObject?(id: string, object: StoredObject): Promise<void>;
	/** Resolves when the store can be written and read. */
	check(): Promise<void>;
};
