import type { Coverage, FaceEntry, Report, Verdict, VideoInfo } from '../contract/report.ts';
import type { ScoredFace } from '../values.ts';
import { type Calibration, fakeProbabilityFromLogit, rulesOf, uncalibrated } from './calibration.ts';
import { exclusionReason } from './exclude-face.ts';
import { type JudgedTrack, judgeTrack, type TrackOptions } from './judge-track.ts';
import { type FrameCounts, judgeVideo, onlyMain, weighTracks } from './judge-video.ts';
import type { SequenceAnswer } from './sequence.ts';

/** The fields of a scored face that the verdict needs. */
type JudgedFace = Pick<ScoredFace, 'trackId' | 'frameIndex' | 'timeS' | 'box' | 'score' | 'logit' | 'quality'> &
	Pick<FaceEntry, 'secondPass'>;

/** Collects scored faces as they arrive and answers at the end. It keeps their entries, never their pixels. */
export type Judge = {
	/** Adds a face and returns it as it will be listed in the report. */
	add(face: JudgedFace): { trackId: number; face: FaceEntry };
	/** Applies the sequence model's answers; from then on its logits count. */
	refine(answers: ReadonlyMap<number, SequenceAnswer>): void;
	/** Every person so far with their own answer, in order of trackId. */
	tracks(): JudgedTrack[];
	/** The answer for the whole video. */
	verdict(frames: FrameCounts): Verdict;
	/** The thresholds, error rates and calibration that apply. */
	readonly rules: Pick<Report, 'thresholds' | 'errorRates' | 'isCalibrated' | 'calibration'>;
	/** How many faces were found, and how many were excluded by reason. */
	counts(): Pick<Coverage, 'facesFound' | 'facesExcluded'>;
};

/** The video, and how its classifier's scores are used. */
export type JudgeOptions = TrackOptions & {
	readonly video: VideoInfo;
	/** Who is judged: everyone separately, or only the person who fills most of the pictures. */
	readonly people?: 'everybody' | 'main';
	/** Whether faces count however small or blurred they are. */
	readonly countsEveryFace?: boolean;
};

/** Creates the judge of one video. Deterministic: the same faces give the same answer, however the tracks are interleaved. */
export function createJudge(options: JudgeOptions): Judge {
	const { video, people = 'everybody' } = options;
	const calibration = options.calibration ?? uncalibrated;
	const byTrack = new Map<number, FaceEntry[]>();
	let refined: ReadonlyMap<number, SequenceAnswer> = new Map();
	const tracks = () => {
		const alone = [...byTrack].map(([trackId, faces]) => {
			const sequence = refined.get(trackId);
			const counted = sequence ? faces.map((face) => withSequence(face, sequence, calibration)) : faces;
			const track = judgeTrack(trackId, counted.toSorted(byTime), video.kind, options);
			return sequence ? { ...track, sequence: { windows: sequence.windows, skipped: sequence.skipped } } : track;
		});
		return weighTracks(
			(people === 'main' ? onlyMain(alone) : alone).sort((a, b) => a.trackId - b.trackId),
			video,
			calibration,
		);
	};
	return {
		add(scored) {
			const face = faceEntry(scored, calibration, options.countsEveryFace === true);
			const faces = byTrack.get(scored.trackId);
			if (faces) faces.push(face);
			else byTrack.set(scored.trackId, [face]);
			return { trackId: scored.trackId, face };
		},
		refine(answers) {
			refined = answers;
		},
		tracks,
		rules: {
			...rulesOf(calibration),
			isCalibrated: options.calibration !== null,
			calibration: { temperature: calibration.temperature, offset: calibration.offset },
		},
		verdict: (frames) => judgeVideo(tracks(), video, frames, calibration),
		counts() {
			const faces = [...byTrack.values()].flat();
			const facesExcluded: Coverage['facesExcluded'] = {};
			for (const { excluded } of faces) if (excluded) facesExcluded[excluded] = (facesExcluded[excluded] ?? 0) + 1;
			return { facesFound: faces.length, facesExcluded };
		},
	};
}

/** The face with the logit that the sequence model gave its frame, if any. */
function withSequence(face: FaceEntry, { logits }: SequenceAnswer, calibration: Calibration): FaceEntry {
	const sequenceLogit = face.excluded === null ? logits.get(face.frameIndex) : undefined;
	if (sequenceLogit === undefined) return face;
	return { ...face, sequenceLogit, fakeProbability: fakeProbabilityFromLogit(sequenceLogit, calibration) };
}

const byTime = (a: FaceEntry, b: FaceEntry) => a.timeS - b.timeS || a.frameIndex - b.frameIndex;

function faceEntry(scored: JudgedFace, calibration: Calibration, countsEveryFace: boolean): FaceEntry {
	const { frameIndex, timeS, box, score, logit, quality, secondPass } = scored;
	return {
		frameIndex,
		timeS,
		box,
		score,
		logit,
		fakeProbability: fakeProbabilityFromLogit(logit, calibration),
		quality,
		excluded: countsEveryFace ? null : exclusionReason(quality),
		...(secondPass && { secondPass }),
	};
}
