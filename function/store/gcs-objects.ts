import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Storage } from '@google-cloud/storage';
import { type GcsAccess, gcsError, nullIfAbsent, openGcs } from './gcs-client.ts';

/** Objects of any bucket; every method throws `store-failed` when Google Cloud Storage does not answer as it should. */
export type GcsObjects = ReturnType<typeof createGcsObjects>;

/** What is known of an object. */
export type GcsObject = {
	readonly name: string;
	readonly contentType: string;
	readonly sizeBytes: number;
	/** Changes with every write of the object. */
	readonly generation: string;
	/** ISO 8601, UTC. */
	readonly createdAt: string;
	/** The object's own keys and values. */
	readonly metadata: Readonly<Record<string, string>>;
};

/** Milliseconds without a byte after which a download is given up. */
const stallMs = 60_000;

/** Reading and writing of objects, with the checksums of the client library. */
export function createGcsObjects(access: GcsAccess, client: Storage = openGcs(access)) {
	const at = (bucket: string, name: string) => client.bucket(bucket).file(name);

	/** The objects whose names begin with `prefix`, in order of name. */
	async function* list(bucket: string, prefix: string): AsyncGenerator<GcsObject, void> {
		try {
			for await (const file of client.bucket(bucket).getFilesStream({ prefix })) yield objectFrom(file);
		} catch (thrown) {
			throw gcsError(thrown);
		}
	}

	/** Null = there is none. */
	async function find(bucket: string, name: string): Promise<GcsObject | null> {
		const file = at(bucket, name);
		return (await nullIfAbsent(file.getMetadata())) && objectFrom(file);
	}

	/** Writes that generation of the object to a file, its CRC32C checked; the file may be there, incomplete, after an error. */
	async function download(
		bucket: string,
		name: string,
		generation: string,
		file: string,
		signal: AbortSignal,
	): Promise<void> {
		const stalled = new AbortController();
		const timer = setTimeout(() => stalled.abort(), stallMs);
		try {
			const source = client.bucket(bucket).file(name, { generation }).createReadStream({ validation: 'crc32c' });
			const watch = async function* (chunks: AsyncIterable<Buffer>) {
				for await (const chunk of chunks) {
					timer.refresh();
					yield chunk;
				}
			};
			const either = AbortSignal.any([signal, stalled.signal]);
			await pipeline(source, watch, createWriteStream(file, { mode: 0o600 }), { signal: either });
		} catch (thrown) {
			throw gcsError(stalled.signal.aborted ? new Error('the download stalled', { cause: thrown }) : thrown);
		} finally {
			clearTimeout(timer);
		}
	}

	/** Null = there is none. */
	async function readText(bucket: string, name: string): Promise<string | null> {
		return (await nullIfAbsent(at(bucket, name).download()))?.[0].toString('utf8') ?? null;
	}

	/** Replaces the object; a reader sees the old one or the new one, whole. */
	async function writeText(
		bucket: string,
		name: string,
		contentType: string,
		text: string,
		metadata: Readonly<Record<string, string>> = {},
	): Promise<void> {
		try {
			// One request, which the library can send again; a resumable one pays from some megabytes on.
			await at(bucket, name).save(text, { resumable: false, contentType, metadata: { metadata: { ...metadata } } });
		} catch (thrown) {
			throw gcsError(thrown);
		}
	}

	/** Replaces the object by the joined pieces; a reader sees the old one or the new one, whole. */
	async function write(
		bucket: string,
		name: string,
		contentType: string,
		pieces: AsyncIterable<string>,
	): Promise<void> {
		try {
			await pipeline(Readable.from(pieces, { objectMode: false }), at(bucket, name).createWriteStream({ contentType }));
		} catch (thrown) {
			throw gcsError(thrown);
		}
	}

	/** Whether there was one. */
	async function remove(bucket: string, name: string): Promise<boolean> {
		return (await nullIfAbsent(at(bucket, name).delete())) !== null;
	}

	return { list, find, download, readText, writeText, write, remove };
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
