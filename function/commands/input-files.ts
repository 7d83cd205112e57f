import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { usageError } from '../errors.ts';
import { entriesOf, type Found, type InputFile, isZip, writeTemporary } from '../jobs/archive.ts';
import { createLeftOutList, type LeftOutList, mediaFiles } from '../jobs/media-files.ts';
import { isLink } from './with-local-file.ts';

/** The files that the arguments name, and what was left out of folders and archives. */
export type InputFiles = { readonly files: readonly InputFile[]; readonly leftOut: LeftOutList };

/** Maximum size of standard input, in bytes. */
const maxStdinBytes = 16 * 1024 ** 3;

/**
 * The files that the arguments name: paths, `-` for standard input, `file:` URLs, folders with everything below them, zip archives with all
 * their entries. Links are passed on unchanged. Throws `usage` for other network addresses, and if standard input is named twice.
 */
export async function inputFiles(args: readonly string[], stdin: NodeJS.ReadableStream): Promise<InputFiles> {
	if (args.filter(isStdin).length > 1) throw usageError('Standard input (-) can be read only once.');
	const leftOut = createLeftOutList();
	const files: InputFile[] = [];
	for (const arg of args)
		for await (const found of named(arg, stdin)) {
			if ('reason' in found) leftOut.add(found);
			else files.push(found);
		}
	return { files, leftOut: leftOut.list() };
}

/** Includes the device paths: there, ffmpeg would read its own standard input, because it is a separate process. */
const isStdin = (arg: string) => ['-', '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0'].includes(arg);

async function* named(arg: string, stdin: NodeJS.ReadableStream): Found {
	if (isStdin(arg)) return yield { name: '-', open: (signal) => keptStdin(stdin, signal) };
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
async function* entriesOrFailure(path: string): Found {
	try {
		yield* entriesOf(path);
	} catch (error) {
		yield { name: path, open: () => Promise.reject(error) };
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
