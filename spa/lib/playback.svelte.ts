import { type FaceAt, type FacesOfTrack, facesAt, samplingGapS } from '../../function/answer/faces-at.ts';

/** What the player shows of each person at its current time. */
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
	/** One entry per person visible now; nobody between samples that are too far apart. */
	get faces(): readonly FaceAt[] {
		return facesAt(this.#tracks, this.#timeS, this.#gapS);
	}
	/** Where the player should jump: a new object for each `seek`; null before the first. */
	get seekRequest(): { readonly timeS: number } | null {
		return this.#seekS;
	}

	/** Called when the player reaches this time, in seconds. */
	setTime(timeS: number): void {
		this.#timeS = timeS;
	}

	/** Asks the player to jump, for example after a click on the timeline. */
	seek(timeS: number): void {
		this.#timeS = Math.max(0, timeS);
		this.#seekS = { timeS: this.#timeS };
	}
}
