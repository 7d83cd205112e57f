import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ClipName, clip } from '../fixtures/make-clips.ts';
import { meanColour, readClip } from './open-clip.ts';

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'unmask-formats-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const red = [255, 0, 0];
const blue = [0, 0, 255];
const leftHalf = [0.05, 0.05, 0.4, 0.95];
const rightHalf = [0.6, 0.05, 0.95, 0.95];

function expectColour(found: number[], wanted: number[], tolerance = 5) {
	for (const channel of [0, 1, 2])
		expect(Math.abs((found[channel] as number) - (wanted[channel] as number))).toBeLessThanOrEqual(tolerance);
}

describe('containers', () => {
	test.each<ClipName>([
		...([
			'plain.mp4',
			'plain.mov',
			'plain.m4v',
			'plain.webm',
			'plain.mkv',
			'plain.avi',
			'plain.3gp',
			'plain.wmv',
		] as const),
		...(['plain.flv', 'plain.gif', 'plain.ts', 'plain.mpg', 'raw.h264', 'live.mkv'] as const),
	])('%s gives ten frames spread over two seconds', async (name) => {
		const { video, frames, times } = await readClip(await clip(name));
		expect(video.kind).toBe('video');
		expect(video.durationS).toBeGreaterThan(1.8);
		expect(video.durationS).toBeLessThan(2.2);
		expect(video.sha256).toMatch(/^[0-9a-f]{64}$/);
		expect(frames.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
		for (const [i, timeS] of times.entries()) expect(Math.abs(timeS - (0.1 + i * 0.2))).toBeLessThan(0.13);
		for (const { rgb, width, height } of frames) expect(rgb.length).toBe(width * height * 3);
	});

	test.each<ClipName>(['plain.jpg', 'plain.png', 'plain.webp', 'still.gif'])('%s is one picture', async (name) => {
		const { video, frames, stats } = await readClip(await clip(name));
		expect(video).toMatchObject({ kind: 'image', durationS: null, fps: null, width: 160, height: 120 });
		expect(frames).toHaveLength(1);
		expect(frames[0]).toMatchObject({ index: 0, timeS: 0, width: 160, height: 120 });
		expect(stats).toEqual({ framesCorrupt: 0, sampling: 'image', fellBackToLinear: false });
	});
});

describe('pictures', () => {
	test.each<ClipName>(['bt601.mp4', 'bt709.mp4', 'bt709-full.mp4', 'untold.mp4', 'ten-bit.mkv'])(
		'%s shows its colours',
		async (name) => {
			const { frames } = await readClip(await clip(name), { frames: 1 });
			expectColour(meanColour(frames[0] as never, leftHalf), red);
			expectColour(meanColour(frames[0] as never, rightHalf), blue);
		},
	);

	// rows of the track header's matrix (ISO/IEC 14496-12, 8.3.2), 16.16 fixed point; where the red left half goes
	test.each([
		[90, [0, 1, -1, 0], [0.05, 0.05, 0.95, 0.4], [0.05, 0.6, 0.95, 0.95]],
		[180, [-1, 0, 0, -1], rightHalf, leftHalf],
		[270, [0, -1, 1, 0], [0.05, 0.6, 0.95, 0.95], [0.05, 0.05, 0.95, 0.4]],
	])('a video turned by %i degrees stands upright', async (rotationDeg, [a, b, c, d], redPart, bluePart) => {
		const bytes = readFileSync(await clip('bt601.mp4'));
		const matrix = bytes.indexOf('tkhd') + 4 + 40;
		for (const [at, value] of [
			[0, a],
			[4, b],
			[12, c],
			[16, d],
		] as [number, number][])
			bytes.writeInt32BE(value * 65_536, matrix + at);
		const path = join(folder, `turned-${rotationDeg}.mp4`);
		writeFileSync(path, bytes);
		const { video, frames } = await readClip(path, { frames: 1 });
		const size = rotationDeg === 180 ? { width: 160, height: 120 } : { width: 120, height: 160 };
		expect(video).toMatchObject({ ...size, rotationDeg });
		expect(frames[0]).toMatchObject(size);
		expectColour(meanColour(frames[0] as never, redPart), red);
		expectColour(meanColour(frames[0] as never, bluePart), blue);
	});

	test('anamorphic pixels become square', async () => {
		const { video, frames } = await readClip(await clip('anamorphic.mp4'), { frames: 1 });
		expect(video).toMatchObject({ width: 213, height: 120 });
		expect(frames[0]).toMatchObject({ width: 213, height: 120 });
	});

	test('odd sizes stay odd', async () => {
		const { frames } = await readClip(await clip('odd.mkv'), { frames: 2 });
		expect(frames[0]).toMatchObject({ width: 321, height: 241 });
	});

	test('interlaced fields are joined', async () => {
		const { frames } = await readClip(await clip('interlaced.mpg'), { frames: 4 });
		expect(frames).toHaveLength(4);
	});

	test('a large picture is scaled to 1920 px, its info is not', async () => {
		const { video, frames } = await readClip(await clip('big.mkv'), { frames: 2 });
		expect(video).toMatchObject({ width: 2400, height: 1200 });
		expect(frames[0]).toMatchObject({ width: 1920, height: 960 });
	});
});
