import type { FaceEntry, Moment, Outcome, TrackReport } from '../../function/contract/report.ts';

/** One person as the page shows them while the analysis runs and after it. */
export type Person = {
	readonly trackId: number;
	/** In order of time. */
	readonly faces: readonly FaceEntry[];
	readonly moments: readonly Moment[];
	/** The newest crop that was scored as a data URL; null when none came. */
	readonly cropUrl: string | null;
	/** null as long as the report is not there. */
	readonly outcome: Outcome | null;
};

/** A face that was just scored. */
export type NewFace = {
	readonly trackId: number;
	readonly face: FaceEntry;
	/** A data URL; null when the service sent no picture. */
	readonly cropUrl: string | null;
};

/** A base64 JPEG of the wire as an address for `<img>`. */
export const jpegUrl = (base64: string) => `data:image/jpeg;base64,${base64}`;

/** The people of a report, as they were listed. */
export function peopleFromTracks(tracks: readonly TrackReport[]): Person[] {
	return tracks.map(({ trackId, faces, moments, outcome }) => ({
		trackId,
		faces,
		moments,
		cropUrl: moments[0] ? jpegUrl(moments[0].cropJpegBase64) : null,
		outcome,
	}));
}

/** Gathers people from events; an event that comes twice changes nothing. */
export class Gathering {
	readonly #people = new Map<number, Person>();

	addFace({ trackId, face, cropUrl }: NewFace): void {
		const person = this.#person(trackId);
		this.#people.set(trackId, {
			...person,
			faces: inserted(person.faces, face),
			cropUrl: cropUrl ?? person.cropUrl,
		});
	}

	addMoment(trackId: number, moment: Moment): void {
		const person = this.#person(trackId);
		this.#people.set(trackId, { ...person, moments: inserted(person.moments, moment) });
	}

	people(): Person[] {
		return [...this.#people.values()].sort((a, b) => a.trackId - b.trackId);
	}

	#person(trackId: number): Person {
		return this.#people.get(trackId) ?? { trackId, faces: [], moments: [], cropUrl: null, outcome: null };
	}
}

/** A copy with the sample where its time belongs, nearly always at the end; one of the same frame is replaced. */
function inserted<T extends { frameIndex: number }>(samples: readonly T[], sample: T): T[] {
	const at = samples.findLastIndex(({ frameIndex }) => frameIndex <= sample.frameIndex);
	const isSame = samples[at]?.frameIndex === sample.frameIndex;
	return samples.toSpliced(isSame ? at : at + 1, isSame ? 1 : 0, sample);
}
