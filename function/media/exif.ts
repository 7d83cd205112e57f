import { type FileHandle, open } from 'node:fs/promises';
import { exifOrientation, type Orientation, upright } from './orientation.ts';

/** Most segments or chunks that are searched; a file with more counts as having no orientation. */
const maxParts = 2000;
const orientationTag = 0x0112;

/** Reads `length` bytes of a file at a position; fewer at its end. */
type ReadAt = (position: number, length: number) => Promise<Buffer>;

/** The EXIF orientation of a JPEG, PNG, WebP or TIFF; upright if there is none or it cannot be parsed. */
export async function readExifOrientation(path: string, demuxer: string | null): Promise<Orientation> {
	const find = demuxer === null ? undefined : finders[demuxer];
	if (!find) return upright;
	await using file = await open(path, 'r');
	const start = await find(readerOf(file));
	if (start === null) return upright;
	return exifOrientation((await orientationOfTiff(readerOf(file, start))) ?? 1);
}

const readerOf =
	(file: FileHandle, offset = 0): ReadAt =>
	async (position, length) => {
		const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset + position);
		return buffer.subarray(0, bytesRead);
	};

/** Functions that find the start of the EXIF's TIFF structure, by the file's demuxer; they return null if there is none. */
const finders: Readonly<Record<string, (read: ReadAt) => Promise<number | null>>> = {
	tiff_pipe: async () => 0,
	jpeg_pipe: findInJpeg,
	png_pipe: findInPng,
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

/** The orientation in the first directory of a TIFF structure (TIFF 6.0, section 2); null if there is none. */
async function orientationOfTiff(read: ReadAt): Promise<number | null> {
	const head = await read(0, 8);
	const byteOrder = head.toString('latin1', 0, 2);
	if (head.length < 8 || (byteOrder !== 'II' && byteOrder !== 'MM')) return null;
	const isLittle = byteOrder === 'II';
	const u16 = (bytes: Buffer, at: number) => (isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
	const directory = isLittle ? head.readUInt32LE(4) : head.readUInt32BE(4);
	const counted = await read(directory, 2);
	if (counted.length < 2) return null;
	const entries = await read(directory + 2, 12 * u16(counted, 0));
	for (let at = 0; at + 12 <= entries.length; at += 12)
		if (u16(entries, at) === orientationTag) return u16(entries, at + 8);
	return null;
}
