import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { usageError } from '../errors.ts';
import type { InputFile } from '../jobs/archive.ts';

/** A file or an object that is to be analysed. */
export type BatchInput = {
	/** 32 hexadecimal digits of the SHA-256 of `path`: names the report, and decides which task takes the input. */
	readonly key: string;
	/** An absolute path on disk, or gs://BUCKET/NAME. */
	readonly path: string;
	/** Where it is an entry of an archive: the archive, and how the entry becomes a file. */
	readonly entry?: { readonly archive: string; readonly open: InputFile['open'] };
};

/** A task of a job: the `index`th, 0.., of `count`. */
export type Task = { readonly index: number; readonly count: number };

/** An object of Google Cloud Storage; an empty name, or one that is a prefix, where a folder is meant. */
export type ObjectAddress = { readonly bucket: string; readonly name: string };

/** The input at a path, which is taken relative to `folder`, or at a gs:// address. */
export function inputAt(path: string, folder = '.'): BatchInput {
	const whole = isObjectAddress(path) ? path : resolve(folder, path);
	return { key: createHash('sha256').update(whole).digest('hex').slice(0, 32), path: whole };
}

/** Whether the task takes the input: each is taken by exactly one of `count`, whatever the order and length of the list. */
export const isOfTask = (key: string, { index, count }: Task) =>
	Number.parseInt(key.slice(0, 12), 16) % count === index;

export const isObjectAddress = (path: string) => path.startsWith('gs://');

/** Bucket and name of a gs:// address; throws usage where it names no bucket (letters, digits, `.`, `_`, `-`). */
export function parseObjectAddress(path: string): ObjectAddress {
	const [, bucket, name = ''] = /^gs:\/\/([a-z0-9][a-z0-9._-]{1,221})(?:\/(.*))?$/s.exec(path) ?? [];
	if (bucket === undefined) throw usageError(`'${path}' is no address of the form gs://BUCKET/NAME.`);
	return { bucket, name };
}
