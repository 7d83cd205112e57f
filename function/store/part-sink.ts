import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { AnalysisError } from '../errors.ts';
import { headBytes, refuseNonVideo } from './refuse-non-video.ts';

/** State of a partial upload: bytes in its file, their hash (null = not needed), and the first headBytes of them. */
export type Part = { receivedBytes: number; hash: Hash | null; head: Buffer };

/** A part without any bytes. */
export const emptyPart = (hash: Hash | null = createHash('sha256')): Part => ({
	receivedBytes: 0,
	hash,
	head: Buffer.alloc(0),
});

/** Restores the state of a part from its file, as after a restart. */
export async function readPart(path: string): Promise<Part> {
	const part = emptyPart();
	for await (const chunk of createReadStream(path, { highWaterMark: bufferBytes })) {
		note(part, [chunk]);
		part.receivedBytes += chunk.length;
	}
	return part;
}

/** Bytes buffered for the disk; beyond that, backpressure stops the sender. */
const bufferBytes = 1024 * 1024;

/**
 * A sink that appends to a file and updates `part`. Bytes from `first` on that are already in the file are skipped. Bytes beyond `end` cause
 * `upload-mismatch`, and a file that is not a video is refused as by `refuseNonVideo`. Hashing overlaps with disk writes.
 */
export function createPartSink(
	file: FileHandle,
	part: Part,
	range: { readonly first: number; readonly end: number; readonly sizeBytes: number },
): Writable {
	let position = range.first;
	const append = async (chunks: Buffer[]): Promise<void> => {
		const arrived = sum(chunks);
		if (position + arrived > range.end)
			throw new AnalysisError('upload-mismatch', 'upload', 'more bytes arrived than were announced');
		const fresh = skip(chunks, part.receivedBytes - position);
		position += arrived;
		if (fresh.length === 0) return;
		const sniffed = part.head.length >= headBytes;
		const writing = writeAll(file, fresh, part.receivedBytes);
		note(part, fresh);
		part.receivedBytes += await writing;
		if (!sniffed && (part.head.length >= headBytes || part.receivedBytes === range.sizeBytes))
			refuseNonVideo(part.head);
	};
	return new Writable({
		highWaterMark: bufferBytes,
		write: (chunk, _encoding, done) => void append([chunk]).then(() => done(), done),
		writev: (items, done) => void append(items.map(({ chunk }) => chunk)).then(() => done(), done),
	});
}

/** Opens the file of a part for appending; an empty part starts a new file. */
export const openPart = (path: string, part: Part) => open(path, part.receivedBytes === 0 ? 'w' : 'r+', 0o600);

function note(part: Part, chunks: readonly Buffer[]): void {
	for (const chunk of chunks) {
		part.hash?.update(chunk);
		const missing = headBytes - part.head.length;
		if (missing > 0) part.head = Buffer.concat([part.head, chunk.subarray(0, missing)]);
	}
}

/** Writes all chunks at `position`, continuing after short writes. */
async function writeAll(file: FileHandle, chunks: readonly Buffer[], position: number): Promise<number> {
	const total = sum(chunks);
	for (let written = 0; written < total; ) {
		const { bytesWritten } = await file.writev(skip(chunks, written), position + written);
		written += bytesWritten;
	}
	return total;
}

/** The chunks without their first `bytes`. */
function skip(chunks: readonly Buffer[], bytes: number): Buffer[] {
	let left = Math.max(0, bytes);
	const rest: Buffer[] = [];
	for (const chunk of chunks) {
		if (left < chunk.length) rest.push(left > 0 ? chunk.subarray(left) : chunk);
		left = Math.max(0, left - chunk.length);
	}
	return rest;
}

const sum = (chunks: readonly Buffer[]) => chunks.reduce((bytes, chunk) => bytes + chunk.length, 0);
