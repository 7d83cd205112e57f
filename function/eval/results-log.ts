import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { openJsonLines } from '../files/json-lines.ts';
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

/** Opens or makes the log; lines that cannot be read (half-written, or of another version) are passed over. Throws write-failed. */
export async function openResultsLog(file: string): Promise<ResultsLog> {
	const known = new Map<string, ItemOutcome>();
	const lines = await openJsonLines(file, (document) => {
		const { data } = lineSchema.safeParse(document);
		if (data) known.set(data.key, data.result);
	});
	return {
		find: (key) => known.get(key),
		async append(key, path, result) {
			await lines.append({ key, path, result });
		},
		close: lines.close,
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
