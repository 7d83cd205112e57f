import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { AnalysisError } from '../errors.ts';
import { type ItemOutcome, itemOutcomeSchema } from './item-result.ts';
import type { EvalItem } from './list-items.ts';

/** The outcomes of earlier runs, kept one JSON line each as they come, so that an interrupted evaluation goes on where it stopped. */
export type ResultsLog = {
	/** The outcome kept under a key. */
	find(key: string): ItemOutcome | undefined;
	/** Keeps an outcome; it is handed to the operating system before this resolves. Throws write-failed. */
	append(key: string, path: string, outcome: ItemOutcome): Promise<void>;
	close(): Promise<void>;
};

const lineSchema = z.object({ key: z.string(), path: z.string(), result: itemOutcomeSchema });

/** Opens or makes the log; lines that cannot be read (a half-written last one) are passed over. Throws write-failed. */
export async function openResultsLog(file: string): Promise<ResultsLog> {
	const refuse = (cause: unknown) =>
		new AnalysisError('write-failed', 'write', `${file}: ${(cause as Error).message}`, { cause });
	let handle: FileHandle;
	let text: string;
	try {
		await mkdir(dirname(file), { recursive: true });
		handle = await open(file, 'a');
		text = await readFile(file, 'utf8');
	} catch (cause) {
		throw refuse(cause);
	}
	const known = new Map(text.split('\n').flatMap(parseLine));
	let start = text === '' || text.endsWith('\n') ? '' : '\n'; // ends the half-written line
	let written: Promise<unknown> = Promise.resolve();
	return {
		find: (key) => known.get(key),
		append(key, path, result) {
			const line = `${start}${JSON.stringify({ key, path, result })}\n`;
			start = '';
			const done = written.then(() => handle.appendFile(line));
			written = done.catch(() => {}); // told by `done`; the next line is tried again
			return done.catch((cause) => {
				throw refuse(cause);
			});
		},
		async close() {
			await written;
			await handle.close();
		},
	};
}

/** The key of an item's outcome: SHA-256 over its path, size and time of change, and over all else that the outcome depends on (`identity`: models, plan, version); null for a file that is not there. */
export async function keyOfItem({ path, file }: EvalItem, identity: string): Promise<string | null> {
	const info = await stat(file).catch(() => null);
	if (!info) return null;
	return createHash('sha256')
		.update(JSON.stringify([path, info.size, info.mtimeMs, identity]))
		.digest('hex');
}

function parseLine(line: string): [string, ItemOutcome][] {
	if (line === '') return [];
	try {
		const { key, result } = lineSchema.parse(JSON.parse(line));
		return [[key, result]];
	} catch {
		return []; // half-written, or of another version: analysed anew
	}
}
