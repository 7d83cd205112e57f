import { createWriteStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { AnalysisError, toAnalysisError } from '../errors.ts';
import { headBytes, isMediaName, isPicture, kindOf } from '../media/kinds.ts';
import type { LeftOut } from './media-files.ts';

/** Something that is to be analysed. */
export type InputFile = {
	/** What it is called in reports and messages: a path, `-`, or an entry of an archive. */
	readonly name: string;
	/** Makes it a file on disk until `close`; throws AnalysisError. */
	open(): Promise<{ readonly path: string; close(): Promise<void> }>;
};

/** Files, and what is none. */
export type Found = AsyncGenerator<InputFile | LeftOut, void>;

/** Entries of an archive that are read at most. */
const maxEntries = 1000;
/** What an archive may unpack to, in all. */
const maxUnpackedBytes = 16 * 1024 ** 3;
/** An entry of more than this must not unpack to more than so many times its size: no video or picture shrinks like that, a bomb does. */
const bombBytes = 100 * 1024 ** 2;
const bombRatio = 200;

/** Bytes that are no file become one, in a folder of their own that goes with it. */
export async function kept(name: string, bytes: NodeJS.ReadableStream, maxBytes: number) {
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
		);
		return { path, close };
	} catch (error) {
		await close();
		throw error;
	}
}

/** Whether a file is a zip archive by its first bytes. */
export async function isZip(path: string): Promise<boolean> {
	try {
		await using file = await open(path);
		const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
		return kindOf(buffer.subarray(0, bytesRead))?.name === 'zip archive';
	} catch {
		return false; // the analysis says what is wrong with it
	}
}

/** The videos and pictures in a zip archive, each unpacked when it is opened; throws archive-refused. */
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
			yield reason === null ? { name, open: () => unpack(path, entry) } : { path: name, reason };
		}
	} catch (error) {
		refuse(error);
	} finally {
		zip.close();
	}
}

/** Why an entry is not analysed; null where its name or its first bytes are of a video or picture. */
async function whyLeftOut(zip: ZipFile, entry: Entry): Promise<string | null> {
	if (entry.isEncrypted()) return 'it needs a password';
	if (entry.uncompressedSize > bombBytes && entry.uncompressedSize > bombRatio * entry.compressedSize)
		return 'it unpacks to far more than a video or picture does';
	if (isMediaName(entry.fileName)) return null;
	const stream = await zip.openReadStreamPromise(entry);
	const head: Buffer[] = [];
	for await (const chunk of stream) {
		head.push(chunk as Buffer);
		if (head.reduce((sum, { length }) => sum + length, 0) >= headBytes) break;
	}
	stream.destroy();
	const kind = kindOf(Buffer.concat(head).subarray(0, headBytes));
	return isPicture(kind) ? null : (kind?.name ?? 'no known kind of file');
}

/** yauzl ends an entry that holds more than its header says. */
async function unpack(path: string, entry: Entry) {
	const zip = await openPromise(path, { autoClose: false }).catch(refuse);
	try {
		const stream = await zip.openReadStreamPromise(entry);
		return await kept(basename(entry.fileName), stream, entry.uncompressedSize);
	} catch (error) {
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
