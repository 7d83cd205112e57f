import type { Bytes } from './bytes.ts';

/** Formats made of boxes (ISO base media file format), as named by `credentialFormat`. */
const boxFormats: ReadonlySet<string> = new Set(['mp4', 'mov', 'avif', 'heic']);

/** Maximum number of box headers to read; a file with more goes to the library. */
const maxBoxes = 10_000;

/**
 * Whether a file can contain credentials at all; most cannot, so the library is rarely loaded. In a file of boxes, the credentials, or the metadata
 * that points to them, are in a top-level box of type `uuid` (C2PA specification, "Embedding manifests into BMFF-based assets"). True for all other
 * formats, and if the boxes do not fill the file.
 */
export function mayHoldCredentials(bytes: Bytes, format: string): boolean {
	if (!boxFormats.has(format)) return true;
	let at = 0;
	for (let boxes = 0; at < bytes.size; boxes++) {
		const header = bytes.read(at, 16);
		if (header.length < 8 || boxes === maxBoxes) return true;
		const view = new DataView(header.buffer, header.byteOffset, header.length);
		if (view.getUint32(4) === uuid) return true;
		const length = lengthOf(view, bytes.size - at);
		if (length === null) return true;
		at += length;
	}
	return false;
}

/** The box type `uuid` as a big-endian number. */
const uuid = 0x75756964;

/** The length of a box including its header; null if it does not fit in the remaining bytes. */
function lengthOf(header: DataView, left: number): number | null {
	const short = header.getUint32(0);
	if (short === 0) return left;
	if (short === 1 && header.byteLength < 16) return null;
	const length = short === 1 ? Number(header.getBigUint64(8)) : short;
	return length >= (short === 1 ? 16 : 8) && length <= left ? length : null;
}
