import type { TimeRange } from '../values.ts';

/** Between two frames this many seconds apart, somebody can come and go. */
export const unseenFromS = 2;
/** Seconds of video covered by one detection; shorter parts are skipped. */
const detectionS = 0.5;
/** A key frame that comes sooner than this share of the encoder's longest interval means that the picture changed. */
const soonerThan = 0.95;

/**
 * Where a face may have been missed in a part without a face in any sampled frame, in chronological order: first after cuts, longest unsampled
 * time first, then halfway between frames. Cuts are recognised by out-of-turn key frames. One frame each, at most `budget`.
 */
export function unseenRanges(
	seenS: readonly number[],
	keyTimesS: readonly number[],
	{ fromS, toS, budget }: { readonly fromS: number; readonly toS: number; readonly budget: number },
): TimeRange[] {
	const intervals = keyTimesS.slice(1).map((keyS, i) => keyS - (keyTimesS[i] as number));
	const longestIntervalS = intervals.reduce((longest, interval) => Math.max(longest, interval), 0); // if every frame is a key frame, there are too many arguments for Math.max
	const cuts = keyTimesS.filter((_, i) => i > 0 && (intervals[i - 1] as number) < soonerThan * longestIntervalS);
	const inside = new Set(cuts.filter((cutS) => cutS >= fromS && cutS < toS));
	const edges = [fromS, ...new Set([...seenS, ...inside]), toS].toSorted((a, b) => a - b);
	const behindCuts = between(edges)
		.filter(({ startS, endS }) => inside.has(startS) && !seenS.includes(startS) && endS - startS >= detectionS)
		.toSorted((a, b) => b.endS - b.startS - (a.endS - a.startS))
		.slice(0, budget);
	const gaps = between([fromS, ...seenS, toS]).filter(
		({ startS, endS }) =>
			endS - startS >= unseenFromS && !behindCuts.some((cut) => cut.startS >= startS && cut.startS < endS),
	);
	const ranges = [
		...behindCuts.map(({ startS, endS }) => Math.min((startS + endS - detectionS) / 2, startS + detectionS)),
		...spread(gaps, budget - behindCuts.length).map(({ startS, endS }) => (startS + endS - detectionS) / 2),
	];
	return ranges.toSorted((a, b) => a - b).map((atS) => ({ fromS: atS, toS: atS + detectionS, frames: 1 }));
}

type Stretch = { readonly startS: number; readonly endS: number };

const between = (edges: readonly number[]): Stretch[] =>
	edges.slice(1).map((endS, i) => ({ startS: edges[i] as number, endS }));

/** At most `count` of some values, spread evenly over them. */
function spread<T>(values: readonly T[], count: number): T[] {
	const step = Math.max(1, values.length / Math.max(1, count));
	const kept = Math.min(Math.max(0, count), values.length);
	return Array.from({ length: kept }, (_, i) => values[Math.floor((i + 0.5) * step)] as T);
}
