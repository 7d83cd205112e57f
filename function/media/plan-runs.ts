import { allHz } from '../contract/plan.ts';
import type { Sampling, TimeRange } from '../values.ts';
import { type Run, roundingS, targetsPassed } from './selection.ts';
import type { Timeline } from './timeline.ts';

/** Videos up to this long, seconds, are decoded from start to end: a minute of 640 x 480 takes about 2 s on two cores. */
const longS = 90;
/** A long video is still decoded from start to end if fewer frames than this lie between two samples: seeking would cost more. */
const sparseStride = 12;
/** Most bursts in a plan: each is a run of ffmpeg, which takes about 60 ms to start. */
const maxBursts = 100;
/** Longest step between two frames of a burst, seconds. */
const burstStepS = 0.2;
/** How far after its key frame a run seeks to, seconds: containers that seek by decoding time land earlier by the reordering delay. */
const afterKeyS = 0.15;

/** What planning needs to know about a video; the program and the browser each gather it themselves. */
export type Clock = {
	/** Length that the frames are spread over, seconds; null if unknown. */
	readonly lengthS: number | null;
	/** Mean frame rate; null if unknown. */
	readonly hz: number | null;
	readonly timeline: Timeline;
	/** Seconds from the start of the file to the first frame (leadOf). */
	readonly leadS: number;
	/** Times of the key frames from the start of the file in ascending order, seconds. */
	readonly keyTimesS: readonly number[];
	/** Frames that the decoder holds back for reordering; 0 = no B frames. */
	readonly reorderDepth: number;
	/** Whether unreferenced frames can be recognised and skipped. */
	readonly canSkip: boolean;
};

/** `sparse` goes by key frames and `spread` by time; both have a fallback if they find no frames or damaged ones. The others have none. */
type RunPlan = { readonly how: 'plain' | 'spread' | 'sparse' | 'parts'; readonly runs: readonly Run[] };

/** A few frames decoded from a key frame on. */
type Burst = { readonly keyS: number; readonly frames: number; readonly stepS: number };

/**
 * The length and frame rate that frames are chosen by: those of the packets, or of the header if not all packets were read. The header
 * may be more exact, but readers interpret it differently.
 */
export function paceOf(
	{ lengthS, frames }: Timeline,
	isCounted: boolean,
	header: { readonly durationS: number | null; readonly fps: number | null },
): Pick<Clock, 'lengthS' | 'hz'> {
	if (!isCounted || !lengthS || frames === 0) return { lengthS: header.durationS, hz: header.fps };
	return { lengthS, hz: frames / lengthS };
}

/** Plans the runs that sample the frames of a video; not used for pictures. */
export function planRuns(clock: Clock, { frames, part, ranges, span }: Sampling): RunPlan {
	if (ranges) return { how: 'parts', runs: rangeRuns(clock, ranges) };
	if (span) return planSpan(clock, frames, span);
	const count = frames === 'all' ? null : frames;
	if (count !== null && part === 'start') return plain(firstRun(clock, count));
	if (count === null || clock.lengthS === null)
		return plain(linearRun(clock, allHz, count, stepOf(clock, 1, allHz), 0));
	// by time, frames that are shown briefly would be missed although there is room for all
	if (clock.timeline.frames > 0 && clock.timeline.frames <= count) return plain(firstRun(clock, count));
	if (clock.timeline.pace === 'gaps') return plain(byNumberRun(clock, count));
	const stride = stepOf(clock, clock.lengthS, count);
	const isLong = clock.timeline.pace === 'steady' && clock.lengthS > longS && stride >= sparseStride;
	const sparse = isLong ? sparseRuns(clock, clock.lengthS, count) : null;
	if (sparse) return { how: 'sparse', runs: sparse };
	return { how: 'spread', runs: [linearRun(clock, count / clock.lengthS, count, stride, 0)] };
}

const plain = (run: Run): RunPlan => ({ how: 'plain', runs: [run] });

/** The frames of one part; in a long part with few frames, each frame gets a run of its own. */
function planSpan(clock: Clock, frames: Sampling['frames'], { fromS, toS }: NonNullable<Sampling['span']>): RunPlan {
	const lengthS = toS - fromS;
	const count = frames === 'all' ? Math.max(1, Math.round(lengthS * allHz)) : frames;
	const stepS = lengthS / count;
	const stride = stepOf(clock, lengthS, count);
	if (clock.timeline.pace !== 'steady')
		return plain({ ...linearRun(clock, count / lengthS, count, stride, sinceFirst(clock, fromS)), untilS: toS });
	const isSparse = lengthS > longS && stride >= sparseStride && count <= maxBursts;
	const around = Math.min(stepS, 1) / 2;
	const middles = Array.from({ length: count }, (_, i) => fromS + (i + 0.5) * stepS);
	const each = middles.map((atS) => ({ fromS: atS - around, toS: atS + around, frames: 1 }));
	return { how: 'parts', runs: rangeRuns(clock, isSparse ? each : [{ fromS, toS, frames: count }]) };
}

/** Frames of the video from one sampled frame to the next; assumes 25 per second if the rate is unknown. */
export const strideOf = (durationS: number, fps: number | null, count: number) => (durationS * (fps ?? 25)) / count;

const stepOf = ({ hz }: Clock, lengthS: number, count: number) => strideOf(lengthS, hz, count);

/** Frame rate to assign new times by; null if the file's times are reliable. */
const retimeHzOf = ({ timeline: { pace, frames, lengthS } }: Clock) =>
	pace === 'broken' && lengthS ? frames / lengthS : null;

/** Mean display time of a frame, seconds. */
const shownOf = ({ hz }: Clock) => (hz ? 1 / hz : 0);

const wholeRun = { maxFrames: null, skip: 'none', seekS: 0, untilS: null } as const;

/** The first `count` frames, consecutive. */
export const firstRun = (clock: Clock, count: number): Run => everyRun(clock, count, null);

/** `count` frames at equal steps by frame number. */
export const byNumberRun = (clock: Clock, count: number): Run =>
	everyRun(clock, count, Math.max(1, clock.timeline.frames / count));

const everyRun = (clock: Clock, maxFrames: number, everyNth: number | null): Run => ({
	...wholeRun,
	selection: { rateHz: null, shownS: 0, afterS: 0, everyNth, retimeHz: retimeHzOf(clock) },
	maxFrames,
});

/** `rateHz` frames per second after `afterS`, decoding from the start; skips unreferenced frames if the stride is long enough. */
export function linearRun(clock: Clock, rateHz: number, maxFrames: number | null, stride: number, afterS: number): Run {
	const selection = { rateHz, shownS: shownOf(clock), afterS, retimeHz: retimeHzOf(clock) };
	return { ...wholeRun, selection, maxFrames, skip: maySkipUnreferenced(clock, stride) ? 'noref' : 'none' };
}

/**
 * Whether unreferenced frames can be skipped while every target still has a frame near it. With a B-frame pyramid (reorder depth >= 2)
 * every second frame is unreferenced; without, all frames between two P frames: at most 3 in the output of x264 and MPEG-2 encoders.
 */
function maySkipUnreferenced({ canSkip, reorderDepth, timeline }: Clock, stride: number): boolean {
	if (!canSkip || timeline.pace === 'broken') return false;
	return Math.round(stride) >= (reorderDepth >= 2 ? 3 : 6);
}

/** One run per range, decoded from the key frame before it; none if the file's times are unreliable. */
function rangeRuns(clock: Clock, ranges: readonly TimeRange[]): Run[] {
	if (clock.timeline.pace !== 'steady') return [];
	return ranges.map(({ fromS, toS, frames }) => {
		const keyS = clock.keyTimesS.findLast((timeS) => timeS <= fromS) ?? 0;
		const afterS = keyS > 0 ? fromS - keyS : sinceFirst(clock, fromS);
		return {
			...wholeRun,
			selection: { rateHz: frames / (toS - fromS), shownS: shownOf(clock), afterS },
			maxFrames: frames,
			seekS: keyS > 0 ? keyS + afterKeyS : 0,
			untilS: toS,
		};
	});
}

/** Seconds from the first frame to a time. */
export const sinceFirst = ({ leadS }: Clock, timeS: number) => Math.max(0, timeS - leadS);

/** Key frames alone, or bursts from key frames if there are too few of them; null if there are too few for bursts as well. */
function sparseRuns(clock: Clock, lengthS: number, count: number): Run[] | null {
	const keyTimesS = clock.keyTimesS.map((timeS) => timeS - clock.leadS);
	const selection = { rateHz: count / lengthS, shownS: 0, afterS: 0 };
	if (keysSuffice(keyTimesS, lengthS, count)) return [{ ...wholeRun, selection, maxFrames: count, skip: 'nokey' }];
	const bursts = planBursts(keyTimesS, lengthS, count);
	return (
		bursts?.map(({ keyS, frames, stepS }) => ({
			...wholeRun,
			selection: { rateHz: 1 / stepS, shownS: stepS / 2 + 2 * roundingS, afterS: 0 }, // the key frame itself is the first
			maxFrames: frames,
			seekS: keyS + clock.leadS + afterKeyS,
		})) ?? null
	);
}

/** Whether at least nine in ten targets have their own key frame. */
function keysSuffice(keyTimesS: readonly number[], durationS: number, count: number): boolean {
	const selection = { rateHz: count / durationS, shownS: 0 };
	const hit = new Set(keyTimesS.map((keyS) => targetsPassed(keyS, selection)));
	hit.delete(0);
	return hit.size >= 0.9 * count;
}

/** `count` frames as bursts from key frames spread over the clip; null if there are too few key frames to spread them. */
export function planBursts(keyTimesS: readonly number[], durationS: number, count: number): Burst[] | null {
	const usable = keyTimesS.filter((keyS) => keyS < durationS - 1); // a key frame at the very end has no frames after it
	if (usable.length * 12 < count) return null;
	const wanted = Math.min(usable.length, count, maxBursts);
	const starts = [
		...new Set(Array.from({ length: wanted }, (_, i) => nearest(usable, ((i + 0.5) * durationS) / wanted))),
	];
	return starts.map((keyS, i) => {
		const frames = Math.floor(((i + 1) * count) / starts.length) - Math.floor((i * count) / starts.length);
		const gapS = (starts[i + 1] ?? durationS) - keyS;
		return { keyS, frames, stepS: Math.min(burstStepS, gapS / (frames + 1)) };
	});
}

/** The value nearest to a target; `sorted` must not be empty. */
export function nearest(sorted: readonly number[], targetS: number): number {
	return sorted.reduce((best, timeS) => (Math.abs(timeS - targetS) < Math.abs(best - targetS) ? timeS : best));
}
