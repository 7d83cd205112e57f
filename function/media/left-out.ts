import { type FileHandle, open } from 'node:fs/promises';
import type { FileNote } from '../contract/report.ts';
import type { Source } from './source.ts';

/** Frames of a picture file that are counted at most. */
const maxPictures = 100_000;
/** Bytes of a picture that are searched for a video, in parts of this size. */
const maxSearchedBytes = 256 * 1024 ** 2;
const partBytes = 4 * 1024 ** 2;

/** How many frames a WebP has, of which ffmpeg reads only the first; 1 of every other file. */
export async function countFrames({ path, demuxer }: Pick<Source, 'path' | 'demuxer'>): Promise<number> {
	if (demuxer !== 'webp_pipe') return 1;
	await using file = await open(path, 'r');
	return await framesOfWebp(file);
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
