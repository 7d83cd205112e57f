import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { planBursts, strideOf } from '../../function/media/plan-runs.ts';
import { roundingS, targetsPassed } from '../../function/media/selection.ts';
import { clip } from '../fixtures/make-clips.ts';
import { readClip } from './open-clip.ts';

const isRising = (times: readonly number[]) => times.every((time, i) => i === 0 || time > (times[i - 1] as number));

describe('parts of a clip', () => {
	test.each(['plain.mkv', 'plain.mp4'] as const)(
		'%s: the requested number of frames from each part, at their times',
		async (name) => {
			const ranges = [
				{ fromS: 0.4, toS: 0.8, frames: 4 },
				{ fromS: 1.2, toS: 1.9, frames: 7 },
			];
			const { times, stats } = await readClip(await clip(name), { ranges });
			expect(isRising(times)).toBe(true);
			expect(times).toHaveLength(11);
			for (const [i, timeS] of times.entries())
				expect(Math.abs(timeS - (i < 4 ? 0.45 + 0.1 * i : 1.25 + 0.1 * (i - 4)))).toBeLessThan(0.06);
			expect(stats.framesCorrupt).toBe(0);
		},
	);

	test('a part after the end of the file has no frames', async () => {
		expect((await readClip(await clip('plain.mp4'), { ranges: [{ fromS: 8, toS: 9, frames: 8 }] })).times).toEqual([]);
	});
});

describe('one part of a clip', () => {
	test.each(['plain.mkv', 'plain.mp4', 'variable.mkv'] as const)(
		'%s: the frames of the plan, all inside it',
		async (name) => {
			const { times } = await readClip(await clip(name), { frames: 5, span: { fromS: 0.6, toS: 1.6 } });
			expect(times).toHaveLength(5);
			expect(isRising(times)).toBe(true);
			for (const [i, timeS] of times.entries()) expect(Math.abs(timeS - (0.7 + 0.2 * i))).toBeLessThan(0.13);
		},
	);

	test('`all` is five per second of it', async () => {
		const { times } = await readClip(await clip('plain.mp4'), { frames: 'all', span: { fromS: 1, toS: 2 } });
		expect(times).toHaveLength(5);
		expect(Math.min(...times)).toBeGreaterThanOrEqual(1);
	});

	test('frames that are far apart are sought one by one', async () => {
		const path = await clip('long.mp4');
		const { times } = await readClip(path, { frames: 8, span: { fromS: 2, toS: 98 } });
		expect(times).toHaveLength(8);
		for (const [i, timeS] of times.entries()) expect(Math.abs(timeS - (8 + 12 * i))).toBeLessThan(0.6);
	});

	test('a part in which no frame begins has its own error code', async () => {
		const reading = readClip(await clip('plain.mp4'), { frames: 5, span: { fromS: 1.985, toS: 2 } });
		await expect(reading).rejects.toMatchObject({ code: 'part-outside' });
	});
});

describe('short clips', () => {
	test.each([1, 2, 7, 16, 17, 33, 49, 50])('%i of 50 frames', async (frames) => {
		const { times, stats } = await readClip(await clip('plain.mkv'), { frames });
		expect(times).toHaveLength(frames);
		expect(isRising(times)).toBe(true);
		for (const [i, timeS] of times.entries()) {
			const targetS = ((i + 0.5) * 2) / frames;
			expect(Math.abs(timeS - targetS)).toBeLessThan(0.13);
		}
		expect(stats).toEqual({ framesCorrupt: 0, sampling: 'linear', fellBackToLinear: false });
	});

	test('a clip with fewer frames gives all of them', async () => {
		expect((await readClip(await clip('short.mp4'), { frames: 100 })).times).toHaveLength(5);
	});

	test('a clip with fewer frames gives all of them, even those that are shown briefly between long ones', async () => {
		const folder = mkdtempSync(join(tmpdir(), 'unmask-uneven-'));
		const colours = ['#f00', '#0f0', '#00f', '#fff', '#888', '#000'];
		const pictures = colours.map((background) => ({
			create: { width: 64, height: 64, channels: 3, background } as const,
		}));
		const stills = await Promise.all(pictures.map((picture) => sharp(picture).png().toBuffer()));
		const path = join(folder, 'uneven.gif');
		await sharp(stills, { join: { animated: true } })
			.gif({ delay: [100, 40, 40, 4000, 40, 100] })
			.toFile(path);
		const { times } = await readClip(path, { frames: 40 });
		rmSync(folder, { recursive: true });
		expect(times).toHaveLength(colours.length);
	});

	test('`all` is five per second', async () => {
		expect((await readClip(await clip('plain.mp4'), { frames: 'all' })).times).toHaveLength(10);
	});

	test('`first` takes consecutive frames from the start', async () => {
		const { times } = await readClip(await clip('plain.mkv'), { frames: 5, part: 'start' });
		for (const [i, timeS] of times.entries()) expect(timeS).toBeCloseTo(i * 0.04, 2);
		expect(times).toHaveLength(5);
	});

	test('a variable frame rate keeps the real times', async () => {
		const { times } = await readClip(await clip('variable.mkv'), { frames: 1000 });
		expect(times).toHaveLength(110);
		const steps = times.slice(1).map((timeS, i) => timeS - (times[i] as number));
		for (const [i, step] of steps.entries()) expect(step).toBeCloseTo(i < 10 ? 0.1 : 0.02, 2);
	});

	test('a variable frame rate is sampled by time, not by number', async () => {
		const { times } = await readClip(await clip('variable.mkv'), { frames: 6 });
		expect(times.filter((timeS) => timeS < 1)).toHaveLength(2);
		expect(times).toHaveLength(6);
	});
});

describe('long clips', () => {
	test('go by key frames', async () => {
		const { times, stats } = await readClip(await clip('long.mp4'), { frames: 20 });
		expect(stats).toEqual({ framesCorrupt: 0, sampling: 'key-frames', fellBackToLinear: false });
		expect(times).toHaveLength(20);
		for (const [i, timeS] of times.entries()) expect(Math.abs(timeS - (i * 5 + 2.5))).toBeLessThanOrEqual(1);
	});

	test('go by bursts if there are few key frames', async () => {
		const { times, stats } = await readClip(await clip('sparse.mp4'), { frames: 25 });
		expect(stats).toEqual({ framesCorrupt: 0, sampling: 'key-frames', fellBackToLinear: false });
		expect(times).toHaveLength(25);
		expect(isRising(times)).toBe(true);
		expect(times[0]).toBe(0);
		expect(times.at(-1)).toBeGreaterThan(90);
	});

	test('are decoded completely if almost every frame is requested', async () => {
		const { times, stats } = await readClip(await clip('long.mp4'), { frames: 1000 });
		expect(stats.sampling).toBe('linear');
		expect(times).toHaveLength(1000);
	});
});

test('an unknown rate counts as 25 frames per second', () => {
	expect(strideOf(100, null, 10)).toBe(250);
	expect(strideOf(100, 50, 10)).toBe(500);
});

test('every frame passes as many targets as lie before its end', () => {
	const positive = fc.double({ min: 0.01, max: 100, noNaN: true });
	fc.assert(
		fc.property(positive, positive, positive, (timeS, rateHz, shownS) => {
			const passed = targetsPassed(timeS, { rateHz, shownS });
			const target = (i: number) => (i + 0.5) / rateHz;
			const endS = timeS + shownS - roundingS;
			expect(passed === 0 || target(passed - 1) <= endS + 1e-9).toBe(true);
			expect(target(passed)).toBeGreaterThanOrEqual(endS - 1e-9);
		}),
	);
});

test('bursts are in order, do not overlap, and contain the requested number of frames', () => {
	const clips = fc.record({
		gapS: fc.double({ min: 0.5, max: 30, noNaN: true }),
		keys: fc.integer({ min: 3, max: 400 }),
		count: fc.integer({ min: 1, max: 1000 }),
	});
	fc.assert(
		fc.property(clips, ({ gapS, keys, count }) => {
			const durationS = gapS * keys;
			const bursts = planBursts(
				Array.from({ length: keys }, (_, i) => i * gapS),
				durationS,
				count,
			);
			if (!bursts) return;
			expect(bursts.length).toBeLessThanOrEqual(100);
			expect(bursts.reduce((sum, { frames }) => sum + frames, 0)).toBe(count);
			for (const [i, { keyS, frames, stepS }] of bursts.entries())
				expect(keyS + frames * stepS).toBeLessThanOrEqual(bursts[i + 1]?.keyS ?? durationS);
		}),
	);
});
