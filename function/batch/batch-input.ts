import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { usageError } from '../errors.ts';
import type { InputFile } from '../jobs/archive.ts';

/** A file or an object to analyse. */
export type BatchInput = {
	/** 32 hexadecimal digits of the SHA-256 of `path`: the report's name, which also decides which task takes the input. */
	readonly key: string;
	/** An absolute path on disk, or gs://BUCKET/NAME. */
	readonly path: string;
	/** For an entry of an archive: the archive, and how to extract the entry to a file. */
	readonly entry?: { readonly archive: string; readonly open: InputFile['open'] };
};

/** One task of a job: number `index`, counted from 0, of `count`. */
export type Task = { readonly index: number; readonly count: number };

/** An object of Google Cloud Storage; the name is empty or a prefix if a folder is meant. */
export type ObjectAddress = { readonly bucket: string; readonly name: string };

/** The input at a path, resolved against `folder`, or at a gs:// address. */
export function inputAt(path: string, folder = '.'): BatchInput {
	const whole = isObjectAddress(path) ? path : resolve(folder, path);
	return { key: createHash('sha256').update(whole).digest('hex').slice(0, 32), path: whole };
}

/** Whether the task takes the input: exactly one of `count` tasks does, whatever the order and length of the list. */
export const isOfTask = (key: string, { index, count }: Task) =>
	Number.parseInt(key.slice(0, 12), 16) % count === index;

export const isObjectAddress = (path: string) => path.startsWith('gs://');

/** Bucket and name of a gs:// address; throws usage if it has no valid bucket (letters, digits, `.`, `_`, `-`). */
export function parseObjectAddress(path: string): ObjectAddress {
	const [, bucket, name = ''] = /^gs:\/\/([a-z0-9][a-z0-9._-]{1,221})(?:\/(.*))?$/s.exec(path) ?? [];
	if (bucket === undefined) throw usageError(`'${path}' is not an address of the form gs://BUCKET/NAME.`);
	return { bucket, name };
}
