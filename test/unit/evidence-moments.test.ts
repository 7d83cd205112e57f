import fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { momentSchema } from '../../function/contract/report.ts';
import { encodeMoment } from '../../function/evidence/encode-crop.ts';
import { createMomentCollector, type MomentCollector } from '../../function/evidence/moments.ts';
import { createJudge } from '../../function/verdict/judge.ts';
import { calibration, good, scoredFace, video } from './verdict-samples.ts';

const heatMap = { width: 1, height: 1, values: [1] };

/** Offers a face with a judge's entry for it. */
function offer(collector: MomentCollector, some: Parameters<typeof scoredFace>[0], countsEveryFace = false) {
	const face = scoredFace(some);
	collector.add(face, createJudge({ calibration, video, countsEveryFace }).add(face).face);
}

/** A collector that has seen one person, one face per second with these logits. */
function seen(logits: readonly number[], options: Partial<Parameters<typeof createMomentCollector>[0]> = {}) {
	const collector = createMomentCollector({ encode: encodeMoment, ...options });
	for (const [i, logit] of logits.entries()) offer(collector, { frameIndex: i, timeS: i, logit, heatMap });
	return collector;
}

test('likely-fake: the strongest faces, spread over time rather than six neighbours, in order of time', async () => {
	const logits = Array.from({ length: 100 }, (_, i) => 10 - Math.abs(i - 50) / 10);
	const moments = await seen(logits).collect(1, 'likely-fake');
	expect(moments).toHaveLength(6);
	for (const moment of moments) momentSchema.parse(moment);
	const times = moments.map((moment) => moment.timeS);
	expect(times).toEqual(times.toSorted((a, b) => a - b));
	expect(times).toContain(50);
	expect((times.at(-1) as number) - (times[0] as number)).toBeGreaterThan(35);
});

test('likely-real: the most suspicious face and a typical one', async () => {
	const logits = Array.from({ length: 60 }, (_, i) => (i % 10 === 5 ? 1 : -4 - (i % 3) / 100));
	const moments = await seen(logits).collect(1, 'likely-real');
	const found = moments.map((moment) => moment.logit);
	expect(Math.max(...found)).toBe(1);
	expect(Math.min(...found)).toBeLessThan(-3.9);
});

test('a short stretch gets most of the moments, first and in order of time, and the rest gets a typical one', async () => {
	const logits = Array.from({ length: 200 }, (_, i) => (i >= 90 && i < 100 ? 5 + (i % 3) : -3 - (i % 7) / 10));
	const moments = await seen(logits).collect(1, 'likely-fake', [{ startS: 90, endS: 99 }]);
	const times = moments.map(({ timeS }) => timeS);
	expect(times.slice(0, 5).every((timeS) => timeS >= 90 && timeS <= 99)).toBe(true);
	expect(times.slice(0, 5)).toEqual(times.slice(0, 5).toSorted((a, b) => a - b));
	expect(moments[5]?.logit).toBeCloseTo(-3.3, 0);
});

test('each of two stretches gets moments', async () => {
	const logits = Array.from({ length: 200 }, (_, i) => (i < 10 ? 5 : i >= 150 && i < 160 ? 6 : -3));
	const stretches = [
		{ startS: 0, endS: 9 },
		{ startS: 150, endS: 159 },
	];
	const times = (await seen(logits).collect(1, 'likely-fake', stretches)).map(({ timeS }) => timeS);
	expect(times.some((timeS) => timeS < 10)).toBe(true);
	expect(times.filter((timeS) => timeS >= 150 && timeS < 160).length).toBeGreaterThan(0);
});

test('one frame gives one moment, no frame gives none, and a track can be collected only once', async () => {
	const collector = seen([3]);
	expect(await collector.collect(1, 'likely-fake')).toHaveLength(1);
	expect(await collector.collect(1, 'likely-fake')).toEqual([]);
	expect(await collector.collect(9, 'uncertain')).toEqual([]);
});

test('a face that is not judged is shown only if there are no others: the largest, without a heat map', async () => {
	const collector = createMomentCollector({ encode: encodeMoment });
	for (const [i, sizePx] of [20, 40, 30].entries())
		offer(collector, { trackId: 2, frameIndex: i, timeS: i, logit: 9, quality: { ...good, sizePx } });
	for (let i = 0; i < 8; i++) {
		const quality = { ...good, sizePx: i % 2 ? 20 : 200 };
		offer(collector, { trackId: 1, frameIndex: i, timeS: i, logit: i % 2 ? 9 : 1, quality });
	}
	expect(await collector.collect(2, 'not-applicable')).toMatchObject([{ timeS: 1, heatMap: null }]);
	const judged = await collector.collect(1, 'uncertain');
	expect(new Set(judged.map((moment) => moment.logit))).toEqual(new Set([1]));
});

test('if the judge counts every face, small ones also get moments with heat maps', async () => {
	const collector = createMomentCollector({ encode: encodeMoment });
	for (let i = 0; i < 20; i++)
		offer(collector, { frameIndex: i, timeS: i, logit: i % 5, heatMap, quality: { ...good, sizePx: 20 } }, true);
	const moments = await collector.collect(1, 'uncertain');
	expect(moments).toHaveLength(6);
	for (const moment of moments) expect(moment.heatMap).toEqual(heatMap);
});

test('heat maps are omitted on request', async () => {
	expect((await seen([1, 2]).collect(1, 'uncertain'))[0]?.heatMap).toEqual(heatMap);
	expect((await seen([1, 2], { heatMaps: false }).collect(1, 'uncertain'))[0]?.heatMap).toBeNull();
});

test('the crop is the picture that was judged', async () => {
	const size = 32;
	const pixels = new Float32Array(3 * size * size).fill(0.2, 0, size * size);
	pixels.fill(0.8, size * size, 2 * size * size).fill(1.5, 2 * size * size); // out of range is clamped
	const collector = createMomentCollector({ encode: encodeMoment });
	offer(collector, { size, pixels });
	const [moment] = await collector.collect(1, 'uncertain');
	const { data, info } = await sharp(Buffer.from(moment?.cropJpegBase64 ?? '', 'base64'))
		.raw()
		.toBuffer({ resolveWithObject: true });
	expect(info).toMatchObject({ width: size, height: size, channels: 3, format: 'raw' });
	for (const [channel, value] of [51, 204, 255].entries())
		expect(Math.abs((data[channel] as number) - value)).toBeLessThanOrEqual(3);
});

test('the limit on pictures holds for any number of people, and those with the most faces keep theirs', async () => {
	const collector = createMomentCollector({ encode: encodeMoment, maxBytes: 20 * 12 });
	for (let i = 0; i < 40; i++)
		for (let trackId = 1; trackId <= (i < 5 ? 50 : 3); trackId++)
			offer(collector, { trackId, frameIndex: i, timeS: i, logit: i % 7 });
	const counts = [];
	for (let trackId = 1; trackId <= 50; trackId++) counts.push((await collector.collect(trackId, 'likely-fake')).length);
	expect(counts.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(20);
	for (const count of counts.slice(0, 3)) expect(count).toBeGreaterThan(0);
});

test('large crops are limited by bytes, not by number', async () => {
	const size = 1024;
	const collector = createMomentCollector({ encode: encodeMoment });
	const pixels = new Float32Array(3 * size * size);
	for (let trackId = 1; trackId <= 15; trackId++)
		for (const i of [0, 1]) offer(collector, { trackId, frameIndex: i, timeS: i, logit: i, size, pixels });
	let pictures = 0;
	for (let trackId = 1; trackId <= 15; trackId++) pictures += (await collector.collect(trackId, 'likely-fake')).length;
	expect(pictures).toBeGreaterThan(0);
	expect(pictures * 3 * size * size).toBeLessThanOrEqual(64e6);
});

test('for any logits: at most k moments, in order of time, always including the strongest', async () => {
	const logits = fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 1, maxLength: 60 });
	await fc.assert(
		fc.asyncProperty(logits, fc.constantFrom('likely-fake', 'likely-real', 'uncertain'), async (values, outcome) => {
			const moments = await seen(values, { perTrack: 4 }).collect(1, outcome);
			const times = moments.map((moment) => moment.timeS);
			expect(moments.length).toBeLessThanOrEqual(4);
			expect(new Set(times).size).toBe(times.length);
			expect(times).toEqual(times.toSorted((a, b) => a - b));
			expect(Math.max(...moments.map((moment) => moment.logit))).toBe(Math.max(...values));
		}),
		{ numRuns: 40 },
	);
});
