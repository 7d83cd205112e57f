import type { FacesOfTrack } from './faces-at.ts';

/** One person's scores on the common time axis. */
export type Lane = {
	readonly trackId: number;
	/** fakeProbability 0..1 at each of `timesS`; null where the person is not seen or does not count: the line is broken there. */
	readonly scores: (number | null)[];
	/** The same times where a face was seen and does not count; null elsewhere. 0 = to be drawn at the foot of the lane. */
	readonly skipped: (number | null)[];
};

/** Aligned arrays as uPlot takes them: `[timesS, lane.scores, lane.skipped]` for each lane. */
export type Timeline = { readonly timesS: number[]; readonly lanes: readonly Lane[] };

/** The timeline of people, of a report or of an analysis that still runs; one lane a person, in the order given. */
export function timelineFromPeople(people: readonly FacesOfTrack[]): Timeline {
	const timeByFrame = new Map<number, number>();
	for (const { faces } of people) for (const face of faces) timeByFrame.set(face.frameIndex, face.timeS);
	const rows = withGaps([...timeByFrame].sort(([a], [b]) => a - b));
	const lanes = people.map(({ trackId, faces }) => {
		const byFrame = new Map(faces.map((face) => [face.frameIndex, face]));
		const found = rows.map(({ frameIndex }) => (frameIndex === null ? undefined : byFrame.get(frameIndex)));
		return {
			trackId,
			scores: found.map((face) => (face && face.excluded === null ? face.fakeProbability : null)),
			skipped: found.map((face) => (face?.excluded ? 0 : null)),
		};
	});
	return { timesS: rows.map(({ timeS }) => timeS), lanes };
}

/** Between frames that do not follow each other nobody was seen: a row without a face there breaks the lines. */
function withGaps(frames: readonly (readonly [frameIndex: number, timeS: number])[]) {
	return frames.flatMap(([frameIndex, timeS], i) => {
		const before = frames[i - 1];
		const row = { frameIndex: frameIndex as number | null, timeS };
		return before && frameIndex - before[0] > 1 ? [{ frameIndex: null, timeS: (before[1] + timeS) / 2 }, row] : [row];
	});
}
