import type { FaceEntry } from '../contract/report.ts';
import { usualStepS } from './usual-step.ts';

/** Width and height of a lane's own coordinates; the page stretches them, but not the thickness of lines and dots. */
export const laneWidth = 1000;
/** See laneWidth. */
export const laneHeight = 100;

/** A lane as SVG path data: a line through faces of consecutive frames, a dot per face, and a mark for each face that does not count. */
export type LanePaths = { readonly line: string; readonly dots: string; readonly skipped: string };

type Point = {
	readonly timeS: number;
	/** 0..1; null = the face does not count. */
	readonly score: number | null;
	/** Whether the line is interrupted before it. */
	readonly isStart: boolean;
};

/** Maximum number of points before thinning. */
const maxPoints = 1600;
/** Number of time slots; each keeps its highest and lowest score. */
const columns = 400;

/** One person's scores over time for drawing. Faces are added in chronological order; memory does not grow with their number. */
export class Lane {
	readonly #reachS: number;
	#points: Point[] = [];
	/** The face before; null if it does not count. */
	#before: FaceEntry | null = null;

	/** `reachS`: how far the line reaches from or to a face of the second pass, whose frames are not numbered in order of time, in seconds. */
	constructor(reachS = 0) {
		this.#reachS = reachS;
	}

	/** Adds the next face in constant time. */
	add(face: FaceEntry): void {
		const { timeS, fakeProbability, excluded } = face;
		const counts = excluded === null;
		const isStart = counts && !(this.#before && this.#isNext(this.#before, face));
		this.#before = counts ? face : null;
		this.#points.push({ timeS, score: counts ? fakeProbability : null, isStart });
		if (this.#points.length > maxPoints) this.#points = thinned(this.#points);
	}

	#isNext(before: FaceEntry, face: FaceEntry): boolean {
		if (before.secondPass || face.secondPass) return face.timeS - before.timeS <= this.#reachS;
		return face.frameIndex - before.frameIndex === 1;
	}

	/** The drawing, with time 0 at the left and `endS`, in seconds, at the right. */
	paths(endS: number): LanePaths {
		const x = (timeS: number) => round((laneWidth * timeS) / endS);
		const paths = { line: '', dots: '', skipped: '' };
		for (const { timeS, score, isStart } of this.#points) {
			if (score === null) paths.skipped += `M${x(timeS)} ${laneHeight}v-7`;
			else {
				const at = `${x(timeS)} ${laneY(score)}`;
				paths.line += `${isStart ? 'M' : 'L'}${at}`;
				paths.dots += `M${at}h.01`;
			}
		}
		return paths;
	}
}

/** The lane of all of a person's faces. */
export function laneFromFaces(faces: readonly FaceEntry[]): Lane {
	const lane = new Lane(reachOf(faces));
	for (const face of faces) lane.add(face);
	return lane;
}

/** The longest time between neighbouring frames of the first pass, seconds; by the usual step if there are none. */
function reachOf(faces: readonly FaceEntry[]): number {
	const first = faces.filter(({ secondPass }) => !secondPass);
	const longest = first.reduce((most, { frameIndex, timeS }, i) => {
		const before = first[i - 1];
		return before && frameIndex - before.frameIndex === 1 ? Math.max(most, timeS - before.timeS) : most;
	}, 0);
	return longest || 1.5 * usualStepS([faces]);
}

/** The y position of a score 0..1 in a lane, from its top. */
export const laneY = (score: number): number => round(laneHeight * (1 - score));

/** At most six round times from 0 to the end, in seconds. */
export function timeTicks(endS: number): number[] {
	const step = tickSteps.find((candidate) => endS / candidate <= 5) ?? Math.ceil(endS / 5 / 3600) * 3600;
	return Array.from({ length: Math.floor(endS / step) + 1 }, (_, i) => i * step);
}

const tickSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];

/** The highest and lowest score and one mark of each time slot. */
function thinned(points: readonly Point[]): Point[] {
	const [first, last] = [points[0], points.at(-1)];
	const spanS = Math.max((last?.timeS ?? 0) - (first?.timeS ?? 0), 1e-3);
	const byColumn = new Map<number, { low?: Point; high?: Point; mark?: Point; isStart: boolean }>();
	for (const point of points) {
		const at = Math.floor((columns * (point.timeS - (first?.timeS ?? 0))) / spanS);
		const column = byColumn.get(at) ?? { isStart: false };
		byColumn.set(at, column);
		if (point.score === null) column.mark ??= point;
		else {
			column.isStart ||= point.isStart;
			if (point.score < (column.low?.score ?? Number.POSITIVE_INFINITY)) column.low = point;
			if (point.score > (column.high?.score ?? Number.NEGATIVE_INFINITY)) column.high = point;
		}
	}
	return [...byColumn.values()].flatMap(({ low, high, mark, isStart }) => {
		const judged = low === high ? [low] : [low, high].sort((a, b) => (a?.timeS ?? 0) - (b?.timeS ?? 0));
		const kept = judged.flatMap((point, i) => (point ? [{ ...point, isStart: isStart && i === 0 }] : []));
		return mark ? [...kept, mark] : kept;
	});
}

const round = (value: number) => Math.round(value * 100) / 100;
