import { Lane, laneFromFaces } from '../../function/answer/lane.ts';
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
	/** What the timeline draws. */
	readonly lane: Lane;
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
		lane: laneFromFaces(faces),
	}));
}

/** A person while faces come in; lists and lane grow in place, so that a face costs the same however many came before. */
type Growing = { faces: FaceEntry[]; moments: Moment[]; cropUrl: string | null; lane: Lane };

/** Gathers people from events; an event that comes twice changes nothing. */
export class Gathering {
	readonly #growing = new Map<number, Growing>();
	readonly #shown = new Map<number, Person>();

	addFace({ trackId, face, cropUrl }: NewFace): void {
		const person = this.#person(trackId);
		const place = insert(person.faces, face);
		if (place === 'last') person.lane.add(face);
		if (place === 'between') person.lane = laneFromFaces(person.faces);
		person.cropUrl = cropUrl ?? person.cropUrl;
	}

	addMoment(trackId: number, moment: Moment): void {
		insert(this.#person(trackId).moments, moment);
	}

	/** Everyone as seen so far, in order of trackId; a new object for each person who changed since the last call. */
	people(): Person[] {
		for (const [trackId, growing] of this.#growing)
			if (!this.#shown.has(trackId)) this.#shown.set(trackId, { trackId, outcome: null, ...growing });
		return [...this.#shown.values()].sort((a, b) => a.trackId - b.trackId);
	}

	#person(trackId: number): Growing {
		this.#shown.delete(trackId);
		const known = this.#growing.get(trackId);
		if (known) return known;
		const person = { faces: [], moments: [], cropUrl: null, lane: new Lane() };
		this.#growing.set(trackId, person);
		return person;
	}
}

/** Puts the sample where its time belongs, in a first pass at the end; one of a frame that is known changes nothing. */
function insert<T extends { frameIndex: number; timeS: number }>(
	samples: T[],
	sample: T,
): 'last' | 'between' | 'known' {
	const at = samples.findLastIndex(
		({ timeS, frameIndex }) => timeS < sample.timeS || (timeS === sample.timeS && frameIndex <= sample.frameIndex),
	);
	if (samples[at]?.frameIndex === sample.frameIndex) return 'known';
	samples.splice(at + 1, 0, sample);
	return at + 2 === samples.length ? 'last' : 'between';
}
