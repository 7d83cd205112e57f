import { createWriteStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { type Entry, getFileNameLowLevel, openPromise, validateFileName, type ZipFile } from 'yauzl';
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

/** Without names, because one that leads outside would end the whole list. */
const openZip = (path: string) => openPromise(path, { autoClose: false, decodeStrings: false }).catch(refuse);

/** The videos and pictures in a zip archive, each unpacked when opened; `shownAs` is the archive's name. Throws archive-refused. */
export async function* entriesOf(path: string, shownAs = path): Found {
	const zip = await openZip(path);
	try {
		if (zip.entryCount > maxEntries) throw refused(`${zip.entryCount} entries, the limit is ${maxEntries}`);
		let unpacked = 0;
		for await (const entry of zip.eachEntry()) {
			const inside = nameOf(entry);
			const name = `${shownAs}/${inside}`;
			const isOutside = validateFileName(inside) !== null;
			if (!isOutside && (inside.endsWith('/') || /(^|\/)(\.|__MACOSX\/)/.test(inside))) continue;
			unpacked += entry.uncompressedSize;
			if (unpacked > maxUnpackedBytes) throw refused(`it unpacks to more than ${maxUnpackedBytes / 1024 ** 3} GiB`);
			const reason = isOutside ? 'its name leads outside the archive' : await whyLeftOut(zip, entry);
			yield reason === null ? { name, open: (signal) => unpack(path, entry, signal) } : { path: name, reason };
		}
	} catch (error) {
		refuse(error);
	} finally {
		zip.close();
	}
}

/** The name of an entry, in UTF-8 or code page 437, with slashes. */
const nameOf = ({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry) =>
	getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);

/** Why an entry is not analysed; null if its name or its first bytes are those of a video or picture. */
async function whyLeftOut(zip: ZipFile, entry: Entry): Promise<string | null> {
	if (entry.isEncrypted()) return 'it needs a password';
	if (!entry.canDecodeFileData()) return `its compression (method ${entry.compressionMethod}) is not supported`;
	if (entry.uncompressedSize > bombBytes && entry.uncompressedSize > bombRatio * entry.compressedSize)
		return 'it expands far more than a video or picture would';
	if (claimsMedia(nameOf(entry))) return null;
	try {
		const kind = kindOf(await headOf(zip, entry));
		return isPicture(kind) ? null : (kind?.name ?? 'unknown kind of file');
	} catch (error) {
		return `it is damaged (${toAnalysisError(error, 'arguments').detail})`;
	}
}

async function headOf(zip: ZipFile, entry: Entry): Promise<Buffer> {
	const stream = await zip.openReadStreamPromise(entry);
	const head: Buffer[] = [];
	for await (const chunk of stream) {
		head.push(chunk as Buffer);
		if (head.reduce((sum, { length }) => sum + length, 0) >= headBytes) break;
	}
	stream.destroy();
	return Buffer.concat(head).subarray(0, headBytes);
}

/** yauzl throws if an entry contains more than its header says. */
async function unpack(path: string, entry: Entry, signal: AbortSignal) {
	const zip = await openZip(path);
	try {
		const stream = Readable.from(checked(await zip.openReadStreamPromise(entry), entry.crc32));
		return await writeTemporary('entry', stream, { maxBytes: entry.uncompressedSize, signal });
	} catch (error) {
		signal.throwIfAborted();
		return refuse(error);
	} finally {
		zip.close();
	}
}

/** Passes the bytes of an entry on; at their end, throws archive-refused if they are not those that were packed, which yauzl does not check. */
async function* checked(bytes: AsyncIterable<string | Buffer>, sum: number): AsyncGenerator<Buffer, void> {
	let found = 0;
	for await (const chunk of bytes) {
		found = crc32(chunk, found);
		yield Buffer.from(chunk);
	}
	if (found !== sum) throw refused('its checksum does not match its content');
}

const refused = (detail: string) => new AnalysisError('archive-refused', 'arguments', detail);

function refuse(error: unknown): never {
	if (error instanceof AnalysisError) throw error;
	throw new AnalysisError('archive-refused', 'arguments', toAnalysisError(error, 'arguments').detail, { cause: error });
}
