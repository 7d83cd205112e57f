import { open, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { printable } from '../answer/printable.ts';
import { AnalysisError } from '../errors.ts';
import { headBytes, isMediaName, isPicture, kindOf } from '../media/kinds.ts';

/** A file of a folder that is not analysed, and why, in a few words. */
export type LeftOut = { readonly path: string; readonly reason: string };

/** Files that were left out: how many, and the first of them. */
export type LeftOutList = { readonly count: number; readonly first: readonly LeftOut[] };

/** Most files that are listed; a folder may hold millions. */
const maxListed = 100;

/** Collects what is left out. */
export function createLeftOutList() {
	const first: LeftOut[] = [];
	let count = 0;
	return {
		add(leftOut: LeftOut) {
			count++;
			if (first.length < maxListed) first.push(leftOut);
		},
		list: (): LeftOutList => ({ count, first }),
	};
}

/** Lines for people, one a file, as many as `most`; empty where nothing was left out. */
export function leftOutLines({ count, first }: LeftOutList, most = 20): string[] {
	const lines = first.slice(0, most).map(({ path, reason }) => `${printable(path)}: ${reason}`);
	return count > lines.length ? [...lines, `and ${count - lines.length} more`] : lines;
}

/**
 * Every file below a folder in order of name; `leftOut` says why one is not analysed, null = it is. Links are followed, each real folder once; hidden
 * files are passed over. Throws file-not-found, file-unreadable.
 */
export async function* mediaFiles(folder: string): AsyncGenerator<{ path: string; leftOut: string | null }, void> {
	for await (const path of filesBelow(folder, new Set())) yield { path, leftOut: await whyLeftOut(path) };
}

/**
 * Why a file is no input; null where its bytes say that it is a video or picture, or where only its name does: then the analysis says what is wrong
 * with it. (`.ts` is also TypeScript: of such a name alone nothing follows.)
 */
async function whyLeftOut(path: string): Promise<string | null> {
	const claims = isMediaName(path) && !/\.ts$/i.test(path);
	const info = await stat(path).catch((thrown: NodeJS.ErrnoException) => thrown);
	if (info instanceof Error) return claims ? null : `cannot be read (${info.code})`;
	if (!info.isFile()) return 'no regular file';
	if (claims) return null;
	if (info.size === 0) return 'empty';
	try {
		await using file = await open(path);
		const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
		const kind = kindOf(buffer.subarray(0, bytesRead));
		return isPicture(kind) ? null : (kind?.name ?? 'no known kind of file');
	} catch (thrown) {
		return `cannot be read (${(thrown as NodeJS.ErrnoException).code})`;
	}
}

async function* filesBelow(folder: string, visited: Set<string>): AsyncGenerator<string, void> {
	const real = await realpath(folder);
	if (visited.has(real)) return;
	visited.add(real);
	const names = await readdir(folder).catch((cause) => {
		throw new AnalysisError(readErrorCode(cause), 'arguments', folder, { cause });
	});
	for (const name of names.sort()) {
		if (name.startsWith('.')) continue;
		const path = join(folder, name);
		const info = await stat(path).catch(() => null);
		if (info?.isDirectory()) yield* filesBelow(path, visited);
		else yield path;
	}
}

/** The code of an error of the file system that reading a list or folder ended with. */
export function readErrorCode(cause: unknown): 'file-not-found' | 'file-unreadable' {
	return (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'file-not-found' : 'file-unreadable';
}
