import { createWriteStream } from 'node:fs';
import { addAbortSignal, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { File, Storage } from '@google-cloud/storage';
import { answerMs, type GcsAccess, gcsError, Late, nullIfAbsent, openGcs, twice, within } from './gcs-client.ts';

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

/** Milliseconds in which the next bytes of an answer come, or never. */
const usualSilenceMs = 15_000;

/** Reading and writing of objects, with the checksums of the client library. */
export function createGcsObjects(access: GcsAccess, client: Storage = openGcs(access)) {
	const silenceMs = access.silenceMs ?? usualSilenceMs;
	const at = (bucket: string, name: string) => client.bucket(bucket).file(name);

	/** The objects whose names begin with `prefix`, in order of name. */
	async function* list(bucket: string, prefix: string): AsyncGenerator<GcsObject, void> {
		const files = client.bucket(bucket).getFilesStream({ prefix })[Symbol.asyncIterator]();
		try {
			for (;;) {
				const next = await within(answerMs, files.next());
				if (next.done) return;
				yield objectFrom(next.value);
			}
		} catch (thrown) {
			throw gcsError(thrown);
		} finally {
			void files.return?.().catch(() => {}); // not waited for: it may be what does not answer
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
		const source = client.bucket(bucket).file(name, { generation });
		try {
			await twice(() => pipeline(bytesOf(source, silenceMs, signal), createWriteStream(file, { mode: 0o600 })));
		} catch (thrown) {
			throw gcsError(thrown);
		}
	}

	/** Null = there is none. */
	async function readText(bucket: string, name: string): Promise<string | null> {
		const read = async () => {
			const chunks: Buffer[] = [];
			for await (const chunk of bytesOf(at(bucket, name), silenceMs)) chunks.push(chunk);
			return Buffer.concat(chunks).toString('utf8');
		};
		return nullIfAbsent(twice(read));
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
			const options = { resumable: false, contentType, metadata: { metadata: { ...metadata } } };
			await within(answerMs, at(bucket, name).save(text, options));
		} catch (thrown) {
			throw gcsError(thrown);
		}
	}

	/** Replaces the object by the joined pieces; a reader sees the old one or the new one, whole. */
	async function write(
		bucket: string,
		name: string,
		contentType: string,
		pieces: AsyncIterable<string | Buffer>,
		metadata: Readonly<Record<string, string>> = {},
	): Promise<void> {
		const stalled = new AbortController();
		let timer: NodeJS.Timeout | undefined;
		const wait = () => {
			timer = setTimeout(() => stalled.abort(), answerMs);
		};
		const watched = async function* () {
			for await (const piece of pieces) {
				wait();
				yield piece;
				clearTimeout(timer); // how long the next one takes is not the bucket's
			}
			wait();
		};
		try {
			const target = at(bucket, name).createWriteStream({ contentType, metadata: { metadata: { ...metadata } } });
			await pipeline(Readable.from(watched(), { objectMode: false }), target, { signal: stalled.signal });
		} catch (thrown) {
			throw gcsError(stalled.signal.aborted ? new Late('it takes no more bytes') : thrown);
		} finally {
			clearTimeout(timer);
		}
	}

	/** Whether there was one. */
	async function remove(bucket: string, name: string): Promise<boolean> {
		return (await nullIfAbsent(at(bucket, name).delete())) !== null;
	}

	return { list, find, download, readText, writeText, write, remove };
}

/**
 * The bytes of an object as they come; throws `Late` when the next ones do not. The library waits for ever for the rest of an answer that
 * was broken off (node-fetch 2 does not tell it). The time in which the reader is busy does not count.
 */
async function* bytesOf(file: File, silenceMs: number, signal?: AbortSignal): AsyncGenerator<Buffer, void> {
	const source = file.createReadStream({ validation: 'crc32c' });
	if (signal) addAbortSignal(signal, source);
	const giveUp = (ms: number) => source.destroy(new Late(`nothing came for ${ms / 1000} s`));
	let timer: NodeJS.Timeout | undefined;
	const wait = (ms: number) => {
		clearTimeout(timer);
		timer = setTimeout(giveUp, ms, ms);
	};
	wait(answerMs);
	source.once('response', () => wait(silenceMs)); // the tries are over
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
