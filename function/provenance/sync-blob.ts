import { type Bytes, partOf } from './bytes.ts';

/**
 * The library for Content Credentials reads a file as in a browser's worker: slices of a Blob through FileReaderSync. Node has no FileReaderSync,
 * and its Blob cannot be read synchronously. So this wraps bytes as a Blob, and provides a reader for such blobs.
 */
type SyncBlob = Pick<Blob, 'size'> & { slice(from?: number, to?: number): SyncBlob; readonly bytes: Bytes };

/** Wraps bytes as a Blob for the library. */
export const blobOf = (bytes: Bytes): Blob => syncBlob(bytes) as unknown as Blob;

const syncBlob = (bytes: Bytes): SyncBlob => ({
	...{ size: bytes.size, bytes },
	slice: (from = 0, to = bytes.size) => syncBlob(partOf(bytes, from, to)),
});

/** Defines FileReaderSync in this process, as browsers do. */
export function defineFileReaderSync(): void {
	Object.assign(globalThis, {
		FileReaderSync: class {
			readAsArrayBuffer({ bytes }: SyncBlob): ArrayBuffer {
				return bytes.read(0, bytes.size).buffer;
			}
		},
	});
}
