import { describe, expect, it } from 'vitest';
import { wordsIn } from '../../function/answer/catalogues.ts';
import { noteTexts, sentenceOf } from '../../function/answer/sentence.ts';
import { type AnalysisEvent, analysisEventSchema } from '../../function/contract/events.ts';
import { type Plan, planSchema } from '../../function/contract/plan.ts';
import type { Report, VideoInfo } from '../../function/contract/report.ts';
import { AnalysisError } from '../../function/errors.ts';
import { encodeMoment } from '../../function/evidence/encode-crop.ts';
import { createMomentCollector } from '../../function/evidence/moments.ts';
import { analyse, framesExpected, type Stages, spanFromPlan } from '../../function/pipeline.ts';
import type { Frame, Sampling } from '../../function/values.ts';
import type { Calibrations } from '../../function/verdict/calibration.ts';
import { cropFaces } from '../../function/vision/crop-faces.ts';
import { scoreFaces } from '../../function/vision/score-faces.ts';

/** The real pure stages on an invented film: one face, logit = `logit(timeS)`, without ffmpeg and models. */

const video: VideoInfo = {
	container: 'mp4',
	codec: 'h264',
	kind: 'video',
	durationS: 10,
	width: 1280,
	height: 960,
	fps: 25,
	rotationDeg: 0,
	sizeBytes: 1000,
	sha256: '0'.repeat(64),
};

const limits = {
	...{ likelyFakeAbove: 0.9, likelyRealBelow: 0.3 },
	...{ falseAlarm: null, missed: null, stretch: null, reference: null },
};
const calibration = { temperature: 1, offset: 0, image: limits, video: limits, source: '' };

type Film = {
	frames?: number;
	face?: boolean;
	/** When the face is visible; default: always. */
	faceAt?: (timeS: number) => boolean;
	logit?: (timeS: number) => number;
	/** Called when the frames are no longer read. */
	onClose?: () => void;
	onMediaClose?: () => void;
	onRelease?: (index: number) => void;
	failAt?: number;
	/** Logit of the faces in an altered copy; throws if the copy cannot be made. */
	altered?: (change: string) => number;
	/** Called when the copies are deleted. */
	onRemove?: () => void;
	/** Frame of the second pass at which the decoder dies. */
	failCloserAt?: number;
	/** Longer side of the face, px of the video. */
	facePx?: number;
	network?: string | null;
	calibration?: Calibrations;
	/** Times of the key frames. */
	keyTimesS?: readonly number[];
	/** Whether the picture changes from frame to frame. */
	moves?: boolean;
	/** Who is seen; default: the same person throughout. */
	who?: (timeS: number) => number;
};

/** A frame whose picture must not be read after its release. */
function lentFrame(index: number, timeS: number, onRelease: (index: number) => void, rgb = new Uint8Array(0)): Frame {
	let isReleased = false;
	return {
		index,
		timeS,
		width: 640,
		height: 480,
		get rgb() {
			if (isReleased) throw new Error(`frame ${index} is read after its release`);
			return rgb;
		},
		release() {
			isReleased = true;
			onRelease(index);
		},
	};
}

const movingPictures = Array.from({ length: 8 }, (_, i) => new Uint8Array(640 * 480 * 3).fill(60 + 20 * i));

function stagesOf(film: Film): Stages {
	const {
		frames = 20,
		face = true,
		logit = () => -3,
		onClose,
		onRelease = () => {},
		failAt,
		onMediaClose = () => {},
	} = film;
	const { facePx = 240, network = null } = film;
	const size = 32;
	const picture = (index: number) => (film.moves ? movingPictures[index % 8] : new Uint8Array(0));
	/** When each crop was shown: how far the stages read ahead does not matter. */
	const timesS = new WeakMap<Float32Array, number>();
	let open = '';
	const opened = (path: string) => {
		open = path;
		return video;
	};
	const logitOf = (crop: Float32Array) =>
		open.startsWith('copy:') ? (film.altered?.(open.slice(5)) ?? 0) : logit(timesS.get(crop) ?? 0);
	async function* shown({ ranges, span }: Sampling): AsyncGenerator<Frame, void> {
		const times = ranges?.flatMap(({ fromS, toS, frames }) =>
			Array.from({ length: frames }, (_, i) => fromS + ((i + 0.5) * (toS - fromS)) / frames),
		);
		for (const [index, timeS] of times?.entries() ?? []) {
			if (index === film.failCloserAt) throw new AnalysisError('decoder-died', 'decode');
			yield lentFrame(index, timeS, onRelease, picture(index));
		}
		if (times) return;
		try {
			const count = open.startsWith('copy:') ? 6 : frames;
			for (let index = 0; index < count; index++) {
				if (index === failAt) throw new AnalysisError('decoder-died', 'decode');
				const { fromS, toS } = span ?? { fromS: 0, toS: 10 };
				yield lentFrame(index, fromS + ((index + 0.5) * (toS - fromS)) / count, onRelease, picture(index));
			}
		} finally {
			onClose?.();
		}
	}
	const cut = async (frame: Frame, boxes: readonly unknown[]) => {
		await new Promise(setImmediate); // lets earlier stages continue
		expect(frame.rgb).toBeDefined();
		return boxes.map(() => {
			const crop = Float32Array.from({ length: 3 * size * size }, (_, i) => (i + frame.timeS) % 2);
			timesS.set(crop, frame.timeS);
			return crop;
		});
	};
	const sized = Object.assign(cut, { size });
	const rule = { margin: 1.3, shape: 'square', resize: 'roi-align' } as const;
	const readCover = async (crops: readonly Float32Array[]) => crops.map(() => ({ covered: 0, drawn: 0 }));
	const cutting = { cut: sized, rule, cutForQuality: sized, readCover, shrink: (crop: Float32Array) => crop };
	return {
		openMedia: async (path) => ({
			info: opened(path),
			found: { headerS: 10, packetsS: 10, notes: [] },
			keyTimesS: film.keyTimesS ?? [],
			frames: (sampling) => ({
				frames: shown(sampling),
				stats: () => ({ framesCorrupt: 1, sampling: 'linear', fellBackToLinear: false }),
			}),
			alter: async () => {
				if (!film.altered) throw new AnalysisError('decoder-died', 'decode');
				const changes = ['none', 'crf-28', 'crf-36', 'half-size', 'blur'] as const;
				return {
					copies: changes.map((change) => ({ change, path: `copy:${change}` })),
					remove: async () => film.onRemove?.(),
				};
			},
			close: onMediaClose,
		}),
		detect: async ({ rgb, timeS }) =>
			rgb && face && (film.faceAt?.(timeS) ?? true)
				? [{ box: { x: 100, y: 100, width: facePx / 2.4, height: facePx / 2 }, score: 0.9 }]
				: [],
		identify: async ({ rgb, timeS }) => new Float32Array(128 + rgb.length).fill(film.who?.(timeS) ?? 0, 0, 1),
		cropFaces: (items, { width }) => cropFaces(items, cutting, width),
		scoreFaces: (groups) =>
			scoreFaces(
				groups,
				async (crops) =>
					crops.map((crop) => ({ logit: logitOf(crop), heatMap: { width: 1, height: 1, values: [logitOf(crop)] } })),
				8,
			),
		framesPerGroup: 4,
		placement: null,
		sequence: null,
		encodeCrop: async ({ timeS }) => `picture at ${timeS}`,
		readProvenance: null,
		classifier: {
			id: 'made-up',
			network,
			calibration: film.calibration ?? calibration,
			frames: 'trimmed-mean',
			people: 'everybody',
		},
		createMoments: () => createMomentCollector({ encode: encodeMoment }),
		provenance: {
			tool: { name: 'unmask', version: '0.0.0' },
			models: [],
			provider: 'cpu',
			environment: { node: '', onnxruntime: '', ffmpeg: '' },
			classifier: null,
		},
	};
}

async function run(film: Film, plan: Plan = planSchema.parse({ frames: 20 }), signal = new AbortController().signal) {
	const events: AnalysisEvent[] = [];
	for await (const event of analyse('film.mp4', 'film.mp4', plan, stagesOf(film), signal)) events.push(event);
	return events;
}

const reportOf = (events: AnalysisEvent[]) => {
	const last = events.at(-1);
	if (last?.type !== 'report') throw new Error('no report');
	return last.report;
};

describe('analyse', () => {
	it('emits the video first, one progress event per frame, and the report last; all match the contract', async () => {
		const events = await run({});
		expect(events[0]?.type).toBe('video');
		expect(events.filter((event) => event.type === 'progress')).toHaveLength(20);
		expect(events.filter((event) => event.type === 'face')).toHaveLength(20);
		expect(events.at(-1)?.type).toBe('report');
		for (const event of events) analysisEventSchema.parse(event);
	});

	it('sends each face with its own picture if the plan asks for it; the report is the same', async () => {
		const plan = planSchema.parse({ frames: 20, crops: true });
		const events = await run({}, plan);
		const faces = events.filter((event) => event.type === 'face');
		expect(faces).toHaveLength(20);
		for (const { face, cropJpegBase64 } of faces) expect(cropJpegBase64).toBe(`picture at ${face.timeS}`);
		const without = await run({}, { ...plan, crops: false });
		for (const event of without) if (event.type === 'face') expect(event.cropJpegBase64).toBeNull();
		const { tracks, verdict, coverage } = reportOf(events);
		expect(reportOf(without)).toMatchObject({ tracks, verdict, coverage });
	});

	it('returns likely-real, likely-fake and uncertain by the logits', async () => {
		const outcome = async (logit: number) => reportOf(await run({ logit: () => logit })).verdict.outcome;
		expect(await outcome(-3)).toBe('likely-real');
		expect(await outcome(5)).toBe('likely-fake');
		expect(await outcome(0.5)).toBe('uncertain');
	});

	it('returns not-applicable and no number without a face', async () => {
		const { verdict, coverage, tracks } = reportOf(await run({ face: false }));
		expect(verdict).toMatchObject({ outcome: 'not-applicable', reasons: ['no-face'], fakeProbability: null });
		expect(coverage).toMatchObject({ framesSampled: 20, framesWithoutFace: 20, facesFound: 0, framesCorrupt: 1 });
		expect(tracks).toEqual([]);
	});

	it('says the same of a still video without a face in the report as everywhere else', async () => {
		const report = reportOf(await run({ face: false }));
		expect(report.verdict.sentence).toBe(sentenceOf(report, wordsIn('en')));
	});

	it('gives boxes in px of the video, not of the smaller picture that was analysed', async () => {
		const [track] = reportOf(await run({})).tracks;
		expect(track?.faces[0]?.box).toEqual({ x: 200, y: 200, width: 200, height: 240 });
		expect(track?.faces[0]?.quality.sizePx).toBe(120);
	});

	it('marks interpolated faces by a null detector score', async () => {
		const [track] = reportOf(await run({ frames: 100 }, planSchema.parse({ frames: 100 }))).tracks;
		const interpolated = track?.faces.filter((face) => face.score === null) ?? [];
		expect(track?.faces).toHaveLength(100);
		expect(interpolated.length).toBeGreaterThan(50);
	});

	it.each([true, false])('releases every frame once and reads none afterwards (face: %s)', async (face) => {
		const released: number[] = [];
		await run({ frames: 100, face, onRelease: (index) => released.push(index) }, planSchema.parse({ frames: 100 }));
		expect(released).toEqual(Array.from({ length: 100 }, (_, index) => index));
	});

	it('fails with decode-failed if there is no frame', async () => {
		await expect(run({ frames: 0 })).rejects.toMatchObject({ code: 'decode-failed' });
	});

	it('passes on a failure of the decoder and closes the source', async () => {
		let closed = false;
		const film = { failAt: 7, onClose: () => (closed = true) };
		await expect(run(film)).rejects.toMatchObject({ code: 'decoder-died' });
		expect(closed).toBe(true);
	});

	it('stops when it is aborted and closes the source', async () => {
		let closed = false;
		const abort = new AbortController();
		const events = analyse(
			'film.mp4',
			'film.mp4',
			planSchema.parse({ frames: 100 }),
			stagesOf({ frames: 100, onClose: () => (closed = true) }),
			abort.signal,
		);
		await expect(async () => {
			for await (const event of events) if (event.type === 'progress') abort.abort();
		}).rejects.toMatchObject({ name: 'AbortError' });
		expect(closed).toBe(true);
	});

	it('closes the source when the reader leaves', async () => {
		let closed = false;
		const stages = stagesOf({ onClose: () => (closed = true) });
		const plan = planSchema.parse({});
		for await (const event of analyse('a', 'a', plan, stages, new AbortController().signal))
			if (event.type === 'face') break;
		expect(closed).toBe(true);
	});

	it('closes the file however the analysis ends', async () => {
		let closed = 0;
		const onMediaClose = () => closed++;
		await run({ onMediaClose });
		await run({ onMediaClose, failAt: 3 }).catch(() => {});
		expect(closed).toBe(2);
	});

	it.each(['seed', 'trained'] as const)('mode %s also shows small faces, because it judges them', async (mode) => {
		const plan = planSchema.parse({ frames: 20, mode });
		const report = reportOf(await run({ facePx: 30, network: 'resnext50-lstm', logit: (timeS) => timeS }, plan));
		expect(report.tracks).toMatchObject([{ facesJudged: 20, moments: { length: 6 } }]);
		for (const { heatMap } of report.tracks[0]?.moments ?? []) expect(heatMap).not.toBeNull();
		expect(report.coverage).toMatchObject({ facesExcluded: {}, part: 'start' });
		expect(report.older?.mode).toBe(mode);
	});

	it('refuses a mode of the legacy application for another model, before the file is opened', async () => {
		const plan = planSchema.parse({ mode: 'seed' });
		await expect(run({}, plan)).rejects.toMatchObject({ code: 'usage' });
	});

	it('shows key faces with the scores that count, also those of a sequence model', async () => {
		const stages = stagesOf({ moves: true });
		const embedding = new Float32Array(1);
		const classify = async (crops: readonly Float32Array[]) =>
			crops.map(() => ({ logit: -3, heatMap: null, embedding }));
		const read = async ({ logits }: { readonly logits: readonly number[] }) => ({
			logits: logits.map(() => 2),
			videoLogit: 2,
		});
		const withSequence: Stages = {
			...stages,
			scoreFaces: (groups) => scoreFaces(groups, classify, 8),
			sequence: [read, { window: 8, overlap: 2, minFrames: 2, maxGapS: 5 }],
		};
		const events: AnalysisEvent[] = [];
		const signal = new AbortController().signal;
		for await (const event of analyse('a', 'a', planSchema.parse({ frames: 20 }), withSequence, signal))
			events.push(event);
		const [track] = reportOf(events).tracks;
		expect(track?.logit).toBeCloseTo(2, 9);
		expect(new Set(track?.moments.map(({ fakeProbability }) => fakeProbability))).toEqual(
			new Set(track?.faces.map(({ fakeProbability }) => fakeProbability)),
		);
	});

	it('gives the same report twice except for the clock', async () => {
		const timeless = (events: AnalysisEvent[]) => ({ ...reportOf(events), createdAt: '', timings: null });
		expect(timeless(await run({}))).toEqual(timeless(await run({})));
	});
});

describe('a part of the file', () => {
	const part = (some: Partial<Plan>) => planSchema.parse({ frames: 20, ...some });

	it('is all that is analysed; times stay those of the file, and the report says what was left out', async () => {
		const report = reportOf(await run({ logit: () => 4 }, part({ fromS: 4, toS: 6 })));
		const times = report.tracks.flatMap(({ faces }) => faces.map(({ timeS }) => timeS));
		expect([Math.min(...times), Math.max(...times)]).toEqual([4.05, 5.95]);
		expect(report.coverage).toMatchObject({ span: { startS: 4, endS: 6 }, firstFrameS: 4.05, lastFrameS: 5.95 });
		expect(report.verdict.segments.every(({ startS, endS }) => startS >= 4 && endS <= 6)).toBe(true);
		expect(noteTexts(report, wordsIn('en'))).toEqual([expect.stringMatching(/^Only the part 0:04.0:06 was/)]);
		expect(reportOf(await run({})).coverage.span).toBeNull();
	});

	it('keeps the second pass inside it', async () => {
		const logit = (timeS: number) => (timeS > 5.7 ? 4 : -3);
		const { secondPass } = reportOf(await run({ logit, moves: true }, part({ fromS: 4, toS: 6 }))).coverage;
		expect(secondPass?.spans.length).toBeGreaterThan(0);
		for (const { startS, endS } of secondPass?.spans ?? []) expect([startS >= 4, endS <= 6]).toEqual([true, true]);
	});

	it('may begin or end with the file', () => {
		expect(spanFromPlan(part({ fromS: 4 }), video)).toEqual({ fromS: 4, toS: 10 });
		expect(spanFromPlan(part({ toS: 4 }), video)).toEqual({ fromS: 0, toS: 4 });
		expect(spanFromPlan(part({ toS: 10.4 }), video)).toEqual({ fromS: 0, toS: 10 });
		expect(spanFromPlan(part({ toS: 4 }), { ...video, durationS: null })).toEqual({ fromS: 0, toS: 4 });
		expect(framesExpected(part({ fromS: 4, toS: 6, frames: 'all' }), video)).toBe(10);
	});

	it.each([
		[{ fromS: 10 }, video, 'asked for 10 s to 10 s; the file is 10 s long'],
		[{ fromS: 12, toS: 14 }, video, 'asked for 12 s to 14 s; the file is 10 s long'],
		[{ fromS: 10.2, toS: 10.4 }, video, 'asked for 10.2 s to 10.4 s; the file is 10 s long'],
		[{ toS: 10.6 }, video, 'asked for 0 s to 10.6 s; the file is 10 s long'],
		[{ fromS: 1 }, { ...video, durationS: null }, 'the length of the file is unknown, so give the end of the part too'],
		[{ fromS: 1 }, { ...video, kind: 'image' as const }, 'a picture has no parts'],
	])('is refused outside the file: %j', (some, info, detail) => {
		expect(() => spanFromPlan(part(some), info)).toThrow(expect.objectContaining({ code: 'part-outside', detail }));
	});

	it('is refused by modes that take the first frames', async () => {
		await expect(run({}, part({ mode: 'first', fromS: 4 }))).rejects.toMatchObject({ code: 'usage' });
	});
});

describe('a second pass', () => {
	const limitsWithStretch = { ...limits, stretch: { contrast: 3, falseStretch: null } };
	const withStretch = { ...calibration, video: limitsWithStretch };
	const partly = {
		frames: 20,
		moves: true,
		logit: (timeS: number) => (timeS > 8.6 ? 4 : -3),
		calibration: withStretch,
	};

	it('finds a stretch that has too few frames in the first pass', async () => {
		const { verdict, tracks, coverage } = reportOf(await run(partly));
		expect(verdict).toMatchObject({ outcome: 'likely-fake', reasons: ['segments-disagree'], trackId: 1 });
		expect(Math.abs((verdict.segments[0]?.startS ?? 0) - 8.6)).toBeLessThan(1);
		expect(tracks).toHaveLength(1);
		expect(coverage.secondPass?.spans).toHaveLength(1);
		const closer = tracks[0]?.faces.filter((face) => face.secondPass) ?? [];
		expect(closer).toHaveLength(coverage.secondPass?.frames ?? 0);
		expect(closer[0]?.frameIndex).toBeGreaterThanOrEqual(coverage.framesSampled);
	});

	it('covers ranges where a face may have been missed, and the surroundings of one that it finds', async () => {
		const brief = { frames: 4, moves: true, keyTimesS: [0, 4, 4.6, 5.6, 9.6], calibration: withStretch };
		const passing = { ...brief, faceAt: (timeS: number) => timeS > 4.6 && timeS < 5.6 };
		const plan = planSchema.parse({ frames: 4, refine: 30 });
		const { verdict, tracks, coverage } = reportOf(await run(passing, plan));
		expect(coverage).toMatchObject({ framesSampled: 4, framesWithoutFace: 4 });
		expect(coverage.secondPass?.frames).toBeLessThanOrEqual(30);
		expect(tracks).toHaveLength(1);
		expect(tracks[0]?.facesJudged).toBeGreaterThanOrEqual(4);
		expect(new Set(tracks[0]?.faces.map(({ frameIndex }) => frameIndex)).size).toBe(tracks[0]?.faces.length);
		expect(verdict.outcome).toBe('likely-real');
		const nobody = reportOf(await run({ ...brief, faceAt: () => false }, plan));
		expect(nobody.verdict).toMatchObject({ outcome: 'not-applicable', reasons: ['no-face'] });
		expect(nobody.coverage.secondPass?.frames).toBe(4);
	});

	it('gives a face to nobody else who was seen in its place', async () => {
		const cutIn = (timeS: number) => timeS > 7.2 && timeS < 8.7;
		const tracksWith = async (distance: number) => {
			const film = { frames: 5, moves: true, who: (timeS: number) => (cutIn(timeS) ? distance : 0) };
			const scoreFaces: Stages['scoreFaces'] = async function* (groups) {
				for await (const group of groups)
					for (const frame of group) {
						const logit = frame.timeS === 7 ? 4 : -3;
						yield { ...frame, faces: frame.faces.map((face) => ({ ...face, logit, heatMap: null })) };
					}
			};
			const events: AnalysisEvent[] = [];
			const [plan, { signal }] = [planSchema.parse({ frames: 5, refine: 27 }), new AbortController()];
			for await (const event of analyse('a', 'a', plan, { ...stagesOf(film), scoreFaces }, signal)) events.push(event);
			return reportOf(events).tracks;
		};
		const tracks = await tracksWith(1);
		expect(tracks).toHaveLength(2);
		for (const { trackId, faces } of tracks)
			expect(faces.every(({ timeS }) => cutIn(timeS) === (trackId === 2))).toBe(true);
		expect(await tracksWith(0.6)).toHaveLength(1);
	});

	it('reads no frame twice, however few there are', async () => {
		// five frames per second, like those of a slow screen recording
		const slow = (stages: Stages): Stages => ({
			...stages,
			async openMedia(...args) {
				const media = await stages.openMedia(...args);
				async function* onGrid(sampling: Sampling): AsyncGenerator<Frame, void> {
					let last = -1;
					for await (const frame of media.frames(sampling).frames) {
						const timeS = Math.round(frame.timeS * 5) / 5;
						if (timeS > last) yield { ...frame, timeS };
						else frame.release?.();
						last = timeS;
					}
				}
				return { ...media, frames: (sampling) => ({ ...media.frames(sampling), frames: onGrid(sampling) }) };
			},
		});
		const film = { ...partly, logit: (timeS: number) => (timeS > 7.9 && timeS < 8.7 ? 4 : -3) };
		const events: AnalysisEvent[] = [];
		const signal = new AbortController().signal;
		for await (const event of analyse('a', 'a', planSchema.parse({ frames: 20 }), slow(stagesOf(film)), signal))
			events.push(event);
		const { tracks, coverage } = reportOf(events);
		const faces = tracks.flatMap((track) => track.faces);
		const closer = faces.filter(({ secondPass }) => secondPass);
		expect(closer.length).toBeGreaterThan(0);
		expect(new Set(faces.map(({ timeS }) => timeS)).size).toBe(faces.length);
		expect(closer.map(({ frameIndex }) => frameIndex).toSorted((a, b) => a - b)).toEqual(closer.map((_, i) => 20 + i));
		expect(coverage.secondPass?.frames).toBe(closer.length);
	});

	it('does not run if nothing is in doubt or the plan disables it', async () => {
		const plan = planSchema.parse({ frames: 20, refine: 'none' });
		for (const report of [reportOf(await run({ frames: 20 })), reportOf(await run(partly, plan))])
			expect(report.coverage.secondPass).toBeNull();
	});

	it('counts its damaged frames too, without letting them decide', async () => {
		const damaged = async (closer: number) => {
			const stages = stagesOf(partly);
			const counting: Stages = {
				...stages,
				async openMedia(...args) {
					const media = await stages.openMedia(...args);
					const frames = (sampling: Sampling) => {
						const sampled = media.frames(sampling);
						return sampling.ranges
							? { ...sampled, stats: () => ({ ...sampled.stats(), framesCorrupt: closer }) }
							: sampled;
					};
					return { ...media, frames };
				},
			};
			const events: AnalysisEvent[] = [];
			const [plan, { signal }] = [planSchema.parse({ frames: 20, refine: 18 }), new AbortController()];
			for await (const event of analyse('a', 'a', plan, counting, signal)) events.push(event);
			return reportOf(events);
		};
		const [whole, torn] = [await damaged(0), await damaged(50)];
		expect([whole.coverage.framesCorrupt, torn.coverage.framesCorrupt]).toEqual([1, 51]);
		expect(torn.verdict).toEqual(whole.verdict);
	});

	it('is not claimed if the file cannot be read in parts', async () => {
		const stages = stagesOf(partly);
		const nothing = (async function* (): AsyncGenerator<Frame, void> {})();
		const whole: Stages = {
			...stages,
			async openMedia(...args) {
				const media = await stages.openMedia(...args);
				const stats = media.frames({ frames: 1, part: 'whole' }).stats;
				return {
					...media,
					frames: (sampling) => (sampling.ranges ? { frames: nothing, stats } : media.frames(sampling)),
				};
			},
		};
		const events: AnalysisEvent[] = [];
		const signal = new AbortController().signal;
		for await (const event of analyse('a', 'a', planSchema.parse({ frames: 20 }), whole, signal)) events.push(event);
		expect(reportOf(events).coverage).toMatchObject({ secondPass: null, notes: [] });
	});

	it.each([
		[0, 0],
		[5, 5], // the first frame is scored alone, later ones four at a time
	])(
		'keeps the first pass when the decoder dies in the second after %d frames, and says so',
		async (failCloserAt, frames) => {
			const whole = reportOf(await run(partly, planSchema.parse({ frames: 20, refine: 'none' })));
			const { verdict, coverage, tracks } = reportOf(await run({ ...partly, failCloserAt }));
			expect(coverage).toMatchObject({
				framesSampled: 20,
				secondPass: { frames },
				notes: [{ code: 'second-pass-stopped', name: 'decoder-died', frames }],
			});
			expect(tracks[0]?.faces.filter((face) => !face.secondPass)).toEqual(whole.tracks[0]?.faces);
			if (failCloserAt === 0) expect(verdict).toEqual(whole.verdict);
		},
	);

	it('fails if a model fails in it', async () => {
		let closer = false;
		const stages = stagesOf(partly);
		const scoreCloser: Stages = {
			...stages,
			scoreFaces: (groups) => {
				if (closer) throw new AnalysisError('model-failed', 'score');
				closer = true;
				return stages.scoreFaces(groups);
			},
		};
		const events = analyse('a', 'a', planSchema.parse({ frames: 20 }), scoreCloser, new AbortController().signal);
		await expect(async () => {
			for await (const _ of events);
		}).rejects.toMatchObject({ code: 'model-failed' });
	});

	it('emits every segment of the report before it', async () => {
		const events = await run(partly);
		const segments = events.flatMap((event) => (event.type === 'segment' ? [event] : []));
		const reported = reportOf(events).tracks.flatMap(({ trackId, segments }) =>
			segments.map((segment) => ({ type: 'segment', trackId, segment })),
		);
		expect(segments).toEqual(reported);
		expect(segments.some(({ segment }) => segment.outcome === 'likely-fake')).toBe(true);
	});

	it('shows faces of the stretch first, then one of the rest', async () => {
		const { tracks, verdict } = reportOf(await run(partly));
		const times = tracks[0]?.moments.map(({ timeS }) => timeS) ?? [];
		expect(times).toHaveLength(6);
		const [{ startS, endS } = { startS: 0, endS: 0 }] = verdict.segments;
		expect(times.map((timeS) => timeS >= startS && timeS <= endS)).toEqual([true, true, true, true, true, false]);
	});

	it('adds no more frames than the plan allows', async () => {
		const plan = planSchema.parse({ frames: 20, refine: 9 });
		const doubtful = { ...partly, logit: (timeS: number) => (timeS === 9.75 ? 4 : -3) };
		expect(reportOf(await run(doubtful, plan)).coverage.secondPass?.frames).toBe(9);
	});

	it('stops after its first third when that shows the stretch', async () => {
		const plan = planSchema.parse({ frames: 20, refine: 18 });
		const { coverage, verdict } = reportOf(await run(partly, plan));
		expect(verdict.outcome).toBe('likely-fake');
		expect(coverage.secondPass).toMatchObject({ frames: 6, spans: [expect.anything()] });
	});

	it('gives the same report twice', async () => {
		const stable = ({ createdAt: _, timings: __, ...report }: Report) => report;
		expect(stable(reportOf(await run(partly)))).toEqual(stable(reportOf(await run(partly))));
	});
});

describe('a test of stability', { timeout: 60_000 }, () => {
	const plan = planSchema.parse({ frames: 20, stability: true });
	const fake = { moves: true, logit: () => 5 };

	it('does not run unless requested', async () => {
		expect(reportOf(await run({ ...fake, altered: () => 5 }, planSchema.parse({ frames: 20 }))).stability).toBeNull();
	});

	it('reports that a verdict survives, with the scores of each copy, and deletes the copies', async () => {
		let removed = 0;
		const film = { ...fake, altered: () => 4, onRemove: () => removed++ };
		const { stability, verdict } = reportOf(await run(film, plan));
		expect(stability).toMatchObject({ lost: [], failed: null });
		expect(stability?.copies.map(({ change, logit }) => [change, logit])).toEqual([
			['none', 4],
			['crf-28', 4],
			['crf-36', 4],
			['half-size', 4],
			['blur', 4],
		]);
		expect((stability?.endS ?? 0) - (stability?.startS ?? 0)).toBeLessThanOrEqual(6);
		expect(verdict).toMatchObject({ outcome: 'likely-fake', reasons: [] });
		expect(removed).toBe(1);
	});

	it('names the changes that a verdict does not survive, also in the verdict', async () => {
		const altered = (change: string) => (change === 'blur' || change === 'crf-36' ? 0 : 5);
		const { stability, verdict } = reportOf(await run({ ...fake, altered }, plan));
		expect(stability?.lost).toEqual(['crf-36', 'blur']);
		expect(verdict).toMatchObject({ outcome: 'likely-fake', reasons: ['not-stable'] });
	});

	it('claims nothing if the unchanged section has another verdict', async () => {
		const { stability, verdict } = reportOf(await run({ ...fake, altered: () => 0 }, plan));
		expect(stability).toMatchObject({ lost: null });
		expect(verdict.reasons).toEqual([]);
	});

	it('does not fail the analysis if the copies cannot be made', async () => {
		const { stability, verdict } = reportOf(await run(fake, plan));
		expect(stability).toMatchObject({ copies: [], lost: null, failed: 'decoder-died' });
		expect(verdict.outcome).toBe('likely-fake');
	});

	it('does not run if nobody was judged or the picture is still', async () => {
		expect(reportOf(await run({ face: false, altered: () => 5 }, plan)).stability).toBeNull();
		expect(reportOf(await run({ ...fake, moves: false, altered: () => 5 }, plan)).stability).toBeNull();
	});
});
