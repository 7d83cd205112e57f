import { stretchesOf } from './answer/people.ts';
import type { AnalysisEvent } from './contract/events.ts';
import { allHz, type Plan } from './contract/plan.ts';
import type {
	Change,
	Coverage,
	FaceEntry,
	FileNote,
	Moment,
	Report,
	Stability,
	Verdict,
	VideoInfo,
} from './contract/report.ts';
import { AnalysisError } from './errors.ts';
import type { MomentCollector } from './evidence/moments.ts';
import { batch, prefetch } from './flow.ts';
import { chooseMode } from './modes/choose-mode.ts';
import { type Mode, type ModeClassifier, samplingOf } from './modes/mode.ts';
import type { CroppedFrame, Frame, Sampling, ScoredFace, ScoredFrame, TimeRange, TrackedFrame } from './values.ts';
import { doubtfulRanges, firstRound, secondRound } from './verdict/doubtful-ranges.ts';
import { createJudge, type Judge } from './verdict/judge.ts';
import type { JudgedTrack } from './verdict/judge-track.ts';
import { SequenceReader } from './verdict/sequence.ts';
import {
	type StabilitySection,
	samePerson,
	stabilityFrames,
	stabilityOf,
	stabilitySection,
	withStability,
} from './verdict/stability.ts';
import { unseenFromS, unseenRanges } from './verdict/unseen-ranges.ts';
import type { Detect } from './vision/detect-faces.ts';
import { TurnFinder } from './vision/find-turn.ts';
import { matchTrack } from './vision/match-tracks.ts';
import { type Identify, isSomeoneElse, withView } from './vision/people.ts';
import { Stillness } from './vision/stillness.ts';

/** Frames sampled from a file. `stats` is complete once all frames have been read. */
export type SampledFrames = {
	readonly frames: AsyncIterable<Frame>;
	stats(): SamplingStats;
};

/** How frames were sampled, and what the report notes about them. */
export type SamplingStats = Pick<Coverage, 'framesCorrupt' | 'sampling' | 'fellBackToLinear'> &
	Partial<Pick<Coverage, 'notes'>>;

/** An open video or picture; `close` stops every process that still reads it. */
export type Media = {
	readonly info: VideoInfo;
	/** What the report notes about the file. */
	readonly found: Pick<Coverage, 'headerS' | 'packetsS' | 'notes'>;
	/** Number of pages in a picture file, each an independent picture; default 1. */
	readonly pictures?: number;
	/** Times of the key frames in ascending order, seconds. */
	readonly keyTimesS: readonly number[];
	frames(sampling: Sampling): SampledFrames;
	/** Makes copies of a section, each altered in one way. */
	alter(section: StabilitySection): Promise<AlteredCopies>;
	close(): void;
};

/** Copies of the same section of a video, each altered in one way; `remove` deletes them. */
export type AlteredCopies = {
	readonly copies: readonly { readonly change: Change; readonly path: string }[];
	remove(): Promise<void>;
};

/** The impure or costly steps of an analysis, injected so that tests can replace them. */
export type Stages = {
	/** Opens a file; throws AnalysisError if it cannot be analysed. */
	openMedia(path: string, limits: Pick<Plan, 'maxDurationS'>, signal: AbortSignal): Promise<Media>;
	/** Finds the faces in a frame. */
	readonly detect: Detect;
	/** Computes the embedding of a face. */
	readonly identify: Identify;
	cropFaces(frames: AsyncIterable<TrackedFrame>, video: VideoInfo): AsyncIterable<CroppedFrame>;
	scoreFaces(groups: AsyncIterable<readonly CroppedFrame[]>): AsyncIterable<ScoredFrame>;
	/** Frames whose faces are scored together: few, so that the first results come early; more on a GPU, to keep it busy. */
	readonly framesPerGroup: number;
	/** Decoded frames queued for the detector; default 4. */
	readonly framesAhead?: number;
	/** How many operators of the networks actually ran on the CPU and on the GPU; null if no GPU is used. */
	readonly placement: { readonly cpu: number; readonly cuda: number } | null;
	/** What a mode needs to know about the classifier. */
	readonly classifier: ModeClassifier;
	/** Arguments of the reader that scores a person's frames together; null if the classifier has no sequence model. */
	readonly sequence: ConstructorParameters<typeof SequenceReader> | null;
	createMoments(plan: Plan): MomentCollector;
	/** Encodes a scored face as a base64 JPEG for live progress. */
	encodeCrop(face: ScoredFace): Promise<string>;
	/** Reads the provenance that a file declares; never throws. Null if provenance is not read. */
	readonly readProvenance: ((path: string, signal: AbortSignal) => Promise<Report['provenance']>) | null;
	/** The part that is the same in every report: versions, models, provider. */
	readonly provenance: Pick<Report, 'tool' | 'classifier' | 'models' | 'provider' | 'environment'>;
};

/** Decoded frames queued for the detector by default. */
const FRAMES_AHEAD = 4;
/** Frames in the first group: whoever waits sees the first face before the next ones are found. */
const FIRST_GROUP = 1;
/** Frames whose times differ by less than this, seconds, are the same: seeking and reading from the start round times differently. */
const SAME_FRAME_S = 1e-3;
/** Detected frames queued for tracking, so that a thread finds faces while another recognises those of the frame before; none where fewer than FRAMES_AHEAD are queued, to save memory. */
const FRAMES_DETECTED = 1;
/** Tracked frames queued for cropping while the next ones are in detection. */
const FRAMES_TRACKED = 1;

/**
 * Analyses one file: frames -> faces -> tracks -> crops -> scores -> verdict. Yields events; the last one is `report`.
 * Throws AnalysisError, which the caller turns into a `failed` event.
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
	const closing = new AbortController();
	const media = await stages.openMedia(path, plan, signal);
	try {
		yield { type: 'video', fileName, video: media.info };
		// runs in parallel with the frames and does not affect any score
		const provenance = stages.readProvenance?.(path, AbortSignal.any([signal, closing.signal])) ?? null;
		yield* analyseMedia({ media, mode, fileName, plan, stages, signal, startMs, provenance });
	} finally {
		closing.abort();
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
	readonly provenance: Promise<Report['provenance']> | null;
};

async function* analyseMedia(run: Run): AsyncGenerator<AnalysisEvent, void> {
	const { media, plan, stages } = run;
	const upright = new Pass(run, null);
	yield* upright.events();
	const turned = run.mode.isLegacy ? null : await upright.turn();
	if (turned) yield* turned.events();
	const pass = turned && turned.seen.faces > 0 ? turned : upright;
	const { seen, video } = pass;
	if (seen.frames === 0) throw new AnalysisError('decode-failed', 'decode');

	yield* pass.refine();
	const stats = pass.stats();
	const isPicture = pass.isStill && !run.mode.isLegacy && pass.judge.tracks().some(({ logit }) => logit !== null);
	const judge = isPicture ? pass.judgeAsPicture() : pass.judge;
	const tracks: Report['tracks'] = [];
	for (const track of judge.tracks()) {
		for (const segment of track.segments) yield { type: 'segment', trackId: track.trackId, segment };
		const collected = await pass.moments.collect(track.trackId, track.outcome, stretchesOf(track));
		const moments = withScoresOf(track, collected);
		for (const moment of moments) yield { type: 'moment', trackId: track.trackId, moment };
		tracks.push({ ...track, moments });
	}
	const counts = { framesSampled: seen.frames, framesCorrupt: stats.framesCorrupt };
	const judged = judge.verdict(counts);
	const stability = await testStability(run, pass, judged, judge.tracks());
	const verdict = withStability(judged, stability);
	const { headerS, packetsS, notes } = media.found;
	const report: Report = {
		schema: 'unmask-report/1',
		...stages.provenance,
		...judge.rules,
		createdAt: new Date().toISOString(),
		fileName: run.fileName,
		video,
		plan,
		verdict,
		older: stages.classifier.network === null ? null : run.mode.legacyAnswer(verdict),
		tracks,
		stability,
		provenance: await run.provenance,
		coverage: {
			framesRequested: framesExpected(plan, video, media.pictures),
			framesSampled: seen.frames,
			framesWithoutFace: seen.withoutFace,
			...judge.counts(),
			...stats,
			framesCorrupt: stats.framesCorrupt + pass.closerCorrupt,
			part: run.mode.part,
			firstFrameS: seen.timesS[0] ?? null,
			lastFrameS: seen.timesS.at(-1) ?? null,
			headerS,
			packetsS,
			secondPass: pass.refined,
			span: pass.span && { startS: pass.span.fromS, endS: pass.span.toS },
			notes: [...notes, ...(stats.notes ?? []), ...pass.notes],
		},
		timings: { totalS: secondsSince(run.startMs), firstFaceS: seen.firstFaceS },
	};
	yield { type: 'report', report };
}

/** Analyses a few seconds of the deciding track again in altered copies; null if not requested, or if no track in a video has a verdict. */
async function testStability(
	{ media, mode, plan, stages, signal }: Run,
	pass: Pass,
	verdict: Verdict,
	tracks: readonly JudgedTrack[],
): Promise<Stability | null> {
	const track = tracks.find(({ trackId, logit }) => trackId === verdict.trackId && logit !== null);
	const isWanted = plan.stability && !mode.isLegacy && pass.video.kind === 'video' && !pass.isStill;
	const section = isWanted && track ? stabilitySection(track) : null;
	if (!section || !track) return null;
	const { startS } = section;
	const copyPlan: Plan = {
		...plan,
		frames: stabilityFrames,
		refine: 'none',
		stability: false,
		heatMaps: false,
		crops: false,
		fromS: null,
		toS: null,
	};
	let altered: AlteredCopies | null = null;
	try {
		altered = await media.alter(section);
		const found: Parameters<typeof stabilityOf>[2][number][] = [];
		for (const { change, path } of altered.copies) {
			const report = await reportOf(analyse(path, '', copyPlan, { ...stages, readProvenance: null }, signal));
			found.push({ change, person: report && samePerson(report, { track, video: pass.video, startS }) });
		}
		return stabilityOf(verdict, section, found);
	} catch (error) {
		// the analysis is complete, so a failure here must not lose the verdict
		if (!(error instanceof AnalysisError && (error.stage === 'decode' || error.stage === 'probe'))) throw error;
		return { startS, endS: startS + section.lengthS, copies: [], lost: null, failed: error.code };
	} finally {
		await altered?.remove();
	}
}

async function reportOf(events: AsyncIterable<AnalysisEvent>): Promise<Report | null> {
	let report: Report | null = null;
	for await (const event of events) if (event.type === 'report') report = event.report;
	return report;
}

/** The moments with the final probabilities of the track's faces. */
function withScoresOf({ faces }: JudgedTrack, moments: readonly Moment[]): Moment[] {
	const byFrame = new Map(faces.map((face) => [face.frameIndex, face.fakeProbability]));
	return moments.map((moment) => ({
		...moment,
		fakeProbability: byFrame.get(moment.frameIndex) ?? moment.fakeProbability,
	}));
}

type TurnDeg = NonNullable<Sampling['turnDeg']>;

/** One pass over the frames of a file in one orientation. */
class Pass {
	/** Clockwise turn in addition to the file's own orientation; null if none. */
	readonly turnDeg: TurnDeg | null;
	readonly video: VideoInfo;
	/** The part that the plan asks for; null for the whole file. */
	readonly span: ReturnType<typeof spanFromPlan>;
	readonly judge: Judge;
	readonly moments: MomentCollector;
	readonly seen = {
		frames: 0,
		withoutFace: 0,
		faces: 0,
		timesS: [] as number[],
		firstFaceS: null as number | null,
	};
	/** What the second pass covered; null if there was none. */
	refined: Coverage['secondPass'] = null;
	/** Damaged frames of the second pass; they do not weigh on the verdict, because the first pass is the sample of the video. */
	closerCorrupt = 0;
	readonly #notes: FileNote[] = [];
	/** A few identity descriptors per track. */
	readonly #references = new Map<number, readonly Float32Array[]>();
	/** Times of the frames that the second pass has read. */
	readonly #closerS: number[] = [];
	/** Person ids by page and track, in files with several pictures. */
	readonly #onPages = new Map<string, number>();
	readonly #run: Run;
	readonly #sampled: SampledFrames;
	readonly #stillness = new Stillness();
	readonly #turns: TurnFinder;
	readonly #sequence: SequenceReader | null;

	constructor(run: Run, turnDeg: TurnDeg | null) {
		this.turnDeg = turnDeg;
		const { media, mode, plan, stages } = run;
		this.#run = run;
		this.video = turnDeg ? turnedInfo(media.info, turnDeg) : media.info;
		this.span = spanFromPlan(plan, media.info);
		const span = this.span ? { span: this.span } : {};
		this.#sampled = media.frames({ ...samplingOf(mode, plan), ...span, ...(turnDeg && { turnDeg }) });
		this.#turns = new TurnFinder(stages.detect);
		this.#sequence = stages.sequence && !mode.isLegacy ? new SequenceReader(...stages.sequence) : null;
		this.judge = createJudge({ video: this.video, ...mode.judging(this.video.kind, stages.classifier) });
		this.moments = stages.createMoments(plan);
	}

	/** What the report notes about this pass. */
	get notes(): readonly FileNote[] {
		return this.turnDeg === null ? this.#notes : [{ code: 'turned', degrees: this.turnDeg }, ...this.#notes];
	}

	/** Sampling statistics, complete once all frames have been read. */
	stats = () => this.#sampled.stats();

	/** Whether all frames show the same picture. */
	get isStill(): boolean {
		return this.video.kind === 'video' && this.#stillness.isStill;
	}

	/** A new pass in the orientation that shows faces, if no frame clearly had one as it is; null if no orientation does. */
	async turn(): Promise<Pass | null> {
		const turnDeg = await this.#turns.find();
		return turnDeg && new Pass(this.#run, turnDeg);
	}

	/** The second pass: over ranges where a face may have been missed if none was found, and over doubtful ranges. Its faces join the matching tracks. */
	async *refine(): AsyncGenerator<AnalysisEvent, void> {
		const { plan, mode } = this.#run;
		const isWanted = plan.refine !== 'none' && mode.hasSecondPass && this.judge.rules.isCalibrated;
		if (!isWanted || this.video.kind === 'image') return;
		const { fromS, toS } = this.span ?? { fromS: 0, toS: this.video.durationS ?? 0 };
		const stepS = (toS - fromS) / Math.max(1, this.seen.frames);
		if (stepS === 0) return;
		const budget = typeof plan.refine === 'number' ? plan.refine : this.seen.frames;
		if (this.seen.faces === 0 && stepS >= unseenFromS) {
			const part = { fromS, toS, budget: Math.ceil(budget / 2) };
			yield* this.#scoreRanges(unseenRanges(this.seen.timesS, this.#run.media.keyTimesS, part), [], stepS);
		}
		if (this.isStill) return;
		const tracks = this.judge.tracks();
		const left = { stepS, budget: budget - (this.refined?.frames ?? 0) };
		const ranges = doubtfulRanges(tracks, this.judge.rules.thresholds, left).map((range) => ({
			...range,
			fromS: Math.max(fromS, range.fromS),
			toS: Math.min(toS, range.toS),
		}));
		yield* this.#scoreRanges(firstRound(ranges), tracks, stepS);
		if (this.#notes.some(({ code }) => code === 'second-pass-stopped')) return;
		const closer = this.judge.tracks();
		yield* this.#scoreRanges(secondRound(ranges, closer), closer, stepS);
	}

	async *#scoreRanges(
		ranges: readonly TimeRange[],
		tracks: readonly JudgedTrack[],
		stepS: number,
	): AsyncGenerator<AnalysisEvent, void> {
		if (ranges.length === 0) return;
		const { media, plan, mode, signal } = this.#run;
		const turn = this.turnDeg ? { turnDeg: this.turnDeg } : {};
		const sampled = media.frames({ ...samplingOf(mode, plan), ...turn, ranges });
		const refined = this.refined ?? { frames: 0, spans: [] };
		this.refined = refined;
		const known = new Set(refined.spans.map(({ startS }) => startS));
		const spans = ranges.map(({ fromS, toS }) => ({ startS: fromS, endS: toS }));
		refined.spans.push(...spans.filter(({ startS }) => !known.has(startS)));
		const framesTotal = ranges.reduce((sum, range) => sum + range.frames, this.seen.frames + refined.frames);
		const owners = new Map<number, number>();
		let newest = Math.max(0, ...tracks.map(({ trackId }) => trackId));
		try {
			for await (const { faces } of this.#score(this.#stillness.watch(this.#unread(sampled.frames)))) {
				signal.throwIfAborted();
				const frameIndex = this.seen.frames + refined.frames;
				for (const face of faces) {
					const trackId =
						owners.get(face.trackId) ?? matchTrack(face, this.#maybe(face, tracks), 1.5 * stepS) ?? ++newest;
					owners.set(face.trackId, trackId);
					yield* this.#addFace({ ...face, trackId, frameIndex, secondPass: true });
				}
				refined.frames++;
				const framesDone = this.seen.frames + refined.frames;
				yield { type: 'progress', framesDone, framesTotal, faces: this.judge.counts().facesFound };
			}
			if (refined.frames === 0) this.refined = null; // files with unreliable times are not read in parts
		} catch (error) {
			// the first pass is complete, so a failure here must not lose the verdict
			if (!(error instanceof AnalysisError && error.stage === 'decode')) throw error;
			this.#notes.push({ code: 'second-pass-stopped', name: error.code, frames: refined.frames });
		} finally {
			this.closerCorrupt += sampled.stats().framesCorrupt;
		}
	}

	/** The tracks that a face may belong to by its identity: in the same place, somebody else may appear after a cut. */
	#maybe({ descriptor }: ScoredFace, tracks: readonly JudgedTrack[]): readonly JudgedTrack[] {
		if (!descriptor) return tracks;
		return tracks.filter(({ trackId }) => !isSomeoneElse(this.#references.get(trackId) ?? [], descriptor));
	}

	/** The frames that no pass or round has read yet: where frames are far apart, it comes to the same ones again, and each counts once. */
	async *#unread(frames: AsyncIterable<Frame>): AsyncGenerator<Frame, void> {
		for await (const frame of frames) {
			const isRead = [this.seen.timesS, this.#closerS].some((times) =>
				times.some((timeS) => Math.abs(timeS - frame.timeS) < SAME_FRAME_S),
			);
			if (isRead) {
				frame.release?.();
				continue;
			}
			this.#closerS.push(frame.timeS);
			yield frame;
		}
	}

	/** Judges the same faces as those of a single picture. */
	judgeAsPicture(): Judge {
		const { mode, stages } = this.#run;
		const judge = createJudge({ video: { ...this.video, kind: 'image' }, ...mode.judging('image', stages.classifier) });
		for (const { trackId, faces } of this.judge.tracks()) for (const face of faces) judge.add({ trackId, ...face });
		return judge;
	}

	async *events(): AsyncGenerator<AnalysisEvent, void> {
		const { plan, signal } = this.#run;
		const { seen } = this;
		for await (const { timeS, faces } of this.#score(this.#stillness.watch(this.#sampled.frames))) {
			signal.throwIfAborted();
			for (const face of faces) yield* this.#addFace({ ...face, trackId: this.#personOf(face) });
			seen.frames++;
			seen.faces += faces.length;
			if (faces.length === 0) seen.withoutFace++;
			seen.timesS.push(timeS);
			const framesTotal = framesExpected(plan, this.video, this.#run.media.pictures);
			yield { type: 'progress', framesDone: seen.frames, framesTotal, faces: seen.faces };
		}
		if (this.#sequence) this.judge.refine(await this.#sequence.finish());
	}

	/** Each page is a separate picture, even if it shows the same person, so that a manipulated page is not averaged with genuine ones. */
	#personOf({ trackId, frameIndex }: ScoredFace): number {
		if (this.#run.media.pictures === undefined || this.#run.media.pictures === 1) return trackId;
		const key = `${frameIndex} ${trackId}`;
		const own = this.#onPages.get(key) ?? this.#onPages.size + 1;
		this.#onPages.set(key, own);
		return own;
	}

	async *#addFace(face: ScoredFace & Pick<FaceEntry, 'secondPass'>): AsyncGenerator<AnalysisEvent, void> {
		const { plan, stages, startMs } = this.#run;
		const cropJpegBase64 = plan.crops ? await stages.encodeCrop(face) : null;
		const entry = this.judge.add(face);
		this.moments.add(face, entry.face);
		const { trackId, descriptor } = face;
		if (descriptor) this.#references.set(trackId, withView(this.#references.get(trackId) ?? [], descriptor));
		// the sequence model reads frames in order of time
		if (entry.face.excluded === null && !face.secondPass) await this.#sequence?.add(face);
		this.seen.firstFaceS ??= secondsSince(startMs);
		yield { type: 'face', ...entry, cropJpegBase64 };
	}

	/** Frames -> faces -> tracks -> crops -> scores; each stage works ahead of the next. */
	#score(frames: AsyncIterable<Frame>): AsyncIterable<ScoredFrame> {
		const { mode, stages } = this.#run;
		const { framesPerGroup, framesAhead = FRAMES_AHEAD } = stages;
		const detected = mode.detectFaces(prefetch(frames, framesAhead), stages.detect);
		const watched = this.#turns.watch(detected);
		const queued = framesAhead < FRAMES_AHEAD ? watched : prefetch(watched, FRAMES_DETECTED);
		const tracked = mode.trackFaces(queued, stages.identify);
		const cropped = stages.cropFaces(prefetch(tracked, FRAMES_TRACKED), this.video); // the last stage that holds whole frames
		return stages.scoreFaces(batch(prefetch(cropped, framesPerGroup), framesPerGroup, FIRST_GROUP));
	}
}

function turnedInfo(info: VideoInfo, turnDeg: number): VideoInfo {
	const rotationDeg = (info.rotationDeg + turnDeg) % 360;
	return turnDeg === 180 ? { ...info, rotationDeg } : { ...info, width: info.height, height: info.width, rotationDeg };
}

/** How many frames the plan asks for; null if that depends on an unknown duration. */
export function framesExpected(plan: Plan, video: VideoInfo, pictures = 1): number | null {
	if (video.kind === 'image') return plan.frames === 'all' ? pictures : Math.min(pictures, plan.frames);
	if (plan.frames !== 'all') return plan.frames;
	const span = spanFromPlan(plan, video);
	const lengthS = span ? span.toS - span.fromS : video.durationS;
	return lengthS === null ? null : Math.max(1, Math.round(lengthS * allHz));
}

/** How far a requested end may exceed that of the file, seconds, because players round lengths. */
const roundingS = 0.5;

/** The part of a video that a plan asks for, or null for the whole; throws `part-outside`. */
export function spanFromPlan(
	{ fromS, toS }: Pick<Plan, 'fromS' | 'toS'>,
	{ kind, durationS }: Pick<VideoInfo, 'kind' | 'durationS'>,
): Omit<TimeRange, 'frames'> | null {
	if (fromS === null && toS === null) return null;
	const outside = (found: string) => new AnalysisError('part-outside', 'probe', found);
	if (kind === 'image') throw outside('a picture has no parts');
	const startS = fromS ?? 0;
	const endS = toS ?? durationS;
	if (endS === null) throw outside('the length of the file is unknown, so give the end of the part too');
	const lastS = Math.min(endS, durationS ?? endS);
	if (lastS <= startS || endS > lastS + roundingS) {
		const length = durationS === null ? '' : `; the file is ${Math.round(durationS * 100) / 100} s long`;
		throw outside(`asked for ${startS} s to ${endS} s${length}`);
	}
	return { fromS: startS, toS: lastS };
}

const secondsSince = (startMs: number) => Math.round(performance.now() - startMs) / 1000;
