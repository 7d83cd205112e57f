import type { Plan } from './contract/plan.ts';
import type { Box, HeatMap, Quality } from './contract/report.ts';

/** The values that flow through the pipeline: plain, immutable, and freed when the stage after them has taken them. */

/** Which frames of a video are taken: so many, or 5 a second (`all`), spread over the whole of it or one after the other from the start. */
export type Sampling = {
	readonly frames: Plan['frames'];
	readonly part: 'whole' | 'start';
	/** Clockwise turn beyond what the file says; default 0. */
	readonly turnDeg?: 90 | 180 | 270;
	/** The part of the video that `frames` are spread over; default the whole. */
	readonly span?: Omit<TimeRange, 'frames'>;
	/** A second pass over these parts alone, in order of time, in place of `frames`. */
	readonly ranges?: readonly TimeRange[];
};

/** A part of a video and how many frames are taken of it, at equal steps. */
export type TimeRange = { readonly fromS: number; readonly toS: number; readonly frames: number };

/** One upright picture with square pixels; `rgb` is [height, width, 3], 0..255. */
export type Frame = {
	/** 0-based number of the sampled frame, in order of time. */
	readonly index: number;
	/** Presentation time from the start of the file, seconds. */
	readonly timeS: number;
	readonly width: number;
	readonly height: number;
	readonly rgb: Uint8Array;
	/** Gives the memory of `rgb` back, which is not to be read afterwards; whoever holds the frame last calls it, once. */
	readonly release?: () => void;
};

/** A face that was found; `score` is that of the surer network, 0..1. */
export type Face = {
	readonly box: Box;
	readonly score: number;
	/** The finder's own score, 0 where it saw none there; left out where it was not asked. */
	readonly finderScore?: number;
};

/** A frame with the detector's faces; `faces` is null where the detector was not run. */
export type DetectedFrame = { readonly frame: Frame; readonly faces: readonly Face[] | null };

/** A face with the person it belongs to; `score` is null where its place was interpolated. */
export type TrackedFace = { readonly trackId: number; readonly box: Box; readonly score: number | null };

/** A frame with every person in it. */
export type TrackedFrame = { readonly frame: Frame; readonly faces: readonly TrackedFace[] };

/** A part cut around a face, as the classifier is given it; `pixels` is [3, size, size] RGB, 0..1. */
export type FaceCrop = TrackedFace & {
	readonly frameIndex: number;
	readonly timeS: number;
	/** The part that was cut, px of the frame; may leave it, and need not be a square. */
	readonly cropBox: Box;
	readonly size: number;
	readonly pixels: Float32Array;
	readonly quality: Quality;
};

/** A crop with the classifier's answer: raw logit (positive = fake) and the exact map whose mean it is; null where the classifier gives none. */
export type ScoredFace = FaceCrop & {
	readonly logit: number;
	readonly heatMap: HeatMap | null;
	/** The classifier's features of the face; null or left out where no sequence model reads them. */
	readonly embedding?: Float32Array | null;
};

/** A frame's faces after cutting; the frame itself is freed. */
export type CroppedFrame = { readonly frameIndex: number; readonly timeS: number; readonly faces: readonly FaceCrop[] };

/** A frame's faces with their scores. */
export type ScoredFrame = {
	readonly frameIndex: number;
	readonly timeS: number;
	readonly faces: readonly ScoredFace[];
};
