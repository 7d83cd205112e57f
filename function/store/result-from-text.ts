import { jobRecordSchema, type StoredEntry, storedResultSchema } from '../contract/report.ts';
import { AnalysisError } from '../errors.ts';

const known: ReadonlySet<unknown> = new Set(
	[...storedResultSchema.options, jobRecordSchema].map(({ shape }) => shape.schema.value),
);

/**
 * A result as this program wrote it; throws `store-failed` for anything else. What is stored whole was checked when it was made: only its
 * kind is looked at, because checking every number of a report costs more than all the rest of answering with it.
 */
export function resultFromText(text: string): StoredEntry {
	const value = parse(text);
	if (known.has((value as { schema?: unknown } | null)?.schema)) return value as StoredEntry;
	throw new AnalysisError('store-failed', 'store', 'what is stored is not a result');
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (cause) {
		throw new AnalysisError('store-failed', 'store', 'what is stored is damaged', { cause });
	}
}
