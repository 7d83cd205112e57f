import { open } from 'node:fs/promises';
import { jpegAt, maxJpegBytes } from './jpeg.ts';
import { type ReadAt, readerOf } from './read-at.ts';

/** Most boxes, chunks, segments or blocks of a file that are read. */
const maxParts = 20_000;
/** By how much stated sizes may be too large: some programs count the header twice. */
const toleranceBytes = 8;

/** Whether a file ends before the end that its own structure states, as after a broken download; false if it states none. */
export async function isCut(path: string, demuxer: string | null): Promise<boolean> {
	const find = demuxer === null ? undefined : finders[demuxer];
	if (!find) return false;
	await using file = await open(path, 'r');
	const { size } = await file.stat();
	try {
		return await find(readerOf(file), size);
	} catch (error) {
		if (error instanceof RangeError) return true; // a header is shorter than its fields
		throw error;
	}
}

const finders: Readonly<Record<string, (read: ReadAt, size: number) => Promise<boolean>>> = {
	mov: hasCutBox,
	j2k_pipe: hasCutBox,
	jpegxl_pipe: hasCutBox,
	avi: hasCutRiff,
	webp_pipe: hasCutRiff,
	matroska: hasCutSegment,
	asf: hasCutAsf,
	gif: hasCutBlock,
	png_pipe: hasCutChunk,
	apng: hasCutChunk,
	jpeg_pipe: hasNoEnd,
	bmp_pipe: async (read, size) => (await read(2, 4)).readUInt32LE() > size,
	tiff_pipe: hasNoDirectory,
};

/** Top-level boxes of any size (ISO/IEC 14496-12 and 15444-1); what other programs append is no box. */
const boxTypes = /^(ftyp|moov|moof|mdat|mfra|meta|sidx|styp|free|skip|wide|uuid|jp2[hc]|jxl[cp]|Exif|xml )$/;

async function hasCutBox(read: ReadAt, size: number): Promise<boolean> {
	for (let at = 0, part = 0; part < maxParts && at < size; part++) {
		const head = await read(at, 16);
		if (head.length < 8) return false;
		const short = head.readUInt32BE(0);
		const length = short === 1 ? Number(head.readBigUInt64BE(8)) : short;
		if (length < 8) return false; // up to the end of the file, or no box
		at += length;
		if (at > size) return boxTypes.test(head.toString('latin1', 4, 8));
	}
	return false;
}

/** RIFF chunks (an AVI of more than 1 GB has several); 0 while the file is being written. */
async function hasCutRiff(read: ReadAt, size: number): Promise<boolean> {
	for (let at = 0, part = 0; part < maxParts && at < size; part++) {
		const head = await read(at, 8);
		if (head.toString('latin1', 0, 4) !== 'RIFF') return false;
		const length = head.readUInt32LE(4);
		if (length === 0 || length === 0xffff_ffff) return false;
		at += 8 + length + (length % 2);
		if (at > size + toleranceBytes) return true;
	}
	return false;
}

/** The first segment (RFC 9559) behind the EBML header; its size is unknown while it is being written. */
async function hasCutSegment(read: ReadAt, size: number): Promise<boolean> {
	const header = await sizeAt(read, 4);
	if (header === null) return false;
	const start = header.end + header.value;
	const segment = await sizeAt(read, start + 4);
	return segment?.value !== undefined && segment.end + segment.value > size;
}

/** A variable-length size (RFC 8794, 4); null if all its bits are set, which means unknown. */
async function sizeAt(read: ReadAt, at: number): Promise<{ readonly value: number; readonly end: number } | null> {
	const bytes = await read(at, 8);
	const first = bytes.readUInt8(0);
	const length = Math.clz32(first) - 23;
	if (length > 8) return null;
	let value = first & (0xff >> length);
	let isUnknown = value === 0xff >> length;
	for (let i = 1; i < length; i++) {
		value = value * 256 + bytes.readUInt8(i);
		isUnknown &&= bytes[i] === 0xff;
	}
	return isUnknown ? null : { value, end: at + length };
}

/** ASF's File Properties Object, 8CABDCA1-A947-11CF-8EE4-00C00C205365, and the start of the header that contains it. */
const fileProperties = Buffer.from('a1dcab8c47a9cf118ee400c00c205365', 'hex');
const asfHeaderBytes = 64 * 1024;

async function hasCutAsf(read: ReadAt, size: number): Promise<boolean> {
	const head = await read(0, asfHeaderBytes);
	const at = head.indexOf(fileProperties);
	if (at < 0) return false;
	const isLive = (head.readUInt32LE(at + 88) & 1) === 1;
	return !isLive && Number(head.readBigUInt64LE(at + 40)) > size;
}

/** GIF's blocks (GIF89a, 15 to 27). The trailer alone may be missing: some programs write none. */
async function hasCutBlock(read: ReadAt, size: number): Promise<boolean> {
	const tableBytes = (flags: number) => ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1));
	let at = 13 + tableBytes((await read(10, 1)).readUInt8(0));
	for (let part = 0; part < maxParts && at < size; part++) {
		const head = await read(at, 10);
		if (head[0] === 0x2c) at += 10 + tableBytes(head.readUInt8(9)) + 1;
		else if (head[0] === 0x21) at += 2;
		else return false;
		for (let length = 1; length > 0 && part < maxParts; part++) {
			length = (await read(at, 1)).readUInt8(0);
			at += 1 + length;
		}
	}
	return false;
}

/** PNG's chunks (ISO/IEC 15948), of which the last is IEND. */
async function hasCutChunk(read: ReadAt, size: number): Promise<boolean> {
	for (let at = 8, part = 0; part < maxParts; part++) {
		const head = await read(at, 8);
		if (head.length < 8) return true;
		if (head.toString('latin1', 4, 8) === 'IEND') return false;
		at += 12 + head.readUInt32BE(0);
		if (at > size) return true;
	}
	return false;
}

/** Not by its last bytes: a preview in the header has an end of its own, and programs append data. */
async function hasNoEnd(read: ReadAt, size: number): Promise<boolean> {
	return size <= maxJpegBytes && jpegAt(await read(0, size), 0) === null;
}

/** TIFF's first directory (TIFF 6.0, section 2), which most programs write last. */
async function hasNoDirectory(read: ReadAt, size: number): Promise<boolean> {
	const head = await read(0, 16);
	const isLittle = head[0] === 0x49;
	const isBig = head[isLittle ? 2 : 3] === 43;
	if (isBig) return Number(isLittle ? head.readBigUInt64LE(8) : head.readBigUInt64BE(8)) >= size;
	return (isLittle ? head.readUInt32LE(4) : head.readUInt32BE(4)) >= size;
}
