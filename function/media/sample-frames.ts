import { allHz } from '../contract/plan.ts';
import type { Coverage, VideoInfo } from '../contract/report.ts';
import { AnalysisError } from '../errors.ts';
import type { SampledFrames } from '../pipeline.ts';
import type { Frame, Sampling, TimeRange } from '../values.ts';
import {
	createFrameMemory,
	type DecodedFrame,
	type DecodeRun,
	type DecodeSource,
	decodeFrames,
} from './decode-frames.ts';
import { frameSize, targetsPassed } from './filters.ts';
import type { VideoStream } from './probe.ts';
import { readX264Build } from './read-x264-build.ts';
import type { Source } from './source.ts';

/** Videos up to this long are decoded from start to end; measured: a minute of 640 x 480 takes about 2 s on two cores. */
const longS = 90;
/** A long video is still decoded from start to end when fewer frames than this lie between two samples: seeking would cost more. */
const sparseStride = 12;
/** Share of damaged frames above which seeking is given up. */
const damageTolerated = 0.05;
/** Runs of ffmpeg for bursts, at most: about 60 ms of start each. */
const mostBursts = 100;
/** CPU seconds that ffmpeg may take for a second of video, and besides: eight cores that decode slower than the video plays. */
const cpuSASecond = 10;
const startCpuS = 600;
/** How long a video of unknown length may be decoded for, seconds of video. */
const longestS = 4 * 3600;
/** Longest step between two frames of a burst, seconds. */
const burstStepS = 0.2;

/** Where a run seeks to, after the key frame that it is to start at: containers that seek by decoding time go back by the reordering delay. */
const afterKeyS = 0.15;

type Stats = { -readonly [K in 'framesCorrupt' | 'sampling' | 'fellBackToLinear']: Coverage[K] };

/** All that decoding one video needs. */
type Job = DecodeSource & {
	/** How long a frame is shown, seconds. */
	readonly shownS: number;
};

/** A stretch of video decoded from a key frame on. */
type Burst = { readonly keyS: number; readonly frames: number; readonly stepS: number };

/**
 * The frames that the plan asks for, upright RGB in order of time: spread over the clip at the middles of N equal intervals,
 * 5 a second, or the first N; all frames where there are fewer. Longer sides than 1920 px are scaled down, so that a frame may
 * be smaller than `video`. Damaged frames are dropped and counted. Nothing runs before the first pull, nothing after the last.
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
		const size = frameSize(stream);
		const memory = createFrameMemory(size.width * size.height * 3);
		const cpuS = startCpuS + cpuSASecond * (video.durationS ?? longestS);
		const job: Job = { ...source, stream, memory, cpuS, shownS: video.fps ? 1 / video.fps : 0 };
		let index = 0;
		const decoded = sampling.ranges
			? decodeRanges(job, sampling.ranges)
			: sampling.span
				? decodeSpan(job, video, sampling.frames, sampling.span)
				: decodePlanned(job, video, sampling, stats);
		for await (const { timeS, rgb } of decoded) {
			if (rgb) yield { index: index++, timeS, ...size, rgb, release: () => memory.giveBack(rgb) };
			else stats.framesCorrupt++;
		}
		if (index > 0 || sampling.ranges) return;
		if (sampling.span && stats.framesCorrupt === 0)
			throw new AnalysisError('part-outside', 'decode', 'no frame begins in it');
		throw new AnalysisError('decode-failed', 'decode');
	}
	return { frames: frames(), stats: () => ({ ...stats }) };
}

async function* decodePlanned(
	job: Job,
	video: VideoInfo,
	{ frames, part }: Sampling,
	stats: Stats,
): AsyncGenerator<DecodedFrame, void> {
	const { durationS, fps } = video;
	const count = frames === 'all' ? null : frames;
	if (video.kind === 'image') {
		const pages = Math.max(1, job.stream.timeline.frames);
		const isAll = count === null || pages <= count || part === 'start';
		return yield* isAll ? decodeFirst(job, Math.min(pages, count ?? pages)) : decodeByNumber(job, count);
	}
	if (count !== null && part === 'start') return yield* decodeFirst(job, count);
	if (count === null || durationS === null) return yield* decodeLinear(job, allHz, count, strideOf(1, fps, allHz), 0);
	const stride = strideOf(durationS, fps, count);
	if (job.stream.timeline.pace === 'gaps') return yield* decodeByNumber(job, count);
	if (isBroken(job) || durationS <= longS || stride < sparseStride)
		return yield* decodeSpread(job, durationS, count, stride);
	const seen = yield* decodeSparsely(job, { durationS, count, stride }, stats);
	if (seen.isWhole || seen.taken >= count) return;
	stats.sampling = 'linear';
	stats.fellBackToLinear = true;
	yield* decodeLinear(job, count / durationS, count - seen.taken, stride, seen.lastS);
}

/** The frames of one part; of a long one with few frames each is sought for itself. */
async function* decodeSpan(
	job: Job,
	{ fps }: VideoInfo,
	frames: Sampling['frames'],
	{ fromS, toS }: NonNullable<Sampling['span']>,
): AsyncGenerator<DecodedFrame, void> {
	const lengthS = toS - fromS;
	const count = frames === 'all' ? Math.max(1, Math.round(lengthS * allHz)) : frames;
	const stepS = lengthS / count;
	const stride = strideOf(lengthS, fps, count);
	if (job.stream.timeline.pace === 'steady') {
		const isSparse = lengthS > longS && stride >= sparseStride && count <= mostBursts;
		const around = Math.min(stepS, 1) / 2;
		const middles = Array.from({ length: count }, (_, i) => fromS + (i + 0.5) * stepS);
		const each = middles.map((atS) => ({ fromS: atS - around, toS: atS + around, frames: 1 }));
		return yield* decodeRanges(job, isSparse ? each : [{ fromS, toS, frames: count }]);
	}
	for await (const frame of decodeLinear(job, count / lengthS, count, stride, fromS)) {
		if (frame.timeS > toS) return;
		yield frame;
	}
}

/** Frames of the video from one sampled frame to the next; 25 a second where the rate is not known. */
export const strideOf = (durationS: number, fps: number | null, count: number) => (durationS * (fps ?? 25)) / count;

const isBroken = ({ stream }: Job) => stream.timeline.pace === 'broken';

/** Frames a second by which frames get new times; null where those of the file are believed. */
function retimeHzOf({ stream }: Job): number | null {
	const { pace, frames, lengthS } = stream.timeline;
	return pace === 'broken' && lengthS ? frames / lengthS : null;
}

/** The first `count` frames, one after the other. */
const decodeFirst = (job: Job, count: number) => decodeEvery(job, count, null);

/** `count` frames at even steps of their number. */
const decodeByNumber = (job: Job, count: number) =>
	decodeEvery(job, count, Math.max(1, job.stream.timeline.frames / count));

const decodeEvery = (job: Job, maxFrames: number, everyNth: number | null) =>
	decodeFrames(job, {
		selection: { rateHz: null, shownS: 0, afterS: 0, everyNth, retimeHz: retimeHzOf(job) },
		maxFrames,
		skip: 'none',
		seekS: 0,
		x264Build: null,
	});

/** `rateHz` frames a second after `afterS`, decoding from the start; frames that no other needs are not decoded where few are taken. */
function decodeLinear(job: Job, rateHz: number, maxFrames: number | null, stride: number, afterS: number) {
	const selection = { rateHz, shownS: job.shownS, afterS, retimeHz: retimeHzOf(job) };
	const skip = !isBroken(job) && maySkipUnreferenced(job.stream, stride) ? 'noref' : 'none';
	const run: DecodeRun = { selection, maxFrames, skip, seekS: 0, x264Build: null };
	return decodeFrames(job, run);
}

async function* decodeSpread(job: Job, durationS: number, count: number, stride: number): AsyncGenerator<DecodedFrame> {
	let seen = 0;
	for await (const frame of decodeLinear(job, count / durationS, count, stride, 0)) {
		seen++;
		yield frame;
	}
	// a duration far too long in the header puts every target after the last frame
	if (seen === 0) yield* decodeFirst(job, count);
}

/**
 * Whether frames without dependants can be left out and every target still has a frame near it. With a pyramid of B frames
 * (reorder depth >= 2) that is every second frame; without, all between two P frames: at most 3 in what x264 and MPEG-2
 * encoders write.
 */
function maySkipUnreferenced({ interlaced, reorderDepth }: VideoStream, stride: number): boolean {
	if (interlaced) return false;
	return Math.round(stride) >= (reorderDepth >= 2 ? 3 : 6);
}

type Seen = { readonly isWhole: boolean; readonly taken: number; readonly lastS: number };

/** Frames of some parts, each decoded from the key frame before it; nothing of a file whose times cannot be believed. A part that fails is left out. */
async function* decodeRanges(job: Job, ranges: readonly TimeRange[]): AsyncGenerator<DecodedFrame> {
	if (job.stream.timeline.pace !== 'steady') return;
	const x264Build = await readX264Build(job, job.stream);
	for (const { fromS, toS, frames } of ranges) {
		const keyS = job.stream.keyTimesS.findLast((timeS) => timeS <= fromS) ?? 0;
		const run: DecodeRun = {
			selection: { rateHz: frames / (toS - fromS), shownS: job.shownS, afterS: Math.max(0, fromS - keyS) },
			maxFrames: frames,
			skip: 'none',
			seekS: keyS > 0 ? keyS + afterKeyS : 0,
			x264Build: keyS > 0 ? x264Build : null,
		};
		try {
			for await (const frame of decodeFrames(job, run)) {
				if (frame.timeS > toS) break;
				yield frame;
			}
		} catch (error) {
			if (!(error instanceof AnalysisError && error.code === 'decode-failed')) throw error;
		}
	}
}

/** Key frames, or short bursts from key frames where there are too few; stops where too many are damaged. */
async function* decodeSparsely(
	job: Job,
	{ durationS, count, stride }: { durationS: number; count: number; stride: number },
	stats: Stats,
): AsyncGenerator<DecodedFrame, Seen> {
	const { keyTimesS } = job.stream;
	const seen = { isWhole: false, taken: 0, lastS: 0 };
	const bursts = planBursts(keyTimesS, durationS, count);
	const frames = keysSuffice(keyTimesS, durationS, count)
		? decodeKeyFrames(job, durationS, count)
		: bursts && decodeBursts(job, bursts);
	if (!frames) {
		yield* decodeSpread(job, durationS, count, stride);
		return { ...seen, isWhole: true };
	}
	stats.sampling = 'key-frames';
	let damaged = 0;
	try {
		for await (const frame of frames) {
			if (frame.rgb) {
				seen.taken++;
				seen.lastS = frame.timeS;
			} else damaged++;
			yield frame;
			if (damaged > damageTolerated * Math.max(20, seen.taken)) return seen;
		}
	} catch (error) {
		if (error instanceof AnalysisError && error.code === 'decode-failed') return seen; // a key frame that is none
		throw error;
	}
	return { ...seen, isWhole: seen.taken > 0 };
}

/** Whether nine of ten targets have a key frame of their own. */
function keysSuffice(keyTimesS: readonly number[], durationS: number, count: number): boolean {
	const selection = { rateHz: count / durationS, shownS: 0 };
	const hit = new Set(keyTimesS.map((keyS) => targetsPassed(keyS, selection)));
	hit.delete(0);
	return hit.size >= 0.9 * count;
}

function decodeKeyFrames(job: Job, durationS: number, count: number) {
	const selection = { rateHz: count / durationS, shownS: 0, afterS: 0 };
	const run: DecodeRun = { selection, maxFrames: count, skip: 'nokey', seekS: 0, x264Build: null };
	return decodeFrames(job, run);
}

/** `count` frames as bursts from key frames spread over the clip; null where so few key frames exist that bursts would not spread. */
export function planBursts(keyTimesS: readonly number[], durationS: number, count: number): Burst[] | null {
	const usable = keyTimesS.filter((keyS) => keyS < durationS - 1); // one at the very end has no frames after it
	if (usable.length * 12 < count) return null;
	const wanted = Math.min(usable.length, count, mostBursts);
	const starts = [
		...new Set(Array.from({ length: wanted }, (_, i) => nearest(usable, ((i + 0.5) * durationS) / wanted))),
	];
	return starts.map((keyS, i) => {
		const frames = Math.floor(((i + 1) * count) / starts.length) - Math.floor((i * count) / starts.length);
		const gapS = (starts[i + 1] ?? durationS) - keyS;
		return { keyS, frames, stepS: Math.min(burstStepS, gapS / (frames + 1)) };
	});
}

function nearest(sorted: readonly number[], targetS: number): number {
	return sorted.reduce((best, timeS) => (Math.abs(timeS - targetS) < Math.abs(best - targetS) ? timeS : best));
}

/** Runs bursts in order, the next one starting while this one is read: two processes at a time, the second held back by its full pipe. */
async function* decodeBursts(job: Job, bursts: readonly Burst[]): AsyncGenerator<DecodedFrame, void> {
	const x264Build = await readX264Build(job, job.stream);
	const start = ({ keyS, frames, stepS }: Burst) => {
		const run: DecodeRun = {
			selection: { rateHz: 1 / stepS, shownS: stepS / 2, afterS: 0 },
			maxFrames: frames,
			skip: 'none',
			seekS: keyS + afterKeyS,
			x264Build,
		};
		const decoded = decodeFrames(job, run);
		const first = decoded.next();
		first.catch(() => {}); // told when its turn comes
		return { decoded, first };
	};
	const started: ReturnType<typeof start>[] = [];
	try {
		for (let i = 0; i < bursts.length; i++) {
			for (const burst of bursts.slice(i + started.length, i + 2)) started.push(start(burst));
			const { decoded, first } = started[0] as ReturnType<typeof start>;
			for (let result = await first; !result.done; result = await decoded.next()) yield result.value;
			started.shift();
		}
	} finally {
		await Promise.all(started.map(({ decoded }) => decoded.return()));
	}
}
