import { z } from 'zod';
import { failureSchema, outcomeSchema, type Report, storedResultSchema } from '../contract/report.ts';

/** What was analysed and with what: a result counts as long as all of it is the same. Unknown is null; a file that is not there has neither size nor time. */
const subjectSchema = z.object({
	key: z.string(),
	path: z.string(),
	sizeBytes: z.number().int().nullable(),
	/** Of a file: when it was last changed, ms since 1970. */
	modifiedMs: z.number().nullable(),
	/** Of an object: its generation. */
	generation: z.string().nullable(),
	/** SHA-256 over version, provider, models and plan. */
	identity: z.string(),
});
export type BatchSubject = Readonly<z.infer<typeof subjectSchema>>;

/** What `reports/{key}.json` holds: a whole report, or a failure, and what it is of. */
const documentSchema = z.intersection(storedResultSchema, z.object({ batch: subjectSchema }));
export type BatchDocument = Readonly<z.infer<typeof documentSchema>>;

/** What has to be known of an earlier result. */
const entrySchema = subjectSchema.extend({
	report: z.object({ verdict: z.object({ outcome: outcomeSchema }) }).optional(),
	error: failureSchema.optional(),
});
export type BatchEntry = Readonly<z.infer<typeof entrySchema>>;

/** The document's line in a part: without pictures, which are most of its bytes. */
export function lineOf({ batch, ...result }: BatchDocument) {
	if (result.schema === 'unmask-failure/1') return { ...batch, error: result.error };
	return { ...batch, sha256: result.video.sha256, report: withoutPictures(result) };
}

/** What is known by a line; null where it is none of a part. */
export const entryOf = (line: unknown): BatchEntry | null => entrySchema.safeParse(line).data ?? null;

/** The document in a text; null where there is none, or one of another version. */
export function parseDocument(text: string | null): BatchDocument | null {
	try {
		return text === null ? null : (documentSchema.safeParse(JSON.parse(text)).data ?? null);
	} catch {
		return null;
	}
}

/** Whether an earlier result is of the same file, models and plan, and is one that trying again would meet again. */
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
