import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { usageError } from '../errors.ts';
import { entriesOf, type Found, type InputFile, isZip, writeTemporary } from '../jobs/archive.ts';
import { createLeftOutList, type LeftOutList, mediaFiles } from '../jobs/media-files.ts';
import { headBytes, kindOf } from '../media/kinds.ts';
import { isLink } from './with-local-file.ts';

/** The files that the arguments name, and what was left out of folders and archives; `close` deletes an archive that came from standard input. */
export type InputFiles = {
	readonly files: readonly InputFile[];
	readonly leftOut: LeftOutList;
	close(): Promise<void>;
};

/** Maximum size of standard input, in bytes. */
const maxStdinBytes = 16 * 1024 ** 3;

/**
 * The files that the arguments name: paths, `-` for standard input, `file:` URLs, folders with everything below them, zip archives with all
 * their entries. Links are passed on unchanged. Throws `usage` for other network addresses, and if standard input is named twice.
 */
export async function inputFiles(
	args: readonly string[],
	stdin: NodeJS.ReadableStream,
	signal: AbortSignal,
): Promise<InputFiles> {
	if (args.filter(isStdin).length > 1) throw usageError('Standard input (-) can be read only once.');
	const leftOut = createLeftOutList();
	const files: InputFile[] = [];
	const kept: Kept[] = [];
	const close = async () => {
		for (const file of kept) await file.close();
	};
	try {
		for (const arg of args)
			for await (const found of isStdin(arg) ? fromStdin(stdin, kept, signal) : named(arg)) {
				if ('reason' in found) leftOut.add(found);
				else files.push(found);
			}
	} catch (error) {
		await close();
		throw error;
	}
	return { files, leftOut: leftOut.list(), close };
}

type Kept = Awaited<ReturnType<InputFile['open']>>;

/** Includes the device paths: there, ffmpeg would read its own standard input, because it is a separate process. */
const isStdin = (arg: string) => ['-', '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0'].includes(arg);

async function* fromStdin(stdin: NodeJS.ReadableStream, kept: Kept[], signal: AbortSignal): Found {
	if (!(await beginsAsZip(stdin, signal))) return yield { name: '-', open: (opening) => keptStdin(stdin, opening) };
	const archive = await keptStdin(stdin, signal);
	kept.push(archive);
	yield* entriesOrFailure(archive.path, '-');
}

/** Waits for the first bytes, which stay in the stream. */
async function beginsAsZip(stream: NodeJS.ReadableStream, signal: AbortSignal): Promise<boolean> {
	const isOpen = stream.readable && !(stream instanceof Readable && stream.readableEnded);
	if (!isOpen) return false;
	const isFailed = await once(stream, 'readable', { signal }).then(
		() => false,
		() => true, // its reader reports the error
	);
	signal.throwIfAborted();
	const bytes = isFailed ? null : stream.read();
	if (bytes === null) return false;
	stream.unshift(bytes);
	return kindOf(Buffer.from(bytes).subarray(0, headBytes))?.name === 'zip archive';
}

async function* named(arg: string): Found {
	const path = pathOf(arg);
	if (isLink(path)) return yield onDisk(path);
	const info = await stat(path).catch(() => null);
	if (info?.isDirectory()) {
		for await (const { path: file, leftOut } of mediaFiles(path))
			yield leftOut === null ? onDisk(file) : { path: file, reason: leftOut };
	} else if (info?.isFile() && (await isZip(path))) yield* entriesOrFailure(path);
	else yield onDisk(path);
}

/** The entries of a zip archive. One that is refused becomes an input that cannot be opened, so that the other arguments are analysed. */
async function* entriesOrFailure(path: string, shownAs = path): Found {
	try {
		yield* entriesOf(path, shownAs);
	} catch (error) {
		yield { name: shownAs, open: () => Promise.reject(error) };
	}
}

function pathOf(arg: string): string {
	if (/^file:/i.test(arg))
		try {
			return fileURLToPath(arg);
		} catch (cause) {
			throw usageError(`'${arg}' is not the address of a file on this machine.`, { cause });
		}
	if (!isLink(arg) && /^[a-z][a-z0-9+.-]+:\/\//i.test(arg))
		throw usageError(`'${arg}' is an address that cannot be fetched: download the file and name it.`);
	return arg;
}

const onDisk = (path: string): InputFile => ({ name: path, open: async () => ({ path, close: async () => {} }) });

const keptStdin = (stdin: NodeJS.ReadableStream, signal: AbortSignal) =>
	writeTemporary('stdin', stdin, { maxBytes: maxStdinBytes, signal });
