import type { Box } from '../contract.ts';
import type { DetectedFrame, Frame, TrackedFace, TrackedFrame } from '../values.ts';
import { interpolateBox, iou } from './geometry.ts';

/** Describes a face so that two pictures of one person are near each other (Euclidean distance); costs a model run. */
export type Identify = (frame: Frame, box: Box) => Promise<Float32Array>;

/** Follows every person through the frames. Frames without detection are held until the next detector frame, then get interpolated boxes. */
export async function* trackFaces(
	frames: AsyncIterable<DetectedFrame>,
	_identify: Identify,
): AsyncGenerator<TrackedFrame, void> {
	let held: Frame[] = [];
	let before: TrackedFrame | null = null;
	let lastId = 0;
	for await (const { frame, faces } of frames) {
		if (faces === null) {
			held.push(frame);
			continue;
		}
		const free = [...(before?.faces ?? [])];
		const tracked: TrackedFace[] = faces.map(({ box, score }) => {
			const at = free.findIndex((face) => iou(face.box, box) > 0.3);
			const trackId = at < 0 ? ++lastId : (free.splice(at, 1)[0] as TrackedFace).trackId;
			return { trackId, box, score };
		});
		const now: TrackedFrame = { frame, faces: tracked };
		for (const between of held) yield { frame: between, faces: before ? interpolate(before, now, between) : [] };
		held = [];
		before = now;
		yield now;
	}
	for (const frame of held) yield { frame, faces: [] };
}

function interpolate(before: TrackedFrame, after: TrackedFrame, frame: Frame): TrackedFace[] {
	const span = after.frame.timeS - before.frame.timeS;
	const share = span > 0 ? (frame.timeS - before.frame.timeS) / span : 0;
	return before.faces.flatMap((from) => {
		const to = after.faces.find((face) => face.trackId === from.trackId);
		if (!to) return [];
		return [{ trackId: from.trackId, box: interpolateBox(from.box, to.box, share), score: null }];
	});
}
