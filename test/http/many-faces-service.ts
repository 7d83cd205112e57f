import { setImmediate as turn } from 'node:timers/promises';
import type { FaceEntry } from '../../function/contract/report.ts';
import { sampleReport } from '../unit/sample-report.ts';
import { openTestService } from './open-service.ts';

/**
 * A service in a separate process (`node --expose-gc`) with one analysis that finds many faces of three people, each with a picture. It sends its
 * address and then, once the parent has read everything, its peak memory above that at startup.
 */

const faces = Number(process.argv[2]);
/** Approximate length of a 96 px JPEG in characters. */
const picture = 'x'.repeat(4096);
const sampleEvery = 5000;

const usedMb = () => {
	(globalThis as unknown as { gc(): void }).gc();
	const { heapUsed, external } = process.memoryUsage();
	return (heapUsed + external) / 1e6;
};

const report = await sampleReport({ people: [1, 2, 3].map(() => ({ logits: Array.from({ length: 8 }, () => -3) })) });
const service = await openTestService();
const id = await service.upload();
const startMb = usedMb();
let mostMb = 0;
const sample = () => {
	mostMb = Math.max(mostMb, usedMb() - startMb);
};

process.send?.({ url: service.url, id });
const job = await service.fake.job(0);
const kept: FaceEntry[][] = [[], [], []];
for (let k = 0; k < faces; k++) {
	const track = k % 3;
	const face = faceOf(k);
	kept[track]?.push(face);
	// every picture has different bytes
	job.emit({
		type: 'face',
		trackId: track + 1,
		face,
		cropJpegBase64: Buffer.from(`${k}${picture}`).toString('latin1'),
	});
	if (k % 8 === 0) await turn();
	if (k % sampleEvery === 0) sample();
}
job.emit({
	type: 'report',
	report: {
		...report,
		plan: { ...report.plan, frames: 40, crops: true, maxDurationS: 60 },
		tracks: report.tracks.map((track, i) => ({ ...track, faces: kept[i] ?? [] })),
	},
});
sample();
process.once('message', async () => {
	sample();
	process.send?.({ mostMb, endMb: usedMb() - startMb });
	await service.close();
	process.disconnect();
});

/** Numbers with realistic precision. */
function faceOf(k: number): FaceEntry {
	const of = (n: number) => ((k * 7919 + n * 104729) % 1_000_003) / 1_000_003;
	return {
		frameIndex: Math.floor(k / 3),
		timeS: k / 15,
		box: { x: 1000 * of(1), y: 600 * of(2), width: 200 * of(3), height: 200 * of(4) },
		score: of(5),
		logit: 6 * of(6) - 3,
		fakeProbability: of(7),
		quality: { sizePx: 200 * of(8), sharpness: 900 * of(9), brightness: of(10), outside: 0 },
		excluded: null,
	};
}
