import type { DetectedFrame, Frame, TrackedFace, TrackedFrame } from '../values.ts';
import { interpolateBox } from './geometry.ts';
import { type Assignment, createPeople, type Identify, isNear, type Observation, type People } from './people.ts';
import { similarity, thumbnailFromFrame } from './thumbnail.ts';

type Pass = { readonly frame: Frame; readonly faces: readonly Assignment[] };

/**
 * Tracks every person through the frames; a person who leaves and returns keeps the track id. Frames without detection are held until
 * the next detector frame and get boxes interpolated in time, each only if the person is still there (after a cut it may be someone
 * else). Memory: the frames between two detector frames. Passes on errors of `identify`.
 */
export async function* trackFaces(
	frames: AsyncIterable<DetectedFrame>,
	identify: Identify,
): AsyncGenerator<TrackedFrame, void> {
	const people = createPeople(identify);
	let before: Pass | null = null;
	let held: Frame[] = [];
	for await (const { frame, faces } of frames) {
		if (faces === null) {
			held.push(frame);
			continue;
		}
		const after: Pass = { frame, faces: await people.assign(frame, faces) };
		yield* fillBetween(before, held, after, people);
		yield { frame, faces: after.faces.map(({ observation: _, ...face }) => face) };
		before = after;
		held = [];
	}
	for (const frame of held) yield { frame, faces: [] };
}

/** A person between two detections; `latest` is where it was last recognised. */
type Tracklet = {
	readonly trackId: number;
	readonly from: Observation;
	readonly to: Observation;
	latest: Observation;
};

async function* fillBetween(
	before: Pass | null,
	held: readonly Frame[],
	after: Pass,
	people: People,
): AsyncGenerator<TrackedFrame, void> {
	const tracklets = before && held.length > 0 ? trackletsBetween(before, after) : [];
	const startS = before?.frame.timeS ?? 0;
	const spanS = after.frame.timeS - startS;
	for (const frame of held) {
		const share = spanS > 0 ? (frame.timeS - startS) / spanS : 0;
		const faces: TrackedFace[] = [];
		for (const tracklet of tracklets) {
			const { trackId, from, to, latest } = tracklet;
			const box = interpolateBox(from.box, to.box, share);
			const here = { box, thumbnail: thumbnailFromFrame(frame, box) };
			const best = Math.max(...[from, to, latest].map(({ thumbnail }) => similarity(thumbnail, here.thumbnail)));
			if (!(await people.isAt(frame, trackId, here, best))) continue;
			tracklet.latest = here;
			faces.push({ trackId, box, score: null });
		}
		yield { frame, faces };
	}
}

function trackletsBetween(before: Pass, after: Pass): Tracklet[] {
	return before.faces.flatMap(({ trackId, observation: from }) => {
		const to = after.faces.find((face) => face.trackId === trackId)?.observation;
		return to && isNear(from.box, to.box) ? [{ trackId, from, to, latest: from }] : [];
	});
}
