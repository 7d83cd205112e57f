import type { VideoInfo } from '../contract/report.ts';
import type { Ready } from '../contract/service.ts';
import type { Stages } from '../pipeline.ts';
import { seededRandom } from '../statistics.ts';
import type { CroppedFrame, DetectedFrame, Frame, ScoredFrame, TrackedFrame } from '../values.ts';
import { detectFaces } from '../vision/detect-faces.ts';

const SIDE = 320;
const box = { x: 80, y: 60, width: 160, height: 200 };

/** Runs a synthetic picture through detector, crop and classifier; returns whether all numbers are finite, and the time in milliseconds. Throws model-failed. */
export async function runSelfTest(stages: Stages): Promise<NonNullable<Ready['selfTest']>> {
	const startMs = performance.now();
	const detected = await first<DetectedFrame>(detectFaces(only(syntheticFrame()), stages.detect));
	const tracked = { frame: syntheticFrame(), faces: [{ trackId: 1, box, score: null }] };
	const cropped = await first<CroppedFrame>(stages.cropFaces(only<TrackedFrame>(tracked), syntheticVideo));
	const scored = await first<ScoredFrame>(stages.scoreFaces(only([cropped])));
	const numbers = [
		...(detected.faces ?? []).flatMap((face) => [face.score, ...Object.values(face.box)]),
		...scored.faces.flatMap((face) => [face.logit, ...(face.heatMap?.values ?? [])]),
	];
	const passed = scored.faces.length === 1 && numbers.every(Number.isFinite);
	return { passed, ms: Math.round(performance.now() - startMs), operators: stages.placement };
}

/** A noisy skin-coloured oval with dark eyes and mouth on a grey background. */
function syntheticFrame(): Frame {
	const random = seededRandom(1);
	const rgb = new Uint8Array(SIDE * SIDE * 3);
	for (let y = 0; y < SIDE; y++)
		for (let x = 0; x < SIDE; x++)
			rgb.set(
				colourAt(x, y).map((value) => value + 30 * random()),
				3 * (y * SIDE + x),
			);
	return { index: 0, timeS: 0, width: SIDE, height: SIDE, rgb };
}

function colourAt(x: number, y: number): readonly number[] {
	const isInside = (cx: number, cy: number, rx: number, ry: number) => ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1;
	if (isInside(125, 140, 16, 9) || isInside(195, 140, 16, 9) || isInside(160, 215, 30, 9)) return [60, 30, 30];
	return isInside(160, 160, 80, 100) ? [200, 150, 125] : [110, 110, 110];
}

const syntheticVideo: VideoInfo = {
	container: '',
	codec: '',
	kind: 'image',
	durationS: null,
	width: SIDE,
	height: SIDE,
	fps: null,
	rotationDeg: 0,
	sizeBytes: 0,
	sha256: '',
};

async function* only<T>(item: T): AsyncGenerator<T, void> {
	yield item;
}

async function first<T>(items: AsyncIterable<T>): Promise<T> {
	for await (const item of items) return item;
	throw new Error('a stage yielded nothing');
}
