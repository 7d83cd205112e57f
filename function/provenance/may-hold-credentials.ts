import type { Bytes } from './bytes.ts';

/** The formats that are made of boxes (ISO base media file format), by the endings of `credentialFormat`. */
const ofBoxes: ReadonlySet<string> = new Set(['mp4', 'mov', 'avif', 'heic']);

/** Box headers that are read at most; a file of more goes to the library. */
const mostBoxes = 10_000;

/**
 * Whether credentials can be in a file at all, so that the library is loaded for few. In a file of boxes they, and the metadata that tells
 * where else they are, stand in an outermost box of type `uuid` (C2PA specification, "Embedding manifests into BMFF-based assets"). True for
 * all other formats, and where the boxes do not fill the file.
 */
export function mayHoldCredentials(bytes: Bytes, format: string): boolean {
	if (!ofBoxes.has(format)) return true;
	let at = 0;
	for (let boxes = 0; at < bytes.size; boxes++) {
		const header = bytes.read(at, 16);
		if (header.length < 8 || boxes === mostBoxes) return true;
		const view = new DataView(header.buffer, header.byteOffset, header.length);
		if (view.getUint32(4) === uuid) return true;
		const length = lengthOf(view, bytes.size - at);
		if (length === null) return true;
		at += length;
	}
	return false;
}

/** `uuid` as a number. */
const uuid = 0x75756964;

/** The length of a box with its header; null where it does not fit into what is left. */
function lengthOf(header: DataView, left: number): number | null {
	const short = header.getUint32(0);
	if (short === 0) return left;
	if (short === 1 && header.byteLength < 16) return null;
	const length = short === 1 ? Number(header.getBigUint64(8)) : short;
	return length >= (short === 1 ? 16 : 8) && length <= left ? length : null;
}
