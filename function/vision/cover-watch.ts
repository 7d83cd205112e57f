import type { Quality } from '../contract/report.ts';

/** How sure it is that most of a face is covered, and that it is drawn, 0..1 each; from .5 on a face is not judged. */
type Cover = { readonly [K in 'covered' | 'drawn']: NonNullable<Quality[K]> };
/** Reads covered and drawn faces from crops of `cropForQuality`, [3, size, size] each. */
export type ReadCover = (crops: readonly Float32Array[]) => Promise<Cover[]>;

/** A person is read again after this time, seconds: covers come and go slower than faces are sampled in dense passes. */
const againS = 1;
/** From here on a reading is in doubt, and the person's next face is read as well. */
const doubtFrom = 0.1;
/** Readings that a person is judged by together. */
const remembered = 4;

/**
 * Reads whether faces are covered or drawn, a person now and then: when first seen, each second, and as long as it is in doubt. What it reports
 * is the higher of the last reading and the mean of the last few, so that a mask does not come and go with single frames.
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
		const last = person?.readings.at(-1);
		return !person || !last || Math.max(last.covered, last.drawn) > doubtFrom || timeS - person.timeS >= againS;
	}
}

function together(readings: readonly Cover[], name: keyof Cover): number {
	const values = readings.map((reading) => reading[name]);
	return Math.max(values.at(-1) ?? 0, values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length));
}
