import type { Plan } from '../../function/contract/plan.ts';
import { type FfmpegTools, findFfmpeg } from '../../function/media/find-ffmpeg.ts';
import { probe } from '../../function/media/probe.ts';
import { sampleFrames } from '../../function/media/sample-frames.ts';
import type { Frame } from '../../function/values.ts';

/** The ffmpeg that the tests use. */
export const tools: FfmpegTools = await findFfmpeg({ ffmpegPath: null, searchPath: process.env.PATH ?? '' });

/** A plan with defaults. */
export const planOf = (some: Partial<Plan> = {}): Plan => ({
	frames: 10,
	mode: 'whole',
	heatMaps: true,
	crops: false,
	model: null,
	tier: null,
	maxDurationS: 3600,
	...some,
});

export const noSignal = new AbortController().signal;

/** Probes a file and reads all its sampled frames. */
export async function readClip(path: string, some: Partial<Plan> = {}) {
	const plan = planOf(some);
	const video = await probe(path, plan, tools, noSignal);
	const sampled = sampleFrames(path, video, plan, tools, noSignal);
	const frames: Frame[] = [];
	for await (const frame of sampled.frames) frames.push(frame);
	return { video, frames, stats: sampled.stats(), times: frames.map(({ timeS }) => timeS) };
}

/** Mean colour of a part of a frame; `left`, `top`, `right`, `bottom` are shares of its sides. */
export function meanColour({ rgb, width, height }: Frame, [left, top, right, bottom]: readonly number[]): number[] {
	const sums = [0, 0, 0];
	let count = 0;
	for (let y = Math.round((top ?? 0) * height); y < Math.round((bottom ?? 1) * height); y++)
		for (let x = Math.round((left ?? 0) * width); x < Math.round((right ?? 1) * width); x++, count++)
			for (const channel of [0, 1, 2])
				sums[channel] = (sums[channel] ?? 0) + (rgb[(y * width + x) * 3 + channel] as number);
	return sums.map((sum) => sum / count);
}
