import type { Plan } from '../contract/plan.ts';
import type { Report, Verdict, VideoInfo } from '../contract/report.ts';
import type { DetectedFrame, Frame, Sampling, TrackedFrame } from '../values.ts';
import type { Calibrations } from '../verdict/calibration.ts';
import type { FrameMean } from '../verdict/frame-mean.ts';
import type { JudgeOptions } from '../verdict/judge.ts';
import type { Detect } from '../vision/detect-faces.ts';
import type { Identify } from '../vision/people.ts';

/** What a mode needs to know about the classifier. */
export type ModeClassifier = {
	readonly id: string;
	/** The legacy application's network; null for every other model. */
	readonly network: string | null;
	readonly calibration: Calibrations | null;
	readonly frames: FrameMean;
	readonly people: 'everybody' | 'main';
};

/** One way to analyse a video: everything in which modes differ. */
export type Mode = {
	/** Whether it accepts only models of the legacy application. */
	readonly needsLegacyNetwork: boolean;
	/** Whether it reproduces the legacy application, which took frames from the start and had no calibration. */
	readonly isLegacy: boolean;
	/** Which part of the video its frames come from. */
	readonly part: Sampling['part'];
	/** Whether a second pass samples doubtful ranges more densely. */
	readonly hasSecondPass: boolean;
	detectFaces(frames: AsyncIterable<Frame>, detect: Detect): AsyncIterable<DetectedFrame>;
	trackFaces(frames: AsyncIterable<DetectedFrame>, identify: Identify): AsyncIterable<TrackedFrame>;
	/** How the judge interprets the classifier's scores. */
	judging(kind: VideoInfo['kind'], classifier: ModeClassifier): Omit<JudgeOptions, 'video'>;
	/** The mode of a legacy model, and what the legacy application would have shown. */
	legacyAnswer(verdict: Pick<Verdict, 'fakeProbability'>): Report['older'];
	/** Short descriptions for comparing modes: where the frames come from, and what decides. */
	readonly words: { readonly from: string; readonly decides: string };
};

/** The plan's frames as the mode samples them. */
export const samplingOf = ({ part }: Pick<Mode, 'part'>, { frames }: Pick<Plan, 'frames'>): Sampling => ({
	frames,
	part,
});
