import { open } from 'node:fs/promises';
import { orientationOfHeif } from './heif.ts';
import { exifOrientation, type Orientation } from './orientation.ts';
import { type ReadAt, readerOf } from './read-at.ts';

/** Most segments or chunks that are searched; a file with more counts as having no orientation. */
const maxParts = 2000;
const orientationTag = 0x0112;
/** The type of a 32-bit number, which some programs write instead of a 16-bit one, and the version of a TIFF with 64-bit offsets. */
const longType = 4;
const bigTiff = 43;

/** The orientation that a picture's metadata asks for: EXIF's, or the properties of an AVIF. Null if there is none or it cannot be parsed. */
export async function readOrientation(path: string, demuxer: string | null): Promise<Orientation | null> {
	const find = demuxer === null ? undefined : finders[demuxer];
	if (!find && demuxer !== 'mov') return null;
	await using file = await open(path, 'r');
	if (!find) return await orientationOfHeif(readerOf(file));
	const start = await find(readerOf(file));
	const value = start === null ? null : await orientationOfTiff(readerOf(file, start));
	return value === null ? null : exifOrientation(value);
}

/** Functions that find the start of the EXIF's TIFF structure, by the file's demuxer; they return null if there is none. */
const finders: Readonly<Record<string, (read: ReadAt) => Promise<number | null>>> = {
	tiff_pipe: async () => 0,
	jpeg_pipe: findInJpeg,
	png_pipe: findInPng,
	apng: findInPng,
	webp_pipe: findInWebp,
};

/** JPEG segments (ITU-T T.81, annex B): an APP1 that begins with `Exif`. */
async function findInJpeg(read: ReadAt): Promise<number | null> {
	for (let at = 2, part = 0; part < maxParts; part++) {
		const head = await read(at, 10);
		if (head.length < 10 || head[0] !== 0xff || head[1] === 0xda) return null;
		if (head[1] === 0xe1 && head.toString('latin1', 4, 8) === 'Exif') return at + 10;
		at += 2 + head.readUInt16BE(2);
	}
	return null;
}

/** PNG chunks (ISO/IEC 15948): `eXIf`, before or after the image data. */
async function findInPng(read: ReadAt): Promise<number | null> {
	for (let at = 8, part = 0; part < maxParts; part++) {
		const head = await read(at, 8);
		if (head.length < 8) return null;
		if (head.toString('latin1', 4, 8) === 'eXIf') return at + 8;
		at += 12 + head.readUInt32BE(0);
	}
	return null;
}

/** WebP chunks (RIFF): `EXIF`, with or without the `Exif` prefix of JPEG. */
async function findInWebp(read: ReadAt): Promise<number | null> {
	for (let at = 12, part = 0; part < maxParts; part++) {
		const head = await read(at, 14);
		if (head.length < 14) return null;
		if (head.toString('latin1', 0, 4) === 'EXIF') return head.toString('latin1', 8, 12) === 'Exif' ? at + 14 : at + 8;
		const size = head.readUInt32LE(4);
		at += 8 + size + (size % 2);
	}
	return null;
}

/** The orientation in the first directory of a TIFF structure (TIFF 6.0, section 2, or BigTIFF); null if there is none. */
async function orientationOfTiff(read: ReadAt): Promise<number | null> {
	const head = await read(0, 16);
	const byteOrder = head.toString('latin1', 0, 2);
	if (head.length < 8 || (byteOrder !== 'II' && byteOrder !== 'MM')) return null;
	const isLittle = byteOrder === 'II';
	const u16 = (bytes: Buffer, at: number) => (isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
	const u32 = (bytes: Buffer, at: number) => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
	const u64 = (bytes: Buffer, at: number) => Number(isLittle ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
	const isBig = u16(head, 2) === bigTiff && head.length === 16;
	const directory = isBig ? u64(head, 8) : u32(head, 4);
	if (!Number.isSafeInteger(directory)) return null;
	const counter = isBig ? 8 : 2;
	const counted = await read(directory, counter);
	if (counted.length < counter) return null;
	const [size, valueAt] = isBig ? [20, 12] : [12, 8];
	const count = isBig ? u64(counted, 0) : u16(counted, 0);
	const entries = await read(directory + counter, size * Math.min(count, maxParts));
	for (let at = 0; at + size <= entries.length; at += size)
		if (u16(entries, at) === orientationTag)
			return u16(entries, at + 2) === longType ? u32(entries, at + valueAt) : u16(entries, at + valueAt);
	return null;
}
