import { createHash, randomBytes } from 'node:crypto';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AnalysisError } from '../errors.ts';

/** Size and digest of a written file. */
export type Written = { readonly bytes: number; readonly sha256: string };

/**
 * Replaces a file atomically: a reader sees either the old file or the new one, even after a power cut. The pieces need not be in memory at the
 * same time. The folder must exist. Throws the errors of the file system and of `pieces`, and leaves nothing behind. (write-file-atomic reports
 * success if a full disk cuts a write short.)
 */
export async function writeWhole(
	file: string,
	pieces: string | AsyncIterable<Uint8Array>,
	{ mode = 0o666 }: { readonly mode?: number } = {},
): Promise<Written> {
	const temporary = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}${unfinishedEnding}`);
	const hash = createHash('sha256');
	let bytes = 0;
	const handle = await open(temporary, 'wx', mode);
	try {
		for await (const piece of typeof pieces === 'string' ? [Buffer.from(pieces)] : pieces) {
			await handle.writeFile(piece); // all of it, at the current position
			hash.update(piece);
			bytes += piece.length;
		}
		await handle.sync();
		await handle.close();
		await rename(temporary, file);
	} catch (thrown) {
		await handle.close().catch(() => {});
		await rm(temporary, { force: true }).catch(() => {});
		throw thrown;
	}
	return { bytes, sha256: hash.digest('hex') };
}

const unfinishedEnding = '.tmp';

/** Whether a name is one that `writeWhole` gives to unfinished files. */
export const isUnfinished = (name: string) => name.startsWith('.') && name.endsWith(unfinishedEnding);

/** Removes the unfinished files that killed processes left in a folder: those without a write in the last minute. Throws the errors of the file system. */
export async function removeUnfinished(folder: string): Promise<void> {
	for (const name of (await readdir(folder)).filter(isUnfinished)) {
		const path = join(folder, name);
		const info = await stat(path).catch(() => null);
		if (info && Date.now() - info.mtimeMs > 60_000) await rm(path, { force: true });
	}
}

/** Returns a rejection handler that throws write-failed with the file name and the cause. */
export function asWriteFailed(file: string): (cause: unknown) => never {
	return (cause) => {
		const { name, message } = cause as Error;
		if (cause instanceof AnalysisError || name === 'AbortError') throw cause;
		throw new AnalysisError('write-failed', 'write', `${file}: ${message}`, { cause });
	};
}
