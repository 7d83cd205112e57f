import type { Quality } from '../contract/report.ts';

/** How sure it is that most of a face is covered, and that it is drawn, 0..1 each; from .5 on a face is not judged. */
type Cover = { readonly [K in 'covered' | 'drawn']: NonNullable<Quality[K]> };
/** Reads covered and drawn faces from crops of `cropForQuality`, [3, size, size] each. */
export type ReadCover = (crops: readonly Float32Array[]) => Promise<Cover[]>;

/** A person is read again after this time, seconds: covers come and go slower than faces are sampled in dense passes. */
const againS = 1;
/** From here on a reading is in doubt, and the person is read in each frame while one of the remembered readings is. */
const doubtFrom = 0.1;
/** Readings that a person is judged by together. */
const remembered = 5;

/**
 * Reads whether faces are covered or drawn, a person now and then: when first seen, each second, and as long as it is in doubt. What it reports
 * is the median of the last few readings, of an even number the lower one of the middle, so that no face is refused for one wrong reading, and a mask does not come
 * and go with single frames. The only reading of a picture counts as it is. Where most of many faces in a picture are drawn, all are.
 */
export class CoverWatch {
	readonly #read: ReadCover;
	readonly #people = new Map<number, { timeS: number; readings: Cover[] }>();

	constructor(read: ReadCover) {
		this.#read = read;
	}

	/** The covers of a frame's faces, whose crops are in the same order. */
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
			this.#people.set(trackId, { timeS, readings: [...before, found[k] as Cover].slice(-remembered) });
		}
		const covers = faces.map(({ trackId }) => {
			const readings = this.#people.get(trackId)?.readings ?? [];
			return { covered: together(readings, 'covered'), drawn: together(readings, 'drawn') };
		});
		const medium = mediumOf(covers.map(({ drawn }) => drawn));
		return covers.map(({ covered, drawn }) => ({ covered, drawn: Math.max(drawn, medium) }));
	}

	#isDue(trackId: number, timeS: number): boolean {
		const person = this.#people.get(trackId);
		if (!person || timeS - person.timeS >= againS) return true;
		return person.readings.some(({ covered, drawn }) => Math.max(covered, drawn) > doubtFrom);
	}
}

/** Faces that a picture needs before they speak for each other, and the share of them that has to be drawn: three in five. */
const crowd = 5;
const mostShare = 0.6;

/** How sure it is that a picture is drawn as a whole: the median of its faces where most of a crowd are drawn, else 0. */
function mediumOf(drawn: readonly number[]): number {
	const sure = drawn.filter((value) => value > 0.5).length;
	return drawn.length >= crowd && sure >= mostShare * drawn.length ? median(drawn) : 0;
}

function together(readings: readonly Cover[], name: keyof Cover): number {
	return median(readings.map((reading) => reading[name]));
}

/** Of an even number of values the lower one of the middle; 0 of none. */
const median = (values: readonly number[]) =>
	values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;
