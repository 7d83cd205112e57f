import { quantile } from '../statistics.ts';
import type { StreamPackets } from './read-packets.ts';

/** When the frames of a stream are shown, and how reliable its packets' times are. */
export type Timeline = {
	/**
	 * `steady`: times increase evenly enough to sample by time. `gaps`: they increase, but frozen pictures make up so much of the length
	 * that sampling by time would miss most frames. `broken`: they jump, so frames are counted and assigned new times.
	 */
	readonly pace: 'steady' | 'gaps' | 'broken';
	/** From the first frame to the end of the last, seconds; null if packets have no times. */
	readonly lengthS: number | null;
	/** Number of displayed packets. */
	readonly frames: number;
};

/** A step of at least this many seconds that is also this many times longer than most steps is a gap. */
const gapS = 10;
const gapSteps = 20;
/** Share of the length above which gaps rule out sampling by time. */
const maxGapShare = 0.2;
/** Gaps this many times longer than the rest are wrong times rather than frozen pictures. */
const absurdGap = 3;
/** Most frames that a decoder reorders: without decoding times, a step back within that many frames is no jump. */
const maxReordered = 17;

/** Share of packets without a time up to which those of their neighbours are enough. */
const maxUntimedShare = 0.05;

/** Computes the timeline of a stream from its packets. */
export function timelineOf(packets: StreamPackets): Timeline {
	const { times, durations } = packets;
	const untimed = times.filter(Number.isNaN).length;
	if (untimed === 0 || untimed === times.length) return timelineOfTimed(packets);
	const isTimed = (_: unknown, i: number) => !Number.isNaN(times[i]);
	const timed = timelineOfTimed({
		times: times.filter(isTimed),
		order: packets.order.filter(isTimed),
		durations: durations.filter(isTimed),
	});
	if (timed.lengthS === null) return { ...timed, frames: times.length };
	const frames = times.length;
	if (untimed <= maxUntimedShare * frames) return { ...timed, frames };
	return { pace: 'broken', lengthS: rounded((timed.lengthS * frames) / timed.frames), frames };
}

function timelineOfTimed({ times, order, durations }: Pick<StreamPackets, 'times' | 'order' | 'durations'>): Timeline {
	const frames = times.length;
	const hasOrder = order.length > 0 && order.every((timeS) => !Number.isNaN(timeS));
	const clock = hasOrder ? order : times;
	const steps = clock.slice(1).map((timeS, i) => timeS - (clock[i] as number));
	const forward = Float64Array.from(steps.filter((step) => step > 0)).sort();
	if (times.some(Number.isNaN) || (frames > 1 && forward.length === 0))
		return { pace: 'steady', lengthS: null, frames };
	const usualS = frames > 1 ? quantile(forward, 0.5) : 0;
	const longS = Math.max(gapS, gapSteps * (frames > 1 ? quantile(forward, 0.95) : 0));
	const backS = hasOrder ? Math.max(0.1, 3 * usualS) : Math.max(0.5, maxReordered * usualS);
	const gaps = steps.filter((step) => step > longS);
	const isBroken = steps.some((step) => step < -backS) || hasStopped(steps);
	const last = shownS(durations.at(-1), usualS, longS);
	const wholeS = bounds(times).last - bounds(times).first + last;
	const gapsS = gaps.reduce((sum, step) => sum + step, 0);
	if (!isBroken && gapsS <= maxGapShare * wholeS) return { pace: 'steady', lengthS: rounded(wholeS), frames };
	const isWrong = (step: number) => step > longS || step < -backS || (isBroken && step === 0);
	const movingS = steps.reduce((sum, step) => sum + (isWrong(step) ? usualS : step), 0) + last;
	if (!isBroken && gapsS <= absurdGap * movingS) return { pace: 'gaps', lengthS: rounded(wholeS), frames };
	return { pace: 'broken', lengthS: rounded(movingS), frames };
}

/** A later first frame than this, seconds, counts: players show the time before it. Less comes from reordering and the priming of sound. */
const minLeadS = 0.5;
/** A first frame so late that it is a wrong time: this many seconds, plus this many times the length. */
const [maxLeadS, maxLeads] = [60, 3];

/** Seconds from the start of the file to its first frame, if sound comes first; `firstS` is that frame's time. */
export const leadOf = ({ pace, lengthS }: Timeline, firstS: number): number =>
	pace !== 'broken' && firstS >= minLeadS && firstS <= maxLeadS + maxLeads * (lengthS ?? 0) ? firstS : 0;

/** Whether the clock stands still while more frames follow than a decoder reorders, as behind the index of joined MXF files. */
function hasStopped(steps: readonly number[]): boolean {
	let still = 0;
	return steps.some((step) => {
		still = step === 0 ? still + 1 : 0;
		return still > maxReordered;
	});
}

/** Display time of the last frame; the usual step if its own duration is missing or as long as a gap. */
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

/** ffprobe prints times with six decimals. */
const rounded = (seconds: number) => Math.round(seconds * 1e6) / 1e6;

/** Frames that a decoder has to hold back to show them in order, from times in decoding order: 0 = no B frames, 2 or more = some B frames reference others. */
export function reorderDepthOf({ times }: Pick<StreamPackets, 'times'>): number {
	if (times.some(Number.isNaN)) return 0;
	const byTime = times.map((_, i) => i).sort((a, b) => (times[a] as number) - (times[b] as number));
	return byTime.reduce((depth, decoded, shown) => Math.max(depth, decoded - shown), 0);
}
