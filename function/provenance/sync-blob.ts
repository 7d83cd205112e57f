import { type Bytes, partOf } from './bytes.ts';

/**
 * The library of Content Credentials reads a file as a browser's worker does: parts of a Blob by FileReaderSync. Node has the one and not the
 * other, and its Blob cannot be read at once; so bytes are dressed as a Blob, and the reader knows how to read those.
 */
type SyncBlob = Pick<Blob, 'size'> & { slice(from?: number, to?: number): SyncBlob; readonly bytes: Bytes };

/** Bytes as the library wants a Blob. */
export const blobOf = (bytes: Bytes): Blob => syncBlob(bytes) as unknown as Blob;

const syncBlob = (bytes: Bytes): SyncBlob => ({
	...{ size: bytes.size, bytes },
	slice: (from = 0, to = bytes.size) => syncBlob(partOf(bytes, from, to)),
});

/** Gives this process the reader that browsers have. */
export function offerFileReader(): void {
	Object.assign(globalThis, {
		FileReaderSync: class {
			readAsArrayBuffer({ bytes }: SyncBlob): ArrayBuffer {
				return bytes.read(0, bytes.size).buffer;
			}
		},
	});
}
