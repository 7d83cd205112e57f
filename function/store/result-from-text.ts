import { jobRecordSchema, type StoredEntry, storedResultSchema } from '../contract/report.ts';
import { AnalysisError } from '../errors.ts';

const known: ReadonlySet<unknown> = new Set(
	[...storedResultSchema.options, jobRecordSchema].map(({ shape }) => shape.schema.value),
);

/**
 * Parses a stored result; throws `store-failed` for anything else. Results were validated before they were written, so only the kind is checked:
 * validating every number of a report would cost more than all the rest of the request.
 */
export function resultFromText(text: string): StoredEntry {
	const value = parse(text);
	if (known.has((value as { schema?: unknown } | null)?.schema)) return value as StoredEntry;
	throw new AnalysisError('store-failed', 'store', 'a stored file is not a result');
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (cause) {
		throw new AnalysisError('store-failed', 'store', 'a stored file is damaged', { cause });
	}
}
