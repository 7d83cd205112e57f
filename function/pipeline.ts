import type { AnalysisEvent } from './contract/events.ts';
import { allHz, type Plan } from './contract/plan.ts';
import type { Coverage, Report, VideoInfo } from './contract/report.ts';
import { AnalysisError } from './errors.ts';
import type { MomentCollector } from './evidence/moments.ts';
import { batch, prefetch } from './flow.ts';
import type { CroppedFrame, DetectedFrame, Frame, ScoredFace, ScoredFrame, TrackedFrame } from './values.ts';
import type { Judge } from './verdict/judge.ts';
import { olderAnswer } from './verdict/older-answer.ts';

/** Frames sampled from a file and, once they are read, what the sampling met. */
export type SampledFrames = {
	readonly frames: AsyncIterable<Frame>;
	stats(): Pick<Coverage, 'framesCorrupt' | 'sampling' | 'fellBackToLinear'>;
};

/** The impure or costly steps of an analysis, each injected so that tests can put plain ones in their place. */
export type Stages = {
	/** What the file is; throws AnalysisError for what cannot be analysed. */
	probe(path: string, plan: Plan, signal: AbortSignal): Promise<VideoInfo>;
	sampleFrames(path: string, video: VideoInfo, plan: Plan, signal: AbortSignal): SampledFrames;
	detectFaces(frames: AsyncIterable<Frame>, plan: Plan): AsyncIterable<DetectedFrame>;
	trackFaces(frames: AsyncIterable<DetectedFrame>, plan: Plan): AsyncIterable<TrackedFrame>;
	cropFaces(frames: AsyncIterable<TrackedFrame>, video: VideoInfo): AsyncIterable<CroppedFrame>;
	scoreFaces(groups: AsyncIterable<readonly CroppedFrame[]>): AsyncIterable<ScoredFrame>;
	/** Frames whose faces are scored in one go: a few, so that the first answers come soon; a GPU is only busy with more. */
	readonly framesAGroup: number;
	/** How many operators of the networks really ran on a GPU and how many on the CPU; null where none should run on a GPU. */
	readonly placement: { readonly cpu: number; readonly cuda: number } | null;
	createJudge(video: VideoInfo, plan: Plan): Judge;
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
	const video = await stages.probe(path, plan, signal);
	yield { type: 'video', fileName, video };

	const sampled = stages.sampleFrames(path, video, plan, signal);
	const detected = stages.detectFaces(prefetch(sampled.frames, FRAMES_AHEAD), plan);
	const tracked = stages.trackFaces(detected, plan);
	const cropped = stages.cropFaces(prefetch(tracked, FRAMES_TRACKED), video); // the last stage that holds a whole frame
	const scored = stages.scoreFaces(batch(prefetch(cropped, stages.framesAGroup), stages.framesAGroup));

	const judge = stages.createJudge(video, plan);
	const moments = stages.createMoments(plan);
	const seen = { frames: 0, withoutFace: 0, faces: 0, firstS: null as number | null, lastS: null as number | null };
	let firstFaceS: number | null = null;
	for await (const { timeS, faces } of scored) {
		signal.throwIfAborted();
		const pictures = plan.crops ? await Promise.all(faces.map(stages.encodeCrop)) : [];
		for (const [i, face] of faces.entries()) {
			const entry = judge.add(face);
			moments.add(face, entry.face.fakeProbability);
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
		older: olderAnswer(plan, stages.provenance.classifier, verdict),
		tracks,
		coverage: {
			framesRequested: framesExpected(plan, video),
			framesSampled: seen.frames,
			framesWithoutFace: seen.withoutFace,
			...judge.counts(),
			...stats,
			firstFrameS: seen.firstS,
			lastFrameS: seen.lastS,
		},
		timings: { totalS: secondsSince(startMs), firstFaceS },
	};
	yield { type: 'report', report };
}

/** How many frames the plan asks for; null when that hangs on an unknown duration. */
export function framesExpected(plan: Plan, video: VideoInfo): number | null {
	if (video.kind === 'image') return 1;
	if (plan.frames !== 'all') return plan.frames;
	return video.durationS === null ? null : Math.max(1, Math.round(video.durationS * allHz));
}

const secondsSince = (startMs: number) => Math.round(performance.now() - startMs) / 1000;
