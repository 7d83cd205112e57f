import { open } from 'node:fs/promises';
import { type ReadAt, readerOf } from './read-at.ts';

/** Most directories and entries of a TIFF that are read. */
const maxDirectories = 20;
const maxEntries = 500;
/** Tags: what the numbers of a picture mean, further directories, the version of a DNG. */
const [photometric, subDirectories, dngVersion] = [262, 330, 50_706];
/** Numbers behind a colour filter, and those of a sensor without one (TIFF/EP; DNG 1.7, chapter 3). */
const sensorColours: ReadonlySet<number> = new Set([32_803, 34_892]);
/** Canon's CR2 has its own mark behind the header of a TIFF. */
const canon = 'CR\x02';

/**
 * The name of a camera's raw photo in a TIFF (CR2, NEF, ARW, DNG, PEF and others), of which picture readers return a thumbnail; null for
 * any other TIFF.
 */
export async function rawPhotoOf(path: string): Promise<string | null> {
	await using file = await open(path, 'r');
	const read = readerOf(file);
	const head = await read(0, 11);
	if (head.length < 11) return null;
	if (head.toString('latin1', 8) === canon) return 'Canon raw photo';
	const isLittle = head[0] === 0x49;
	const seen = new Set<number>();
	const directories = [isLittle ? head.readUInt32LE(4) : head.readUInt32BE(4)];
	for (let at = directories.shift(); at !== undefined && seen.size < maxDirectories; at = directories.shift()) {
		if (at === 0 || seen.has(at)) continue;
		seen.add(at);
		const { entries, next } = await readDirectory(read, at, isLittle);
		for (const { tag, values } of entries) {
			if (tag === dngVersion) return 'DNG raw photo';
			if (tag === photometric && sensorColours.has(values[0] ?? 0)) return 'raw photo';
			if (tag === subDirectories) directories.push(...values);
		}
		directories.push(next);
	}
	return null;
}

type Directory = {
	readonly entries: readonly { readonly tag: number; readonly values: readonly number[] }[];
	readonly next: number;
};

/** A directory with the values of the tags above (TIFF 6.0, section 2); empty if it is not in the file. */
async function readDirectory(read: ReadAt, at: number, isLittle: boolean): Promise<Directory> {
	const u16 = (bytes: Buffer, place: number) => (isLittle ? bytes.readUInt16LE(place) : bytes.readUInt16BE(place));
	const u32 = (bytes: Buffer, place: number) => (isLittle ? bytes.readUInt32LE(place) : bytes.readUInt32BE(place));
	const counted = await read(at, 2);
	const count = counted.length < 2 ? 0 : Math.min(maxEntries, u16(counted, 0));
	const bytes = await read(at + 2, 12 * count + 4);
	if (count === 0 || bytes.length < 12 * count + 4) return { entries: [], next: 0 };
	const entries: { tag: number; values: number[] }[] = [];
	for (let place = 0; place < 12 * count; place += 12) {
		const tag = u16(bytes, place);
		if (tag === photometric) entries.push({ tag, values: [u16(bytes, place + 8)] });
		if (tag === dngVersion) entries.push({ tag, values: [] });
		if (tag !== subDirectories) continue;
		const length = Math.min(maxDirectories, u32(bytes, place + 4));
		const list = length === 1 ? bytes.subarray(place + 8) : await read(u32(bytes, place + 8), 4 * length);
		const values = Array.from({ length: Math.min(length, list.length >> 2) }, (_, i) => u32(list, 4 * i));
		entries.push({ tag, values });
	}
	return { entries, next: u32(bytes, 12 * count) };
}
