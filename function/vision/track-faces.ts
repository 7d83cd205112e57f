import type { DetectedFrame, Frame, TrackedFace, TrackedFrame } from '../values.ts';
import { interpolateBox } from './geometry.ts';
import { type Assignment, createPeople, type Identify, isNear, type People, type Sighting } from './people.ts';
import { likeness, thumbnailFromFrame } from './thumbnail.ts';

type Pass = { readonly frame: Frame; readonly faces: readonly Assignment[] };

/**
 * Follows every person through the frames; who leaves and comes back keeps the track id. A frame without detection is held until the
 * next detector frame and gets boxes interpolated in time, each only where the person is still seen there (a cut in between shows
 * someone else). Memory: the frames between two detector frames. Errors of `identify` pass through.
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
		yield { frame, faces: after.faces.map(({ trackId, box, score }) => ({ trackId, box, score })) };
		before = after;
		held = [];
	}
	for (const frame of held) yield { frame, faces: [] };
}

/** A person on the way between two detections; `latest` is where it was last recognised. */
type Way = { readonly trackId: number; readonly from: Sighting; readonly to: Sighting; latest: Sighting };

async function* fillBetween(
	before: Pass | null,
	held: readonly Frame[],
	after: Pass,
	people: People,
): AsyncGenerator<TrackedFrame, void> {
	const ways = before && held.length > 0 ? waysBetween(before, after) : [];
	const startS = before?.frame.timeS ?? 0;
	const spanS = after.frame.timeS - startS;
	for (const frame of held) {
		const share = spanS > 0 ? (frame.timeS - startS) / spanS : 0;
		const faces: TrackedFace[] = [];
		for (const way of ways) {
			const box = interpolateBox(way.from.box, way.to.box, share);
			const here = { box, thumbnail: thumbnailFromFrame(frame, box) };
			const alike = Math.max(
				...[way.from, way.to, way.latest].map(({ thumbnail }) => likeness(thumbnail, here.thumbnail)),
			);
			if (!(await people.isAt(frame, way.trackId, here, alike))) continue;
			way.latest = here;
			faces.push({ trackId: way.trackId, box, score: null });
		}
		yield { frame, faces };
	}
}

function waysBetween(before: Pass, after: Pass): Way[] {
	return before.faces.flatMap(({ trackId, sighting: from }) => {
		const to = after.faces.find((face) => face.trackId === trackId)?.sighting;
		return to && isNear(from.box, to.box) ? [{ trackId, from, to, latest: from }] : [];
	});
}
