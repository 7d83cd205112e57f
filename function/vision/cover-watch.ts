import type { Quality } from '../contract/report.ts';

/** Probabilities that most of a face is covered, and that it is drawn, 0..1 each; at .5 and above a face is not judged. */
type Cover = { readonly [K in 'covered' | 'drawn']: NonNullable<Quality[K]> };
/** Reads these probabilities from crops of `cropForQuality`, [3, size, size] each. */
export type ReadCover = (crops: readonly Float32Array[]) => Promise<Cover[]>;

/** A person is read again after this time, seconds: covers change more slowly than dense passes sample faces. */
const intervalS = 1;
/** A reading above this is doubtful. A person with a doubtful reading in memory is read in every frame. */
const doubtfulFrom = 0.1;
/** Number of readings kept per person. */
const maxReadings = 5;

/**
 * Reads whether faces are covered or drawn: for each person when first seen, then every second, and in every frame while in doubt.
 * Reports the lower median of the last few readings, so that one wrong reading excludes no face and a mask does not flicker from
 * frame to frame. A picture has only one reading, which is reported as it is. If most faces in a crowd are drawn, all count as drawn.
 */
export class CoverWatch {
	readonly #read: ReadCover;
	readonly #people = new Map<number, { timeS: number; readings: Cover[] }>();

	constructor(read: ReadCover) {
		this.#read = read;
	}

	/** The covers of a frame's faces; `crops` are in the same order. */
	async of(
		timeS: number,
		faces: readonly { readonly trackId: number }[],
		crops: readonly Float32Array[],
	): Promise<Cover[]> {
		const due = faces.flatMap(({ trackId }, i) => (this.#isDue(trackId, timeS) ? [i] : []));
		const found = await this.#read(due.map((i) => crops[i] as Float32Array));
		for (const [k, i] of due.entries()) {
			const { trackId } = faces[i] as { trackId: number };
			const before = this.#people.get(trackId)?.readings ?? [];
			this.#people.set(trackId, { timeS, readings: [...before, found[k] as Cover].slice(-maxReadings) });
		}
		const covers = faces.map(({ trackId }) => {
			const readings = this.#people.get(trackId)?.readings ?? [];
			return { covered: medianOf(readings, 'covered'), drawn: medianOf(readings, 'drawn') };
		});
		const medium = mediumOf(covers.map(({ drawn }) => drawn));
		return covers.map(({ covered, drawn }) => ({ covered, drawn: Math.max(drawn, medium) }));
	}

	#isDue(trackId: number, timeS: number): boolean {
		const person = this.#people.get(trackId);
		if (!person || timeS - person.timeS >= intervalS) return true;
		return person.readings.some(({ covered, drawn }) => Math.max(covered, drawn) > doubtfulFrom);
	}
}

/** Fewest faces in a crowd, and the share of them that has to be drawn for the whole picture to count as drawn: three in five. */
const crowd = 5;
const crowdShare = 0.6;

/** Probability that the whole picture is drawn: the median of its faces if most of a crowd are drawn, else 0. */
function mediumOf(drawn: readonly number[]): number {
	const sure = drawn.filter((value) => value > 0.5).length;
	return drawn.length >= crowd && sure >= crowdShare * drawn.length ? median(drawn) : 0;
}

function medianOf(readings: readonly Cover[], name: keyof Cover): number {
	return median(readings.map((reading) => reading[name]));
}

/** The lower median; 0 for no values. */
const median = (values: readonly number[]) =>
	values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;
