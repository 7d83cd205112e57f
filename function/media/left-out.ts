import { type FileHandle, open } from 'node:fs/promises';
import type { FileNote } from '../contract/report.ts';
import type { Source } from './source.ts';

/** Most chunks of a picture file that are read to count its frames. */
const maxPictures = 100_000;
/** Most bytes of a picture that are searched for a video, and how many are read at a time. */
const maxSearchedBytes = 256 * 1024 ** 2;
const partBytes = 4 * 1024 ** 2;

/** Number of frames in a WebP, of which ffmpeg reads only the first; 1 for any other file. */
export async function countFrames({ path, demuxer }: Pick<Source, 'path' | 'demuxer'>): Promise<number> {
	if (demuxer !== 'webp_pipe') return 1;
	await using file = await open(path, 'r');
	return await framesOfWebp(file);
}

/** Notes that a JPEG has a video appended to it. */
export async function notesOfJpeg({ path, demuxer }: Pick<Source, 'path' | 'demuxer'>): Promise<FileNote[]> {
	if (demuxer !== 'jpeg_pipe') return [];
	await using file = await open(path, 'r');
	return (await hasVideo(file)) ? [{ code: 'video-left-out' }] : [];
}

/** Number of frames in a WebP (RIFF chunks; WebP container specification, ANMF); 1 for a still picture. */
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

/** Brands of the videos that phones append to a JPEG: Google's and Samsung's motion photos. */
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
