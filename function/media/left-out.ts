import { type FileHandle, open } from 'node:fs/promises';
import type { FileNote } from '../contract/report.ts';
import { jpegAt, maxJpegBytes } from './jpeg.ts';
import { isAnimatedJxl } from './jxl.ts';
import { readerOf } from './read-at.ts';
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

/** Notes that a picture has a video or further pictures appended to it. */
export async function notesOfPicture({ path, demuxer, isPicture }: Appended): Promise<FileNote[]> {
	if (!isPicture || demuxer === 'gif' || demuxer === 'apng') return [];
	await using file = await open(path, 'r');
	const notes: FileNote[] = (await hasVideo(file)) ? [{ code: 'video-left-out' }] : [];
	if (demuxer === 'jpegxl_pipe' && (await isAnimatedJxl(readerOf(file)))) notes.push({ code: 'animation-left-out' });
	const further = demuxer === 'jpeg_pipe' ? (await countJpegs(file)) - 1 : 0;
	return further > 0 ? [...notes, { code: 'pictures-left-out', frames: further }] : notes;
}

type Appended = Pick<Source, 'path' | 'demuxer' | 'isPicture'>;

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

/** The first box of the video that a phone appends to a picture (Google's and Samsung's motion photos), of any brand except those of pictures. */
const video = /\0\0\0[\s\S]ftyp(?!avi[fs]|hei[cxms]|hev[cx]|mi[afF]|msf1|j[px][2hmxl] )[\w ]{4}\0/;
/** Longest match of `video`, and the bytes before which none can begin: an AVIF has such a box itself. */
const videoBytes = 13;
const firstVideoAt = 8;

async function hasVideo(file: FileHandle): Promise<boolean> {
	for (let at = firstVideoAt; at < maxSearchedBytes; at += partBytes - videoBytes) {
		const part = await readAt(file, at, partBytes);
		if (video.test(part.toString('latin1'))) return true;
		if (part.length < partBytes) return false;
	}
	return false;
}

/**
 * Number of pictures of the first one's size that follow one another in a JPEG file (stereo pairs and other MPO files, Motion JPEG).
 * Previews and gain maps are smaller, so they do not count.
 */
async function countJpegs(file: FileHandle): Promise<number> {
	const { size } = await file.stat();
	const bytes = await readAt(file, 0, Math.min(size, maxJpegBytes));
	const first = jpegAt(bytes, 0);
	let count = 1;
	for (let at = first?.end ?? -1; first && at >= 0; ) {
		at = bytes.indexOf(jpegStart, at);
		const next = at < 0 ? null : jpegAt(bytes, at);
		if (next && next.size === first.size) count++;
		at = at < 0 ? at : (next?.end ?? at + jpegStart.length);
	}
	return count;
}

const jpegStart = Buffer.from('ffd8ff', 'hex');

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
	const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
	return buffer.subarray(0, bytesRead);
}
