import { type FfmpegTools, findFfmpeg } from '../../function/media/find-ffmpeg.ts';
import { openMedia } from '../../function/media/open-media.ts';
import type { Frame, Sampling } from '../../function/values.ts';

/** The ffmpeg that the tests use. */
export const tools: FfmpegTools = await findFfmpeg({ ffmpegPath: null, searchPath: process.env.PATH ?? '' });

export const noSignal = new AbortController().signal;

/** Opens a file and reads all its sampled frames. */
export async function readClip(path: string, some: Partial<Sampling> = {}) {
	const media = await openMedia(path, { tools, signal: noSignal });
	const sampled = media.frames({ frames: 10, part: 'whole', ...some });
	const frames: Frame[] = [];
	for await (const frame of sampled.frames) frames.push(frame);
	media.close();
	return {
		video: media.info,
		found: media.found,
		frames,
		stats: sampled.stats(),
		times: frames.map(({ timeS }) => timeS),
	};
}

/** Mean colour of an area of a frame; `left`, `top`, `right`, `bottom` are shares of its sides. */
export function meanColour({ rgb, width, height }: Frame, [left, top, right, bottom]: readonly number[]): number[] {
	const sums = [0, 0, 0];
	let count = 0;
	for (let y = Math.round((top ?? 0) * height); y < Math.round((bottom ?? 1) * height); y++)
		for (let x = Math.round((left ?? 0) * width); x < Math.round((right ?? 1) * width); x++, count++)
			for (const channel of [0, 1, 2])
				sums[channel] = (sums[channel] ?? 0) + (rgb[(y * width + x) * 3 + channel] as number);
	return sums.map((sum) => sum / count);
}
