import { type FileHandle, open } from 'node:fs/promises';
import type { FileNote } from '../contract/report.ts';
import type { Source } from './source.ts';

/** Pages or frames of a picture file that are counted at most. */
const maxPictures = 100_000;
/** Bytes of a picture that are searched for a video, in parts of this size. */
const maxSearchedBytes = 256 * 1024 ** 2;
const partBytes = 4 * 1024 ** 2;

/** How many pictures a file holds of which ffmpeg reads only the first: frames of an animated WebP, pages of a TIFF. */
export async function countPictures({ path, demuxer }: Pick<Source, 'path' | 'demuxer'>): Promise<number> {
	const count = demuxer === 'webp_pipe' ? framesOfWebp : demuxer === 'tiff_pipe' ? pagesOfTiff : null;
	if (!count) return 1;
	await using file = await open(path, 'r');
	return await count(file);
}

/** Whether a JPEG has a video behind it. */
export async function notesOfJpeg({ path, demuxer }: Pick<Source, 'path' | 'demuxer'>): Promise<FileNote[]> {
	if (demuxer !== 'jpeg_pipe') return [];
	await using file = await open(path, 'r');
	return (await hasVideo(file)) ? [{ code: 'video-left-out' }] : [];
}

/** How many frames an animated WebP has (RIFF chunks; WebP container specification, ANMF); one of a still. */
async function framesOfWebp(file: FileHandle): Promise<number> {
	let count = 0;
	for (let at = 12, parts = 0; parts < maxPictures; parts++) {
		const head = await readAt(file, at, 8);
		if (head.length < 8) break;
		const size = head.readUInt32LE(4);
		if (head.toString('latin1', 0, 4) === 'ANMF') count++;
		at += 8 + size + (size % 2);
	}
	return Math.max(1, count);
}

/** Directories of a TIFF (TIFF 6.0, section 2); those that go round in circles end at the first seen twice. */
async function pagesOfTiff(file: FileHandle): Promise<number> {
	const head = await readAt(file, 0, 8);
	if (head.length < 8) return 1;
	const isLittle = head.toString('latin1', 0, 2) === 'II';
	const u16 = (bytes: Buffer) => (isLittle ? bytes.readUInt16LE() : bytes.readUInt16BE());
	const u32 = (bytes: Buffer) => (isLittle ? bytes.readUInt32LE() : bytes.readUInt32BE());
	const seen = new Set<number>();
	let at = u32(head.subarray(4));
	while (at !== 0 && !seen.has(at) && seen.size < maxPictures) {
		const counted = await readAt(file, at, 2);
		if (counted.length < 2) break;
		seen.add(at);
		const next = await readAt(file, at + 2 + 12 * u16(counted), 4);
		if (next.length < 4) break;
		at = u32(next);
	}
	return Math.max(1, seen.size);
}

/** Brands of the videos that phones put behind a JPEG: Google's and Samsung's motion photos. */
const video = /ftyp(mp4[12]|isom|iso[2-6]|avc1|hvc1|qt {2}|MSNV|3gp)/;

async function hasVideo(file: FileHandle): Promise<boolean> {
	for (let at = 0; at < maxSearchedBytes; at += partBytes - 8) {
		const part = await readAt(file, at, partBytes);
		if (video.test(part.toString('latin1'))) return true;
		if (part.length < partBytes) return false;
	}
	return false;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
	const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
	return buffer.subarray(0, bytesRead);
}
