import { type FaceAt, type FacesOfTrack, facesAt, samplingGapS } from '../../function/answer/faces-at.ts';

/** What the player shows of each person at the time it has come to. */
export class Playback {
	readonly #tracks: readonly FacesOfTrack[];
	readonly #gapS: number;
	#timeS = $state(0);
	#seekS = $state.raw<{ readonly timeS: number } | null>(null);

	constructor(tracks: readonly FacesOfTrack[]) {
		this.#tracks = tracks;
		this.#gapS = samplingGapS(tracks);
	}

	get timeS(): number {
		return this.#timeS;
	}
	/** One entry for each person who is seen now; nobody between samples that lie too far apart. */
	get faces(): readonly FaceAt[] {
		return facesAt(this.#tracks, this.#timeS, this.#gapS);
	}
	/** Where the player is asked to go: a new object for each `seek`; null before the first. */
	get seekRequest(): { readonly timeS: number } | null {
		return this.#seekS;
	}

	/** The player has come to this time, seconds. */
	setTime(timeS: number): void {
		this.#timeS = timeS;
	}

	/** Asks the player to jump, as a click on the timeline does. */
	seek(timeS: number): void {
		this.#timeS = Math.max(0, timeS);
		this.#seekS = { timeS: this.#timeS };
	}
}
