import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultLimits, runProcess } from '../process/run-process.ts';
import type { FfmpegTools } from './find-ffmpeg.ts';
import { openMedia } from './open-media.ts';

/** Largest colour difference, 0..255, at which two decoded frames count as equal. H.264 decoding is deterministic, so only rounding is left. */
const TOLERANCE = 1;

/** Whether NVDEC works and gives the CPU's frames: decodes a generated clip with both. `env` holds NVDEC's variables. Never throws. */
export async function checkNvdec(tools: FfmpegTools, env: Readonly<Record<string, string>>): Promise<boolean> {
	const folder = await mkdtemp(join(tmpdir(), 'unmask-nvdec-'));
	try {
		const clip = join(folder, 'clip.mkv');
		const testPattern = ['-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=25:d=0.4'];
		const encodeArgs = ['-v', 'error', ...testPattern, '-pix_fmt', 'yuv420p', '-c:v', 'libx264', clip];
		const made = await runProcess(tools.ffmpeg, encodeArgs, { limits: { ...defaultLimits, filesMb: 8 } });
		if (made.exitCode !== 0) return false;
		const device = ['-v', 'error', '-init_hw_device', 'cuda', ...testPattern, '-f', 'null', '-'];
		const deviceCheck = await runProcess(tools.ffmpeg, device, {
			env: { LC_ALL: 'C', ...env },
			limits: { ...defaultLimits, memoryMb: null },
		});
		if (deviceCheck.exitCode !== 0) return false;
		return areSame(await decode(clip, { ...tools, nvdec: null }), await decode(clip, { ...tools, nvdec: env }));
	} catch {
		return false; // a failing decoder is not used
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
