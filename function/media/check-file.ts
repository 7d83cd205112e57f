import { createHash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { AnalysisError, type ErrorCode } from '../errors.ts';
import { headBytes, isPlaylist, kindOf } from './kinds.ts';
import { sniffDemuxer } from './sniff.ts';

/** A regular, complete, readable file, with its kind and ffmpeg demuxer by its first bytes; null if unknown. */
export type CheckedFile = {
	readonly sizeBytes: number;
	readonly demuxer: string | null;
	readonly kindName: string | null;
	readonly isPicture: boolean;
};

/** The limits that a file is checked against. */
export type FileLimits = {
	readonly maxSizeBytes?: number;
	/** Whether the caller knows that the file is complete, so that one check is enough. */
	readonly isWhole?: boolean;
};

/** 16 GiB: four hours of 1080p at 9 Mbit/s. */
const defaultMaxSizeBytes = 16 * 1024 ** 3;
/** A file written within this time may still be growing, so it is checked twice. */
const freshMs = 2000;
const secondCheckMs = 300;

/** Checks a file without decoding it; throws AnalysisError of stage `probe` (file-*, not-a-file, playlist-refused). */
export async function checkFile(path: string, limits: FileLimits = {}): Promise<CheckedFile> {
	const first = await readStats(path);
	if (!first.isFile()) throw fault('not-a-file'); // must come before any open, which would block on a FIFO
	const head = await readHead(path);
	if (!limits.isWhole && Date.now() - first.mtimeMs < freshMs) {
		await wait(secondCheckMs);
		const second = await readStats(path);
		if (second.size !== first.size || second.mtimeMs !== first.mtimeMs) throw fault('file-changing');
	}
	if (first.size === 0) throw fault('file-empty');
	const limit = limits.maxSizeBytes ?? defaultMaxSizeBytes;
	if (first.size > limit) throw fault('file-too-large', `${gib(first.size)}, the limit is ${gib(limit)}`);
	if (isPlaylist(head)) throw fault('playlist-refused');
	const kind = kindOf(head);
	return {
		sizeBytes: first.size,
		demuxer: sniffDemuxer(head),
		kindName: kind?.name ?? null,
		isPicture: kind?.kind === 'image',
	};
}

/** SHA-256 of a file as lower-case hex. */
export async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
	const hash = createHash('sha256');
	const stream = createReadStream(path, { highWaterMark: 1024 * 1024, ...(signal ? { signal } : {}) });
	for await (const chunk of stream) hash.update(chunk);
	return hash.digest('hex');
}

async function readStats(path: string): Promise<Stats> {
	try {
		return await stat(path);
	} catch (error) {
		throw asFileError(error);
	}
}

async function readHead(path: string): Promise<Uint8Array> {
	try {
		await using file = await open(path, 'r');
		const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
		return buffer.subarray(0, bytesRead);
	} catch (error) {
		throw asFileError(error);
	}
}

function asFileError(error: unknown): AnalysisError {
	const code = (error as NodeJS.ErrnoException).code;
	const known: ErrorCode =
		code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG' ? 'file-not-found' : 'file-unreadable';
	return new AnalysisError(known, 'probe', detailOf[code ?? ''] ?? code ?? '', { cause: error });
}

/** File system errors in words. */
const detailOf: Readonly<Record<string, string>> = {
	EACCES: 'its permissions do not allow it',
	EPERM: 'its permissions do not allow it',
	ELOOP: 'its symbolic links form a loop',
	ENOENT: '',
	ENAMETOOLONG: 'its name is too long',
};

const fault = (code: ErrorCode, detail = '') => new AnalysisError(code, 'probe', detail);
const gib = (bytes: number) => `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
