import { type Orientation, turned } from './orientation.ts';
import type { ReadAt } from './read-at.ts';

/** Most top-level boxes that are searched, and most bytes of the metadata box. */
const maxBoxes = 100;
const maxBytes = 1024 ** 2;

/** The orientation of a HEIF file's main picture (ISO/IEC 23008-12, 6.5.10 and 6.5.12: irot, imir); null if there is none. */
export async function orientationOfHeif(read: ReadAt): Promise<Orientation | null> {
	const meta = await readMeta(read);
	if (!meta) return null;
	try {
		return orientationIn(meta);
	} catch (error) {
		if (error instanceof RangeError) return null; // a box is shorter than its fields
		throw error;
	}
}

/** The content of the top-level metadata box, after its version and flags. */
async function readMeta(read: ReadAt): Promise<Buffer | null> {
	for (let at = 0, box = 0; box < maxBoxes; box++) {
		const head = await read(at, 8);
		if (head.length < 8) return null;
		const size = head.readUInt32BE(0);
		if (head.toString('latin1', 4, 8) === 'meta')
			return await read(at + 12, Math.min(Math.max(0, size - 12), maxBytes));
		if (size < 8) return null; // 64-bit sizes and boxes up to the end hold media, and come last
		at += size;
	}
	return null;
}

function orientationIn(meta: Buffer): Orientation | null {
	const main = find(meta, 'pitm');
	const properties = find(meta, 'iprp');
	const list = properties && find(properties, 'ipco');
	const links = properties && find(properties, 'ipma');
	if (!main || !list || !links) return null;
	const mainId = main[0] === 0 ? main.readUInt16BE(4) : main.readUInt32BE(4);
	const all = [...boxesOf(list)];
	const used = propertiesOf(links, mainId).map((number) => all[number - 1]);
	const angle = used.find((box) => box?.type === 'irot')?.content[0];
	const axis = used.find((box) => box?.type === 'imir')?.content[0];
	if (angle === undefined && axis === undefined) return null;
	// stored as an anticlockwise turn that comes before mirroring; here mirroring comes first, which reverses the turn
	const quarters = (angle ?? 0) & 3;
	if (axis === undefined) return turned(-90 * quarters);
	return { ...turned(90 * quarters + ((axis & 1) === 0 ? 180 : 0)), isMirrored: true };
}

/** The numbers of an item's properties, from 1, in the order in which they apply. */
function propertiesOf(links: Buffer, itemId: number): number[] {
	const [isLong, isWide] = [links[0] !== 0, ((links[3] ?? 0) & 1) === 1];
	const entries = links.readUInt32BE(4);
	for (let at = 8, entry = 0; entry < entries; entry++) {
		const id = isLong ? links.readUInt32BE(at) : links.readUInt16BE(at);
		at += isLong ? 4 : 2;
		const count = links.readUInt8(at++);
		const numbers: number[] = [];
		for (let i = 0; i < count; i++, at += isWide ? 2 : 1)
			numbers.push(isWide ? links.readUInt16BE(at) & 0x7fff : links.readUInt8(at) & 0x7f);
		if (id === itemId) return numbers;
	}
	return [];
}

const find = (bytes: Buffer, type: string): Buffer | null => {
	for (const box of boxesOf(bytes)) if (box.type === type) return box.content;
	return null;
};

function* boxesOf(bytes: Buffer): Generator<{ readonly type: string; readonly content: Buffer }, void> {
	for (let at = 0; at + 8 <= bytes.length; ) {
		const size = bytes.readUInt32BE(at);
		if (size < 8) return;
		yield { type: bytes.toString('latin1', at + 4, at + 8), content: bytes.subarray(at + 8, at + size) };
		at += size;
	}
}
