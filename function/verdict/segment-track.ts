import { evenly } from '../answer/usual-step.ts';
import type { FaceEntry, Outcome, Segment } from '../contract/report.ts';
import { logOdds } from '../statistics.ts';
import type { Calibration } from './calibration.ts';
import { countedLogit } from './counted-logit.ts';
import { findStretches, type Stretch, shortestStretch } from './stretches.ts';

/** One person's counted faces, split into the stretches that stand out and the rest, which is scored as a whole despite the gaps. */
export type SegmentedFaces = { readonly stretches: readonly Stretch[]; readonly rest: readonly FaceEntry[] };

/** The answer for a group of faces. */
export type SegmentAnswer = Pick<Segment, 'outcome' | 'fakeProbability' | 'logit'>;

/** A gap in a person's faces that is longer than `gapS`, than `gapSteps` times their usual step, and than as many sampled frames there counts as not judged. */
const gapS = 1;
const gapSteps = 4;

/** Splits counted faces, in chronological order, into stretches that stand out and the rest; no stretches if the classifier has no rule for them. */
export function splitFaces(judged: readonly FaceEntry[], calibration: Calibration | null): SegmentedFaces {
	const rule = calibration?.stretch;
	if (!calibration || !rule) return { stretches: [], rest: judged };
	const stretches = findStretches(judged.map(countedLogit), {
		above: logOdds(calibration.likelyFakeAbove) * calibration.temperature + calibration.offset,
		contrast: rule.contrast,
		clarity: rule.clarity,
	});
	return { stretches, rest: judged.filter((_, i) => !stretches.some(({ from, to }) => i >= from && i < to)) };
}

/**
 * A person's time from first to last face as contiguous segments: the stretches, what lies between them, and
 * `not-applicable` where none of their faces counted for a while. A stretch lasts from its first to its last face.
 */
export function segmentsOf(
	faces: readonly FaceEntry[],
	stretches: readonly (Stretch & { readonly answer: SegmentAnswer })[],
	rest: SegmentAnswer,
): Segment[] {
	const judged = faces.filter((face) => face.excluded === null);
	const [firstS, lastS] = [faces[0]?.timeS, faces.at(-1)?.timeS];
	if (firstS === undefined || lastS === undefined) return [];
	const answers = judged.map((_, i) => stretches.find(({ from, to }) => i >= from && i < to)?.answer ?? rest);
	const gaps = gapsIn([faces[0] as FaceEntry, ...judged, faces.at(-1) as FaceEntry], judged);
	const isGap = (i: number) => gaps[i] === true; // before the i-th judged face
	const starts = judged.flatMap((_, i) => (i === 0 || isGap(i) || answers[i] !== answers[i - 1] ? [i] : []));
	const edge = (i: number) =>
		i === 0 ? firstS : i === judged.length ? lastS : timeOf(answers[i] === rest ? i - 1 : i);
	const timeOf = (i: number) => (judged[i] as FaceEntry).timeS;
	const segments = starts.flatMap((from, run): Segment[] => {
		const to = starts[run + 1] ?? judged.length;
		const startS = isGap(from) ? timeOf(from) : edge(from);
		const endS = isGap(to) ? timeOf(to - 1) : edge(to);
		const { outcome, fakeProbability, logit } = answers[from] as SegmentAnswer;
		const own = { startS, endS, outcome, fakeProbability, logit, facesJudged: to - from };
		return isGap(from) ? [notJudged(from === 0 ? firstS : timeOf(from - 1), startS), own] : [own];
	});
	if (judged.length === 0) return [notJudged(firstS, lastS)];
	return isGap(judged.length) ? [...segments, notJudged(timeOf(judged.length - 1), lastS)] : segments;
}

/** A time in which no face counts. */
export const notJudged = (startS: number, endS: number): Segment => ({
	startS,
	endS,
	outcome: 'not-applicable' satisfies Outcome,
	fakeProbability: null,
	logit: null,
	facesJudged: 0,
});

/** For each face but the first, whether too long a time has passed since the one before. */
function gapsIn(faces: readonly FaceEntry[], judged: readonly FaceEntry[]): boolean[] {
	const longest = Math.max(gapS, gapSteps * medianStepS(evenly(judged, shortestStretch)));
	const first = faces.filter((face) => !face.secondPass);
	const closerStepS = medianStepS(faces.filter((face) => face.secondPass));
	let at = 0;
	return faces.slice(1).map((face, i) => {
		const before = faces[i] as FaceEntry;
		while (at < first.length && (first[at] as FaceEntry).timeS <= before.timeS) at++;
		const [from, to] = [first[at - 1], first[at]];
		// frames of the first pass may come in bursts, so its step is that around these two faces; before and behind all of them, there is only the second pass
		const stepS = from && to ? (to.timeS - from.timeS) / (to.frameIndex - from.frameIndex) : closerStepS;
		return face.timeS - before.timeS > Math.max(longest, gapSteps * stepS);
	});
}

/** The median time between neighbouring faces, seconds. */
function medianStepS(faces: readonly FaceEntry[]): number {
	const steps = faces.slice(1).map((face, i) => face.timeS - (faces[i] as FaceEntry).timeS);
	return steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
}
