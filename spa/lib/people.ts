import { Lane, laneFromFaces } from '../../function/answer/lane.ts';
import type { FaceEntry, Moment, Outcome, TrackReport } from '../../function/contract/report.ts';

/** One person as shown on the page during and after the analysis. */
export type Person = {
	readonly trackId: number;
	/** In chronological order. */
	readonly faces: readonly FaceEntry[];
	readonly moments: readonly Moment[];
	/** The newest scored crop as a data URL; null if there is none. */
	readonly cropUrl: string | null;
	/** null until the report is there. */
	readonly outcome: Outcome | null;
	/** The timeline's drawing. */
	readonly lane: Lane;
};

/** A face that was just scored. */
export type NewFace = {
	readonly trackId: number;
	readonly face: FaceEntry;
	/** A data URL; null if the service sent no picture. */
	readonly cropUrl: string | null;
};

/** A base64 JPEG as a URL for `<img>`. */
export const jpegUrl = (base64: string) => `data:image/jpeg;base64,${base64}`;

/** The people of a report, in its order. */
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

/** A person while faces arrive; lists and lane grow in place, so each face costs the same however many came before. */
type Growing = { faces: FaceEntry[]; moments: Moment[]; cropUrl: string | null; lane: Lane };

/** Collects people from events; a repeated event changes nothing. */
export class Gathering {
	readonly #growing = new Map<number, Growing>();
	readonly #shown = new Map<number, Person>();

	addFace({ trackId, face, cropUrl }: NewFace): void {
		const person = this.#person(trackId);
		const place = insert(person.faces, face);
		if (place === 'last' && !face.secondPass) person.lane.add(face);
		else if (place !== 'known') person.lane = laneFromFaces(person.faces);
		person.cropUrl = cropUrl ?? person.cropUrl;
	}

	addMoment(trackId: number, moment: Moment): void {
		insert(this.#person(trackId).moments, moment);
	}

	/** Everyone seen so far, in order of trackId; a new object for each person who changed since the last call. */
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

/** Inserts the sample at its time, which in a first pass is the end; a sample of a known frame changes nothing. */
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
