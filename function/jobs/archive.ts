import { createWriteStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { AnalysisError, toAnalysisError } from '../errors.ts';
import { headBytes, isPicture, kindOf } from '../media/kinds.ts';
import { claimsMedia, type LeftOut } from './media-files.ts';

/** An input to analyse. */
export type InputFile = {
	/** Its name in reports and messages: a path, `-`, or an entry of an archive. */
	readonly name: string;
	/** Provides it as a file on disk until `close`; throws AnalysisError, and AbortError if `signal` aborts. */
	open(signal: AbortSignal): Promise<{ readonly path: string; close(): Promise<void> }>;
};

/** Files to analyse and files that were left out. */
export type Found = AsyncGenerator<InputFile | LeftOut, void>;

/** Maximum number of entries in an archive. */
const maxEntries = 1000;
/** Maximum total unpacked size of an archive. */
const maxUnpackedBytes = 16 * 1024 ** 3;
/** An entry larger than this must not expand by more than the ratio: no video or picture compresses that well, but a zip bomb does. */
const bombBytes = 100 * 1024 ** 2;
const bombRatio = 200;

/** Writes a stream to a file in a temporary folder; `close` removes both. */
export async function writeTemporary(
	name: string,
	bytes: NodeJS.ReadableStream,
	{ maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
) {
	bytes.on('error', () => {}); // it may fail before the pipeline listens, which then throws what it failed with
	const folder = await mkdtemp(join(tmpdir(), 'unmask-input-'));
	const close = () => rm(folder, { recursive: true, force: true });
	const path = join(folder, name);
	let size = 0;
	try {
		await pipeline(
			bytes,
			async function* (chunks: AsyncIterable<string | Buffer>) {
				for await (const chunk of chunks) {
					size += chunk.length;
					if (size > maxBytes) throw new AnalysisError('file-too-large', 'probe');
					yield chunk;
				}
			},
			createWriteStream(path, { mode: 0o600 }),
			{ signal },
		);
		return { path, close };
	} catch (error) {
		await close();
		throw error;
	}
}

/** Whether a file is a zip archive, judging by its first bytes. */
export async function isZip(path: string): Promise<boolean> {
	try {
		await using file = await open(path);
		const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
		return kindOf(buffer.subarray(0, bytesRead))?.name === 'zip archive';
	} catch {
		return false; // the analysis will report what is wrong with it
	}
}

/** The videos and pictures in a zip archive, each unpacked when opened. Throws archive-refused. */
export async function* entriesOf(path: string): Found {
	const zip = await openPromise(path, { autoClose: false }).catch(refuse);
	try {
		if (zip.entryCount > maxEntries) throw refused(`${zip.entryCount} entries, the limit is ${maxEntries}`);
		let unpacked = 0;
		for await (const entry of zip.eachEntry()) {
			const name = `${path}/${entry.fileName}`;
			if (entry.fileName.endsWith('/') || /(^|\/)(\.|__MACOSX\/)/.test(entry.fileName)) continue;
			unpacked += entry.uncompressedSize;
			if (unpacked > maxUnpackedBytes) throw refused(`it unpacks to more than ${maxUnpackedBytes / 1024 ** 3} GiB`);
			const reason = await whyLeftOut(zip, entry);
			yield reason === null ? { name, open: (signal) => unpack(path, entry, signal) } : { path: name, reason };
		}
	} catch (error) {
		refuse(error);
	} finally {
		zip.close();
	}
}

/** Why an entry is not analysed; null if its name or its first bytes are those of a video or picture. */
async function whyLeftOut(zip: ZipFile, entry: Entry): Promise<string | null> {
	if (entry.isEncrypted()) return 'it needs a password';
	if (entry.uncompressedSize > bombBytes && entry.uncompressedSize > bombRatio * entry.compressedSize)
		return 'it expands far more than a video or picture would';
	if (claimsMedia(entry.fileName)) return null;
	const stream = await zip.openReadStreamPromise(entry);
	const head: Buffer[] = [];
	for await (const chunk of stream) {
		head.push(chunk as Buffer);
		if (head.reduce((sum, { length }) => sum + length, 0) >= headBytes) break;
	}
	stream.destroy();
	const kind = kindOf(Buffer.concat(head).subarray(0, headBytes));
	return isPicture(kind) ? null : (kind?.name ?? 'unknown kind of file');
}

/** yauzl throws if an entry contains more than its header says. */
async function unpack(path: string, entry: Entry, signal: AbortSignal) {
	const zip = await openPromise(path, { autoClose: false }).catch(refuse);
	try {
		const stream = await zip.openReadStreamPromise(entry);
		return await writeTemporary(basename(entry.fileName), stream, { maxBytes: entry.uncompressedSize, signal });
	} catch (error) {
		signal.throwIfAborted();
		return refuse(error);
	} finally {
		zip.close();
	}
}

const refused = (detail: string) => new AnalysisError('archive-refused', 'arguments', detail);

function refuse(error: unknown): never {
	if (error instanceof AnalysisError) throw error;
	throw new AnalysisError('archive-refused', 'arguments', toAnalysisError(error, 'arguments').detail, { cause: error });
}
