import type { DetectedFrame, Frame, TrackedFrame } from '../values.ts';
import type { Detect } from './detect-faces.ts';

/** Score that a face needs; face-api's own default. */
const MIN_SCORE = 0.5;

/**
 * Looks for one face on every frame, as the older application did: the best one, a closer look where the quick one finds none. Its detector was
 * dlib's, which is not to be had here; what the other box changes is told in models/export/README.md.
 */
export async function* detectOneFace(frames: AsyncIterable<Frame>, look: Detect): AsyncGenerator<DetectedFrame, void> {
	for await (const frame of frames) {
		const quick = await look(frame, { side: 256, margin: 0, minScore: MIN_SCORE });
		const faces = quick.length > 0 ? quick : await look(frame, { side: 512, margin: 0, minScore: MIN_SCORE });
		yield { frame, faces: faces.slice(0, 1) };
	}
}

/** Every frame as one face of one person; a frame without a face enters whole, `score` null. */
export async function* faceOrWholeFrame(frames: AsyncIterable<DetectedFrame>): AsyncGenerator<TrackedFrame, void> {
	for await (const { frame, faces } of frames) {
		const whole = { box: { x: 0, y: 0, width: frame.width, height: frame.height }, score: null };
		yield { frame, faces: [{ trackId: 1, ...(faces?.[0] ?? whole) }] };
	}
}
