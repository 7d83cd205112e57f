import type { Plan } from './contract/plan.ts';
import type { Box, HeatMap, Quality } from './contract/report.ts';

/** The values that flow through the pipeline: plain, immutable, and freed once the next stage has consumed them. */

/** Which frames are sampled: a number of them, or 5 per second (`all`), spread over the whole video or consecutive from its start. */
export type Sampling = {
	readonly frames: Plan['frames'];
	readonly part: 'whole' | 'start';
	/** Clockwise turn in addition to the file's own orientation; default 0. */
	readonly turnDeg?: 90 | 180 | 270;
	/** The part of the video that `frames` are spread over; default: the whole. */
	readonly span?: Omit<TimeRange, 'frames'>;
	/** The ranges of a second pass, in order of time; replaces `frames`. */
	readonly ranges?: readonly TimeRange[];
};

/** A part of a video and how many frames are sampled from it, at equal steps. */
export type TimeRange = { readonly fromS: number; readonly toS: number; readonly frames: number };

/** One upright picture with square pixels; `rgb` is [height, width, 3], 0..255. */
export type Frame = {
	/** 0-based index of the sampled frame, in order of time. */
	readonly index: number;
	/** Presentation time from the start of the file, seconds. */
	readonly timeS: number;
	readonly width: number;
	readonly height: number;
	readonly rgb: Uint8Array;
	/** Frees `rgb`, which must not be read afterwards. The last holder of the frame calls it once. */
	readonly release?: () => void;
};

/** A detected face; `score` is the higher of the two networks' scores, 0..1. */
export type Face = {
	readonly box: Box;
	readonly score: number;
	/** The finder's own score, 0 if it saw no face there; unset if it was not run. */
	readonly finderScore?: number;
};

/** A frame with its detected faces; `faces` is null if detection was not run. */
export type DetectedFrame = { readonly frame: Frame; readonly faces: readonly Face[] | null };

/** A face with its track; `score` is null if the box was interpolated. */
export type TrackedFace = {
	readonly trackId: number;
	readonly box: Box;
	readonly score: number | null;
	/** The identity descriptor; unset if the face was tracked without one. */
	readonly descriptor?: Float32Array;
};

/** A frame with the tracked faces in it. */
export type TrackedFrame = { readonly frame: Frame; readonly faces: readonly TrackedFace[] };

/** The crop around a face that the classifier receives; `pixels` is [3, size, size] RGB, 0..1. */
export type FaceCrop = TrackedFace & {
	readonly frameIndex: number;
	readonly timeS: number;
	/** The area that was cropped, px of the frame; may extend beyond it and need not be square. */
	readonly cropBox: Box;
	readonly size: number;
	readonly pixels: Float32Array;
	readonly quality: Quality;
};

/** A crop with the classifier's output: the raw logit (positive = fake) and the heat map whose mean is that logit; null if the classifier has none. */
export type ScoredFace = FaceCrop & {
	readonly logit: number;
	readonly heatMap: HeatMap | null;
	/** The classifier's embedding of the face; null or unset if no sequence model reads it. */
	readonly embedding?: Float32Array | null;
};

/** The crops of a frame; the frame itself is freed. */
export type CroppedFrame = { readonly frameIndex: number; readonly timeS: number; readonly faces: readonly FaceCrop[] };

/** The scored faces of a frame. */
export type ScoredFrame = {
	readonly frameIndex: number;
	readonly timeS: number;
	readonly faces: readonly ScoredFace[];
};
