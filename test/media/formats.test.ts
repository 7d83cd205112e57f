import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openMedia } from '../../function/media/open-media.ts';
import { type ClipName, clip } from '../fixtures/make-clips.ts';
import { meanColour, noSignal, readClip, tools } from './open-clip.ts';

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
		...(['plain.mxf', 'plain.asf', 'plain.mts', 'plain.vob', 'plain.ogv', 'plain.nut'] as const),
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
	test.each<ClipName>(['bt601.mp4', 'bt709.mp4', 'bt709-full.mp4', 'untagged.mp4', 'ten-bit.mkv'])(
		'%s shows its colours',
		async (name) => {
			const { frames } = await readClip(await clip(name), { frames: 1 });
			expectColour(meanColour(frames[0] as never, leftHalf), red);
			expectColour(meanColour(frames[0] as never, rightHalf), blue);
		},
	);

	// rows of the track header's matrix (ISO/IEC 14496-12, 8.3.2), 16.16 fixed point; where the red left half ends up
	const [top, bottom] = [
		[0.05, 0.05, 0.95, 0.4],
		[0.05, 0.6, 0.95, 0.95],
	];
	test.each([
		[90, 'turned', [0, 1, -1, 0], top, bottom],
		[180, 'turned', [-1, 0, 0, -1], rightHalf, leftHalf],
		[270, 'turned', [0, -1, 1, 0], bottom, top],
		[0, 'mirrored', [-1, 0, 0, 1], rightHalf, leftHalf],
		[180, 'mirrored', [1, 0, 0, -1], leftHalf, rightHalf],
		[270, 'mirrored', [0, 1, 1, 0], top, bottom],
		[90, 'mirrored', [0, -1, -1, 0], bottom, top],
	])('a video rotated by %i degrees, %s, is upright', async (rotationDeg, how, [a, b, c, d], redPart, bluePart) => {
		const bytes = readFileSync(await clip('bt601.mp4'));
		const matrix = bytes.indexOf('tkhd') + 4 + 40;
		for (const [at, value] of [
			[0, a],
			[4, b],
			[12, c],
			[16, d],
		] as [number, number][])
			bytes.writeInt32BE(value * 65_536, matrix + at);
		const path = join(folder, `${how}-${rotationDeg}.mp4`);
		writeFileSync(path, bytes);
		const { video, frames, found } = await readClip(path, { frames: 1 });
		const size = rotationDeg % 180 === 0 ? { width: 160, height: 120 } : { width: 120, height: 160 };
		expect(video).toMatchObject({ ...size, rotationDeg });
		expect(found.notes).toEqual(how === 'mirrored' ? [{ code: 'mirrored' }] : []);
		expect(frames[0]).toMatchObject(size);
		expectColour(meanColour(frames[0] as never, redPart as number[]), red);
		expectColour(meanColour(frames[0] as never, bluePart as number[]), blue);
	});

	test.each([
		['jpeg', {}],
		['png', {}],
		['webp', {}],
		['tiff', { compression: 'lzw' }],
		['tiff', { compression: 'jpeg' }],
		['tiff', { compression: 'deflate', predictor: 'horizontal' }],
	] as const)('%s %j follows its EXIF orientation', async (format, compression) => {
		const right = { create: { width: 40, height: 60, channels: 3, background: 'blue' } } as const;
		const picture = sharp({ create: { width: 80, height: 60, channels: 3, background: 'red' } });
		for (const [orientation, turnDeg, redPart, bluePart] of [
			[2, 0, rightHalf, leftHalf],
			[5, 270, top, bottom],
			[8, 270, bottom, top],
		] as [number, number, number[], number[]][]) {
			const path = join(folder, `exif-${orientation}-${JSON.stringify(compression).replace(/\W/g, '')}.${format}`);
			const halves = picture.clone().composite([{ input: right, left: 40, top: 0 }]);
			await halves.withMetadata({ orientation }).toFormat(format, compression).toFile(path);
			const { video, frames } = await readClip(path);
			const size = turnDeg % 180 === 0 ? { width: 80, height: 60 } : { width: 60, height: 80 };
			expect(video).toMatchObject({ kind: 'image', rotationDeg: turnDeg, ...size });
			expectColour(meanColour(frames[0] as never, redPart), red, 30);
			expectColour(meanColour(frames[0] as never, bluePart), blue, 30);
		}
	});

	test.each(['4:2:0', '4:4:4'])('an AVIF with %s follows its rotation and mirroring', async (chromaSubsampling) => {
		const right = { create: { width: 40, height: 64, channels: 3, background: 'blue' } } as const;
		const picture = sharp({ create: { width: 80, height: 64, channels: 3, background: 'red' } });
		for (const [orientation, turnDeg, redPart, bluePart] of [
			[5, 270, top, bottom],
			[6, 90, top, bottom],
		] as [number, number, number[], number[]][]) {
			const path = join(folder, `turned-${orientation}-${chromaSubsampling.replaceAll(':', '')}.avif`);
			const halves = picture.clone().composite([{ input: right, left: 40, top: 0 }]);
			await halves.withMetadata({ orientation }).avif({ chromaSubsampling, effort: 0 }).toFile(path);
			const { video, frames } = await readClip(path);
			expect(video).toMatchObject({ kind: 'image', rotationDeg: turnDeg, width: 64, height: 80 });
			expectColour(meanColour(frames[0] as never, redPart), red, 30);
			expectColour(meanColour(frames[0] as never, bluePart), blue, 30);
		}
	});

	test('an additional turn is applied on request', async () => {
		const { frames } = await readClip(await clip('bt601.mp4'), { frames: 1, turnDeg: 90 });
		expect(frames[0]).toMatchObject({ width: 120, height: 160 });
		expectColour(meanColour(frames[0] as never, top as number[]), red);
	});

	test.runIf(tools.hasZscale).each([
		['arib-std-b67', '160:120'],
		['smpte2084', '160:120'],
		['arib-std-b67', '161:120'],
		['smpte2084', '160:121'],
	])('%s of %s px is mapped to BT.709', async (transfer, size) => {
		const path = join(folder, `${transfer}-${size.replace(':', 'x')}.mkv`);
		const linear = 'zscale=min=gbr:tin=bt709:pin=bt709:m=gbr:p=bt709:t=linear,format=gbrpf32le';
		const hdr = `zscale=min=gbr:tin=linear:pin=bt709:t=${transfer}:m=bt2020nc:p=bt2020:r=tv,format=yuv420p10le`;
		const grey = ['-f', 'lavfi', '-i', 'color=0xb08060:s=160x120:r=25:d=0.4'];
		const filters = `format=gbrp,${linear},${hdr},scale=${size}`;
		const tags = ['-color_primaries', 'bt2020', '-color_trc', transfer, '-colorspace', 'bt2020nc'];
		execFileSync(tools.ffmpeg, ['-v', 'error', '-y', ...grey, '-vf', filters, '-c:v', 'ffv1', ...tags, path]);
		const { frames, found } = await readClip(path, { frames: 1 });
		expectColour(meanColour(frames[0] as never, leftHalf), [0xb0, 0x80, 0x60], 6);
		expect(found.notes).toEqual([{ code: 'tone-mapped', name: transfer === 'smpte2084' ? 'PQ' : 'HLG' }]);
	});

	test('HDR that this ffmpeg cannot map is reported', async () => {
		const path = join(folder, 'unmapped.mkv');
		const tags = ['-color_primaries', 'bt2020', '-color_trc', 'smpte2084', '-colorspace', 'bt2020nc'];
		const source = ['-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=25:d=0.4', '-pix_fmt', 'yuv420p10le'];
		execFileSync(tools.ffmpeg, ['-v', 'error', '-y', ...source, '-c:v', 'ffv1', ...tags, path]);
		const without = { tools: { ...tools, hasZscale: false }, signal: noSignal };
		const media = await openMedia(path, without);
		expect(media.found.notes).toEqual([{ code: 'not-tone-mapped', name: 'no-zscale' }]);
		for await (const frame of media.frames({ frames: 1, part: 'whole' }).frames) expect(frame.width).toBe(160);
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

	test.each([
		['dvvideo', 'avi', ['-pix_fmt', 'yuv420p']],
		['mpeg4', 'avi', ['-q:v', '2', '-flags', '+ildct+ilme']],
		['mpeg2video', 'mpegts', ['-q:v', '2', '-flags', '+ildct+ilme']],
	] as const)('fields of different times are no comb: %s', async (codec, format, options) => {
		const path = join(folder, `${codec}.${format}`);
		// a square that moves by 20 px from field to field
		const square = "geq=lum='if(between(X-20*N,80,280)*between(Y,80,480),235,16)':cb=128:cr=128";
		const source = ['-f', 'lavfi', '-i', 'color=black:s=720x576:r=50:d=0.4'];
		const filters = ['-vf', `${square},tinterlace=interleave_bottom,setfield=bff`];
		execFileSync(tools.ffmpeg, [
			'-v',
			'error',
			'-y',
			...source,
			...filters,
			'-c:v',
			codec,
			...options,
			'-f',
			format,
			path,
		]);
		const { frames, found } = await readClip(path, { frames: 4 });
		expect(found.notes).toEqual([{ code: 'deinterlaced' }]);
		const { rgb, width } = frames[1] as (typeof frames)[number];
		const greenAt = (x: number, y: number) => rgb[(y * width + x) * 3 + 1] as number;
		const comb = Array.from({ length: width }, (_, x) => {
			const steps = Array.from({ length: 100 }, (_, i) => Math.abs(greenAt(x, 200 + i) - greenAt(x, 201 + i)));
			return steps.reduce((sum, step) => sum + step) / steps.length;
		});
		expect(Math.max(...comb)).toBeLessThan(60);
	});

	test('a large picture is scaled to 1920 px, but its info keeps the original size', async () => {
		const { video, frames } = await readClip(await clip('big.mkv'), { frames: 2 });
		expect(video).toMatchObject({ width: 2400, height: 1200 });
		expect(frames[0]).toMatchObject({ width: 1920, height: 960 });
	});
});

describe('pictures whose size changes', () => {
	/** Two seconds of a colour with a white square in the middle, whose sides are a quarter of the height. */
	const part = (size: string, colour: string, format: string, codec: readonly string[]) => {
		const path = join(folder, `${size}.${format}`);
		const square = 'drawbox=x=iw/2-ih/8:y=ih/2-ih/8:w=ih/4:h=ih/4:color=white:t=fill';
		const source = ['-f', 'lavfi', '-i', `color=${colour}:s=${size}:r=25:d=2`, '-vf', square];
		execFileSync(tools.ffmpeg, ['-v', 'error', '-y', ...source, ...codec, '-f', format, path]);
		return readFileSync(path);
	};
	const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
	const interlaced = ['-vf', 'setfield=tff', '-c:v', 'mpeg2video', '-flags', '+ildct+ilme', '-g', '1'];

	test.each([
		['mpegts', x264],
		['h264', x264],
		['matroska', ['-c:v', 'libvpx', '-deadline', 'realtime']],
		['avi', ['-c:v', 'mjpeg']],
		['mpegts', interlaced],
	] as const)('are shown whole in one size, and times go on: %s %j', async (format, codec) => {
		const path = join(folder, `changes.${format}`);
		writeFileSync(path, Buffer.concat([part('320x240', 'red', format, codec), part('240x320', 'blue', format, codec)]));
		const { frames, times, stats } = await readClip(path);
		expect(stats.notes).toEqual(codec === interlaced ? undefined : [{ code: 'size-changes' }]);
		for (const [i, timeS] of times.entries()) expect(Math.abs(timeS - (i + 0.5) * 0.4)).toBeLessThan(0.1);
		expect(frames).toHaveLength(10);
		const last = frames[9] as (typeof frames)[number];
		expect(last.width / last.height).toBeCloseTo(4 / 3, 2);
		expectColour(meanColour(last, [0, 0, 0.15, 1]), [128, 128, 128]);
		expectColour(meanColour(last, [0.25, 0.05, 0.35, 0.95]), blue, 20);
		if (codec === interlaced) return;
		// the square is still a square: 60 px of 240
		for (const area of [
			[0.5 - 0.08, 0.5 - 0.11, 0.5 + 0.08, 0.5 + 0.11],
			[0.5 - 0.05, 0.5 - 0.05, 0.5 + 0.05, 0.5 + 0.05],
		])
			expectColour(meanColour(last, area), [255, 255, 255], 12);
	});

	test('keep their pixels where they become larger', async () => {
		const path = join(folder, 'call.ts');
		const [small, large] = [part('160x120', 'red', 'mpegts', x264), part('640x480', 'blue', 'mpegts', x264)];
		writeFileSync(path, Buffer.concat([small, large]));
		const { video, frames, times } = await readClip(path);
		expect(video).toMatchObject({ width: 160, height: 120 });
		expect(times.toSorted((a, b) => a - b)).toEqual(times);
		expect(frames.map(({ width }) => width)).toEqual([160, 160, 160, 160, 160, 640, 640, 640, 640, 640]);
		for (const { rgb, width, height } of frames) expect(rgb).toHaveLength(width * height * 3);
		expectColour(meanColour(frames[0] as never, [0, 0, 1, 0.2]), red, 20);
		expectColour(meanColour(frames[5] as never, [0, 0, 1, 0.2]), blue, 20);
	});
});

describe('several videos in one file', () => {
	const make = (name: string, ...args: string[]) => {
		const path = join(folder, name);
		execFileSync(tools.ffmpeg, ['-v', 'error', '-y', ...args, path]);
		return path;
	};
	const plain = (colour: string, seconds: number) => ['-f', 'lavfi', '-i', `color=${colour}:s=96x64:r=25:d=${seconds}`];
	const both = ['-map', '0:v', '-map', '1:v', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];

	test.each(['mp4', 'mkv'])('a track of two frames before the film (%s)', async (ending) => {
		const path = make(`stub.${ending}`, ...plain('blue', 0.08), ...plain('red', 2), ...both);
		const { frames, video, found } = await readClip(path);
		expect(video.durationS).toBeCloseTo(2, 1);
		expect(frames).toHaveLength(10);
		expectColour(meanColour(frames[5] as never, leftHalf), red, 20);
		expect(found.notes).toMatchObject([{ code: 'stream-chosen', name: 'most-frames' }]);
	});

	test('the default track of two films', async () => {
		const flags = ['-disposition:v:0', '0', '-disposition:v:1', 'default'];
		const path = make('default.mkv', ...plain('blue', 2), ...plain('red', 2), ...both, ...flags);
		const { frames, found } = await readClip(path);
		expectColour(meanColour(frames[0] as never, leftHalf), red, 20);
		expect(found.notes).toMatchObject([{ code: 'stream-chosen', name: 'default' }]);
	});

	test('a cover is not a video', async () => {
		const cover = ['-map', '0', '-map', '1', '-c', 'copy', '-disposition:v:1', 'attached_pic'];
		const path = make('cover.mp4', '-i', await clip('plain.mp4'), '-i', await clip('plain.jpg'), ...cover);
		const { video, frames } = await readClip(path);
		expect(video).toMatchObject({ codec: 'h264', kind: 'video' });
		expect(frames).toHaveLength(10);
	});
});
