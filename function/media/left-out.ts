import { type FileHandle, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileNote } from '../contract/report.ts';
import type { Source } from './source.ts';

/** Pages or frames of a picture file that are counted at most. */
const maxPictures = 100_000;
/** Bytes of a picture that are searched for a video, in parts of this size. */
const maxSearchedBytes = 256 * 1024 ** 2;
const partBytes = 4 * 1024 ** 2;

/** What a picture file holds besides the picture that is analysed: pages, frames, a video. */
export async function notesOfLeftOut({ path, demuxer }: Pick<Source, 'path' | 'demuxer'>): Promise<FileNote[]> {
	const find = demuxer === null ? undefined : finders[demuxer];
	if (!find) return [];
	await using file = await open(path, 'r');
	return await find(file);
}

const finders: Readonly<Record<string, (file: FileHandle) => Promise<FileNote[]>>> = {
	tiff_pipe: async (file) => picturesLeftOut((await pagesOfTiff(file)) - 1),
	webp_pipe: async (file) => picturesLeftOut((await framesOfWebp(file)).count - 1),
	jpeg_pipe: async (file) => ((await hasVideo(file)) ? [{ code: 'video-left-out' }] : []),
};

const picturesLeftOut = (frames: number): FileNote[] => (frames > 0 ? [{ code: 'pictures-left-out', frames }] : []);

/** The first frame of an animated WebP as a picture of its own, which ffmpeg reads where it does not read the animation; null for every other WebP. */
export async function stillOfAnimatedWebp(path: string): Promise<{ path: string; remove(): Promise<void> } | null> {
	await using file = await open(path, 'r');
	const { first } = await framesOfWebp(file);
	if (first === null) return null;
	const folder = await mkdtemp(join(tmpdir(), 'unmask-frame-'));
	const still = join(folder, 'frame.webp');
	const remove = () => rm(folder, { recursive: true, force: true });
	await writeFile(still, await wholeWebp(file, first)).catch(async (error: unknown) => {
		await remove();
		throw error;
	});
	return { path: still, remove };
}

type Part = { readonly at: number; readonly size: number };

/** How many frames an animated WebP has, and where its first is (RIFF chunks; WebP container specification, ANMF); one and null of a still. */
async function framesOfWebp(file: FileHandle): Promise<{ count: number; first: Part | null }> {
	let first: Part | null = null;
	let count = 0;
	for (let at = 12, parts = 0; parts < maxPictures; parts++) {
		const head = await readAt(file, at, 8);
		if (head.length < 8) break;
		const size = head.readUInt32LE(4);
		if (head.toString('latin1', 0, 4) === 'ANMF') {
			first ??= { at: at + 8, size };
			count++;
		}
		at += 8 + size + (size % 2);
	}
	return first ? { count, first } : { count: 1, first: null };
}

/** A frame's data behind its 16 bytes of place and time, with the header that a picture needs where it has transparency. */
async function wholeWebp(file: FileHandle, { at, size }: Part): Promise<Buffer> {
	const frame = await readAt(file, at, Math.min(size, maxSearchedBytes));
	const data = frame.subarray(16);
	const header = Buffer.alloc(18);
	header.write('VP8X', 'latin1');
	header.writeUInt32LE(10, 4);
	header[8] = 0x10; // has transparency
	frame.copy(header, 12, 6, 12); // width and height, three bytes each
	const chunks = data.toString('latin1', 0, 4) === 'ALPH' ? [header, data] : [data];
	const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 4);
	const riff = Buffer.alloc(12);
	riff.write('RIFF', 'latin1');
	riff.writeUInt32LE(bytes, 4);
	riff.write('WEBP', 8, 'latin1');
	return Buffer.concat([riff, ...chunks]);
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
