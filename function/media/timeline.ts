import { quantile } from '../statistics.ts';
import type { StreamPackets } from './read-packets.ts';

/** When the frames of a stream are shown, as far as its packets can be believed. */
export type Timeline = {
	/**
	 * `steady`: times rise evenly enough to sample by time. `gaps`: they rise, but so much of the length is one picture standing still that
	 * sampling by time would pass over most frames. `broken`: they jump, so that frames are counted and given new times.
	 */
	readonly pace: 'steady' | 'gaps' | 'broken';
	/** From the first frame to the end of the last, seconds; null where no time is told. */
	readonly lengthS: number | null;
	/** Packets that are shown. */
	readonly frames: number;
};

/** A step this long, and this many times longer than others, is a gap or a jump. */
const gapS = 10;
const gapSteps = 20;
/** Share of the length from which gaps are too much to sample by time. */
const muchGap = 0.2;
/** Gaps that are this many times longer than all the rest are no picture standing still but a wrong time. */
const absurdGap = 3;
/** Frames that a decoder reorders at most: without decoding times, a step back within them is none. */
const reordered = 17;

/** The timeline of a stream's packets. */
export function timelineOf({ times, order, durations }: StreamPackets): Timeline {
	const frames = times.length;
	const hasOrder = order.length > 0 && order.every((timeS) => !Number.isNaN(timeS));
	const clock = hasOrder ? order : times;
	const steps = clock.slice(1).map((timeS, i) => timeS - (clock[i] as number));
	const forward = Float64Array.from(steps.filter((step) => step > 0)).sort();
	if (times.some(Number.isNaN) || (frames > 1 && forward.length === 0))
		return { pace: 'steady', lengthS: null, frames };
	const usualS = frames > 1 ? quantile(forward, 0.5) : 0;
	const longS = Math.max(gapS, gapSteps * (frames > 1 ? quantile(forward, 0.95) : 0));
	const backS = hasOrder ? Math.max(0.1, 3 * usualS) : Math.max(0.5, reordered * usualS);
	const gaps = steps.filter((step) => step > longS);
	const isBack = steps.some((step) => step < -backS);
	const last = shownS(durations.at(-1), usualS, longS);
	const wholeS = bounds(times).last - bounds(times).first + last;
	const gapsS = gaps.reduce((sum, step) => sum + step, 0);
	if (!isBack && gapsS <= muchGap * wholeS) return { pace: 'steady', lengthS: rounded(wholeS), frames };
	const movingS = steps.reduce((sum, step) => sum + (step > longS || step < -backS ? usualS : step), 0) + last;
	if (!isBack && gapsS <= absurdGap * movingS) return { pace: 'gaps', lengthS: rounded(wholeS), frames };
	return { pace: 'broken', lengthS: rounded(movingS), frames };
}

/** How long the last frame is shown; a time as absurd as a jump is one. */
const shownS = (duration: number | undefined, usualS: number, longS: number) =>
	duration !== undefined && duration > 0 && duration < longS ? duration : usualS;

function bounds(times: readonly number[]) {
	let first = Number.POSITIVE_INFINITY;
	let last = Number.NEGATIVE_INFINITY;
	for (const timeS of times) {
		first = Math.min(first, timeS);
		last = Math.max(last, timeS);
	}
	return { first, last };
}

/** Times come with six digits. */
const rounded = (seconds: number) => Math.round(seconds * 1e6) / 1e6;

/** Frames that a decoder holds back to show them in order, by times in decoding order: 0 = no B frames, 2 or more = some B frames build on others. */
export function reorderDepthOf({ times }: Pick<StreamPackets, 'times'>): number {
	if (times.some(Number.isNaN)) return 0;
	const byTime = times.map((_, i) => i).sort((a, b) => (times[a] as number) - (times[b] as number));
	return byTime.reduce((depth, decoded, shown) => Math.max(depth, decoded - shown), 0);
}
