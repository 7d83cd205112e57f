import { reliabilityBins } from '../verdict/reliability.ts';
import { type AucInterval, aucInterval } from './bootstrap.ts';
import type { ItemResult } from './item-result.ts';
import {
	auc,
	brierScore,
	equalErrorRate,
	expectedCalibrationError,
	logLoss,
	operatingPoint,
	type Rate,
	type RocPoint,
	rateOf,
	rocCurve,
} from './metrics.ts';
import { measureStretches, type StretchMeasures, type TimedItem } from './stretches.ts';

/** The best threshold with a false positive rate of at most `maxFpr`; `threshold` is a fakeProbability, null if nothing may be called fake. */
type OperatingPoint = {
	readonly maxFpr: number;
	readonly fpr: number;
	readonly tpr: number;
	readonly threshold: number | null;
};

/** What was measured on some items; null = these items cannot give it. Ranking and probability measures cover scored items only. */
export type Measures = {
	readonly items: number;
	readonly real: number;
	readonly fake: number;
	readonly groups: number;
	readonly scoredReal: number;
	readonly scoredFake: number;
	/** Analysed but without a probability; most of them are not applicable. */
	readonly unscored: number;
	readonly notApplicable: number;
	readonly failed: number;
	/** Analysed items in which at least one face was found. */
	readonly faceFound: Rate;
	readonly auc: number | null;
	readonly aucInterval: AucInterval;
	readonly tprAtFpr: readonly OperatingPoint[] | null;
	readonly equalErrorRate: number | null;
	/** Nats. */
	readonly logLoss: number | null;
	readonly brierScore: number | null;
	/** 15 bins of equal width. */
	readonly calibrationError: number | null;
	/** Items called likely-fake or likely-real, out of all items including failed ones. */
	readonly coverage: Rate;
	/** Correct ones among the items called likely-fake or likely-real. */
	readonly accuracy: Rate;
	/** Reals called likely-fake, out of all scored reals. */
	readonly falseAlarms: Rate;
	/** Fakes called likely-real, out of all scored fakes. */
	readonly misses: Rate;
	/** Measures of manipulated parts of videos; null if none are listed. */
	readonly stretches: StretchMeasures | null;
};

/** A scored item for the measures. */
export type ScoredItem = {
	readonly fake: boolean;
	/** The raw logit: probabilities round near 0 and 1, which would rank different items equally. */
	readonly score: number;
	readonly probability: number;
	readonly group: string;
};

const falsePositiveRates = [0.01, 0.05, 0.1];

/** Everything that is measured, for any subset of the items; `replicates` and `seed` are the bootstrap's. */
export function measureResults(
	results: readonly ItemResult[],
	bootstrap: { replicates?: number; seed?: number } = {},
): Measures {
	const scored = scoredItems(results);
	const curve = rocCurve(scored);
	const count = (holds: (result: ItemResult) => boolean) => results.filter(holds).length;
	const isScored = (result: ItemResult) => result.status === 'scored';
	const called = (result: ItemResult) => result.outcome === 'likely-fake' || result.outcome === 'likely-real';
	const scoredFake = scored.filter((item) => item.fake).length;
	const decided = count(called);
	return {
		items: results.length,
		real: count(({ label }) => label === 'real'),
		fake: count(({ label }) => label === 'fake'),
		groups: new Set(results.map(({ group }) => group)).size,
		scoredReal: scored.length - scoredFake,
		scoredFake,
		unscored: count(({ status }) => status === 'unscored'),
		notApplicable: count(({ outcome }) => outcome === 'not-applicable'),
		failed: count(({ status }) => status === 'failed'),
		faceFound: rateOf(
			count(({ facesFound }) => (facesFound ?? 0) > 0),
			count(({ status }) => status !== 'failed'),
		),
		auc: auc(scored),
		aucInterval: aucInterval(scored, bootstrap),
		tprAtFpr:
			curve &&
			falsePositiveRates.map((maxFpr) => ({ maxFpr, ...asProbability(operatingPoint(curve, maxFpr), scored) })),
		equalErrorRate: curve && equalErrorRate(curve),
		logLoss: logLoss(scored),
		brierScore: brierScore(scored),
		calibrationError: expectedCalibrationError(reliabilityBins(scored)),
		coverage: rateOf(decided, results.length),
		accuracy: rateOf(
			count(({ outcome, label }) => outcome === `likely-${label}`),
			decided,
		),
		falseAlarms: rateOf(
			count((result) => isScored(result) && result.label === 'real' && result.outcome === 'likely-fake'),
			scored.length - scoredFake,
		),
		misses: rateOf(
			count((result) => isScored(result) && result.label === 'fake' && result.outcome === 'likely-real'),
			scoredFake,
		),
		stretches: measureStretches(timedItems(results)),
	};
}

/**
 * The analysed videos with known manipulated parts. A manipulated video without them shows whether its group's manipulation is found at all, unless a
 * genuine one of the group is called likely-fake too: then every part of this footage would count as found.
 */
function timedItems(results: readonly ItemResult[]): TimedItem[] {
	const alarmed = new Set(
		results.filter(({ label, outcome }) => label === 'real' && outcome === 'likely-fake').map(({ group }) => group),
	);
	const wholes = new Map<string, boolean>();
	for (const { segments, label, group, outcome, status } of results)
		if (segments === null && label === 'fake' && status !== 'failed')
			wholes.set(group, !alarmed.has(group) && (outcome === 'likely-fake' || wholes.get(group) === true));
	return results.flatMap(({ segments, stretches, kind, group }) =>
		segments && kind === 'video'
			? [{ truth: segments, found: stretches, wholeIsFound: wholes.get(group) ?? null }]
			: [],
	);
}

/** Only the scored items. */
export function scoredItems(results: readonly ItemResult[]): ScoredItem[] {
	return results.flatMap(({ status, fakeProbability, logit, label, group }) =>
		status === 'scored' && fakeProbability !== null && logit !== null
			? [{ fake: label === 'fake', score: logit, probability: fakeProbability, group }]
			: [],
	);
}

/** The results of each set, in order of first appearance; empty if there is only one set. */
export function resultsBySet(results: readonly ItemResult[]): [set: string, results: ItemResult[]][] {
	const sets = new Map<string, ItemResult[]>();
	for (const result of results) {
		const own = sets.get(result.set);
		if (own) own.push(result);
		else sets.set(result.set, [result]);
	}
	return sets.size > 1 ? [...sets] : [];
}

/** A point of the curve with its threshold given as the probability of the item it comes from. */
function asProbability({ fpr, tpr, threshold }: RocPoint, scored: readonly ScoredItem[]) {
	return { fpr, tpr, threshold: scored.find(({ score }) => score === threshold)?.probability ?? null };
}
