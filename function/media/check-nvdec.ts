import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProcess, usualLimits } from '../process/run-process.ts';
import type { FfmpegTools } from './find-ffmpeg.ts';
import { openMedia } from './open-media.ts';

/** Largest difference of a colour value, 0..255, at which two decodings count as the same: H.264 leaves a decoder no choice, so there is none. */
const TOLERANCE = 1;

/** Decodes a made-up clip with NVDEC, given its variables, and with the CPU: whether it is there and the frames are the same. Never throws. */
export async function checkNvdec(tools: FfmpegTools, env: Readonly<Record<string, string>>): Promise<boolean> {
	const folder = await mkdtemp(join(tmpdir(), 'unmask-nvdec-'));
	try {
		const clip = join(folder, 'clip.mkv');
		const moving = ['-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=25:d=0.4'];
		const making = ['-v', 'error', ...moving, '-pix_fmt', 'yuv420p', '-c:v', 'libx264', clip];
		const made = await runProcess(tools.ffmpeg, making, { limits: { ...usualLimits, filesMb: 8 } });
		if (made.exitCode !== 0) return false;
		const device = ['-v', 'error', '-init_hw_device', 'cuda', ...moving, '-f', 'null', '-'];
		const there = await runProcess(tools.ffmpeg, device, {
			env: { LC_ALL: 'C', ...env },
			limits: { ...usualLimits, memoryMb: null },
		});
		if (there.exitCode !== 0) return false;
		return areSame(await decode(clip, { ...tools, nvdec: null }), await decode(clip, { ...tools, nvdec: env }));
	} catch {
		return false; // a decoder that fails is not used
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

async function decode(path: string, tools: FfmpegTools): Promise<Uint8Array[]> {
	const media = await openMedia(path, { tools, signal: new AbortController().signal });
	const frames: Uint8Array[] = [];
	try {
		for await (const { rgb } of media.frames({ frames: 10, part: 'start' }).frames) frames.push(rgb);
	} finally {
		media.close();
	}
	return frames;
}

function areSame(one: readonly Uint8Array[], other: readonly Uint8Array[]): boolean {
	const isNear = (a: Uint8Array, b: Uint8Array) =>
		a.length === b.length && a.every((value, i) => Math.abs(value - (b[i] as number)) <= TOLERANCE);
	return (
		one.length > 0 && one.length === other.length && one.every((frame, i) => isNear(frame, other[i] as Uint8Array))
	);
}
