import { allHz } from '../contract/plan.ts';
import type { Sampling, TimeRange } from '../values.ts';
import { type Run, roundingS, targetsPassed } from './selection.ts';
import type { Timeline } from './timeline.ts';

/** Videos up to this long are decoded from start to end; measured: a minute of 640 x 480 takes about 2 s on two cores. */
const longS = 90;
/** A long video is still decoded from start to end when fewer frames than this lie between two samples: seeking would cost more. */
const sparseStride = 12;
/** Runs for bursts, at most: about 60 ms of start each. */
const mostBursts = 100;
/** Longest step between two frames of a burst, seconds. */
const burstStepS = 0.2;
/** Where a run seeks to, after the key frame that it is to start at: containers that seek by decoding time go back by the reordering delay. */
const afterKeyS = 0.15;

/** What a plan needs to know of a video; the program and the browser find it out in their own ways. */
export type Clock = {
	/** Length that the frames are spread over, seconds; null = unknown. */
	readonly lengthS: number | null;
	/** Frames a second, in the mean; null = unknown. */
	readonly hz: number | null;
	readonly timeline: Timeline;
	/** Times of the key frames from the start of the file, rising, seconds. */
	readonly keyTimesS: readonly number[];
	/** Frames that the decoder holds back for reordering; 0 = no B frames. */
	readonly reorderDepth: number;
	/** Whether frames that no other needs can be told and skipped. */
	readonly canSkip: boolean;
};

/** `sparse` goes by key frames and `spread` by time: where one finds nothing or damage, there is another way. The rest has none. */
type RunPlan = { readonly how: 'plain' | 'spread' | 'sparse' | 'parts'; readonly runs: readonly Run[] };

/** A stretch of video decoded from a key frame on. */
type Burst = { readonly keyS: number; readonly frames: number; readonly stepS: number };

/**
 * The length and the rate by which frames are chosen: as the packets tell them, the header's where not all of them were read. The header may be
 * more exact, but each reader of files reads it in its own way.
 */
export function paceOf(
	{ lengthS, frames }: Timeline,
	isCounted: boolean,
	header: { readonly durationS: number | null; readonly fps: number | null },
): Pick<Clock, 'lengthS' | 'hz'> {
	if (!isCounted || !lengthS || frames === 0) return { lengthS: header.durationS, hz: header.fps };
	return { lengthS, hz: frames / lengthS };
}

/** How the frames of a video are reached: the runs that take them. Pictures are no matter of it. */
export function planRuns(clock: Clock, { frames, part, ranges, span }: Sampling): RunPlan {
	if (ranges) return { how: 'parts', runs: rangeRuns(clock, ranges) };
	if (span) return planSpan(clock, frames, span);
	const count = frames === 'all' ? null : frames;
	if (count !== null && part === 'start') return plain(firstRun(clock, count));
	if (count === null || clock.lengthS === null)
		return plain(linearRun(clock, allHz, count, stepOf(clock, 1, allHz), 0));
	if (clock.timeline.pace === 'gaps') return plain(byNumberRun(clock, count));
	const stride = stepOf(clock, clock.lengthS, count);
	const isLong = clock.timeline.pace === 'steady' && clock.lengthS > longS && stride >= sparseStride;
	const sparse = isLong ? sparseRuns(clock, clock.lengthS, count) : null;
	if (sparse) return { how: 'sparse', runs: sparse };
	return { how: 'spread', runs: [linearRun(clock, count / clock.lengthS, count, stride, 0)] };
}

const plain = (run: Run): RunPlan => ({ how: 'plain', runs: [run] });

/** The frames of one part; of a long one with few frames each is sought for itself. */
function planSpan(clock: Clock, frames: Sampling['frames'], { fromS, toS }: NonNullable<Sampling['span']>): RunPlan {
	const lengthS = toS - fromS;
	const count = frames === 'all' ? Math.max(1, Math.round(lengthS * allHz)) : frames;
	const stepS = lengthS / count;
	const stride = stepOf(clock, lengthS, count);
	if (clock.timeline.pace !== 'steady')
		return plain({ ...linearRun(clock, count / lengthS, count, stride, fromS), untilS: toS });
	const isSparse = lengthS > longS && stride >= sparseStride && count <= mostBursts;
	const around = Math.min(stepS, 1) / 2;
	const middles = Array.from({ length: count }, (_, i) => fromS + (i + 0.5) * stepS);
	const each = middles.map((atS) => ({ fromS: atS - around, toS: atS + around, frames: 1 }));
	return { how: 'parts', runs: rangeRuns(clock, isSparse ? each : [{ fromS, toS, frames: count }]) };
}

/** Frames of the video from one sampled frame to the next; 25 a second where the rate is not known. */
export const strideOf = (durationS: number, fps: number | null, count: number) => (durationS * (fps ?? 25)) / count;

const stepOf = ({ hz }: Clock, lengthS: number, count: number) => strideOf(lengthS, hz, count);

/** Frames a second by which frames get new times; null where those of the file are believed. */
const retimeHzOf = ({ timeline: { pace, frames, lengthS } }: Clock) =>
	pace === 'broken' && lengthS ? frames / lengthS : null;

/** How long a frame is shown, in the mean. */
const shownOf = ({ hz }: Clock) => (hz ? 1 / hz : 0);

const wholeRun = { maxFrames: null, skip: 'none', seekS: 0, untilS: null } as const;

/** The first `count` frames, one after the other. */
export const firstRun = (clock: Clock, count: number): Run => everyRun(clock, count, null);

/** `count` frames at even steps of their number. */
export const byNumberRun = (clock: Clock, count: number): Run =>
	everyRun(clock, count, Math.max(1, clock.timeline.frames / count));

const everyRun = (clock: Clock, maxFrames: number, everyNth: number | null): Run => ({
	...wholeRun,
	selection: { rateHz: null, shownS: 0, afterS: 0, everyNth, retimeHz: retimeHzOf(clock) },
	maxFrames,
});

/** `rateHz` frames a second after `afterS`, decoding from the start; frames that no other needs are not decoded where few are taken. */
export function linearRun(clock: Clock, rateHz: number, maxFrames: number | null, stride: number, afterS: number): Run {
	const selection = { rateHz, shownS: shownOf(clock), afterS, retimeHz: retimeHzOf(clock) };
	return { ...wholeRun, selection, maxFrames, skip: maySkipUnreferenced(clock, stride) ? 'noref' : 'none' };
}

/**
 * Whether frames without dependants can be left out and every target still has a frame near it. With a pyramid of B frames
 * (reorder depth >= 2) that is every second frame; without, all between two P frames: at most 3 in what x264 and MPEG-2
 * encoders write.
 */
function maySkipUnreferenced({ canSkip, reorderDepth, timeline }: Clock, stride: number): boolean {
	if (!canSkip || timeline.pace === 'broken') return false;
	return Math.round(stride) >= (reorderDepth >= 2 ? 3 : 6);
}

/** Frames of some parts, each decoded from the key frame before it; none of a file whose times cannot be believed. */
function rangeRuns(clock: Clock, ranges: readonly TimeRange[]): Run[] {
	if (clock.timeline.pace !== 'steady') return [];
	return ranges.map(({ fromS, toS, frames }) => {
		const keyS = clock.keyTimesS.findLast((timeS) => timeS <= fromS) ?? 0;
		const afterS = Math.max(0, fromS - keyS);
		return {
			...wholeRun,
			selection: { rateHz: frames / (toS - fromS), shownS: shownOf(clock), afterS },
			maxFrames: frames,
			seekS: keyS > 0 ? keyS + afterKeyS : 0,
			untilS: toS,
		};
	});
}

/** Key frames, or short bursts from key frames where there are too few; null where there are too few for that, too. */
function sparseRuns({ keyTimesS }: Clock, lengthS: number, count: number): Run[] | null {
	const selection = { rateHz: count / lengthS, shownS: 0, afterS: 0 };
	if (keysSuffice(keyTimesS, lengthS, count)) return [{ ...wholeRun, selection, maxFrames: count, skip: 'nokey' }];
	const bursts = planBursts(keyTimesS, lengthS, count);
	return (
		bursts?.map(({ keyS, frames, stepS }) => ({
			...wholeRun,
			selection: { rateHz: 1 / stepS, shownS: stepS / 2 + 2 * roundingS, afterS: 0 }, // the key frame itself is the first
			maxFrames: frames,
			seekS: keyS + afterKeyS,
		})) ?? null
	);
}

/** Whether nine of ten targets have a key frame of their own. */
function keysSuffice(keyTimesS: readonly number[], durationS: number, count: number): boolean {
	const selection = { rateHz: count / durationS, shownS: 0 };
	const hit = new Set(keyTimesS.map((keyS) => targetsPassed(keyS, selection)));
	hit.delete(0);
	return hit.size >= 0.9 * count;
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
