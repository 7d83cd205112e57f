import type { VideoInfo } from '../contract/report.ts';
import { AnalysisError } from '../errors.ts';
import type { SampledFrames, SamplingStats } from '../pipeline.ts';
import type { Frame, Sampling } from '../values.ts';
import { Canvas } from './canvas.ts';
import { type DecodedFrame, type DecodeSource, decodeFrames } from './decode-frames.ts';
import { byNumberRun, type Clock, firstRun, linearRun, paceOf, planRuns, sinceFirst, strideOf } from './plan-runs.ts';
import type { VideoStream } from './probe.ts';
import { readX264Build } from './read-x264-build.ts';
import type { Run } from './selection.ts';
import type { Source } from './source.ts';

/** Share of damaged frames above which seeking is abandoned. */
const damageTolerated = 0.05;
/** CPU seconds that ffmpeg may use per second of video, plus a fixed allowance: enough for eight cores that decode slower than real time. */
const cpuSPerSecond = 10;
const startCpuS = 600;
/** Length assumed for a video of unknown length, seconds. */
const assumedS = 4 * 3600;
type Stats = { -readonly [K in keyof SamplingStats]: SamplingStats[K] };

/**
 * The frames that the plan asks for, as upright RGB in order of time: at the middles of N equal intervals of the clip, 5 per
 * second, or the first N; all frames if there are fewer. Frames with a side above 1920 px are scaled down, so a frame may be
 * smaller than `video`. Damaged frames are dropped and counted. No process runs before the first pull or after the last.
 * Throws AnalysisError of stage `decode`: decode-failed, decoder-died.
 */
export function sampleFrames(source: Source, video: VideoInfo, stream: VideoStream, sampling: Sampling): SampledFrames {
	const stats: Stats = {
		framesCorrupt: 0,
		sampling: video.kind === 'image' ? 'image' : 'linear',
		fellBackToLinear: false,
	};
	async function* frames(): AsyncGenerator<Frame, void> {
		source.signal.throwIfAborted();
		const canvas = new Canvas(stream);
		const cpuS = startCpuS + cpuSPerSecond * (video.durationS ?? assumedS);
		const job: DecodeSource = { ...source, stream, canvas, cpuS };
		const clock = clockOf(video, stream);
		let index = 0;
		const decoded =
			video.kind === 'image' ? decodePages(job, clock, sampling) : decodePlanned(job, clock, sampling, stats);
		for await (const { timeS, picture } of decoded) {
			if (picture) yield { index: index++, timeS, ...picture };
			else stats.framesCorrupt++;
		}
		if (canvas.hasChanged) stats.notes = [{ code: 'size-changes' }];
		if (index > 0 || sampling.ranges) return;
		if (sampling.span && stats.framesCorrupt === 0)
			throw new AnalysisError('part-outside', 'decode', 'no frame begins in it');
		throw new AnalysisError('decode-failed', 'decode');
	}
	return { frames: frames(), stats: () => ({ ...stats }) };
}

/** When frames are shown, by the packets. */
export const clockOf = (video: Pick<VideoInfo, 'durationS' | 'fps'>, stream: VideoStream): Clock => ({
	...paceOf(stream.timeline, stream.isCounted, video),
	timeline: stream.timeline,
	leadS: stream.leadS,
	keyTimesS: stream.keyTimesS,
	reorderDepth: stream.reorderDepth,
	canSkip: !stream.interlaced && !opaqueCodecs.has(stream.codec),
});

/** Codecs whose packets do not show clearly whether another frame references them, so that a browser could not choose the same frames. */
const opaqueCodecs: ReadonlySet<string> = new Set(['vp8', 'vp9', 'av1']);

const decodeRun = (job: DecodeSource, run: Run, x264Build: number | null = null) =>
	decodeFrames(job, { ...run, x264Build });

/** The pages or animation frames of a picture file. */
function decodePages(job: DecodeSource, clock: Clock, { frames, part }: Sampling): AsyncGenerator<DecodedFrame, void> {
	const count = frames === 'all' ? null : frames;
	const pages = Math.max(1, job.stream.timeline.frames);
	const isAll = count === null || pages <= count || part === 'start';
	return decodeRun(job, isAll ? firstRun(clock, Math.min(pages, count ?? pages)) : byNumberRun(clock, count));
}

async function* decodePlanned(
	job: DecodeSource,
	clock: Clock,
	sampling: Sampling,
	stats: Stats,
): AsyncGenerator<DecodedFrame, void> {
	const { how, runs } = planRuns(clock, sampling);
	const [first] = runs;
	if (how === 'parts') return yield* decodeParts(job, runs);
	if (!first) return;
	if (how === 'plain') return yield* untilItsEnd(decodeRun(job, first), first);
	const { frames: count } = sampling;
	if (count === 'all') return;
	if (how === 'spread') return yield* decodeSpread(job, clock, first, count);
	const seen = yield* decodeSparsely(job, runs, stats);
	if (seen.isWhole || seen.taken >= count) return;
	stats.sampling = 'linear';
	stats.fellBackToLinear = true;
	const { lengthS, hz } = clock;
	if (lengthS === null) return;
	const stride = strideOf(lengthS, hz, count);
	const afterS = sinceFirst(clock, seen.lastS);
	yield* decodeRun(job, linearRun(clock, count / lengthS, count - seen.taken, stride, afterS));
}

async function* untilItsEnd(frames: AsyncIterable<DecodedFrame>, { untilS }: Run): AsyncGenerator<DecodedFrame, void> {
	for await (const frame of frames) {
		if (untilS !== null && frame.timeS > untilS) return;
		yield frame;
	}
}

async function* decodeSpread(
	job: DecodeSource,
	clock: Clock,
	run: Run,
	count: number,
): AsyncGenerator<DecodedFrame, void> {
	let seen = 0;
	for await (const frame of decodeRun(job, run)) {
		seen++;
		yield frame;
	}
	// if the header's duration is far too long, every target lies after the last frame
	if (seen === 0) yield* decodeRun(job, firstRun(clock, count));
}

type Seen = { readonly isWhole: boolean; readonly taken: number; readonly lastS: number };

/** Skips a part that fails to decode. */
async function* decodeParts(job: DecodeSource, runs: readonly Run[]): AsyncGenerator<DecodedFrame, void> {
	const x264Build = await buildFor(job, runs);
	for (const run of runs) {
		try {
			yield* untilItsEnd(decodeRun(job, run, run.seekS > 0 ? x264Build : null), run);
		} catch (error) {
			if (!(error instanceof AnalysisError && error.code === 'decode-failed')) throw error;
		}
	}
}

/** The x264 build, if a run does not begin at the first frame and may need it. */
const buildFor = async (job: DecodeSource, runs: readonly Run[]): Promise<number | null> =>
	runs.some(({ seekS }) => seekS > 0) ? readX264Build(job, job.stream) : null;

/** Key frames or bursts from key frames; stops if too many are damaged. */
async function* decodeSparsely(
	job: DecodeSource,
	runs: readonly Run[],
	stats: Stats,
): AsyncGenerator<DecodedFrame, Seen> {
	const seen = { isWhole: false, taken: 0, lastS: 0 };
	stats.sampling = 'key-frames';
	let damaged = 0;
	try {
		for await (const frame of decodeInTurn(job, runs)) {
			if (frame.picture) {
				seen.taken++;
				seen.lastS = frame.timeS;
			} else damaged++;
			yield frame;
			if (damaged > damageTolerated * Math.max(20, seen.taken)) return seen;
		}
	} catch (error) {
		if (error instanceof AnalysisError && error.code === 'decode-failed') return seen; // the index lists a key frame that is not one
		throw error;
	}
	return { ...seen, isWhole: seen.taken > 0 };
}

/** Yields the runs in order and starts each while the previous one is being read: two processes at a time, the second blocked by its full pipe. */
async function* decodeInTurn(job: DecodeSource, runs: readonly Run[]): AsyncGenerator<DecodedFrame, void> {
	const x264Build = await buildFor(job, runs);
	const start = (run: Run) => {
		const decoded = decodeRun(job, run, run.seekS > 0 ? x264Build : null);
		const first = decoded.next();
		first.catch(() => {}); // thrown when its turn comes
		return { decoded, first };
	};
	const started: ReturnType<typeof start>[] = [];
	try {
		for (let i = 0; i < runs.length; i++) {
			for (const run of runs.slice(i + started.length, i + 2)) started.push(start(run));
			const { decoded, first } = started[0] as ReturnType<typeof start>;
			for (let result = await first; !result.done; result = await decoded.next()) yield result.value;
			started.shift();
		}
	} finally {
		await Promise.all(started.map(({ decoded }) => decoded.return()));
	}
}
