import { rename, rm, writeFile } from 'node:fs/promises';
import { AnalysisError } from '../errors.ts';

/** Puts the text beside its place and moves it there, so that a reader finds the old file or the new one and never half of one. Throws write-failed. */
export async function writeWhole(file: string, text: string): Promise<void> {
	const beside = `${file}.tmp`; // always the same, so that one that a killed run left is written over
	try {
		await writeFile(beside, text);
		await rename(beside, file);
	} catch (cause) {
		await rm(beside, { force: true });
		throw new AnalysisError('write-failed', 'write', `${file}: ${(cause as Error).message}`, { cause });
	}
}
