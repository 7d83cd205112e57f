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
import {
	createUploadFiles,
	nullIfMissing,
	sizeOf,
	type UploadFiles,
	type UploadRecord,
	writePrivate,
} from './upload-files.ts';

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
	const folder = new StoreFolder(options);
	const webhooks = join(options.folder, 'webhooks');
	return {
		kind: 'disk',
		createUpload: (upload) => withStoreErrors(folder.createUpload(upload), 'write-failed'),
		putUpload: (upload, bytes) => withStoreErrors(folder.putUpload(upload, bytes), 'write-failed'),
		findUpload: (id) => withStoreErrors(folder.findUpload(id)),
		openUpload: (id, signal) => withStoreErrors(folder.openUpload(id, signal)),
		deleteUpload: (id) => withStoreErrors(folder.deleteUpload(id)),
		writeResult: (id, result) => withStoreErrors(folder.writeResult(id, result), 'write-failed'),
		readResult: (id) => withStoreErrors(folder.readResult(id)),
		deleteResult: (id) => withStoreErrors(folder.deleteResult(id)),
		webhooks: {
			write: (id, text) => withStoreErrors(writePrivate(pathIn(webhooks, id), text), 'write-failed'),
			read: (id) => withStoreErrors(nullIfMissing(readFile(pathIn(webhooks, id), 'utf8'))),
			list: () => withStoreErrors(listIds(webhooks).then((ids) => [...ids.keys()])),
			remove: (id) => withStoreErrors(removeFile(pathIn(webhooks, id))),
		},
		check: () => withStoreErrors(folder.check()),
		findSigned: (address) => withStoreErrors(folder.findSigned(address)),
		receive: ({ id, ...record }, range, pour) => withStoreErrors(folder.incoming.receive(id, record, range, pour)),
		receivedBytes: (id) => withStoreErrors(folder.incoming.receivedBytes(id)),
		sweep: () => withStoreErrors(folder.sweep()),
		close: () => folder.close(),
	};
}

/** Uploads and results as files; errors of the file system are thrown as they are. */
class StoreFolder {
	readonly incoming: IncomingUploads;
	readonly #options: DiskStoreOptions;
	readonly #uploads: string;
	readonly #results: string;
	readonly #files: UploadFiles;
	/** Number of current readers per upload; the sweeper skips uploads with readers. */
	readonly #readers = new Map<string, number>();
	readonly #sweeper: NodeJS.Timeout;
	readonly #firstSweep: Promise<void>;

	constructor(options: DiskStoreOptions) {
		this.#options = options;
		this.#uploads = join(options.folder, 'uploads');
		this.#results = join(options.folder, 'results');
		this.#files = createUploadFiles(this.#uploads);
		this.incoming = new IncomingUploads(this.#files);
		this.#sweeper = setInterval(() => void this.sweep().catch(() => {}), sweepMs).unref();
		this.#firstSweep = this.sweep().catch(() => {}); // check() and every use of the folder report the same fault
	}

	async createUpload(upload: NewUpload) {
		const { id, fileName, sizeBytes, contentType } = upload;
		if (sizeBytes > this.#options.maxBytes)
			throw new AnalysisError('file-too-large', 'upload', `the limit is ${this.#options.maxBytes} bytes`);
		const known = await this.#findRecord(id);
		if (known && !(known.fileName === fileName && known.sizeBytes === sizeBytes && known.contentType === contentType))
			throw new AnalysisError('key-reused', 'upload');
		const createdAt = known?.createdAt ?? new Date().toISOString();
		if (!known) await this.#files.writeRecord(id, { fileName, sizeBytes, contentType, createdAt, sha256: null });
		const expiresS = Math.floor(Date.parse(createdAt) / 1000) + this.#options.uploadTtlS;
		return {
			method: 'PUT' as const,
			url: signAddress(this.#options.secret, { id, sizeBytes, contentType, expiresS }),
			headers: { 'Content-Type': contentType },
			resumable: true,
			expiresAt: new Date(expiresS * 1000).toISOString(),
		};
	}

	async putUpload(
		{ id, fileName, contentType }: Omit<NewUpload, 'sizeBytes' | 'origin'>,
		bytes: AsyncIterable<Buffer>,
	): Promise<void> {
		await mkdir(this.#uploads, { recursive: true, mode: 0o700 });
		const about = { fileName, contentType, createdAt: new Date().toISOString() };
		await this.incoming.put(id, about, checkedBytes(bytes, this.#options.maxBytes));
	}

	/** The record of an upload; null if it is missing or expired. */
	async #findRecord(id: string): Promise<UploadRecord | null> {
		const record = await this.#files.readRecord(id);
		return record && !this.#isExpired(record) ? record : null;
	}

	#isExpired(record: UploadRecord): boolean {
		return ageS(record.createdAt) > this.#options.uploadTtlS;
	}

	async findSigned(address: string): Promise<SignedRecord> {
		const { id, sizeBytes, contentType } = parseSignedAddress(this.#options.secret, address, Date.now() / 1000);
		const record = await this.#findRecord(id);
		if (!record) throw new AnalysisError('upload-not-found', 'upload');
		if (record.sizeBytes !== sizeBytes || record.contentType !== contentType)
			throw new AnalysisError('upload-refused', 'upload', 'the address belongs to another upload');
		return { id, ...record };
	}

	async findUpload(id: string): Promise<UploadState | null> {
		if (!isId(id)) return null;
		const record = await this.#findRecord(id);
		if (!record) return null;
		const { sha256: _, ...request } = record;
		const complete = (await sizeOf(this.#files.whole(id))) !== null;
		return { id, ...request, complete, receivedBytes: await this.incoming.receivedBytes(id) };
	}

	async openUpload(id: string, signal: AbortSignal): Promise<OpenedUpload> {
		if (signal.aborted) throw new AnalysisError('cancelled', 'upload');
		const record = await this.#findRecord(id);
		if (!record) throw new AnalysisError('upload-not-found', 'upload');
		const sizeBytes = await sizeOf(this.#files.whole(id));
		if (sizeBytes === null) throw new AnalysisError('upload-incomplete', 'upload');
		if (sizeBytes !== record.sizeBytes) throw new AnalysisError('upload-mismatch', 'upload', `${sizeBytes} bytes`);
		this.#readers.set(id, (this.#readers.get(id) ?? 0) + 1);
		let held = true;
		const release = async () => {
			if (!held) return;
			held = false;
			const left = (this.#readers.get(id) ?? 1) - 1;
			if (left > 0) this.#readers.set(id, left);
			else this.#readers.delete(id);
		};
		return { path: this.#files.whole(id), release };
	}

	async deleteUpload(id: string): Promise<boolean> {
		if (!isId(id)) return false;
		const existed = (await sizeOf(this.#files.record(id))) !== null;
		await this.incoming.remove(id);
		return existed;
	}

	async writeResult(id: string, result: StoredEntry): Promise<void> {
		await writePrivate(pathIn(this.#results, id), JSON.stringify(result));
	}

	async readResult(id: string): Promise<StoredEntry | null> {
		if (!isId(id)) return null;
		const text = await nullIfMissing(readFile(pathIn(this.#results, id), 'utf8'));
		return text === null ? null : resultFromText(text);
	}

	async deleteResult(id: string): Promise<boolean> {
		if (!isId(id)) return false;
		return removeFile(pathIn(this.#results, id));
	}

	async check(): Promise<void> {
		await this.#firstSweep;
		for (const folder of [this.#uploads, this.#results]) {
			await mkdir(folder, { recursive: true, mode: 0o700 });
			const path = join(folder, `.check-${process.pid}.tmp`);
			await (await open(path, 'w')).close();
			await rm(path, { force: true });
		}
	}

	async sweep(): Promise<void> {
		for (const [id, fileAgeS] of await listIds(this.#uploads)) {
			const record = await this.#files.readRecord(id).catch(() => null); // treat an unreadable record as missing
			const expired = record ? this.#isExpired(record) : fileAgeS > orphanS;
			if (!expired || this.#readers.has(id)) continue;
			await this.incoming.remove(id);
			if (record) this.#options.onExpired?.('upload', id);
		}
		for (const [id, fileAgeS] of await listIds(this.#results))
			if (this.#options.reportTtlS > 0 && fileAgeS > this.#options.reportTtlS && (await this.deleteResult(id)))
				this.#options.onExpired?.('report', id);
	}

	async close(): Promise<void> {
		clearInterval(this.#sweeper);
		await this.#firstSweep;
		await this.incoming.close();
	}
}

const isId = (id: string) => idSchema.safeParse(id).success;

/** The file of an id in `folder`; the id is checked, as it becomes part of the path. */
function pathIn(folder: string, id: string): string {
	if (!isId(id)) throw new AnalysisError('report-not-found', 'store');
	return join(folder, `${id}.json`);
}

const removeFile = async (path: string) => (await nullIfMissing(unlink(path).then(() => true))) ?? false;

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
