import type { Report, Span } from '../contract/report.ts';
import { type Rate, rateOf } from './metrics.ts';

/** A part of a video that was called manipulated, with the logit that it was called by. */
export type FoundStretch = Span & { readonly logit: number };

/** A video whose manipulated parts are known (none in a genuine one), with the parts that were found. */
export type TimedItem = {
	readonly truth: readonly Span[];
	readonly found: readonly FoundStretch[];
	/** Whether the same manipulation is called likely-fake where it lasts from start to end; null = not known. */
	readonly wholeIsFound: boolean | null;
};

/** How manipulated stretches of up to `uptoS` seconds (and longer than those of the row before) were found. */
export type LengthRow = {
	/** Longest stretch of this row, seconds; null = any longer ones. */
	readonly uptoS: number | null;
	/** Stretches that a found one overlaps. */
	readonly found: Rate;
	/** Stretches of which one was found that begins and ends within a second of it. */
	readonly withinASecond: Rate;
};

/** What was measured of stretches of time; null = these items cannot give it. */
export type StretchMeasures = {
	/** Videos with known manipulated parts, and how many parts these are. */
	readonly videos: number;
	readonly stretches: number;
	/** Mean over these videos of the time that is manipulated and was found, of all time that is one or the other. */
	readonly meanIou: number | null;
	/** Area under precision over recall of the found stretches, the surest first; one counts that overlaps a manipulated one by this intersection over union. */
	readonly averagePrecision: readonly { readonly iou: number; readonly value: number | null }[];
	/** By length, shortest first. */
	readonly byLength: readonly LengthRow[];
	/** The same of those manipulations alone that are called likely-fake where they last from start to end; null where that was not measured. */
	readonly byLengthWhereWholeIsFound: readonly LengthRow[] | null;
};

/** Upper ends of the lengths that are told apart, seconds. */
const lengthsS = [1, 2, 5, 10, 30];
const [matchIous, nearS] = [[0.5, 0.75], 1] as const;
/** Cuts fall on whole frames: a stretch of 2.02 s is one of two seconds. */
const slackS = 0.2;

/** What was found of manipulated stretches; null where no video has known ones. */
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

/** The parts of a video that a report calls manipulated: its stretches, or all the time of the people who are likely fake throughout. */
export function foundStretches({ verdict, tracks }: Pick<Report, 'verdict' | 'tracks'>): FoundStretch[] {
	if (verdict.outcome !== 'likely-fake') return [];
	return tracks
		.filter(({ outcome }) => outcome === 'likely-fake')
		.flatMap(({ segments }) => segments)
		.flatMap(({ outcome, startS, endS, logit }) =>
			outcome === 'likely-fake' && logit !== null ? [{ startS, endS, logit }] : [],
		);
}

/** Intersection over union of two sets of spans, each taken as one set of moments; 1 where both are empty. */
export function iouOf(a: readonly Span[], b: readonly Span[]): number {
	const all = lengthOf([...a, ...b]);
	return all === 0 ? 1 : (lengthOf(a) + lengthOf(b) - all) / all;
}

/** The time that spans cover together, seconds. */
function lengthOf(spans: readonly Span[]): number {
	let [length, reachedS] = [0, Number.NEGATIVE_INFINITY];
	for (const { startS, endS } of spans.toSorted((a, b) => a.startS - b.startS)) {
		length += Math.max(0, endS - Math.max(startS, reachedS));
		reachedS = Math.max(reachedS, endS);
	}
	return length;
}

/** Average precision without interpolation: each found stretch, the surest first, takes the best manipulated one that is still free. */
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
