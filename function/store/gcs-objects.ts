import { createWriteStream } from 'node:fs';
import { addAbortSignal, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { File, Storage } from '@google-cloud/storage';
import {
	type GcsAccess,
	gcsError,
	nullIfAbsent,
	openGcs,
	ResponseTimeout,
	responseTimeoutMs,
	retryOnce,
	withTimeout,
} from './gcs-client.ts';

/** An object and its metadata. */
export type GcsObject = {
	readonly name: string;
	readonly contentType: string;
	readonly sizeBytes: number;
	/** Changes with every write of the object. */
	readonly generation: string;
	/** ISO 8601, UTC. */
	readonly createdAt: string;
	/** Custom metadata. */
	readonly metadata: Readonly<Record<string, string>>;
};

/** How long to wait for the next bytes of a response, milliseconds. */
const defaultSilenceMs = 15_000;

/** Creates a reader and writer of objects, with the checksums of the client library. */
export function createGcsObjects(access: GcsAccess, client: Storage = openGcs(access)): GcsObjects {
	return new GcsObjects(client, access.silenceMs ?? defaultSilenceMs);
}

/** Objects of any bucket; every method throws `store-failed` if Google Cloud Storage fails. */
export class GcsObjects {
	readonly #client: Storage;
	readonly #silenceMs: number;

	constructor(client: Storage, silenceMs: number) {
		this.#client = client;
		this.#silenceMs = silenceMs;
	}

	/** The objects whose names start with `prefix`, sorted by name. */
	async *list(bucket: string, prefix: string): AsyncGenerator<GcsObject, void> {
		const files = this.#client.bucket(bucket).getFilesStream({ prefix })[Symbol.asyncIterator]();
		try {
			for (;;) {
				const next = await withTimeout(responseTimeoutMs, files.next());
				if (next.done) return;
				yield objectFrom(next.value);
			}
		} catch (thrown) {
			throw gcsError(thrown);
		} finally {
			void files.return?.().catch(() => {}); // not awaited, because it may hang
		}
	}

	/** Finds an object; null = it does not exist. */
	async find(bucket: string, name: string): Promise<GcsObject | null> {
		const file = this.#at(bucket, name);
		return (await nullIfAbsent(file.getMetadata())) && objectFrom(file);
	}

	/** Downloads a generation of an object to a file and checks its CRC32C. After an error, an incomplete file may remain. */
	async download(bucket: string, name: string, generation: string, file: string, signal: AbortSignal): Promise<void> {
		const source = this.#client.bucket(bucket).file(name, { generation });
		try {
			await retryOnce(() =>
				pipeline(bytesOf(source, this.#silenceMs, signal), createWriteStream(file, { mode: 0o600 })),
			);
		} catch (thrown) {
			throw gcsError(thrown);
		}
	}

	/** Reads an object as text; null = it does not exist. */
	async readText(bucket: string, name: string): Promise<string | null> {
		const read = async () => {
			const chunks: Buffer[] = [];
			for await (const chunk of bytesOf(this.#at(bucket, name), this.#silenceMs)) chunks.push(chunk);
			return Buffer.concat(chunks).toString('utf8');
		};
		return nullIfAbsent(retryOnce(read));
	}

	/** Replaces the object atomically. */
	async writeText(
		bucket: string,
		name: string,
		contentType: string,
		text: string,
		metadata: Readonly<Record<string, string>> = {},
	): Promise<void> {
		try {
			// A single request can be retried; a resumable upload only pays off for several megabytes.
			const options = { resumable: false, contentType, metadata: { metadata: { ...metadata } } };
			await withTimeout(responseTimeoutMs, this.#at(bucket, name).save(text, options));
		} catch (thrown) {
			throw gcsError(thrown);
		}
	}

	/** Replaces the object atomically by the concatenated pieces. */
	async write(
		bucket: string,
		name: string,
		contentType: string,
		pieces: AsyncIterable<string | Buffer>,
		metadata: Readonly<Record<string, string>> = {},
	): Promise<void> {
		const stalled = new AbortController();
		let timer: NodeJS.Timeout | undefined;
		const wait = () => {
			timer = setTimeout(() => stalled.abort(), responseTimeoutMs);
		};
		const watched = async function* () {
			for await (const piece of pieces) {
				wait();
				yield piece;
				clearTimeout(timer); // the time to produce the next piece does not count
			}
			wait();
		};
		try {
			const target = this.#at(bucket, name).createWriteStream({ contentType, metadata: { metadata: { ...metadata } } });
			await pipeline(Readable.from(watched(), { objectMode: false }), target, { signal: stalled.signal });
		} catch (thrown) {
			throw gcsError(stalled.signal.aborted ? new ResponseTimeout('it stopped accepting bytes') : thrown);
		} finally {
			clearTimeout(timer);
		}
	}

	/** Deletes an object; returns whether it existed. */
	async remove(bucket: string, name: string): Promise<boolean> {
		return (await nullIfAbsent(this.#at(bucket, name).delete())) !== null;
	}

	#at(bucket: string, name: string): File {
		return this.#client.bucket(bucket).file(name);
	}
}

/**
 * The bytes of an object as they arrive; throws `ResponseTimeout` if they stop. The library would wait forever for the rest of an interrupted
 * response, because node-fetch 2 does not report it. The time that the reader spends on a chunk does not count.
 */
async function* bytesOf(file: File, silenceMs: number, signal?: AbortSignal): AsyncGenerator<Buffer, void> {
	const source = file.createReadStream({ validation: 'crc32c' });
	if (signal) addAbortSignal(signal, source);
	const giveUp = (ms: number) => source.destroy(new ResponseTimeout(`no bytes for ${ms / 1000} s`));
	let timer: NodeJS.Timeout | undefined;
	const wait = (ms: number) => {
		clearTimeout(timer);
		timer = setTimeout(giveUp, ms, ms);
	};
	wait(responseTimeoutMs);
	source.once('response', () => wait(silenceMs)); // no more retries from here on
	try {
		for await (const chunk of source) {
			clearTimeout(timer);
			yield chunk;
			wait(silenceMs);
		}
	} finally {
		clearTimeout(timer);
		source.destroy();
	}
}

type Described = {
	readonly name: string;
	readonly metadata: {
		readonly contentType?: string | undefined;
		readonly size?: string | number | undefined;
		readonly generation?: string | number | undefined;
		readonly timeCreated?: string | undefined;
		readonly metadata?: Readonly<Record<string, string | number | boolean | null>> | undefined;
	};
};

function objectFrom({ name, metadata }: Described): GcsObject {
	return {
		name,
		contentType: metadata.contentType ?? '',
		sizeBytes: Number(metadata.size),
		generation: `${metadata.generation}`,
		createdAt: metadata.timeCreated ?? '',
		metadata: Object.fromEntries(Object.entries(metadata.metadata ?? {}).map(([key, value]) => [key, `${value}`])),
	};
}
