import type { Quality, VideoInfo } from '../../function/contract/report.ts';
import type { ScoredFace } from '../../function/values.ts';
import type { Calibration } from '../../function/verdict/calibration.ts';
import { createJudge, type JudgeOptions } from '../../function/verdict/judge.ts';

export const calibration: Calibration = {
	temperature: 1,
	offset: 0,
	likelyFakeAbove: 0.8,
	likelyRealBelow: 0.3,
	falseAlarm: { rate: 0.02, n: 400, interval: [0.01, 0.04], set: 'dev' },
	missed: null,
	stretch: { contrast: 3, falseStretch: null },
	reference: { genuine: [0.1, 0.2, 0.3, 0.99], manipulated: [0.4, 0.95, 0.999] },
};

export const video: VideoInfo = {
	container: 'mov,mp4',
	codec: 'h264',
	kind: 'video',
	durationS: 60,
	width: 1280,
	height: 720,
	fps: 30,
	rotationDeg: 0,
	sizeBytes: 1_000_000,
	sha256: '0'.repeat(64),
};
export const image: VideoInfo = { ...video, container: 'image2', codec: 'png', kind: 'image', durationS: null };

export const good: Quality = { sizePx: 200, sharpness: 1e-3, brightness: 0.5, outside: 0 };

export function scoredFace(parts: Partial<ScoredFace> = {}): ScoredFace {
	const box = { x: 10, y: 10, width: 150, height: 200 };
	return {
		trackId: 1,
		frameIndex: 0,
		timeS: 0,
		box,
		score: 0.99,
		cropBox: box,
		size: 2,
		pixels: new Float32Array(12),
		quality: good,
		logit: 0,
		heatMap: { width: 1, height: 1, values: [0] },
		...parts,
	};
}

/** A synthetic person: one logit per second, starting at `startS`. */
export type Person = { logits: readonly number[]; startS?: number; quality?: Partial<Quality> };

/** The verdict on synthetic people, numbered from track 1. */
export function judged(
	people: readonly Person[],
	info = video,
	frames = { framesSampled: 40, framesCorrupt: 0 },
	options: Omit<JudgeOptions, 'video'> = { calibration },
) {
	const judge = createJudge({ ...options, video: info });
	for (const [i, { logits, startS = 0, quality }] of people.entries())
		for (const [k, logit] of logits.entries())
			judge.add(
				scoredFace({
					trackId: i + 1,
					frameIndex: startS + k,
					timeS: startS + k,
					logit,
					quality: { ...good, ...quality },
				}),
			);
	return { judge, tracks: judge.tracks(), verdict: judge.verdict(frames) };
}

/** n logits alternating around a mean by `spread`. */
export const around = (mean: number, n: number, spread = 0.2) =>
	Array.from({ length: n }, (_, i) => mean + (i % 2 === 0 ? spread : -spread));
