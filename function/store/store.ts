import type { StoredEntry } from '../contract/report.ts';
import type { UploadRequest, UploadTicket } from '../contract/upload.ts';

/** A new upload. */
export type NewUpload = UploadRequest & {
	/** 128 random bits, 32 hexadecimal digits. */
	readonly id: string;
	/** Origin of the page that will send the bytes; null = not a browser. */
	readonly origin: string | null;
};

/** State of an upload in the store. */
export type UploadState = UploadRequest & {
	readonly id: string;
	/** Whether every announced byte has arrived. */
	readonly complete: boolean;
	/** Bytes that have arrived; null if the store cannot tell before the end. */
	readonly receivedBytes: number | null;
	/** ISO 8601, UTC. */
	readonly createdAt: string;
};

/** One generation of an object in Google Cloud Storage. */
export type StoredObject = { readonly bucket: string; readonly name: string; readonly generation: string };

/** A local file that the caller may read until `release`. */
export type OpenedUpload = { readonly path: string; release(): Promise<void> };

/** Called when the store deletes an expired upload or report. */
export type OnExpired = (what: 'upload' | 'report', id: string) => void;

/** Small internal texts of the service, by analysis id. */
export type TextRecords = {
	/** Atomic: a reader sees either the old text or the new one. */
	write(id: string, text: string): Promise<void>;
	read(id: string): Promise<string | null>;
	list(): Promise<readonly string[]>;
	/** Returns whether there was one. */
	remove(id: string): Promise<boolean>;
};

/**
 * Storage for uploads and results: a folder, or Google Cloud Storage. It consists of `uploads/{id}`, `results/{id}.json` and `webhooks/{id}.json`.
 * One contract suite covers every implementation (test/contract). Every method throws `store-failed` if the storage fails.
 */
export type Store = {
	readonly kind: 'disk' | 'gcs';
	/** A signed address for the bytes, bound to id, size, type and expiry; only a path if the service itself receives them. */
	createUpload(upload: NewUpload): Promise<UploadTicket['upload']>;
	/**
	 * Stores a file of unknown size; leaves nothing behind on failure. Throws `file-empty`, `file-too-large`, `not-a-video`, `playlist-refused`,
	 * `no-video-stream`, `write-failed`, and the errors of `bytes`.
	 */
	putUpload(upload: Omit<NewUpload, 'sizeBytes' | 'origin'>, bytes: AsyncIterable<Buffer>): Promise<void>;
	/** Null = never started, deleted or expired. */
	findUpload(id: string): Promise<UploadState | null>;
	/** The complete upload as a local file; throws upload-not-found, upload-incomplete, upload-mismatch, cancelled. */
	openUpload(id: string, signal: AbortSignal): Promise<OpenedUpload>;
	/** Deletes a complete or partial upload; returns whether there was one. */
	deleteUpload(id: string): Promise<boolean>;
	/** Atomic: a reader sees either the old result or the new one. */
	writeResult(id: string, result: StoredEntry): Promise<void>;
	readResult(id: string): Promise<StoredEntry | null>;
	/** Returns whether there was one. */
	deleteResult(id: string): Promise<boolean>;
	/** Pending webhooks. */
	readonly webhooks: TextRecords;
	/**
	 * Turns an object that arrived in a bucket by other means into an upload; not available on disk. Deleting the upload does not delete the object.
	 * Throws upload-not-found, file-empty, file-too-large.
	 */
	adoptObject?(id: string, object: StoredObject): Promise<void>;
	/** Resolves if the store is accessible. */
	check(): Promise<void>;
};
