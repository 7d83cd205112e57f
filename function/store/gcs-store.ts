import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Storage } from '@google-cloud/storage';
import { z } from 'zod';
import type { StoredEntry } from '../contract/report.ts';
import { idSchema, type UploadTicket } from '../contract/upload.ts';
import { AnalysisError } from '../errors.ts';
import { checkedBytes } from './checked-bytes.ts';
import { type GcsAccess, gcsError, openGcs, retryOnce, withTimeout } from './gcs-client.ts';
import { createGcsObjects, type GcsObject, type GcsObjects } from './gcs-objects.ts';
import { resultFromText } from './result-from-text.ts';
import type { NewUpload, OnExpired, OpenedUpload, Store, StoredObject, TextRecords, UploadState } from './store.ts';

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
	return new GcsStore(options);
}

class GcsStore implements Store {
	readonly kind = 'gcs';
	readonly webhooks: TextRecords = {
		write: (id, text) => this.#objects.writeText(this.#results, webhookName(id), 'application/json', text, onRequest),
		read: (id) => this.#objects.readText(this.#results, webhookName(id)),
		list: () => this.#listWebhooks(),
		remove: (id) => this.#objects.remove(this.#results, webhookName(id)),
	};
	readonly #options: GcsStoreOptions;
	readonly #uploads: string;
	readonly #results: string;
	readonly #client: Storage;
	readonly #objects: GcsObjects;
	#canSign: boolean;

	constructor(options: GcsStoreOptions) {
		this.#options = options;
		this.#uploads = options.uploadsBucket;
		this.#results = options.resultsBucket;
		this.#client = openGcs(options);
		this.#objects = createGcsObjects(options, this.#client);
		// A V4 signature needs credentials, and emulators are used without any: there, every upload is a session.
		this.#canSign = options.apiEndpoint === null || options.credentials !== undefined;
	}

	async createUpload(upload: NewUpload): Promise<UploadTicket['upload']> {
		const { id, fileName, sizeBytes, contentType } = upload;
		if (sizeBytes > this.#options.maxBytes)
			throw new AnalysisError('file-too-large', 'upload', `the limit is ${this.#options.maxBytes} bytes`);
		const createdAt = new Date();
		const expiresAt = new Date(createdAt.getTime() + Math.min(this.#options.uploadTtlS, maxLifetimeS) * 1000);
		const target =
			(sizeBytes <= maxPlainBytes && (await this.#signPut(upload, expiresAt))) || (await this.#openSession(upload));
		const session = target.resumable ? target.url : null;
		await this.#writeRecord(id, {
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
	async putUpload(
		{ id, fileName, contentType }: Omit<NewUpload, 'sizeBytes' | 'origin'>,
		bytes: AsyncIterable<Buffer>,
	): Promise<void> {
		const checked = checkedBytes(bytes, this.#options.maxBytes);
		let sizeBytes = 0;
		const counted = async function* () {
			for await (const chunk of checked) {
				sizeBytes += chunk.length;
				yield chunk;
			}
		};
		const metadata = metadataOf({ fileName });
		await this.#objects.write(this.#uploads, bytesName(id), contentType, counted(), metadata);
		const createdAt = new Date().toISOString();
		await this.#writeRecord(id, { fileName, sizeBytes, contentType, createdAt, session: null, adopted: null });
	}

	/** A V4-signed address, valid only for this size and type and if the object does not exist yet; null if this process cannot sign. */
	async #signPut(upload: NewUpload, expires: Date): Promise<UploadTarget | null> {
		if (!this.#canSign) return null;
		const { id, sizeBytes, contentType } = upload;
		const extensionHeaders = {
			'x-goog-content-length-range': `${sizeBytes},${sizeBytes}`,
			'x-goog-if-generation-match': '0',
			...Object.fromEntries(Object.entries(metadataOf(upload)).map(([key, value]) => [`x-goog-meta-${key}`, value])),
		};
		try {
			const file = this.#client.bucket(this.#uploads).file(bytesName(id));
			const [url] = await file.getSignedUrl({ version: 'v4', action: 'write', expires, contentType, extensionHeaders });
			return { url, headers: { 'Content-Type': contentType, ...extensionHeaders }, resumable: false };
		} catch (thrown) {
			// Without the permission to sign (iam.serviceAccounts.signBlob), a session works too, at the cost of one more request.
			if (!(thrown instanceof Error && thrown.name === 'SigningError')) throw gcsError(thrown);
			this.#canSign = false;
			return null;
		}
	}

	/** Opens a resumable session for the page's origin; Google refuses any size but the announced one. */
	async #openSession(upload: NewUpload): Promise<UploadTarget> {
		const { id, sizeBytes, contentType, origin } = upload;
		try {
			const file = this.#client.bucket(this.#uploads).file(bytesName(id));
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

	async #writeRecord(id: string, record: UploadRecord): Promise<void> {
		const text = JSON.stringify(record);
		await this.#objects.writeText(this.#uploads, recordName(id), 'application/json', text, onRequest);
	}

	/** The record of an upload, and its object once it is complete; null = never started, deleted or expired. */
	async #find(id: string): Promise<{ record: UploadRecord; object: FoundObject | null } | null> {
		if (!isId(id)) return null;
		const text = await this.#objects.readText(this.#uploads, recordName(id));
		const known = text === null ? null : recordFromText(text);
		const at = known?.adopted ?? { bucket: this.#uploads, name: bytesName(id) };
		const found = await this.#objects.find(at.bucket, at.name);
		// If an adopted object has been replaced since, it is another file.
		const isSame = found !== null && (known?.adopted ?? found).generation === found.generation;
		const object = isSame ? { ...found, bucket: at.bucket } : null;
		const record = known ?? (object && recordFromObject(object)); // the object may have been uploaded by hand
		const { uploadTtlS } = this.#options;
		return record && Date.now() - Date.parse(record.createdAt) <= uploadTtlS * 1000 ? { record, object } : null;
	}

	async findUpload(id: string): Promise<UploadState | null> {
		const upload = await this.#find(id);
		if (!upload) return null;
		const { fileName, sizeBytes, contentType, createdAt } = upload.record;
		const receivedBytes = upload.object?.sizeBytes ?? null;
		return { id, fileName, sizeBytes, contentType, createdAt, complete: upload.object !== null, receivedBytes };
	}

	async openUpload(id: string, signal: AbortSignal): Promise<OpenedUpload> {
		if (signal.aborted) throw new AnalysisError('cancelled', 'upload');
		const upload = await this.#find(id);
		if (!upload) throw new AnalysisError('upload-not-found', 'upload');
		const { record, object } = upload;
		if (!object) throw new AnalysisError('upload-incomplete', 'upload');
		if (object.sizeBytes !== record.sizeBytes)
			throw new AnalysisError('upload-mismatch', 'upload', `${record.sizeBytes} bytes were announced`);
		const folder = await mkdtemp(join(tmpdir(), 'unmask-upload-'));
		const release = () => rm(folder, { recursive: true, force: true });
		try {
			const path = join(folder, id);
			await this.#objects.download(object.bucket, object.name, object.generation, path, signal);
			return { path, release };
		} catch (thrown) {
			await release();
			throw thrown;
		}
	}

	async deleteUpload(id: string): Promise<boolean> {
		if (!isId(id)) return false;
		const text = await this.#objects.readText(this.#uploads, recordName(id));
		if (text !== null) await cancelSession(recordFromText(text).session);
		const hadBytes = await this.#objects.remove(this.#uploads, bytesName(id));
		return (await this.#objects.remove(this.#uploads, recordName(id))) || hadBytes;
	}

	async adoptObject(id: string, adopted: StoredObject): Promise<void> {
		const object = await this.#objects.find(adopted.bucket, adopted.name);
		if (object?.generation !== adopted.generation) throw new AnalysisError('upload-not-found', 'upload');
		if (object.sizeBytes === 0) throw new AnalysisError('file-empty', 'upload');
		if (object.sizeBytes > this.#options.maxBytes)
			throw new AnalysisError('file-too-large', 'upload', `the limit is ${this.#options.maxBytes} bytes`);
		const createdAt = new Date().toISOString(); // not the object's own, which may be long ago
		await this.#writeRecord(id, { ...recordFromObject(object), createdAt, adopted });
	}

	async writeResult(id: string, result: StoredEntry): Promise<void> {
		await this.#objects.writeText(this.#results, resultName(id), 'application/json', JSON.stringify(result));
	}

	async readResult(id: string): Promise<StoredEntry | null> {
		const text = isId(id) ? await this.#objects.readText(this.#results, resultName(id)) : null;
		const result = text === null ? null : resultFromText(text);
		const { reportTtlS = 0, onExpired } = this.#options;
		if (result === null || reportTtlS === 0 || Date.now() - Date.parse(result.createdAt) <= reportTtlS * 1000)
			return result;
		if (await this.#objects.remove(this.#results, resultName(id))) onExpired?.('report', id);
		return null;
	}

	async deleteResult(id: string): Promise<boolean> {
		return isId(id) && (await this.#objects.remove(this.#results, resultName(id)));
	}

	async #listWebhooks(): Promise<string[]> {
		const ids: string[] = [];
		for await (const { name } of this.#objects.list(this.#results, 'webhooks/')) {
			const id = /^webhooks\/([0-9a-f]{32})\.json$/.exec(name)?.[1];
			if (id) ids.push(id);
		}
		return ids;
	}

	/** Lists a page of names. Checking write access would take a write, and a probe object would trigger the bucket's events. */
	async check(): Promise<void> {
		for (const bucket of new Set([this.#uploads, this.#results]))
			for await (const _ of this.#objects.list(bucket, 'results/.check')) break;
	}
}

const bytesName = (id: string) => `uploads/${checkId(id)}`;
const recordName = (id: string) => `uploads/${checkId(id)}.json`;
const webhookName = (id: string) => `webhooks/${checkId(id)}.json`;
const resultName = (id: string) => `results/${checkId(id)}.json`;

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
