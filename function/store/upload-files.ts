import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { idSchema } from '../contract/upload.ts';
import { AnalysisError } from '../errors.ts';

const recordSchema = z.object({
	fileName: z.string(),
	sizeBytes: z.number(),
	contentType: z.string(),
	/** ISO 8601, UTC. */
	createdAt: z.string(),
	/** Of the whole file, hexadecimal; null until it has arrived. */
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
		writeRecord: (id: string, value: UploadRecord) => writeWhole(record(id), JSON.stringify(value)),
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

/** The ending of files that are being written; nothing reads them, the sweeper removes what a crash left. */
export const temporaryEnding = '.tmp';

/** Writes a file so that a reader sees the old one or the new one, whole, also after a power cut. */
export async function writeWhole(path: string, text: string): Promise<void> {
	const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}${temporaryEnding}`);
	try {
		await mkdir(dirname(path), { recursive: true });
		const file = await open(temporary, 'wx', 0o600);
		try {
			await file.writeFile(text);
			await file.sync();
		} finally {
			await file.close();
		}
		await rename(temporary, path);
	} catch (thrown) {
		await rm(temporary, { force: true }).catch(() => {});
		throw thrown;
	}
}

function checkId(id: string): string {
	if (!idSchema.safeParse(id).success) throw new AnalysisError('upload-not-found', 'store');
	return id;
}
