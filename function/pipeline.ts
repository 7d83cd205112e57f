import type { AnalysisEvent } from './contract/events.ts';
import { allHz, type Plan } from './contract/plan.ts';
import type { Coverage, Report, VideoInfo } from './contract/report.ts';
import { AnalysisError } from './errors.ts';
import type { MomentCollector } from './evidence/moments.ts';
import { batch, prefetch } from './flow.ts';
import { chooseMode } from './modes/choose-mode.ts';
import { type Mode, type ModeClassifier, samplingOf } from './modes/mode.ts';
import type { CroppedFrame, Frame, Sampling, ScoredFace, ScoredFrame, TrackedFrame } from './values.ts';
import { createJudge } from './verdict/judge.ts';
import { SequenceReader } from './verdict/sequence.ts';
import type { Detect } from './vision/detect-faces.ts';
import type { Identify } from './vision/people.ts';

/** Frames sampled from a file and, once they are read, what the sampling met. */
export type SampledFrames = {
	readonly frames: AsyncIterable<Frame>;
	stats(): Pick<Coverage, 'framesCorrupt' | 'sampling' | 'fellBackToLinear'>;
};

/** An open video or picture; `close` ends whatever still reads it. */
export type Media = {
	readonly info: VideoInfo;
	frames(sampling: Sampling): SampledFrames;
	close(): void;
};

/** The impure or costly steps of an analysis, each injected so that tests can put plain ones in their place. */
export type Stages = {
	/** Opens a file; throws AnalysisError for what cannot be analysed. */
	openMedia(path: string, limits: Pick<Plan, 'maxDurationS'>, signal: AbortSignal): Promise<Media>;
	/** Finds the faces of a frame. */
	readonly detect: Detect;
	/** Describes a face. */
	readonly identify: Identify;
	cropFaces(frames: AsyncIterable<TrackedFrame>, video: VideoInfo): AsyncIterable<CroppedFrame>;
	scoreFaces(groups: AsyncIterable<readonly CroppedFrame[]>): AsyncIterable<ScoredFrame>;
	/** Frames whose faces are scored in one go: a few, so that the first answers come soon; a GPU is only busy with more. */
	readonly framesAGroup: number;
	/** How many operators of the networks really ran on a GPU and how many on the CPU; null where none should run on a GPU. */
	readonly placement: { readonly cpu: number; readonly cuda: number } | null;
	/** What judges, as far as a mode needs to know it. */
	readonly classifier: ModeClassifier;
	/** Reads a person's frames together; null where the classifier has no sequence model. */
	readonly sequence: ConstructorParameters<typeof SequenceReader> | null;
	createMoments(plan: Plan): MomentCollector;
	/** The picture of a scored face for whoever watches: a base64 JPEG. */
	encodeCrop(face: ScoredFace): Promise<string>;
	/** The constant part of every report: versions, models, provider. */
	readonly provenance: Pick<Report, 'tool' | 'classifier' | 'models' | 'provider' | 'environment'>;
};

/** Decoded frames that wait for the detector. */
const FRAMES_AHEAD = 4;
/** Frames whose faces wait to be cut, while those of the next ones are being found. */
const FRAMES_TRACKED = 1;

/**
 * One video, one direction: frames -> faces -> tracks -> crops -> scores -> verdict, as events that end with `report`.
 * Throws AnalysisError; whoever sends the events on turns that into `failed`.
 */
export async function* analyse(
	path: string,
	fileName: string,
	plan: Plan,
	stages: Stages,
	signal: AbortSignal,
): AsyncGenerator<AnalysisEvent, void> {
	const startMs = performance.now();
	const mode = chooseMode(plan, stages.classifier);
	const media = await stages.openMedia(path, plan, signal);
	try {
		yield { type: 'video', fileName, video: media.info };
		yield* analyseMedia({ media, mode, fileName, plan, stages, signal, startMs });
	} finally {
		media.close();
	}
}

/** One analysis of an open file. */
type Run = {
	readonly media: Media;
	readonly mode: Mode;
	readonly fileName: string;
	readonly plan: Plan;
	readonly stages: Stages;
	readonly signal: AbortSignal;
	readonly startMs: number;
};

async function* analyseMedia(run: Run): AsyncGenerator<AnalysisEvent, void> {
	const { media, mode, fileName, plan, stages, signal, startMs } = run;
	const video = media.info;
	const sampled = media.frames(samplingOf(mode, plan));
	const scored = scoreFrames(sampled.frames, run);
	const judge = createJudge({ video, ...mode.judging(video.kind, stages.classifier) });
	const sequence = stages.sequence && !mode.isLegacy ? new SequenceReader(...stages.sequence) : null;
	const moments = stages.createMoments(plan);
	const seen = { frames: 0, withoutFace: 0, faces: 0, firstS: null as number | null, lastS: null as number | null };
	let firstFaceS: number | null = null;
	for await (const { timeS, faces } of scored) {
		signal.throwIfAborted();
		const pictures = plan.crops ? await Promise.all(faces.map(stages.encodeCrop)) : [];
		for (const [i, face] of faces.entries()) {
			const entry = judge.add(face);
			moments.add(face, entry.face);
			if (entry.face.excluded === null) await sequence?.add(face);
			firstFaceS ??= secondsSince(startMs);
			yield { type: 'face', ...entry, cropJpegBase64: pictures[i] ?? null };
		}
		seen.frames++;
		seen.faces += faces.length;
		if (faces.length === 0) seen.withoutFace++;
		seen.firstS ??= timeS;
		seen.lastS = timeS;
		yield { type: 'progress', framesDone: seen.frames, framesTotal: framesExpected(plan, video), faces: seen.faces };
	}
	if (seen.frames === 0) throw new AnalysisError('decode-failed', 'decode');

	if (sequence) judge.refine(await sequence.finish());
	const stats = sampled.stats();
	const tracks: Report['tracks'] = [];
	for (const track of judge.tracks()) {
		const own = await moments.collect(track.trackId, track.outcome);
		for (const moment of own) yield { type: 'moment', trackId: track.trackId, moment };
		tracks.push({ ...track, moments: own });
	}
	const verdict = judge.verdict({ framesSampled: seen.frames, framesCorrupt: stats.framesCorrupt });
	const report: Report = {
		schema: 'unmask-report/1',
		...stages.provenance,
		...judge.rules,
		createdAt: new Date().toISOString(),
		fileName,
		video,
		plan,
		verdict,
		older: stages.classifier.network === null ? null : mode.legacyAnswer(verdict),
		tracks,
		coverage: {
			framesRequested: framesExpected(plan, video),
			framesSampled: seen.frames,
			framesWithoutFace: seen.withoutFace,
			...judge.counts(),
			...stats,
			part: mode.part,
			firstFrameS: seen.firstS,
			lastFrameS: seen.lastS,
		},
		timings: { totalS: secondsSince(startMs), firstFaceS },
	};
	yield { type: 'report', report };
}

/** Frames -> faces -> tracks -> crops -> scores; each stage works ahead of the next. */
function scoreFrames(frames: AsyncIterable<Frame>, { media, mode, stages }: Run): AsyncIterable<ScoredFrame> {
	const { framesAGroup } = stages;
	const detected = mode.detectFaces(prefetch(frames, FRAMES_AHEAD), stages.detect);
	const tracked = mode.trackFaces(detected, stages.identify);
	const cropped = stages.cropFaces(prefetch(tracked, FRAMES_TRACKED), media.info); // the last stage that holds a whole frame
	return stages.scoreFaces(batch(prefetch(cropped, framesAGroup), framesAGroup));
}

/** How many frames the plan asks for; null when that hangs on an unknown duration. */
export function framesExpected(plan: Plan, video: VideoInfo): number | null {
	if (video.kind === 'image') return 1;
	if (plan.frames !== 'all') return plan.frames;
	return video.durationS === null ? null : Math.max(1, Math.round(video.durationS * allHz));
}

const secondsSince = (startMs: number) => Math.round(performance.now() - startMs) / 1000;
