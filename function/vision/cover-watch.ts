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
 * and go with single frames. The only reading of a picture counts as it is.
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
		return faces.map(({ trackId }) => {
			const readings = this.#people.get(trackId)?.readings ?? [];
			return { covered: together(readings, 'covered'), drawn: together(readings, 'drawn') };
		});
	}

	#isDue(trackId: number, timeS: number): boolean {
		const person = this.#people.get(trackId);
		if (!person || timeS - person.timeS >= againS) return true;
		return person.readings.some(({ covered, drawn }) => Math.max(covered, drawn) > doubtFrom);
	}
}

function together(readings: readonly Cover[], name: keyof Cover): number {
	const values = readings.map((reading) => reading[name]).sort((a, b) => a - b);
	return values[Math.floor((values.length - 1) / 2)] ?? 0;
}
