import type { FileHandle } from 'node:fs/promises';
import { rename, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AnalysisError, toAnalysisError } from '../errors.ts';
import { allowOrigin, answerComplete, answerPreflight, answerProblem, answerProgress } from './answer-upload.ts';
import { createOneAtATime } from './one-at-a-time.ts';
import { type PutIntent, parseContentRange } from './parse-content-range.ts';
import { createPartSink, emptyPart, openPart, type Part, readPart } from './part-sink.ts';
import { receiveBody } from './receive-body.ts';
import { parseSignedAddress } from './signed-address.ts';
import { sizeOf, type UploadFiles, type UploadRecord } from './upload-files.ts';

/** What takes in the bytes of uploads. */
export type UploadReceiver = {
	/** Answers a request to a path below `/store/`, streaming; never rejects. */
	handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
	/** Bytes of an upload that have arrived, complete or not. */
	receivedBytes(id: string): Promise<number>;
	/** Removes all files of an upload, ending a request that is writing to them. */
	remove(id: string): Promise<void>;
	/** Ends the requests that are writing; what arrived is kept. */
	close(): Promise<void>;
};

/** How uploads are received. */
export type ReceiverOptions = {
	readonly files: UploadFiles;
	/** Key of the signatures. */
	readonly secret: string;
	/** Origins of pages that may send from another host. */
	readonly origins: readonly string[];
	/** Milliseconds without a byte after which a sender is given up. */
	readonly idleMs: number;
	/** The record of an upload that has not expired. */
	findRecord(id: string): Promise<UploadRecord | null>;
};

/** The server's side of Google's resumable upload protocol (https://cloud.google.com/storage/docs/performing-resumable-uploads), on files. */
export function createUploadReceiver({ files, secret, origins, idleMs, findRecord }: ReceiverOptions): UploadReceiver {
	const exclusively = createOneAtATime();
	/** Saves hashing a part anew for each request; the file itself is the truth. */
	const parts = new Map<string, Part>();

	async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		allowOrigin(request, response, origins);
		if (request.method === 'OPTIONS') return answerPreflight(response);
		const { id, ...signed } = parseSignedAddress(secret, request.url ?? '', Date.now() / 1000);
		if (request.method !== 'PUT') throw new AnalysisError('method-not-allowed', 'upload');
		const record = await findRecord(id);
		if (!record) throw new AnalysisError('upload-not-found', 'upload');
		if (record.sizeBytes !== signed.sizeBytes || record.contentType !== signed.contentType)
			throw new AnalysisError('upload-refused', 'upload', 'the address is of another upload');
		const intent = parseIntent(request, record);
		if (intent.kind === 'send' || (await receivedBytes(id)) === record.sizeBytes) {
			const sha256 = await exclusively(id, (signal) => receive(id, intent, record, request, signal));
			if (sha256) return answerComplete(request, response, { id, sizeBytes: record.sizeBytes, sha256 });
		}
		answerProgress(request, response, await receivedBytes(id));
	}

	/** Takes in a body; the file's SHA-256 when it is complete, else null. */
	async function receive(
		id: string,
		intent: PutIntent,
		record: UploadRecord,
		request: IncomingMessage,
		signal: AbortSignal,
	): Promise<string | null> {
		if ((await sizeOf(files.whole(id))) !== null) return (await files.readRecord(id))?.sha256 ?? null;
		const part = intent.kind === 'send' && intent.whole ? emptyPart() : await currentPart(id);
		if (intent.kind === 'send' && intent.first <= part.receivedBytes) {
			parts.set(id, part);
			await append(id, part, { ...intent, sizeBytes: record.sizeBytes }, request, signal);
		}
		return part.receivedBytes === record.sizeBytes ? complete(id, part, record) : null;
	}

	async function append(
		id: string,
		part: Part,
		range: { readonly first: number; readonly end: number; readonly sizeBytes: number },
		request: IncomingMessage,
		signal: AbortSignal,
	): Promise<void> {
		let file: FileHandle | null = null;
		try {
			file = await openPart(files.part(id), part);
			await receiveBody(request, createPartSink(file, part, range), { idleMs, signal });
			if (part.receivedBytes < range.end) throw new AnalysisError('upload-interrupted', 'upload');
		} catch (thrown) {
			const error = writeError(thrown);
			if (!error.retryable || error.code === 'write-failed') await forget(id);
			if (error.code === 'not-a-video' || error.code === 'playlist-refused') await files.remove(id);
			throw error;
		} finally {
			await file?.close();
		}
	}

	async function complete(id: string, part: Part, record: UploadRecord): Promise<string> {
		const sha256 = part.hash.digest('hex');
		parts.delete(id);
		try {
			await files.writeRecord(id, { ...record, sha256 });
			await rename(files.part(id), files.whole(id));
		} catch (thrown) {
			throw writeError(thrown);
		}
		return sha256;
	}

	async function currentPart(id: string): Promise<Part> {
		const sizeBytes = (await sizeOf(files.part(id))) ?? 0;
		const known = parts.get(id);
		if (known?.receivedBytes === sizeBytes) return known;
		return sizeBytes === 0 ? emptyPart() : readPart(files.part(id));
	}

	async function receivedBytes(id: string): Promise<number> {
		return (await sizeOf(files.whole(id))) ?? (await sizeOf(files.part(id))) ?? 0;
	}

	async function forget(id: string): Promise<void> {
		parts.delete(id);
		await rm(files.part(id), { force: true });
	}

	async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
		request.on('error', () => {}); // a broken connection is told by 'close'
		response.on('error', () => {});
		try {
			await answer(request, response);
		} catch (thrown) {
			answerProblem(request, response, toAnalysisError(thrown, 'upload'));
		}
	}

	return {
		handle,
		receivedBytes,
		remove: (id) =>
			exclusively(id, async () => {
				parts.delete(id);
				await files.remove(id);
			}),
		close: exclusively.stopAll,
	};
}

/** The intent of a request; a type that is not the announced one throws `upload-mismatch`, none at all (`curl -T`) is taken. */
function parseIntent({ headers }: IncomingMessage, record: UploadRecord): PutIntent {
	const length = headers['content-length'];
	const intent = parseContentRange(
		headers['content-range'] ?? null,
		length === undefined ? null : Number(length),
		record.sizeBytes,
	);
	const type = headers['content-type'];
	if (intent.kind === 'send' && type !== undefined && type !== record.contentType)
		throw new AnalysisError('upload-mismatch', 'upload', `${record.contentType} was announced`);
	return intent;
}

/** An error of the file system as `write-failed`. */
function writeError(thrown: unknown): AnalysisError {
	if (thrown instanceof AnalysisError) return thrown;
	return new AnalysisError('write-failed', 'upload', (thrown as NodeJS.ErrnoException).code ?? '', { cause: thrown });
}
