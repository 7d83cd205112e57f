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

/** What a task has to do, each input once in the order of the arguments; how many there are for all tasks; and what was left out. */
export type InputList = {
	readonly inputs: readonly BatchInput[];
	readonly total: number;
	readonly leftOut: LeftOutList;
};

/** Where lists and objects come from. */
export type InputSources = { readonly stdin: NodeJS.ReadableStream; readonly objects: () => Promise<Objects> };

/**
 * The inputs that the arguments name: files, folders with all below them, zip archives with all in them, gs://BUCKET/PREFIX, `@LIST` (a file or an object with a path or an
 * address a line; paths are relative to the list), `-` or `@-` (the list on stdin). Throws file-not-found, file-unreadable, store-failed, or
 * usage where there is none.
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

/** Inputs, and files that are none. */
type Found = AsyncGenerator<BatchInput | LeftOut, void>;

function inputsOf(arg: string, { stdin, objects }: InputSources): Found {
	if (arg === '-' || arg === '@-') return listed(stdin, '.');
	if (arg.startsWith('@gs://')) return listedInObject(arg.slice(1), objects);
	if (arg.startsWith('@')) return listed(createReadStream(arg.slice(1)), dirname(arg.slice(1)));
	return isObjectAddress(arg) ? objectsBelow(arg, objects) : filesAt(arg);
}

/** A file named outright is an input whatever it holds (a zip archive: all in it); what is wrong with it is told as its failure. */
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

/** The object of that name, or all whose names begin so and end, or say of themselves, that they are a video or picture. */
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
						reason: `neither its name nor its type (${contentType}) is of a video or picture`,
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
		throw usageError(`'${line}' in the list names no object.`);
	return line;
}
