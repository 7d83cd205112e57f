import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { AnalysisError, usageError } from '../errors.ts';
import { entriesOf, isZip } from '../jobs/archive.ts';
import { createLeftOutList, type LeftOut, type LeftOutList, mediaFiles, readErrorCode } from '../jobs/media-files.ts';
import { isMediaName } from '../media/kinds.ts';
import { type BatchInput, inputAt, isObjectAddress, isOfTask, parseObjectAddress, type Task } from './batch-input.ts';
import type { Objects } from './objects.ts';

/** The inputs of one task, each once in argument order; the number of inputs of all tasks; and what was left out. */
export type InputList = {
	readonly inputs: readonly BatchInput[];
	readonly total: number;
	readonly leftOut: LeftOutList;
};

/** Where lists and objects are read from. */
export type InputSources = { readonly stdin: NodeJS.ReadableStream; readonly objects: () => Promise<Objects> };

/**
 * The inputs that the arguments name: files, folders with everything below them, zip archives with all their entries, gs://BUCKET/PREFIX,
 * `@LIST` (a file or an object with one path or address per line; paths are relative to the list), and `-` or `@-` (the list on stdin).
 * Throws file-not-found, file-unreadable, store-failed, or usage if there are no inputs.
 */
export async function listInputs(args: readonly string[], task: Task, sources: InputSources): Promise<InputList> {
	const inputs: BatchInput[] = [];
	const seen = new Set<string>();
	const leftOut = createLeftOutList();
	for (const arg of args)
		for await (const found of inputsOf(arg, sources)) {
			if ('reason' in found) leftOut.add(found);
			else if (!seen.has(found.key)) {
				seen.add(found.key);
				if (isOfTask(found.key, task)) inputs.push(found);
			}
		}
	if (seen.size === 0) throw usageError(`There are no videos or pictures in ${args.join(', ')}.`);
	return { inputs, total: seen.size, leftOut: leftOut.list() };
}

/** Inputs, and files that were left out. */
type Found = AsyncGenerator<BatchInput | LeftOut, void>;

function inputsOf(arg: string, { stdin, objects }: InputSources): Found {
	if (arg === '-' || arg === '@-') return listed(stdin, '.');
	if (arg.startsWith('@gs://')) return listedInObject(arg.slice(1), objects);
	if (arg.startsWith('@')) return listed(createReadStream(arg.slice(1)), dirname(arg.slice(1)));
	return isObjectAddress(arg) ? objectsBelow(arg, objects) : filesAt(arg);
}

/** A file named explicitly is always an input (for a zip archive, all its entries are); if it cannot be analysed, that is its result. */
async function* filesAt(path: string): Found {
	const info = await stat(path).catch(() => null);
	if (info?.isFile() && (await isZip(path)))
		for await (const found of entriesOf(resolve(path)))
			yield 'reason' in found ? found : { ...inputAt(found.name), entry: { archive: resolve(path), open: found.open } };
	else if (!info?.isDirectory()) yield inputAt(path);
	else
		for await (const { path: file, leftOut } of mediaFiles(path))
			yield leftOut === null ? inputAt(file) : { path: file, reason: leftOut };
}

/** The object of that name, or all objects whose names start with it and whose extension or content type is that of a video or picture. */
async function* objectsBelow(address: string, open: () => Promise<Objects>): Found {
	const { bucket, name: prefix } = parseObjectAddress(address);
	const objects = await open();
	if (prefix !== '' && (await objects.find(bucket, prefix))) {
		yield inputAt(address);
		return;
	}
	for await (const { name, contentType } of objects.list(bucket, prefix))
		if (!name.endsWith('/'))
			yield isMediaName(name) || /^(video|image)\//.test(contentType)
				? inputAt(`gs://${bucket}/${name}`)
				: {
						path: `gs://${bucket}/${name}`,
						reason: `neither its name nor its type (${contentType}) is that of a video or picture`,
					};
}

async function* listedInObject(address: string, open: () => Promise<Objects>): Found {
	const { bucket, name } = parseObjectAddress(address);
	const text = await (await open()).readText(bucket, name);
	if (text === null) throw new AnalysisError('file-not-found', 'arguments', address);
	yield* listed(Readable.from([text]), '.');
}

async function* listed(list: NodeJS.ReadableStream, folder: string): Found {
	try {
		for await (const line of createInterface({ input: list, crlfDelay: Number.POSITIVE_INFINITY }))
			if (line !== '') yield inputAt(checkedLine(line), folder);
	} catch (cause) {
		if (cause instanceof AnalysisError) throw cause;
		throw new AnalysisError(readErrorCode(cause), 'arguments', (cause as Error).message, { cause });
	}
}

function checkedLine(line: string): string {
	if (isObjectAddress(line) && parseObjectAddress(line).name === '')
		throw usageError(`'${line}' in the list does not name an object.`);
	return line;
}
