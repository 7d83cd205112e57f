import type { Plan } from '../contract/plan.ts';
import type { Report, Verdict, VideoInfo } from '../contract/report.ts';
import type { DetectedFrame, Frame, Sampling, TrackedFrame } from '../values.ts';
import type { Calibrations } from '../verdict/calibration.ts';
import type { FrameMean } from '../verdict/frame-mean.ts';
import type { JudgeOptions } from '../verdict/judge.ts';
import type { Detect } from '../vision/detect-faces.ts';
import type { Identify } from '../vision/people.ts';

/** What a mode needs to know of the classifier. */
export type ModeClassifier = {
	readonly id: string;
	/** The legacy application's network; null for every other model. */
	readonly network: string | null;
	readonly calibration: Calibrations | null;
	readonly frames: FrameMean;
	readonly people: 'everybody' | 'main';
};

/** One way to analyse a video, chosen once: everything in which modes differ. */
export type Mode = {
	/** Whether it takes models of the legacy application only. */
	readonly needsLegacyNetwork: boolean;
	/** Whether it repeats the legacy application, which counted frames from the first and had no calibration. */
	readonly isLegacy: boolean;
	/** Which part of the video its frames come from. */
	readonly part: Sampling['part'];
	/** Whether a second pass looks closer where the first is in doubt. */
	readonly hasSecondPass: boolean;
	detectFaces(frames: AsyncIterable<Frame>, detect: Detect): AsyncIterable<DetectedFrame>;
	trackFaces(frames: AsyncIterable<DetectedFrame>, identify: Identify): AsyncIterable<TrackedFrame>;
	/** How a judge reads the classifier's numbers. */
	judging(kind: VideoInfo['kind'], classifier: ModeClassifier): Omit<JudgeOptions, 'video'>;
	/** How a model of the legacy application was read, and what that would have shown. */
	legacyAnswer(verdict: Pick<Verdict, 'fakeProbability'>): Report['older'];
	/** The mode beside others, in a few words each. */
	readonly words: { readonly from: string; readonly decides: string };
};

/** The plan's frames as the mode takes them. */
export const samplingOf = ({ part }: Pick<Mode, 'part'>, { frames }: Pick<Plan, 'frames'>): Sampling => ({
	frames,
	part,
});
