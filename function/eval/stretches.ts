import type { Report, Span } from '../contract/report.ts';
import { type Rate, rateOf } from './metrics.ts';

/** A part of a video that was called manipulated, with the logit behind it. */
export type FoundStretch = Span & { readonly logit: number };

/** A video with known manipulated parts (none if it is genuine) and the parts that were found. */
export type TimedItem = {
	readonly truth: readonly Span[];
	readonly found: readonly FoundStretch[];
	/** Whether the same manipulation is called likely-fake when it covers the whole clip, and its genuine footage is not; null = unknown. */
	readonly wholeIsFound: boolean | null;
};

/** Detection of manipulated stretches of up to `uptoS` seconds (and longer than those of the previous row). */
export type LengthRow = {
	/** Longest stretch of this row, in seconds; null = unlimited. */
	readonly uptoS: number | null;
	/** Stretches that overlap a found one. */
	readonly found: Rate;
	/** Stretches for which one was found that begins and ends within a second of theirs. */
	readonly withinASecond: Rate;
};

/** Measures of time stretches; null = these items cannot give it. */
export type StretchMeasures = {
	/** Videos with known manipulated parts, and the number of those parts. */
	readonly videos: number;
	readonly stretches: number;
	/** Mean over these videos of the temporal intersection over union of manipulated and found time. */
	readonly meanIou: number | null;
	/** Area under the precision-recall curve of the found stretches, highest logit first; one counts as a hit if it overlaps a manipulated one by this intersection over union. */
	readonly averagePrecision: readonly { readonly iou: number; readonly value: number | null }[];
	/** By length, shortest first. */
	readonly byLength: readonly LengthRow[];
	/** The same for those manipulations only that are called likely-fake when they cover the whole clip, on footage that is not; null if that was not measured. */
	readonly byLengthWhereWholeIsFound: readonly LengthRow[] | null;
};

/** Upper ends of the length classes, in seconds. */
const lengthsS = [1, 2, 5, 10, 30];
const [matchIous, nearS] = [[0.5, 0.75], 1] as const;
/** Cuts fall on whole frames: a stretch of 2.02 s counts as two seconds. */
const slackS = 0.2;

/** Measures how well manipulated stretches were found; null if no video has known ones. */
export function measureStretches(items: readonly TimedItem[]): StretchMeasures | null {
	const partly = items.filter(({ truth }) => truth.length > 0);
	if (partly.length === 0) return null;
	const ious = partly.map(({ truth, found }) => iouOf(truth, found));
	const ofFound = partly.filter(({ wholeIsFound }) => wholeIsFound === true);
	return {
		videos: partly.length,
		stretches: partly.reduce((sum, { truth }) => sum + truth.length, 0),
		meanIou: ious.reduce((sum, iou) => sum + iou, 0) / ious.length,
		averagePrecision: matchIous.map((iou) => ({ iou, value: averagePrecision(items, iou) })),
		byLength: byLength(partly),
		byLengthWhereWholeIsFound: partly.some(({ wholeIsFound }) => wholeIsFound !== null) ? byLength(ofFound) : null,
	};
}

/** The parts of a video that a report calls manipulated: its stretches, or the whole time of people who are likely-fake throughout. */
export function foundStretches({ verdict, tracks }: Pick<Report, 'verdict' | 'tracks'>): FoundStretch[] {
	if (verdict.outcome !== 'likely-fake') return [];
	return tracks
		.filter(({ outcome }) => outcome === 'likely-fake')
		.flatMap(({ segments }) => segments)
		.flatMap(({ outcome, startS, endS, logit }) =>
			outcome === 'likely-fake' && logit !== null ? [{ startS, endS, logit }] : [],
		);
}

/** Intersection over union of two sets of spans; overlapping spans of a set count once. 1 if both are empty. */
export function iouOf(a: readonly Span[], b: readonly Span[]): number {
	const all = lengthOf([...a, ...b]);
	return all === 0 ? 1 : (lengthOf(a) + lengthOf(b) - all) / all;
}

/** The time that the spans cover together, in seconds. */
function lengthOf(spans: readonly Span[]): number {
	let [length, reachedS] = [0, Number.NEGATIVE_INFINITY];
	for (const { startS, endS } of spans.toSorted((a, b) => a.startS - b.startS)) {
		length += Math.max(0, endS - Math.max(startS, reachedS));
		reachedS = Math.max(reachedS, endS);
	}
	return length;
}

/** Average precision without interpolation: each found stretch, highest logit first, is matched to the best manipulated one that is still free. */
function averagePrecision(items: readonly TimedItem[], least: number): number | null {
	const stretches = items.reduce((sum, { truth }) => sum + truth.length, 0);
	if (stretches === 0) return null;
	const ranked = items
		.flatMap((item) => item.found.map((found) => ({ item, found })))
		.sort((a, b) => b.found.logit - a.found.logit);
	const taken = new Set<Span>();
	let [hits, sum] = [0, 0];
	for (const [i, { item, found }] of ranked.entries()) {
		const [best] = item.truth
			.filter((truth) => !taken.has(truth))
			.map((truth) => ({ truth, iou: iouOf([truth], [found]) }))
			.sort((a, b) => b.iou - a.iou);
		if (!best || best.iou < least) continue;
		taken.add(best.truth);
		hits++;
		sum += hits / (i + 1);
	}
	return sum / stretches;
}

function byLength(items: readonly TimedItem[]): LengthRow[] {
	const all = items.flatMap(({ truth, found }) => truth.map((stretch) => ({ stretch, found })));
	return [...lengthsS, null].flatMap((uptoS, i) => {
		const [least, most] = [lengthsS[i - 1] ?? 0, uptoS ?? Number.POSITIVE_INFINITY];
		const own = all.filter(({ stretch: { startS, endS } }) => {
			const length = endS - startS - slackS;
			return length > least - (i === 0 ? slackS : 0) && length <= most;
		});
		const count = (holds: (truth: Span, found: Span) => boolean) =>
			own.filter(({ stretch, found }) => found.some((one) => holds(stretch, one))).length;
		const found = rateOf(
			count((a, b) => a.startS < b.endS && b.startS < a.endS),
			own.length,
		);
		const isNear = (a: Span, b: Span) => Math.abs(a.startS - b.startS) <= nearS && Math.abs(a.endS - b.endS) <= nearS;
		return own.length === 0 ? [] : [{ uptoS, found, withinASecond: rateOf(count(isNear), own.length) }];
	});
}
