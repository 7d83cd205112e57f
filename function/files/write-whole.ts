import { createHash, randomBytes } from 'node:crypto';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AnalysisError } from '../errors.ts';

/** What `writeWhole` has written. */
export type Written = { readonly bytes: number; readonly sha256: string };

/**
 * Writes a file so that a reader finds the old one or the new one, whole, also after a power cut; pieces need not be in memory at once. The
 * folder must exist. Throws what the file system and `pieces` throw, and leaves nothing behind. (write-file-atomic takes a write that a full disk
 * cut short for a success.)
 */
export async function writeWhole(
	file: string,
	pieces: string | AsyncIterable<Uint8Array>,
	{ mode = 0o666 }: { readonly mode?: number } = {},
): Promise<Written> {
	const beside = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}${unfinishedEnding}`);
	const hash = createHash('sha256');
	let bytes = 0;
	const handle = await open(beside, 'wx', mode);
	try {
		for await (const piece of typeof pieces === 'string' ? [Buffer.from(pieces)] : pieces) {
			await handle.writeFile(piece); // at the current position, and all of it
			hash.update(piece);
			bytes += piece.length;
		}
		await handle.sync();
		await handle.close();
		await rename(beside, file);
	} catch (thrown) {
		await handle.close().catch(() => {});
		await rm(beside, { force: true }).catch(() => {});
		throw thrown;
	}
	return { bytes, sha256: hash.digest('hex') };
}

const unfinishedEnding = '.tmp';

/** Whether `writeWhole` gives such names to files that are not whole yet. */
export const isUnfinished = (name: string) => name.startsWith('.') && name.endsWith(unfinishedEnding);

/** Removes what killed programs left half-written in a folder: unfinished files that nobody has written to for a minute. Throws what the file system does. */
export async function removeUnfinished(folder: string): Promise<void> {
	for (const name of (await readdir(folder)).filter(isUnfinished)) {
		const path = join(folder, name);
		const info = await stat(path).catch(() => null);
		if (info && Date.now() - info.mtimeMs > 60_000) await rm(path, { force: true });
	}
}

/** A handler of rejections that throws write-failed with the name of the file and what was wrong. */
export function asWriteFailed(file: string): (cause: unknown) => never {
	return (cause) => {
		const { name, message } = cause as Error;
		if (cause instanceof AnalysisError || name === 'AbortError') throw cause;
		throw new AnalysisError('write-failed', 'write', `${file}: ${message}`, { cause });
	};
}
