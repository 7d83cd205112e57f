import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../function/config.ts';
import type { FfmpegTools } from '../../function/media/find-ffmpeg.ts';

/**
 * The files to mutate: a second of a face in every container and picture format that the tests know, and in the codecs that phones and the web use.
 * They are small, so that thousands can be analysed.
 */

const face = ['-loop', '1', '-i', join(packageRoot(), 'test/fixtures/portraits/a-blended.jpg')];
/** 12 frames of a moving face. */
const moving = [...face, '-vf', "scale=176:176,crop=160:160:'8+8*sin(4*t)':8,format=yuv420p", '-r', '12', '-t', '1'];
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-g', '6'];
const sound = ['-f', 'lavfi', '-i', 'sine=d=1'];
const one = ['-frames:v', '1', '-update', '1'];

/** The ffmpeg arguments of each file. */
const recipes: Readonly<Record<string, readonly string[]>> = {
	'h264.mp4': [...sound, ...moving, ...x264, '-c:a', 'aac'],
	'fragmented.mp4': [...moving, ...x264, '-movflags', 'frag_keyframe+empty_moov'],
	'hevc.mp4': [...moving, '-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none'],
	'turned.mov': [...moving, ...x264, '-metadata:s:v', 'rotate=90', '-movflags', '+faststart'],
	'mpeg4.m4v': [...moving, '-c:v', 'mpeg4', '-f', 'mp4'],
	'h263.3gp': [...moving, '-s', '176x144', '-c:v', 'h263', '-f', '3gp'],
	'vp8.webm': [...moving, '-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8'],
	'vp9.webm': [...moving, '-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8'],
	'h264.mkv': [...moving, ...x264],
	'live.mkv': [...moving, ...x264, '-live', '1', '-f', 'matroska'],
	'mpeg4.avi': [...moving, '-c:v', 'mpeg4'],
	'mjpeg.avi': [...moving, '-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p'],
	'wmv2.wmv': [...moving, '-c:v', 'wmv2'],
	'flv1.flv': [...moving, '-c:v', 'flv'],
	'h264.ts': [...moving, ...x264],
	'mpeg2.mpg': [...moving, '-r', '25', '-c:v', 'mpeg2video'],
	'raw.h264': [...moving, ...x264],
	'theora.ogv': [...moving, '-c:v', 'libtheora'],
	'moving.gif': [...moving],
	'moving.png': [...moving, '-f', 'apng'],
	'moving.webp': [...moving, '-c:v', 'libwebp_anim', '-loop', '0'],
	'mpeg2.mxf': [...moving, '-r', '25', '-c:v', 'mpeg2video', '-f', 'mxf'],
	'wmv2.asf': [...moving, '-c:v', 'wmv2', '-f', 'asf'],
	'h264.m2ts': [...moving, ...x264, '-mpegts_m2ts_mode', '1', '-f', 'mpegts'],
	'mpeg2.vob': [...moving, '-r', '25', '-c:v', 'mpeg2video', '-f', 'vob'],
	'still.gif': [...moving, '-frames:v', '1'],
	'picture.jpg': [...moving, ...one],
	'picture.png': [...moving, ...one],
	'picture.webp': [...moving, ...one],
	'picture.bmp': [...moving, ...one],
	'picture.tiff': [...moving, ...one],
};

/** A file to mutate. */
export type FuzzClip = { readonly name: string; readonly bytes: Buffer };

/** Makes all files in a folder. */
export async function makeFuzzClips(folder: string, { ffmpeg }: FfmpegTools): Promise<readonly FuzzClip[]> {
	await mkdir(folder, { recursive: true });
	const make = async ([name, args]: [string, readonly string[]]) => {
		const path = join(folder, name);
		await promisify(execFile)(ffmpeg, ['-v', 'error', '-nostdin', '-y', '-fflags', '+bitexact', ...args, path]);
		return { name, bytes: await readFile(path) };
	};
	const clips: FuzzClip[] = [];
	for (const recipe of Object.entries(recipes)) clips.push(await make(recipe));
	return clips;
}
