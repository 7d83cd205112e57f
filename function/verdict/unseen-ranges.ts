import type { TimeRange } from '../values.ts';

/** Seconds between two frames from which on somebody can come and go between them. */
export const unseenFromS = 2;
/** Seconds of video that one look takes in; what is shorter is not looked for. */
const lookS = 0.5;
/** An encoder that puts a key frame sooner after the one before than this share of its longest interval saw the picture change. */
const soonerThan = 0.95;

/**
 * Where a face may have been missed in a part of which no sampled frame had one, in order of time: first of all behind cuts, the longest time without
 * a sampled frame first, then halfway between frames. Cuts are told by key frames out of turn. One frame each, at most `budget`.
 */
export function unseenRanges(
	seenS: readonly number[],
	keyTimesS: readonly number[],
	{ fromS, toS, budget }: { readonly fromS: number; readonly toS: number; readonly budget: number },
): TimeRange[] {
	const intervals = keyTimesS.slice(1).map((keyS, i) => keyS - (keyTimesS[i] as number));
	const usualS = intervals.reduce((longest, interval) => Math.max(longest, interval), 0); // more than a call takes, where all are key frames
	const cuts = keyTimesS.filter((_, i) => i > 0 && (intervals[i - 1] as number) < soonerThan * usualS);
	const inside = new Set(cuts.filter((cutS) => cutS >= fromS && cutS < toS));
	const edges = [fromS, ...new Set([...seenS, ...inside]), toS].toSorted((a, b) => a - b);
	const behindCuts = between(edges)
		.filter(({ startS, endS }) => inside.has(startS) && !seenS.includes(startS) && endS - startS >= lookS)
		.toSorted((a, b) => b.endS - b.startS - (a.endS - a.startS))
		.slice(0, budget);
	const gaps = between([fromS, ...seenS, toS]).filter(
		({ startS, endS }) =>
			endS - startS >= unseenFromS && !behindCuts.some((cut) => cut.startS >= startS && cut.startS < endS),
	);
	const looks = [
		...behindCuts.map(({ startS, endS }) => Math.min((startS + endS - lookS) / 2, startS + lookS)),
		...spread(gaps, budget - behindCuts.length).map(({ startS, endS }) => (startS + endS - lookS) / 2),
	];
	return looks.toSorted((a, b) => a - b).map((atS) => ({ fromS: atS, toS: atS + lookS, frames: 1 }));
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
