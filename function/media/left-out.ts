import { type FileHandle, open } from 'node:fs/promises';
import type { FileNote } from '../contract/report.ts';
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
const video = /\0\0\0[\s\S]ftyp(?!avi[fs]|hei[cxms]|hev[cx]|mi[afF]|msf1|jxl )[\w ]{4}\0/;
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

/** Most bytes of a file that are searched for further JPEGs. */
const maxJpegBytes = 64 * 1024 ** 2;

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

/** Where the JPEG that starts at `start` ends, and its size as the four bytes in its frame header (ITU-T T.81, annex B); null if it has no end. */
function jpegAt(bytes: Buffer, start: number): { readonly end: number; readonly size: number } | null {
	let size = 0;
	for (let at = start + 2; at + 2 <= bytes.length; ) {
		const marker = bytes[at] === 0xff ? (bytes[at + 1] as number) : 0;
		if (marker === 0xd9) return { end: at + 2, size };
		const isFill = marker === 0xff;
		const isData = marker === 0 || (marker >= 0xd0 && marker <= 0xd7);
		if (isFill) at++;
		else if (isData) {
			const next = bytes.indexOf(0xff, at + 1);
			if (next < 0) return null;
			at = next;
		} else {
			if (at + 4 > bytes.length) return null;
			const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
			if (isFrame && size === 0 && at + 9 <= bytes.length) size = bytes.readUInt32BE(at + 5);
			at += 2 + bytes.readUInt16BE(at + 2);
		}
	}
	return null;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
	const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
	return buffer.subarray(0, bytesRead);
}
