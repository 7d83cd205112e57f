import { type FileHandle, open, stat } from 'node:fs/promises';
import { AnalysisError, type ErrorCode } from '../errors.ts';

/** A file that is read in pieces and never as a whole. */
export type ByteFile = {
	readonly path: string;
	/** Size when it was opened, bytes. */
	readonly size: number;
	/** Reads `length` bytes at `start`; throws weights-truncated if the file ends before. */
	read(start: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
	close(): Promise<void>;
};

const codes: Record<string, ErrorCode> = {
	ENOENT: 'file-not-found',
	ENOTDIR: 'file-not-found',
	EACCES: 'file-unreadable',
	EPERM: 'file-unreadable',
};

/** Opens a regular file that is not empty; throws file-not-found, file-unreadable, not-a-file or file-empty. */
export async function openByteFile(path: string): Promise<ByteFile> {
	const failed = (cause: NodeJS.ErrnoException): never => {
		throw new AnalysisError(codes[cause.code ?? ''] ?? 'not-a-file', 'probe', path, { cause });
	};
	// must come before opening, which would block on a FIFO
	if (!(await stat(path).catch(failed)).isFile()) throw new AnalysisError('not-a-file', 'probe', path);
	const handle = await open(path, 'r').catch(failed);
	try {
		const { size } = await handle.stat();
		if (size === 0) throw new AnalysisError('file-empty', 'probe', path);
		return byteFile(path, handle, size);
	} catch (error) {
		await handle.close();
		throw error;
	}
}

function byteFile(path: string, handle: FileHandle, size: number): ByteFile {
	return {
		path,
		size,
		async read(start, length) {
			if (!(start + length <= size))
				throw new AnalysisError('weights-truncated', 'probe', `it ends at byte ${size} of at least ${start + length}`);
			const bytes = new Uint8Array(length);
			for (let at = 0; at < length; ) {
				const { bytesRead } = await handle.read(bytes, at, length - at, start + at);
				if (bytesRead === 0) throw new AnalysisError('file-changing', 'probe', path);
				at += bytesRead;
			}
			return bytes;
		},
		close: () => handle.close(),
	};
}
