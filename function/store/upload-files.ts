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
	/** Of the whole file, hexadecimal; null until it has arrived, and for what was not sent to a signed address. */
	sha256: z.string().nullable(),
});

/** What is kept beside an upload's bytes. */
export type UploadRecord = Readonly<z.infer<typeof recordSchema>>;

/** The names of an upload's files below the folder `uploads`: bytes that arrived, the complete file, and what is known of it. */
export type UploadFiles = ReturnType<typeof createUploadFiles>;

/** The files of uploads in `folder`; an id that is not one throws `upload-not-found`, so no path is ever made of another text. */
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
		/** The record goes last: as long as it is there, a stop in the middle is finished by the sweeper. */
		remove: async (id: string): Promise<void> => {
			for (const file of [part(id), whole(id), record(id)]) await rm(file, { force: true });
		},
	};
}

/** Length of a file in bytes; null when there is none. */
export async function sizeOf(path: string): Promise<number | null> {
	return (await nullIfMissing(stat(path)))?.size ?? null;
}

/** What `reading` gives; null when the file is missing. */
export async function nullIfMissing<T>(reading: Promise<T>): Promise<T | null> {
	try {
		return await reading;
	} catch (thrown) {
		if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return null;
		throw thrown;
	}
}

/** Writes a file that only this user may read, and its folder where it is missing. */
export async function writePrivate(path: string, text: string): Promise<void> {
	await mkdir(dirname(path), { recursive: true });
	await writeWhole(path, text, { mode: 0o600 });
}

function checkId(id: string): string {
	if (!idSchema.safeParse(id).success) throw new AnalysisError('upload-not-found', 'store');
	return id;
}
