import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Change } from '../contract/report.ts';
import { AnalysisError } from '../errors.ts';
import type { AlteredCopies, Media } from '../pipeline.ts';
import { defaultLimits, faultOfEnd, runProcess } from '../process/run-process.ts';
import { inputArgs } from './ffmpeg-input.ts';
import { longestFrameSide } from './filters.ts';
import type { VideoStream } from './probe.ts';
import { readX264Build } from './read-x264-build.ts';
import type { Source } from './source.ts';

/** A section of a video, seconds, and the blur of its blurred copy (standard deviation, px of the frame). */
type Section = Parameters<Media['alter']>[0];

/** Largest copy, MB: a few seconds of barely compressed video. */
export const maxCopyMb = 256;
/** x264 quality at which no loss is visible. */
const fineCrf = 4;

/** The filter and the compression of each copy. */
const changes: Readonly<Record<Change, (section: Section) => { readonly filter: string; readonly crf: number }>> = {
	none: () => ({ filter: 'null', crf: fineCrf }),
	'crf-28': () => ({ filter: 'null', crf: 28 }),
	'crf-36': () => ({ filter: 'null', crf: 36 }),
	'half-size': () => ({ filter: 'scale=trunc(iw/4)*2:trunc(ih/4)*2', crf: fineCrf }),
	blur: ({ blurPx }) => ({ filter: `gblur=sigma=${blurPx.toFixed(2)}`, crf: fineCrf }),
};

/** Re-encodes a section of a video once per change, in a single run of ffmpeg. Throws AnalysisError of stage `decode`. */
export async function alterSection(source: Source, stream: VideoStream, section: Section): Promise<AlteredCopies> {
	const x264Build = await readX264Build(source, stream);
	const folder = await mkdtemp(join(tmpdir(), 'unmask-copies-')).catch((cause) => {
		throw new AnalysisError('write-failed', 'decode', tmpdir(), { cause });
	});
	const remove = () => rm(folder, { recursive: true, force: true });
	const copies = (Object.keys(changes) as Change[]).map((change) => ({ change, path: join(folder, `${change}.mp4`) }));
	const args = [
		...['-hide_banner', '-nostdin', '-nostats', '-v', 'error', '-y'],
		...inputArgs(source, [
			...(x264Build === null ? [] : ['-x264_build', String(x264Build)]),
			...['-ss', section.startS.toFixed(3), '-t', section.lengthS.toFixed(3)],
		]),
		...['-filter_complex', filterGraph(stream, section)],
		...copies.flatMap(({ change, path }) => [
			...['-map', `[${change}]`, '-c:v', 'libx264', '-preset', 'veryfast', '-threads', '2'],
			...['-crf', String(changes[change](section).crf), '-pix_fmt', 'yuv420p', `file:${path}`],
		]),
	];
	try {
		const limits = { ...defaultLimits, filesMb: maxCopyMb };
		const end = await runProcess(source.tools.ffmpeg, args, { signal: source.signal, limits });
		source.signal.throwIfAborted();
		const crash = faultOfEnd('ffmpeg', 'decode', end);
		if (crash) throw crash;
		if (end.exitCode !== 0)
			throw new AnalysisError('decode-failed', 'decode', end.stderrTail.trim().split('\n').at(-1));
		return { copies, remove };
	} catch (error) {
		await remove();
		throw error;
	}
}

/** Limits the sides as for analysis and keeps them even for the encoder; ffmpeg applies the file's own rotation. */
function filterGraph(stream: VideoStream, section: Section): string {
	const names = Object.keys(changes) as Change[];
	const fit = `scale=w='trunc(iw*min(1,${longestFrameSide}/max(iw,ih))/2)*2':h='trunc(ih*min(1,${longestFrameSide}/max(iw,ih))/2)*2',setsar=1`;
	const split = `[0:${stream.index}]${fit},split=${names.length}${names.map((name) => `[${name}-in]`).join('')}`;
	return [split, ...names.map((name) => `[${name}-in]${changes[name](section).filter}[${name}]`)].join(';');
}
