import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { openJsonLines } from '../files/json-lines.ts';
import { type ItemOutcome, itemOutcomeSchema } from './item-result.ts';
import type { EvalItem } from './list-items.ts';

/** Outcomes of earlier runs, stored one JSON line each as they arrive, so that an interrupted evaluation can resume. */
export type ResultsLog = {
	/** The outcome stored under a key. */
	find(key: string): ItemOutcome | undefined;
	/** Stores an outcome; it has been handed to the operating system once this resolves. Throws write-failed. */
	append(key: string, path: string, outcome: ItemOutcome): Promise<void>;
	close(): Promise<void>;
};

const lineSchema = z.object({ key: z.string(), path: z.string(), result: itemOutcomeSchema });

/** Opens or creates the log; unreadable lines (half-written, or from another version) are skipped. Throws write-failed. */
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

/** The key of an item's outcome: SHA-256 over its path, size and modification time, and over everything else the outcome depends on (`identity`: models, plan, version); null if the file does not exist. */
export async function keyOfItem({ path, file }: EvalItem, identity: string): Promise<string | null> {
	const info = await stat(file).catch(() => null);
	if (!info) return null;
	return createHash('sha256')
		.update(JSON.stringify([path, info.size, info.mtimeMs, identity]))
		.digest('hex');
}
