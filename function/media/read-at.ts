import type { FileHandle } from 'node:fs/promises';

/** Reads `length` bytes of a file at a position; fewer at its end. */
export type ReadAt = (position: number, length: number) => Promise<Buffer>;

/** Reads an open file, whose bytes before `offset` do not count. */
export const readerOf =
	(file: FileHandle, offset = 0): ReadAt =>
	async (position, length) => {
		const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset + position);
		return buffer.subarray(0, bytesRead);
	};
