import { type Band, bandOf, type Thresholds } from '../../function/answer/people.ts';
import { usualStepS } from '../../function/answer/usual-step.ts';
import type { FaceEntry, Report } from '../../function/contract/report.ts';

/** A part of a video, in seconds. */
export type Part = { readonly fromS: number; readonly toS: number };

/** The faces within a part, with times counted from its start. */
export function facesIn(faces: readonly FaceEntry[], { fromS, toS }: Part): FaceEntry[] {
	return faces
		.filter(({ timeS }) => timeS >= fromS && timeS <= toS)
		.map((face) => ({ ...face, timeS: face.timeS - fromS }));
}

/** The mean score and the number of faces that count; null if there are none. */
export function meanOf(faces: readonly FaceEntry[]): { readonly score: number; readonly frames: number } | null {
	const scores = faces.filter(({ excluded }) => excluded === null).map(({ fakeProbability }) => fakeProbability);
	if (scores.length === 0) return null;
	return { score: scores.reduce((sum, score) => sum + score, 0) / scores.length, frames: scores.length };
}

/** Whether scores mean the same in both reports: one classifier with one calibration. */
export function areComparable(a: Report, b: Report): boolean {
	return JSON.stringify(scaleOf(a)) === JSON.stringify(scaleOf(b));
}

const scaleOf = ({ models, thresholds, isCalibrated, calibration }: Report) => [
	models.find(({ kind }) => kind === 'classifier')?.sha256,
	[thresholds.likelyFakeAbove, thresholds.likelyRealBelow, isCalibrated],
	[calibration?.temperature, calibration?.offset],
];

/** The scores of two people at one time. */
export type Pair = { readonly timeS: number; readonly first: number; readonly second: number };

/** Frames farther apart than this, in seconds, do not show the same moment. */
const maxApartS = 0.5;
/** Tolerance for rounded frame times, in seconds. */
const minApartS = 0.04;

/** Pairs each face of the first with the nearest of the second, if both count and are less than half a frame step apart. */
export function pairsOf(first: readonly FaceEntry[], second: readonly FaceEntry[]): Pair[] {
	const [a, b] = [first, second].map((faces) => faces.filter(({ excluded }) => excluded === null)) as [
		FaceEntry[],
		FaceEntry[],
	];
	const apartS = Math.min(maxApartS, Math.max(minApartS, Math.min(usualStepS([a]), usualStepS([b])) / 2));
	let at = 0;
	return a.flatMap(({ timeS, fakeProbability }) => {
		const offBy = (i: number) => Math.abs((b[i]?.timeS ?? Number.POSITIVE_INFINITY) - timeS);
		while (at + 1 < b.length && offBy(at + 1) <= offBy(at)) at++;
		const near = b[at];
		if (!near || offBy(at) > apartS) return [];
		return [{ timeS, first: fakeProbability, second: near.fakeProbability }];
	});
}

/** A time span in which the two scores stay in two different bands. */
export type Difference = {
	readonly startS: number;
	readonly endS: number;
	readonly first: Band;
	readonly second: Band;
};

/** Where the scores differ, in chronological order. */
export function differencesOf(pairs: readonly Pair[], thresholds: Thresholds): Difference[] {
	const found: Difference[] = [];
	let isOpen = false;
	for (const { timeS, first, second } of pairs) {
		const [one, other] = [bandOf(first, thresholds), bandOf(second, thresholds)];
		const last = found.at(-1);
		if (one === other) isOpen = false;
		else if (isOpen && last?.first === one && last.second === other) found[found.length - 1] = { ...last, endS: timeS };
		else {
			found.push({ startS: timeS, endS: timeS, first: one, second: other });
			isOpen = true;
		}
	}
	return found;
}

/** The pair whose scores are farthest apart; null if there are no pairs. */
export const widestOf = (pairs: readonly Pair[]): Pair | null =>
	pairs.reduce<Pair | null>(
		(widest, pair) =>
			widest && Math.abs(widest.first - widest.second) >= Math.abs(pair.first - pair.second) ? widest : pair,
		null,
	);
