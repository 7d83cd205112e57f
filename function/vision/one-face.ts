import type { DetectedFrame, Frame, TrackedFrame } from '../values.ts';
import type { Detect } from './detect-faces.ts';

/** Lowest score of a face; face-api's default. */
const MIN_SCORE = 0.5;

/**
 * Finds the best face on every frame, as the legacy application did; runs a larger pass if the quick one finds none. The legacy
 * application used dlib's detector, which is not available here; models/export/README.md describes what the different box changes.
 */
export async function* detectOneFace(
	frames: AsyncIterable<Frame>,
	detect: Detect,
): AsyncGenerator<DetectedFrame, void> {
	for await (const frame of frames) {
		const quick = await detect(frame, { side: 256, margin: 0, minScore: MIN_SCORE });
		const faces = quick.length > 0 ? quick : await detect(frame, { side: 512, margin: 0, minScore: MIN_SCORE });
		yield { frame, faces: faces.slice(0, 1) };
	}
}

/** One face of one person per frame; if there is none, the whole frame counts as the face, with `score` null. */
export async function* faceOrWholeFrame(frames: AsyncIterable<DetectedFrame>): AsyncGenerator<TrackedFrame, void> {
	for await (const { frame, faces } of frames) {
		const whole = { box: { x: 0, y: 0, width: frame.width, height: frame.height }, score: null };
		yield { frame, faces: [{ trackId: 1, ...(faces?.[0] ?? whole) }] };
	}
}
