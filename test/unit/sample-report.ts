import { type Report, reportSchema } from '../../function/contract/report.ts';
import { encodeMoment } from '../../function/evidence/encode-crop.ts';
import { createMomentCollector } from '../../function/evidence/moments.ts';
import { createJudge } from '../../function/verdict/judge.ts';
import { calibration, good, image, type Person, scoredFace, video } from './verdict-samples.ts';

/** Pixels [3, size, size] 0..1 of the k-th face of a person; tests draw a plain one, a look at the page may use photographs. */
export type Painter = (trackId: number, k: number) => { size: number; pixels: Float32Array };

/** An oval on a ground, another tint a person. */
export const plainFace: Painter = (trackId, k) => {
	const size = 64;
	const pixels = new Float32Array(3 * size * size);
	for (let c = 0; c < 3; c++)
		for (let i = 0; i < size * size; i++) {
			const [x, y] = [(i % size) / size - 0.5, Math.floor(i / size) / size - 0.5];
			const inside = (x / 0.34) ** 2 + (y / 0.44) ** 2 < 1;
			pixels[c * size * size + i] = inside ? 0.8 - 0.15 * c - 0.04 * trackId : 0.3 + 0.05 * c + 0.02 * (k % 5);
		}
	return { size, pixels };
};

/** A report as a run makes it: real judge, real collector, made-up scores. */
export async function sampleReport({
	people,
	info = video,
	fileName = 'interview.mp4',
	paint = plainFace,
	stepS = 1,
	parts = {},
}: {
	people: readonly Person[];
	info?: typeof video;
	fileName?: string;
	paint?: Painter;
	/** Seconds from one frame to the next. */
	stepS?: number;
	parts?: Partial<Report>;
}): Promise<Report> {
	const judge = createJudge({ calibration, video: info });
	const moments = createMomentCollector({ encode: encodeMoment });
	for (const [i, { logits, startS = 0, quality }] of people.entries())
		for (const [k, logit] of logits.entries()) {
			const face = scoredFace({
				trackId: i + 1,
				frameIndex: startS + k,
				timeS: (startS + k) * stepS,
				logit,
				quality: { ...good, ...quality },
				heatMap: heatMapAround(logit, k),
				...paint(i + 1, k),
			});
			moments.add(face, judge.add(face).face);
		}
	const tracks: Report['tracks'] = [];
	for (const track of judge.tracks())
		tracks.push({ ...track, moments: await moments.collect(track.trackId, track.outcome) });
	const framesSampled = info.kind === 'image' ? 1 : 60;
	return reportSchema.parse({
		schema: 'unmask-report/1',
		tool: { name: 'unmask', version: '0.1.0' },
		createdAt: '2026-11-22T18:00:00.000Z',
		fileName,
		video: info,
		plan: {
			frames: framesSampled,
			refine: 'auto',
			stability: false,
			mode: 'whole',
			heatMaps: true,
			crops: false,
			model: null,
			tier: null,
			fromS: null,
			toS: null,
			maxDurationS: 14400,
		},
		verdict: judge.verdict({ framesSampled, framesCorrupt: 0 }),
		tracks,
		coverage: {
			framesRequested: framesSampled,
			framesSampled,
			framesCorrupt: 0,
			framesWithoutFace:
				framesSampled - new Set(tracks.flatMap(({ faces }) => faces.map((face) => face.frameIndex))).size,
			...judge.counts(),
			part: 'whole',
			sampling: info.kind === 'image' ? 'image' : 'linear',
			fellBackToLinear: false,
			span: null,
			secondPass: null,
			firstFrameS: 0,
			lastFrameS: info.kind === 'image' ? 0 : 59,
			headerS: info.durationS,
			packetsS: info.durationS,
			notes: [],
		},
		stability: null,
		provenance: null,
		...judge.rules,
		older: null,
		classifier: { id: 'unmask-lite0-224', network: null, tier: 'fast', hasHeatMap: true },
		models: [
			{ id: 'ssd-mobilenetv1', kind: 'detector', sha256: '1'.repeat(64) },
			{ id: 'unmask-lite0-224', kind: 'classifier', sha256: '2'.repeat(64) },
		],
		provider: 'cpu',
		environment: { node: 'v22.22.0', onnxruntime: '1.30.0', ffmpeg: '5.1.7' },
		timings: { totalS: 4.213, firstFaceS: 0.871 },
		...parts,
	} satisfies Report);
}

/** A 5 x 5 map whose mean is the logit, hottest at the mouth. */
function heatMapAround(logit: number, k: number) {
	const raw = Array.from({ length: 25 }, (_, i) => {
		const [x, y] = [(i % 5) - 2, Math.floor(i / 5) - 3 + (k % 2) * 0.5];
		return 8 * Math.exp(-(x * x + y * y) / 2);
	});
	const mean = raw.reduce((sum, value) => sum + value, 0) / raw.length;
	return { width: 5, height: 5, values: raw.map((value) => value - mean + logit) };
}

const wave = (mean: number, n: number, spread: number) =>
	Array.from({ length: n }, (_, i) => mean + spread * (Math.sin(1.7 * i) + 0.5 * Math.sin(0.31 * i + mean)));

/** The reports that are looked at and tested, one a kind of answer. */
export const sampleReports = {
	fake: (paint?: Painter) =>
		sampleReport({
			people: [
				{ logits: wave(-3, 30, 0.8) },
				{ logits: wave(3, 19, 0.9), startS: 12 },
				{ logits: wave(0, 9, 0.5), startS: 41, quality: { sizePx: 31 } },
			],
			...(paint && { paint }),
		}),
	partial: (paint?: Painter) =>
		sampleReport({
			people: [{ logits: [...wave(-3, 45, 0.8), ...wave(4, 8, 0.5), ...wave(-3, 7, 0.8)] }],
			...(paint && { paint }),
		}),
	real: (paint?: Painter) => sampleReport({ people: [{ logits: wave(-3, 60, 1) }], ...(paint && { paint }) }),
	unclear: (paint?: Painter) =>
		sampleReport({
			people: [{ logits: wave(0.2, 60, 1.6) }, { logits: wave(-4, 20, 0.4), startS: 30 }],
			...(paint && { paint }),
		}),
	noFace: () => sampleReport({ people: [] }),
	tooSmall: (paint?: Painter) =>
		sampleReport({ people: [{ logits: wave(0, 20, 0.5), quality: { sizePx: 41 } }], ...(paint && { paint }) }),
	picture: (paint?: Painter) =>
		sampleReport({ people: [{ logits: [2.5] }], info: image, fileName: 'portrait.png', ...(paint && { paint }) }),
};
