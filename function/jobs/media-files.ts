import { open, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { printable } from '../answer/printable.ts';
import { AnalysisError } from '../errors.ts';
import { headBytes, isMediaName, isPicture, kindOf } from '../media/kinds.ts';

/** A file that is not analysed, and the reason in a few words. */
export type LeftOut = { readonly path: string; readonly reason: string };

/** The number of files left out, and the first of them. */
export type LeftOutList = { readonly count: number; readonly first: readonly LeftOut[] };

/** Maximum number of files listed; a folder may hold millions. */
const maxListed = 100;

/** Collects files that are left out. */
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

/** Lines for people, one per file, at most `most`; empty if nothing was left out. */
export function leftOutLines({ count, first }: LeftOutList, most = 20): string[] {
	const lines = first.slice(0, most).map(({ path, reason }) => `${printable(path)}: ${reason}`);
	return count > lines.length ? [...lines, `and ${count - lines.length} more`] : lines;
}

/**
 * Every file below a folder, sorted by name. `leftOut` is the reason why a file is not analysed; null = it is analysed. Symbolic links are followed,
 * but each real folder only once. Hidden files are skipped. Throws file-not-found, file-unreadable.
 */
export async function* mediaFiles(folder: string): AsyncGenerator<{ path: string; leftOut: string | null }, void> {
	for await (const path of filesBelow(folder, new Set())) yield { path, leftOut: await whyLeftOut(path) };
}

/** Whether the name alone is that of a video or picture; `.ts` is not enough, because it is also TypeScript. */
export const claimsMedia = (name: string): boolean => isMediaName(name) && !/\.ts$/i.test(name);

/** Why a file is left out; null if its content or just its name is that of a video or picture. If only the name is, the analysis reports what is wrong. */
async function whyLeftOut(path: string): Promise<string | null> {
	const claims = claimsMedia(path);
	const info = await stat(path).catch((thrown: NodeJS.ErrnoException) => thrown);
	if (info instanceof Error) return claims ? null : `cannot be read (${info.code})`;
	if (!info.isFile()) return 'not a regular file';
	if (claims) return null;
	if (info.size === 0) return 'empty';
	try {
		await using file = await open(path);
		const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
		const kind = kindOf(buffer.subarray(0, bytesRead));
		return isPicture(kind) ? null : (kind?.name ?? 'unknown kind of file');
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

/** The error code for a list or folder that could not be read. */
export function readErrorCode(cause: unknown): 'file-not-found' | 'file-unreadable' {
	return (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'file-not-found' : 'file-unreadable';
}
