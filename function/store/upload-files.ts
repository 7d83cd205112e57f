import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { idSchema } from '../contract/upload.ts';
import { AnalysisError } from '../errors.ts';
import { writeWhole } from '../files/write-whole.ts';

const recordSchema = z.object({
	fileName: z.string(),
	sizeBytes: z.number(),
	contentType: z.string(),
	/** ISO 8601, UTC. */
	createdAt: z.string(),
	/** Hexadecimal, of the whole file; null until it has arrived, and for files that were not sent to a signed address. */
	sha256: z.string().nullable(),
});

/** The record stored next to an upload's bytes. */
export type UploadRecord = Readonly<z.infer<typeof recordSchema>>;

/** The files of an upload in `uploads`: the partial file, the complete file, and the record. */
export type UploadFiles = ReturnType<typeof createUploadFiles>;

/** Creates access to the files of uploads in `folder`. A malformed id throws `upload-not-found`, so it never becomes part of a path. */
export function createUploadFiles(folder: string) {
	const path = (id: string, ending: string) => join(folder, `${checkId(id)}${ending}`);
	const part = (id: string) => path(id, '.part');
	const whole = (id: string) => path(id, '');
	const record = (id: string) => path(id, '.json');
	return {
		part,
		whole,
		record,
		readRecord: async (id: string): Promise<UploadRecord | null> => {
			const text = await nullIfMissing(readFile(record(id), 'utf8'));
			return text === null ? null : recordSchema.parse(JSON.parse(text));
		},
		writeRecord: (id: string, value: UploadRecord) => writePrivate(record(id), JSON.stringify(value)),
		/** The record goes last: after a crash in between, the sweeper finds the record and finishes the removal. */
		remove: async (id: string): Promise<void> => {
			for (const file of [part(id), whole(id), record(id)]) await rm(file, { force: true });
		},
	};
}

/** Size of a file in bytes; null if it does not exist. */
export async function sizeOf(path: string): Promise<number | null> {
	return (await nullIfMissing(stat(path)))?.size ?? null;
}

/** Awaits `reading`; null if the file is missing. */
export async function nullIfMissing<T>(reading: Promise<T>): Promise<T | null> {
	try {
		return await reading;
	} catch (thrown) {
		if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return null;
		throw thrown;
	}
}

/** Writes a file that only the current user may read; creates its folder if missing. */
export async function writePrivate(path: string, text: string): Promise<void> {
	await mkdir(dirname(path), { recursive: true });
	await writeWhole(path, text, { mode: 0o600 });
}

function checkId(id: string): string {
	if (!idSchema.safeParse(id).success) throw new AnalysisError('upload-not-found', 'store');
	return id;
}
