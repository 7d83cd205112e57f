import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Clips for measurements: a moving portrait with film grain, so that decoding costs about as much as for camera footage. */

const portraits = join(import.meta.dirname, '../fixtures/portraits');

/** Makes (once) a clip of a person moving on a grey background; returns its path. */
export function makeClip(
	folder: string,
	name: string,
	width: number,
	height: number,
	seconds: number,
	fps: number,
	portrait = 'a.jpg',
	encoder: 'libx264' | 'libx265' = 'libx264',
): string {
	mkdirSync(folder, { recursive: true });
	const path = join(folder, `${name}.mp4`);
	if (existsSync(path)) return path;
	const side = Math.round(height * 0.7);
	const filter = [
		`[0]scale=${side}:${side}[person]`,
		`color=gray:s=${width}x${height}:r=${fps}:d=${seconds}[ground]`,
		`[ground][person]overlay=x='${width * 0.25}+${width * 0.05}*sin(t)':y='${height * 0.1}+${height * 0.05}*cos(1.3*t)',noise=alls=7:allf=t,format=yuv420p`,
	].join(';');
	const input = ['-loop', '1', '-i', join(portraits, portrait), '-filter_complex', filter];
	const codec = encoder === 'libx264' ? ['libx264', '-preset', 'fast'] : ['libx265', '-preset', 'ultrafast'];
	const output = ['-t', String(seconds), '-r', String(fps), '-c:v', ...codec, '-crf', '23'];
	run([...input, ...output], path);
	return path;
}

/** Makes (once) a longer file by repeating a clip without re-encoding. */
export function loopClip(folder: string, name: string, clip: string, seconds: number): string {
	const path = join(folder, `${name}.mp4`);
	if (!existsSync(path)) run(['-stream_loop', '-1', '-i', clip, '-t', String(seconds), '-c', 'copy'], path);
	return path;
}

/** Makes (once) a clip by joining several clips with the same encoding. */
export function joinClips(folder: string, name: string, clips: readonly string[]): string {
	const path = join(folder, `${name}.mp4`);
	const list = join(folder, `${name}.txt`);
	writeFileSync(list, clips.map((clip) => `file ${basename(clip)}\n`).join(''));
	if (!existsSync(path)) run(['-f', 'concat', '-i', list, '-c', 'copy'], path);
	return path;
}

function run(args: string[], path: string): void {
	const partial = path.replace(/\.mp4$/, '.part.mp4');
	execFileSync('ffmpeg', ['-v', 'error', '-y', ...args, partial], { stdio: ['ignore', 'inherit', 'inherit'] });
	renameSync(partial, path);
}
