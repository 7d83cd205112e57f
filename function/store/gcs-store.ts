import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { StoredEntry } from '../contract/report.ts';
import { idSchema, type UploadTicket } from '../contract/upload.ts';
import { AnalysisError } from '../errors.ts';
import { checkedBytes } from './checked-bytes.ts';
import { type GcsAccess, gcsError, openGcs, retryOnce, withTimeout } from './gcs-client.ts';
import { createGcsObjects, type GcsObject } from './gcs-objects.ts';
import { resultFromText } from './result-from-text.ts';
import type { NewUpload, OnExpired, OpenedUpload, Store, StoredObject, UploadState } from './store.ts';

/** Options of a store in Google Cloud Storage. */
export type GcsStoreOptions = GcsAccess & {
	readonly uploadsBucket: string;
	/** May be the same as `uploadsBucket`. */
	readonly resultsBucket: string;
	readonly maxBytes: number;
	/** Seconds until an upload expires; a lifecycle rule of the bucket deletes its bytes. */
	readonly uploadTtlS: number;
	/** Seconds until a result expires; 0 = never. An expired result is deleted when it is requested, or by a lifecycle rule. */
	readonly reportTtlS?: number;
	readonly onExpired?: OnExpired;
};

/** Uploads up to this size use a single signed PUT, which saves opening a session; larger ones can be resumed. */
const maxPlainBytes = 8 * 1024 ** 2;

/** Maximum lifetime of a V4 signature and of a resumable session, seconds (https://cloud.google.com/storage/quotas). */
const maxLifetimeS = 7 * 86_400;

/** Time limit for opening a session, milliseconds. */
const sessionTimeoutMs = 20_000;

/** Metadata that tells the cloud-event function not to analyse an object on arrival, because its sender will request the analysis. */
export const onRequest = { 'unmask-analyse': 'on-request' };

/** The record in `uploads/{id}.json`, which shows that an upload was started, and makes it possible to cancel it. */
const recordSchema = z.object({
	fileName: z.string(),
	sizeBytes: z.number(),
	contentType: z.string(),
	createdAt: z.string(),
	/** The resumable session; null = none. */
	session: z.string().nullable(),
	/** The object with the bytes if it is not `uploads/{id}`. */
	adopted: z.object({ bucket: z.string(), name: z.string(), generation: z.string() }).nullable(),
});
type UploadRecord = z.infer<typeof recordSchema>;

type FoundObject = GcsObject & { readonly bucket: string };
type UploadTarget = Pick<UploadTicket['upload'], 'url' | 'headers' | 'resumable'>;

/** Creates a store in Google Cloud Storage. Clients send the bytes directly to the bucket; only `putUpload` passes them through this process. */
export function createGcsStore(options: GcsStoreOptions): Store {
	const { uploadsBucket, resultsBucket, uploadTtlS } = options;
	const client = openGcs(options);
	const objects = createGcsObjects(options, client);
	const bytesName = (id: string) => `uploads/${checkId(id)}`;
	const recordName = (id: string) => `uploads/${checkId(id)}.json`;
	const webhookName = (id: string) => `webhooks/${checkId(id)}.json`;
	const resultName = (id: string) => `results/${checkId(id)}.json`;
	// A V4 signature needs credentials, and emulators are used without any: there, every upload is a session.
	let canSign = options.apiEndpoint === null || options.credentials !== undefined;

	async function createUpload(upload: NewUpload): Promise<UploadTicket['upload']> {
		const { id, fileName, sizeBytes, contentType } = upload;
		if (sizeBytes > options.maxBytes)
			throw new AnalysisError('file-too-large', 'upload', `the limit is ${options.maxBytes} bytes`);
		const createdAt = new Date();
		const expiresAt = new Date(createdAt.getTime() + Math.min(uploadTtlS, maxLifetimeS) * 1000);
		const target = (sizeBytes <= maxPlainBytes && (await signPut(upload, expiresAt))) || (await openSession(upload));
		const session = target.resumable ? target.url : null;
		await writeRecord(id, {
			fileName,
			sizeBytes,
			contentType,
			createdAt: createdAt.toISOString(),
			session,
			adopted: null,
		});
		return { method: 'PUT', ...target, expiresAt: expiresAt.toISOString() };
	}

	/** The bytes pass through this process; the object exists once all of them have arrived. */
	async function putUpload(
		{ id, fileName, contentType }: Omit<NewUpload, 'sizeBytes' | 'origin'>,
		bytes: AsyncIterable<Buffer>,
	): Promise<void> {
		let sizeBytes = 0;
		const counted = async function* () {
			for await (const chunk of checkedBytes(bytes, options.maxBytes)) {
				sizeBytes += chunk.length;
				yield chunk;
			}
		};
		const metadata = metadataOf({ fileName });
		await objects.write(uploadsBucket, bytesName(id), contentType, counted(), metadata);
		const createdAt = new Date().toISOString();
		await writeRecord(id, { fileName, sizeBytes, contentType, createdAt, session: null, adopted: null });
	}

	/** A V4-signed address, valid only for this size and type and if the object does not exist yet; null if this process cannot sign. */
	async function signPut(upload: NewUpload, expires: Date): Promise<UploadTarget | null> {
		if (!canSign) return null;
		const { id, sizeBytes, contentType } = upload;
		const extensionHeaders = {
			'x-goog-content-length-range': `${sizeBytes},${sizeBytes}`,
			'x-goog-if-generation-match': '0',
			...Object.fromEntries(Object.entries(metadataOf(upload)).map(([key, value]) => [`x-goog-meta-${key}`, value])),
		};
		try {
			const file = client.bucket(uploadsBucket).file(bytesName(id));
			const [url] = await file.getSignedUrl({ version: 'v4', action: 'write', expires, contentType, extensionHeaders });
			return { url, headers: { 'Content-Type': contentType, ...extensionHeaders }, resumable: false };
		} catch (thrown) {
			// Without the permission to sign (iam.serviceAccounts.signBlob), a session works too, at the cost of one more request.
			if (!(thrown instanceof Error && thrown.name === 'SigningError')) throw gcsError(thrown);
			canSign = false;
			return null;
		}
	}

	/** Opens a resumable session for the page's origin; Google refuses any size but the announced one. */
	async function openSession(upload: NewUpload): Promise<UploadTarget> {
		const { id, sizeBytes, contentType, origin } = upload;
		try {
			const file = client.bucket(uploadsBucket).file(bytesName(id));
			const open = () =>
				file.createResumableUpload({
					...(origin === null ? {} : { origin }),
					metadata: { contentType, contentLength: sizeBytes, metadata: metadataOf(upload) },
					preconditionOpts: { ifGenerationMatch: 0 },
				});
			const [url] = await retryOnce(() => withTimeout(sessionTimeoutMs, open()));
			return { url, headers: { 'Content-Type': contentType }, resumable: true };
		} catch (thrown) {
			throw gcsError(thrown);
		}
	}

	async function writeRecord(id: string, record: UploadRecord): Promise<void> {
		await objects.writeText(uploadsBucket, recordName(id), 'application/json', JSON.stringify(record), onRequest);
	}

	/** The record of an upload, and its object once it is complete; null = never started, deleted or expired. */
	async function find(id: string): Promise<{ record: UploadRecord; object: FoundObject | null } | null> {
		if (!isId(id)) return null;
		const text = await objects.readText(uploadsBucket, recordName(id));
		const known = text === null ? null : recordFromText(text);
		const at = known?.adopted ?? { bucket: uploadsBucket, name: bytesName(id) };
		const found = await objects.find(at.bucket, at.name);
		// If an adopted object has been replaced since, it is another file.
		const isSame = found !== null && (known?.adopted ?? found).generation === found.generation;
		const object = isSame ? { ...found, bucket: at.bucket } : null;
		const record = known ?? (object && recordFromObject(object)); // the object may have been uploaded by hand
		return record && Date.now() - Date.parse(record.createdAt) <= uploadTtlS * 1000 ? { record, object } : null;
	}

	async function findUpload(id: string): Promise<UploadState | null> {
		const upload = await find(id);
		if (!upload) return null;
		const { fileName, sizeBytes, contentType, createdAt } = upload.record;
		const receivedBytes = upload.object?.sizeBytes ?? null;
		return { id, fileName, sizeBytes, contentType, createdAt, complete: upload.object !== null, receivedBytes };
	}

	async function openUpload(id: string, signal: AbortSignal): Promise<OpenedUpload> {
		if (signal.aborted) throw new AnalysisError('cancelled', 'upload');
		const upload = await find(id);
		if (!upload) throw new AnalysisError('upload-not-found', 'upload');
		const { record, object } = upload;
		if (!object) throw new AnalysisError('upload-incomplete', 'upload');
		if (object.sizeBytes !== record.sizeBytes)
			throw new AnalysisError('upload-mismatch', 'upload', `${record.sizeBytes} bytes were announced`);
		const folder = await mkdtemp(join(tmpdir(), 'unmask-upload-'));
		const release = () => rm(folder, { recursive: true, force: true });
		try {
			const path = join(folder, id);
			await objects.download(object.bucket, object.name, object.generation, path, signal);
			return { path, release };
		} catch (thrown) {
			await release();
			throw thrown;
		}
	}

	async function deleteUpload(id: string): Promise<boolean> {
		if (!isId(id)) return false;
		const text = await objects.readText(uploadsBucket, recordName(id));
		if (text !== null) await cancelSession(recordFromText(text).session);
		const hadBytes = await objects.remove(uploadsBucket, bytesName(id));
		return (await objects.remove(uploadsBucket, recordName(id))) || hadBytes;
	}

	async function adoptObject(id: string, adopted: StoredObject): Promise<void> {
		const object = await objects.find(adopted.bucket, adopted.name);
		if (object?.generation !== adopted.generation) throw new AnalysisError('upload-not-found', 'upload');
		if (object.sizeBytes === 0) throw new AnalysisError('file-empty', 'upload');
		if (object.sizeBytes > options.maxBytes)
			throw new AnalysisError('file-too-large', 'upload', `the limit is ${options.maxBytes} bytes`);
		const createdAt = new Date().toISOString(); // not the object's own, which may be long ago
		await writeRecord(id, { ...recordFromObject(object), createdAt, adopted });
	}

	async function writeResult(id: string, result: StoredEntry): Promise<void> {
		await objects.writeText(resultsBucket, resultName(id), 'application/json', JSON.stringify(result));
	}

	async function readResult(id: string): Promise<StoredEntry | null> {
		const text = isId(id) ? await objects.readText(resultsBucket, resultName(id)) : null;
		const result = text === null ? null : resultFromText(text);
		const { reportTtlS = 0, onExpired } = options;
		if (result === null || reportTtlS === 0 || Date.now() - Date.parse(result.createdAt) <= reportTtlS * 1000)
			return result;
		if (await objects.remove(resultsBucket, resultName(id))) onExpired?.('report', id);
		return null;
	}

	async function listWebhooks(): Promise<string[]> {
		const ids: string[] = [];
		for await (const { name } of objects.list(resultsBucket, 'webhooks/')) {
			const id = /^webhooks\/([0-9a-f]{32})\.json$/.exec(name)?.[1];
			if (id) ids.push(id);
		}
		return ids;
	}

	/** Lists a page of names. Checking write access would take a write, and a probe object would trigger the bucket's events. */
	async function check(): Promise<void> {
		for (const bucket of new Set([uploadsBucket, resultsBucket]))
			for await (const _ of objects.list(bucket, 'results/.check')) break;
	}

	return {
		kind: 'gcs',
		createUpload,
		putUpload,
		findUpload,
		openUpload,
		deleteUpload,
		writeResult,
		readResult,
		deleteResult: async (id) => isId(id) && (await objects.remove(resultsBucket, resultName(id))),
		webhooks: {
			write: (id, text) => objects.writeText(resultsBucket, webhookName(id), 'application/json', text, onRequest),
			read: (id) => objects.readText(resultsBucket, webhookName(id)),
			list: listWebhooks,
			remove: (id) => objects.remove(resultsBucket, webhookName(id)),
		},
		adoptObject,
		check,
	};
}

/** Custom metadata of an upload; header values must be ASCII, so the name is URI-encoded. */
const metadataOf = ({ fileName }: Pick<NewUpload, 'fileName'>) => ({
	'file-name': encodeURIComponent(fileName),
	...onRequest,
});

/** The record of an object that has none of its own. */
function recordFromObject({ name, sizeBytes, contentType, createdAt }: GcsObject): UploadRecord {
	return { fileName: basename(name), sizeBytes, contentType, createdAt, session: null, adopted: null };
}

/** Cancels a session so that it accepts no more bytes; Google responds with 499. Errors are ignored, as an expired session needs no cancelling. */
async function cancelSession(session: string | null): Promise<void> {
	if (session === null) return;
	await fetch(session, { method: 'DELETE', body: '', signal: AbortSignal.timeout(10_000) }).catch(() => {});
}

function recordFromText(text: string): UploadRecord {
	try {
		return recordSchema.parse(JSON.parse(text));
	} catch (thrown) {
		throw new AnalysisError('store-failed', 'store', 'a stored file is damaged', { cause: thrown });
	}
}

const isId = (id: string) => idSchema.safeParse(id).success;

/** Guards object names: throws unless the id is well-formed. */
function checkId(id: string): string {
	if (!isId(id)) throw new AnalysisError('upload-not-found', 'store');
	return id;
}
