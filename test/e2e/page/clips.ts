import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { packageRoot, parseConfig } from '../../../function/config.ts';
import { findFfmpeg } from '../../../function/media/find-ffmpeg.ts';

const portrait = (name: string) => join(packageRoot(), 'test/fixtures/portraits', name);
const vp8 = ['-c:v', 'libvpx', '-crf', '10', '-b:v', '4M', '-deadline', 'realtime', '-cpu-used', '8', '-g', '12'];
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '12', '-movflags', '+faststart'];
/** The picture moves to the left, so that the face's box moves with time. */
const wander = (frames: number, size: number) =>
	`scale=1280:1280,zoompan=z=1.25:x='(iw-iw/zoom)*on/${frames}':y='(ih-ih/zoom)*0.3':d=${frames}:s=${size}x${size}:fps=25,format=yuv420p`;
/** The same as in `unmask demo`. */
const demoZoom =
	"scale=1680:1680:flags=lanczos,zoompan=z='1+0.0012*on':x='(iw-iw/zoom)*0.4':y='(ih-ih/zoom)*0.3':d=150:s=640x640:fps=25,format=yuv420p";
/** The picture moves from side to side. */
const sway = "scale=-2:480,pad=680:480:(ow-iw)/2:0:gray,crop=640:480:x='20+20*sin(2*t)':y=0,setsar=1,format=yuv420p";
const side = 'scale=420:420,zoompan=z=1.05:d=60:s=420x420:fps=25,format=yuv420p';

/** Every clip as ffmpeg arguments; their names contain no words of the page, so that they are not mistaken for its text. */
const recipes = {
	/** 4 s of a manipulated face that moves. */
	'a1.webm': ['-i', portrait('a-blended.jpg'), '-vf', wander(100, 480), ...vp8],
	/** 4 s of a genuine face that moves. */
	'b1.webm': ['-i', portrait('b.jpg'), '-vf', wander(100, 480), ...vp8],
	/** Two people side by side, one of them manipulated; with sound that begins before the picture. */
	'ab.mp4': [
		...['-i', portrait('a-blended.jpg'), '-i', portrait('b.jpg'), '-f', 'lavfi', '-i', 'sine=d=2.4'],
		...['-filter_complex', `[0]${side}[l];[1]${side}[r];[l][r]hstack`, ...x264, '-c:a', 'aac'],
	],
	/** A genuine face in H.264 with full chroma. */
	'c444.mp4': ['-i', portrait('b.jpg'), '-vf', `${wander(100, 480)},format=yuv444p`, ...x264, '-pix_fmt', 'yuv444p'],
	/** Every second frame is not referenced by others, and targets fall on the borders of frames. */
	'bf.mp4': [
		...['-i', portrait('a-blended.jpg'), '-vf', wander(100, 480), '-c:v', 'libx264', '-preset', 'veryfast'],
		...['-bf', '3', '-b_strategy', '0', '-pix_fmt', 'yuv420p'],
	],
	/** 30 s, so that its analysis takes a while. */
	'l30.mp4': ['-i', portrait('a-blended.jpg'), '-vf', wander(750, 480), ...x264],
	/** No face in it. */
	'n0.webm': ['-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=25:d=2', ...vp8],
	/** MPEG-4 part 2, which no browser decodes. */
	'p2.mp4': ['-i', portrait('b.jpg'), '-vf', wander(50, 320), '-c:v', 'mpeg4'],
	/** A minute whose last five seconds are manipulated. */
	'm60.mp4': [
		...['-loop', '1', '-framerate', '25', '-t', '55', '-i', portrait('a.jpg')],
		...['-loop', '1', '-framerate', '25', '-t', '5', '-i', portrait('a-blended.jpg')],
		...['-filter_complex', `[0]${sway}[g];[1]${sway}[m];[g][m]concat`, ...x264, '-crf', '18'],
	],
	/** A face of less than 48 px. */
	's40.webm': [
		...['-f', 'lavfi', '-i', 'color=0x405060:s=480x360:r=25:d=2', '-i', portrait('b.jpg')],
		...['-filter_complex', '[1]scale=72:72[p];[0][p]overlay=200:140,format=yuv420p', ...vp8],
	],
	/** The demo's two clips. */
	'demo-1.mp4': ['-i', portrait('a-blended.jpg'), '-vf', demoZoom],
	'demo-2.mp4': ['-i', portrait('a.jpg'), '-vf', demoZoom],
} satisfies Record<string, readonly string[]>;

/** A clip's name. */
export type PageClip = keyof typeof recipes;

/** Path of a clip, made on first use and kept in the temporary folder under a digest of this file. */
export async function pageClip(name: PageClip): Promise<string> {
	return kept(name, (unfinished) => runFfmpeg([...recipes[name], unfinished]));
}

/** The clip of 30 s twenty times: analysing all of it takes minutes. */
export async function longClip(): Promise<string> {
	const once = await pageClip('l30.mp4');
	return kept('l600.mp4', (unfinished) => runFfmpeg(['-stream_loop', '19', '-i', once, '-c', 'copy', unfinished]));
}

async function runFfmpeg(args: readonly string[]): Promise<void> {
	const { FFMPEG_PATH, PATH } = parseConfig();
	const { ffmpeg } = await findFfmpeg({ ffmpegPath: FFMPEG_PATH, searchPath: PATH, install: false });
	await execa(ffmpeg, ['-v', 'error', '-y', ...args], { stdin: 'ignore' });
}

/** A playable MP4 of 20 MiB, three parts of an upload: the clip of 30 s and a `free` box (ISO/IEC 14496-12, 8.1.2) of random bytes. */
export async function largeClip(): Promise<string> {
	const video = await readFile(await pageClip('l30.mp4'));
	return kept('f20.mp4', async (unfinished) => {
		const box = Buffer.alloc(20 * 1024 ** 2 - video.length);
		let state = 1;
		for (let at = 8; at < box.length; at++) {
			state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
			box[at] = state >>> 24;
		}
		box.writeUInt32BE(box.length, 0);
		box.write('free', 4, 'latin1');
		await writeFile(unfinished, Buffer.concat([video, box]));
	});
}

/** A text with the name of a video. */
export const noVideo = () =>
	kept('t1.mp4', (unfinished) => writeFile(unfinished, 'Only words, no picture at all.\n'.repeat(200)));

async function kept(name: string, make: (unfinished: string) => Promise<unknown>): Promise<string> {
	const source = await readFile(fileURLToPath(import.meta.url));
	const digest = createHash('sha256').update(source).digest('hex').slice(0, 12);
	const folder = join(process.env.UNMASK_TEST_CACHE ?? tmpdir(), `unmask-page-clips-${digest}`);
	const path = join(folder, name);
	if (existsSync(path)) return path;
	await mkdir(folder, { recursive: true });
	const unfinished = join(folder, `making-${process.pid}-${name}`);
	await make(unfinished);
	await utimes(unfinished, 1_600_000_000, 1_600_000_000); // identical if two test files create it at the same time
	await rename(unfinished, path);
	return path;
}
