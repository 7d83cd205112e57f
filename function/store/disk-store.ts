import { mkdir, open, readFile, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredEntry } from '../contract/report.ts';
import { idSchema } from '../contract/upload.ts';
import { AnalysisError } from '../errors.ts';
import { checkedBytes } from './checked-bytes.ts';
import { type Incoming, IncomingUploads, type Pour } from './incoming-uploads.ts';
import { resultFromText } from './result-from-text.ts';
import { parseSignedAddress, signAddress } from './signed-address.ts';
import type { NewUpload, OnExpired, OpenedUpload, Store, UploadState } from './store.ts';
import { listIds } from './sweep-folder.ts';
import { createUploadFiles, nullIfMissing, sizeOf, type UploadRecord, writePrivate } from './upload-files.ts';

/** Options of a store in a folder. */
export type DiskStoreOptions = {
	/** Contains `uploads`, `results` and `webhooks`; created if missing. Only one process may use it at a time. */
	readonly folder: string;
	/** Key that signs upload addresses. */
	readonly secret: string;
	readonly maxBytes: number;
	/** Seconds until an upload is deleted, complete or not. */
	readonly uploadTtlS: number;
	/** Seconds until a result is deleted; 0 = never. */
	readonly reportTtlS: number;
	readonly onExpired?: OnExpired;
};

/** A store in a local folder, which receives the bytes of uploads itself. */
export type DiskStore = Store & {
	/** The upload that an address (path and query) was signed for; throws `not-found`, `upload-refused`, `upload-not-found`. */
	findSigned(address: string): Promise<SignedRecord>;
	/** Receives bytes of an upload (null = none); returns its SHA-256 once it is complete, otherwise null. See `IncomingUploads.receive`. */
	receive(upload: SignedRecord, incoming: Incoming | null, pour: Pour): Promise<string | null>;
	/** Number of bytes of an upload that have arrived. */
	receivedBytes(id: string): Promise<number>;
	/** Deletes expired files and leftovers of a crash; also runs automatically at startup and every 10 minutes. */
	sweep(): Promise<void>;
	/** Stops the sweeper and all incoming uploads; received bytes are kept. */
	close(): Promise<void>;
};

/** An upload whose signed address has been verified. */
export type SignedRecord = UploadRecord & { readonly id: string };

const sweepMs = 10 * 60_000;
/** Minimum age of leftovers, seconds: a younger upload without a record may be in the middle of its deletion. */
const orphanS = 60;

/** Creates a store of files below `folder`. After a crash at any moment, no incomplete file is mistaken for a complete one. */
export function createDiskStore(options: DiskStoreOptions): DiskStore {
	const uploads = join(options.folder, 'uploads');
	const results = join(options.folder, 'results');
	const webhooks = join(options.folder, 'webhooks');
	const files = createUploadFiles(uploads);
	/** Number of current readers per upload; the sweeper skips uploads with readers. */
	const readers = new Map<string, number>();
	const { secret } = options;
	const incoming = new IncomingUploads(files);
	const sweeper = setInterval(() => void sweep().catch(() => {}), sweepMs).unref();
	const firstSweep = sweep().catch(() => {}); // check() and every use of the folder report the same fault

	async function createUpload(upload: NewUpload) {
		const { id, fileName, sizeBytes, contentType } = upload;
		if (sizeBytes > options.maxBytes)
			throw new AnalysisError('file-too-large', 'upload', `the limit is ${options.maxBytes} bytes`);
		const known = await findRecord(id);
		if (known && !(known.fileName === fileName && known.sizeBytes === sizeBytes && known.contentType === contentType))
			throw new AnalysisError('key-reused', 'upload');
		const createdAt = known?.createdAt ?? new Date().toISOString();
		if (!known) await files.writeRecord(id, { fileName, sizeBytes, contentType, createdAt, sha256: null });
		const expiresS = Math.floor(Date.parse(createdAt) / 1000) + options.uploadTtlS;
		return {
			method: 'PUT' as const,
			url: signAddress(secret, { id, sizeBytes, contentType, expiresS }),
			headers: { 'Content-Type': contentType },
			resumable: true,
			expiresAt: new Date(expiresS * 1000).toISOString(),
		};
	}

	async function putUpload(
		{ id, fileName, contentType }: Omit<NewUpload, 'sizeBytes' | 'origin'>,
		bytes: AsyncIterable<Buffer>,
	): Promise<void> {
		await mkdir(uploads, { recursive: true, mode: 0o700 });
		const about = { fileName, contentType, createdAt: new Date().toISOString() };
		await incoming.put(id, about, checkedBytes(bytes, options.maxBytes));
	}

	/** The record of an upload; null if it is missing or expired. */
	async function findRecord(id: string): Promise<UploadRecord | null> {
		const record = await files.readRecord(id);
		return record && !isExpired(record) ? record : null;
	}

	async function findSigned(address: string): Promise<SignedRecord> {
		const { id, sizeBytes, contentType } = parseSignedAddress(secret, address, Date.now() / 1000);
		const record = await findRecord(id);
		if (!record) throw new AnalysisError('upload-not-found', 'upload');
		if (record.sizeBytes !== sizeBytes || record.contentType !== contentType)
			throw new AnalysisError('upload-refused', 'upload', 'the address belongs to another upload');
		return { id, ...record };
	}

	const isExpired = (record: UploadRecord) => ageS(record.createdAt) > options.uploadTtlS;

	async function findUpload(id: string): Promise<UploadState | null> {
		if (!isId(id)) return null;
		const record = await findRecord(id);
		if (!record) return null;
		const { sha256: _, ...request } = record;
		const complete = (await sizeOf(files.whole(id))) !== null;
		return { id, ...request, complete, receivedBytes: await incoming.receivedBytes(id) };
	}

	async function openUpload(id: string, signal: AbortSignal): Promise<OpenedUpload> {
		if (signal.aborted) throw new AnalysisError('cancelled', 'upload');
		const record = await findRecord(id);
		if (!record) throw new AnalysisError('upload-not-found', 'upload');
		const sizeBytes = await sizeOf(files.whole(id));
		if (sizeBytes === null) throw new AnalysisError('upload-incomplete', 'upload');
		if (sizeBytes !== record.sizeBytes) throw new AnalysisError('upload-mismatch', 'upload', `${sizeBytes} bytes`);
		readers.set(id, (readers.get(id) ?? 0) + 1);
		let held = true;
		const release = async () => {
			if (!held) return;
			held = false;
			const left = (readers.get(id) ?? 1) - 1;
			if (left > 0) readers.set(id, left);
			else readers.delete(id);
		};
		return { path: files.whole(id), release };
	}

	async function deleteUpload(id: string): Promise<boolean> {
		if (!isId(id)) return false;
		const existed = (await sizeOf(files.record(id))) !== null;
		await incoming.remove(id);
		return existed;
	}

	const webhookPath = (id: string) => {
		if (!isId(id)) throw new AnalysisError('report-not-found', 'store');
		return join(webhooks, `${id}.json`);
	};
	const removeFile = async (path: string) => (await nullIfMissing(unlink(path).then(() => true))) ?? false;

	const resultPath = (id: string) => {
		if (!isId(id)) throw new AnalysisError('report-not-found', 'store');
		return join(results, `${id}.json`);
	};

	async function writeResult(id: string, result: StoredEntry): Promise<void> {
		await writePrivate(resultPath(id), JSON.stringify(result));
	}

	async function readResult(id: string): Promise<StoredEntry | null> {
		if (!isId(id)) return null;
		const text = await nullIfMissing(readFile(resultPath(id), 'utf8'));
		return text === null ? null : resultFromText(text);
	}

	async function deleteResult(id: string): Promise<boolean> {
		if (!isId(id)) return false;
		return removeFile(resultPath(id));
	}

	async function check(): Promise<void> {
		await firstSweep;
		for (const folder of [uploads, results]) {
			await mkdir(folder, { recursive: true, mode: 0o700 });
			const path = join(folder, `.check-${process.pid}.tmp`);
			await (await open(path, 'w')).close();
			await rm(path, { force: true });
		}
	}

	async function sweep(): Promise<void> {
		for (const [id, fileAgeS] of await listIds(uploads)) {
			const record = await files.readRecord(id).catch(() => null); // treat an unreadable record as missing
			const expired = record ? isExpired(record) : fileAgeS > orphanS;
			if (!expired || readers.has(id)) continue;
			await incoming.remove(id);
			if (record) options.onExpired?.('upload', id);
		}
		for (const [id, fileAgeS] of await listIds(results))
			if (options.reportTtlS > 0 && fileAgeS > options.reportTtlS && (await deleteResult(id)))
				options.onExpired?.('report', id);
	}

	return {
		kind: 'disk',
		createUpload: (upload) => withStoreErrors(createUpload(upload), 'write-failed'),
		putUpload: (upload, bytes) => withStoreErrors(putUpload(upload, bytes), 'write-failed'),
		findUpload: (id) => withStoreErrors(findUpload(id)),
		openUpload: (id, signal) => withStoreErrors(openUpload(id, signal)),
		deleteUpload: (id) => withStoreErrors(deleteUpload(id)),
		writeResult: (id, result) => withStoreErrors(writeResult(id, result), 'write-failed'),
		readResult: (id) => withStoreErrors(readResult(id)),
		deleteResult: (id) => withStoreErrors(deleteResult(id)),
		webhooks: {
			write: (id, text) => withStoreErrors(writePrivate(webhookPath(id), text), 'write-failed'),
			read: (id) => withStoreErrors(nullIfMissing(readFile(webhookPath(id), 'utf8'))),
			list: () => withStoreErrors(listIds(webhooks).then((ids) => [...ids.keys()])),
			remove: (id) => withStoreErrors(removeFile(webhookPath(id))),
		},
		check: () => withStoreErrors(check()),
		findSigned: (address) => withStoreErrors(findSigned(address)),
		receive: ({ id, ...record }, range, pour) => withStoreErrors(incoming.receive(id, record, range, pour)),
		receivedBytes: (id) => withStoreErrors(incoming.receivedBytes(id)),
		sweep: () => withStoreErrors(sweep()),
		close: async () => {
			clearInterval(sweeper);
			await firstSweep;
			await incoming.close();
		},
	};
}

const isId = (id: string) => idSchema.safeParse(id).success;

const ageS = (createdAt: string) => (Date.now() - Date.parse(createdAt)) / 1000;

/** Awaits `work`; an unexpected error (of the file system, or from a damaged file) becomes `code`. */
async function withStoreErrors<T>(
	work: Promise<T>,
	code: 'store-failed' | 'write-failed' = 'store-failed',
): Promise<T> {
	try {
		return await work;
	} catch (thrown) {
		if (thrown instanceof AnalysisError) throw thrown;
		throw new AnalysisError(code, 'store', (thrown as NodeJS.ErrnoException).code ?? '', { cause: thrown });
	}
}
