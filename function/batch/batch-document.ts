import { z } from 'zod';
import { failureSchema, outcomeSchema, type Report, storedResultSchema } from '../contract/report.ts';

/** What was analysed, and with what: a result is valid as long as all of this is unchanged. Unknown is null; a missing file has neither size nor time. */
const subjectSchema = z.object({
	key: z.string(),
	path: z.string(),
	sizeBytes: z.number().int().nullable(),
	/** Files only: modification time, ms since 1970. */
	modifiedMs: z.number().nullable(),
	/** Objects only: generation. */
	generation: z.string().nullable(),
	/** SHA-256 over version, provider, models and plan. */
	identity: z.string(),
});
export type BatchSubject = Readonly<z.infer<typeof subjectSchema>>;

/** The content of `reports/{key}.json`: a complete report or a failure, plus what it belongs to. */
const documentSchema = z.intersection(storedResultSchema, z.object({ batch: subjectSchema }));
export type BatchDocument = Readonly<z.infer<typeof documentSchema>>;

/** The fields of an earlier result that the next run needs. */
const entrySchema = subjectSchema.extend({
	report: z.object({ verdict: z.object({ outcome: outcomeSchema }) }).optional(),
	error: failureSchema.optional(),
});
export type BatchEntry = Readonly<z.infer<typeof entrySchema>>;

/** The document as a line of a part file: without pictures, which make up most of its bytes. */
export function lineOf({ batch, ...result }: BatchDocument) {
	if (result.schema === 'unmask-failure/1') return { ...batch, error: result.error };
	return { ...batch, sha256: result.video.sha256, report: withoutPictures(result) };
}

/** Parses a line of a part file; null if it is not one. */
export const entryOf = (line: unknown): BatchEntry | null => entrySchema.safeParse(line).data ?? null;

/** Parses a stored document; null if there is none or it has another version. */
export function parseDocument(text: string | null): BatchDocument | null {
	try {
		return text === null ? null : (documentSchema.safeParse(JSON.parse(text)).data ?? null);
	} catch {
		return null;
	}
}

/** Whether an earlier result is of the same file, models and plan, and would not change if the input were analysed again. */
export function isFinal(earlier: BatchEntry, subject: BatchSubject): boolean {
	const isSame = Object.keys(subjectSchema.shape).every((name) => {
		const field = name as keyof BatchSubject;
		return earlier[field] === subject[field];
	});
	return isSame && !earlier.error?.retryable;
}

function withoutPictures({ tracks, ...report }: Report) {
	return {
		...report,
		tracks: tracks.map(({ moments, ...track }) => ({
			...track,
			moments: moments.map(({ cropJpegBase64: _picture, ...moment }) => moment),
		})),
	};
}
