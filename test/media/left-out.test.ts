import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { execa } from 'execa';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AnalysisError } from '../../function/errors.ts';
import { meanColour, readClip, tools } from './open-clip.ts';

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'unmask-left-out-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const picture = (background: string) =>
	sharp({ create: { width: 64, height: 64, channels: 4, background } })
		.png()
		.toBuffer();
const pages = async (name: string) => {
	const path = join(folder, name);
	const frames = await Promise.all(['#ff0000', '#00ff0080', '#0000ff'].map(picture));
	const joined = sharp(frames, { join: { animated: true } });
	await (name.endsWith('.webp') ? joined.webp({ delay: [200, 200, 200] }) : joined).toFile(path);
	return path;
};

test('an animated WebP is a video with all its frames and leaves nothing behind', async () => {
	const { video, frames, found } = await readClip(await pages('animated.webp'), { frames: 'all' });
	expect(video).toMatchObject({ kind: 'video', container: 'webp_pipe', codec: 'webp', width: 64, height: 64 });
	const colours = frames.map((frame) => meanColour(frame, []).map((value) => value > 127));
	expect(colours).toEqual([
		[true, false, false],
		[false, true, false],
		[false, false, true],
	]);
	expect(found.notes).toEqual([]);
	await expect.poll(() => readdirSync(tmpdir()).filter((name) => name.startsWith('unmask-pictures-'))).toEqual([]);
});

test('a TIFF is a picture with all its pages; a directory that points at itself ends', async () => {
	const { video, frames, found } = await readClip(await pages('pages.tiff'));
	expect(video).toMatchObject({ kind: 'image', container: 'tiff_pipe', codec: 'tiff', width: 64, height: 64 });
	expect(frames).toHaveLength(3);
	expect(meanColour(frames[2] as (typeof frames)[number], []).map((value) => value > 127)).toEqual([
		false,
		false,
		true,
	]);
	expect(found.notes).toEqual([]);
	const round = Buffer.alloc(8 + 2 + 4);
	round.write('II*\0', 'latin1');
	round.writeUInt32LE(8, 4);
	round.writeUInt32LE(8, 10);
	writeFileSync(join(folder, 'round.tiff'), round);
	await expect(readClip(join(folder, 'round.tiff'))).rejects.toMatchObject({ name: 'AnalysisError' });
});

/** A TIFF with a page of each size, uncompressed grey. */
function tiffOf(...sizes: (readonly [width: number, height: number])[]): Buffer {
	const parts: Buffer[] = [Buffer.from('II*\0\x08\0\0\0', 'latin1')];
	let at = 8;
	for (const [i, [width, height]] of sizes.entries()) {
		const entries = [
			...[256, width, 257, height, 258, 8, 259, 1, 262, 1],
			...[273, at + 102, 277, 1, 278, height, 279, width * height],
		].map(Number);
		const page = Buffer.alloc(114 + width * height, 80 + 40 * i);
		page.writeUInt16LE(entries.length / 2, 0);
		for (let entry = 0; entry < entries.length / 2; entry++) {
			page.writeUInt16LE(entries[2 * entry] as number, 2 + 12 * entry);
			page.writeUInt16LE(4, 4 + 12 * entry);
			page.writeUInt32LE(1, 6 + 12 * entry);
			page.writeUInt32LE(entries[2 * entry + 1] as number, 10 + 12 * entry);
		}
		at += page.length;
		page.writeUInt32LE(i === sizes.length - 1 ? 0 : at, 2 + 12 * (entries.length / 2));
		parts.push(page);
	}
	return Buffer.concat(parts);
}

test('the pages of a TIFF may have different sizes; each is shown whole in the size of the largest', async () => {
	const path = join(folder, 'sizes.tiff');
	writeFileSync(path, tiffOf([40, 40], [80, 64], [64, 64]));
	const { video, frames, found } = await readClip(path);
	expect(video).toMatchObject({ kind: 'image', width: 80, height: 64 });
	const middles = frames.map((frame) => Math.round(meanColour(frame, [0.4, 0.4, 0.6, 0.6])[0] as number));
	expect(middles).toEqual([80, 120, 160]);
	expect(found.notes).toEqual([]);
});

test('a TIFF that has its picture again in smaller sizes is one picture', async () => {
	const path = join(folder, 'pyramid.tiff');
	await sharp({ create: { width: 300, height: 201, channels: 3, background: '#406080' } })
		.tiff({ pyramid: true, tile: true, tileWidth: 64, tileHeight: 64 })
		.toFile(path);
	expect((await sharp(path).metadata()).pages).toBeGreaterThan(2);
	const { video, frames, found } = await readClip(path);
	expect(video).toMatchObject({ kind: 'image', width: 300, height: 201 });
	expect(frames).toHaveLength(1);
	expect(found.notes).toEqual([]);
});

test('an animation follows its EXIF orientation', async () => {
	const halves = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#0000ff' } })
		.composite([
			{
				input: await sharp(await picture('#ff0000'))
					.resize(32, 48)
					.toBuffer(),
				left: 0,
				top: 0,
			},
		])
		.png()
		.toBuffer();
	const webp = sharp([halves, await sharp(halves).negate().png().toBuffer()], { join: { animated: true } });
	await webp
		.withMetadata({ orientation: 5 })
		.webp({ lossless: true, delay: [200, 200] })
		.toFile(join(folder, 'turned.webp'));
	const oriented = await sharp(halves).withMetadata({ orientation: 5 }).png().toBuffer();
	const acTL = Buffer.from('00000008616354 4c00000001000000 00b93d9e0a'.replaceAll(' ', ''), 'hex');
	const fcTL = Buffer.alloc(38);
	fcTL.writeUInt32BE(26, 0);
	fcTL.write('fcTL', 4);
	for (const [place, value] of [
		[8, 0],
		[12, 64],
		[16, 48],
	] as const)
		fcTL.writeUInt32BE(value, place);
	fcTL.writeUInt16BE(1, 28);
	fcTL.writeUInt16BE(5, 30);
	fcTL.writeUInt32BE(crc32(fcTL.subarray(4, 34)), 34);
	acTL.writeUInt32BE(crc32(acTL.subarray(4, 16)), 16);
	const data = oriented.indexOf('IDAT') - 4;
	writeFileSync(
		join(folder, 'turned.png'),
		Buffer.concat([oriented.subarray(0, 33), acTL, oriented.subarray(33, data), fcTL, oriented.subarray(data)]),
	);
	for (const name of ['turned.webp', 'turned.png']) {
		const { video, frames, found } = await readClip(join(folder, name));
		expect(video, name).toMatchObject({ rotationDeg: 270, width: 48, height: 64 });
		const [first] = frames;
		expect(
			meanColour(first as never, [0, 0, 1, 0.4]).map((value) => value > 127),
			name,
		).toEqual([true, false, false]);
		expect(
			meanColour(first as never, [0, 0.6, 1, 1]).map((value) => value > 127),
			name,
		).toEqual([false, false, true]);
		expect(found.notes, name).toEqual([{ code: 'mirrored' }]);
	}
});

test('a truncated or corrupt animated WebP is refused', async () => {
	const whole = readFileSync(await pages('animated.webp'));
	writeFileSync(join(folder, 'cut.webp'), whole.subarray(0, whole.length - 60));
	await expect(readClip(join(folder, 'cut.webp'))).rejects.toMatchObject({ code: 'truncated' });
	const rubbish = Buffer.concat([
		Buffer.from('RIFF\x34\0\0\0WEBP', 'latin1'),
		...[1, 2].map(() => Buffer.from('ANMF\x10\0\0\0................', 'latin1')),
	]);
	writeFileSync(join(folder, 'rubbish.webp'), rubbish);
	await expect(readClip(join(folder, 'rubbish.webp'))).rejects.toMatchObject({ code: 'decode-failed' });
});

test('an animated PNG is a video with all its frames', async () => {
	const path = join(folder, 'animated.png');
	await execa(tools.ffmpeg, ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=s=64x64:r=10:d=1', '-f', 'apng', path]);
	const { video, frames } = await readClip(path, { frames: 'all' });
	expect(video).toMatchObject({ kind: 'video', container: 'apng', width: 64, height: 64 });
	expect(frames.length).toBeGreaterThanOrEqual(5);
});

test('a JPEG XL is a picture, bare or in boxes; if ffmpeg cannot read it, the error says so', async () => {
	const bare = Buffer.from(
		'/wpPBgASiAIARAFd5RIAABUqo4wbvJzr+fJDh8W0jesMbbVtAQAAADyAfyWJIuPYJJ3AIaTACkbGeDFeDM6L8WKwvBjjMYYEBwDN46xZOwAKGxhHHNxKAkRfSQI=',
		'base64',
	);
	const boxes = Buffer.from('\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x14ftypjxl \0\0\0\0jxl \0\0\0\0jxlc', 'latin1');
	for (const [name, bytes] of Object.entries({ 'bare.jxl': bare, 'boxes.jxl': Buffer.concat([boxes, bare]) })) {
		writeFileSync(join(folder, name), bytes);
		const answer = await readClip(join(folder, name)).then(
			({ video, frames }) => [video.kind, video.width, meanColour(frames[0] as (typeof frames)[number], [])[0] ?? 0],
			(error: AnalysisError) => [error.code, error.message],
		);
		if (answer[0] === 'image') expect([answer[1], Number(answer[2]) > 240]).toEqual([64, true]);
		else expect(answer).toEqual(['codec-unsupported', expect.stringContaining('JPEG XL')]);
	}
});

test('an animated AVIF is a video', async () => {
	const path = join(folder, 'animated.avif');
	const source = ['-f', 'lavfi', '-i', 'testsrc=s=64x64:r=10:d=1', '-c:v', 'libaom-av1', '-cpu-used', '8'];
	await execa(tools.ffmpeg, ['-v', 'error', ...source, path]);
	const { video, frames } = await readClip(path, { frames: 'all' });
	expect(video).toMatchObject({ kind: 'video', codec: 'av1', width: 64 });
	expect(frames.length).toBeGreaterThanOrEqual(5);
});

test.each([
	['jpeg', 'mp42'],
	['jpeg', 'iso8'],
	['jpeg', 'M4V '],
	['png', 'isom'],
	['webp', 'hvc1'],
	['avif', 'qt  '],
] as const)('the video inside a motion photo is reported: %s, %s', async (format, brand) => {
	const still = await sharp(await picture('#808080'))
		.toFormat(format)
		.toBuffer();
	const video = Buffer.from(`\0\0\0\x18ftyp${brand}\0\0\0\0isommp42`, 'latin1');
	const box = format === 'avif' ? Buffer.from('\0\0\0\x20mpvd', 'latin1') : Buffer.alloc(0);
	for (const [name, parts, notes] of [
		['still', [still], []],
		['motion', [still, box, video], [{ code: 'video-left-out' }]],
	] as const) {
		const path = join(folder, `${name}.${brand.trim()}.${format}`);
		writeFileSync(path, Buffer.concat(parts));
		const { video: info, found } = await readClip(path);
		expect(info.kind).toBe('image');
		expect(found.notes).toEqual(notes);
	}
});

test('further JPEGs of the same size in a file are reported (MPO, Motion JPEG), previews and gain maps are not', async () => {
	const jpeg = (width: number, progressive = false) =>
		sharp({ create: { width, height: 48, channels: 3, background: '#808080' } })
			.jpeg({ progressive })
			.toBuffer();
	const [left, right, small] = [await jpeg(64), await jpeg(64, true), await jpeg(40)];
	const padding = Buffer.alloc(10);
	for (const [name, parts, frames] of [
		['stereo', [left, padding, right], 1],
		['three', [right, left, small, left], 2],
		['gain-map', [left, small], 0],
		['cut', [left, right.subarray(0, right.length - 2)], 0],
	] as const) {
		writeFileSync(join(folder, `${name}.jpg`), Buffer.concat(parts));
		const { found } = await readClip(join(folder, `${name}.jpg`));
		expect(found.notes, name).toEqual(frames > 0 ? [{ code: 'pictures-left-out', frames }] : []);
	}
});

test.each([
	['4:4:4', 8],
	['4:2:0', 10],
] as const)(
	'an AVIF with %s and %d bits is a picture, even if ffmpeg cannot read it',
	async (chromaSubsampling, bitdepth) => {
		const path = join(folder, `still-${bitdepth}.avif`);
		const red = sharp({ create: { width: 80, height: 64, channels: 3, background: '#ff0000' } });
		await red.avif({ chromaSubsampling, bitdepth }).toFile(path);
		const { video, frames } = await readClip(path);
		expect(video).toMatchObject({ kind: 'image', container: 'mov', codec: 'av1', width: 80, height: 64 });
		expect(meanColour(frames[0] as (typeof frames)[number], []).map((value) => value > 127)).toEqual([
			true,
			false,
			false,
		]);
	},
);

test('JPEG 2000 is a picture; documents and raw photos are refused by their name', async () => {
	const path = join(folder, 'picture.jp2');
	const source = ['-f', 'lavfi', '-i', 'color=0xb08060:s=96x64', '-frames:v', '1', '-c:v', 'jpeg2000'];
	await execa(tools.ffmpeg, ['-v', 'error', ...source, '-pix_fmt', 'rgb24', '-f', 'image2', path]);
	const { video, frames } = await readClip(path);
	expect(video).toMatchObject({ kind: 'image', codec: 'jpeg2000', width: 96, height: 64 });
	expect(Math.abs((meanColour(frames[0] as (typeof frames)[number], [])[0] as number) - 0xb0)).toBeLessThan(4);
	for (const [start, name] of [
		['\0\0\0\x18ftypcrx \0\0\0\x01crx isom', 'Canon raw photo'],
		['\0\0\x01\0\x01\0\x20\x20', 'icon'],
		['8BPS\0\x01', 'Photoshop document'],
	] as const) {
		writeFileSync(join(folder, 'other'), Buffer.from(start.padEnd(600, '\0'), 'latin1'));
		const message = expect.stringContaining(name);
		await expect(readClip(join(folder, 'other'))).rejects.toMatchObject({ code: 'not-a-video', message });
	}
});

/** A little-endian TIFF of one directory with a 16-bit value per tag, and one behind it if `further` tags are given. */
function tiffWith(tags: readonly (readonly [tag: number, value: number])[], further: typeof tags = []): Buffer {
	const directory = (list: typeof tags) => {
		const bytes = Buffer.alloc(2 + 12 * list.length + 4);
		bytes.writeUInt16LE(list.length);
		for (const [i, [tag, value]] of list.entries()) {
			bytes.writeUInt16LE(tag, 2 + 12 * i);
			bytes.writeUInt16LE(4, 4 + 12 * i);
			bytes.writeUInt32LE(1, 6 + 12 * i);
			bytes.writeUInt32LE(value, 10 + 12 * i);
		}
		return bytes;
	};
	return Buffer.concat([
		Buffer.from('II*\0\x08\0\0\0', 'latin1'),
		directory(tags),
		directory(further),
		Buffer.alloc(600),
	]);
}

test('raw photos in a TIFF are refused by their name, because only their thumbnail would be read', async () => {
	const path = join(folder, 'raw.tif');
	const second = 8 + 2 + 12 + 4;
	for (const [bytes, name] of [
		[Buffer.from('II*\0\x10\0\0\0CR\x02\0'.padEnd(600, '\0'), 'latin1'), 'Canon raw photo'],
		[tiffWith([[50_706, 1]]), 'DNG raw photo'],
		[tiffWith([[330, second]], [[262, 32_803]]), 'raw photo'], // NEF, ARW
		[tiffWith([[262, 34_892]]), 'raw photo'],
	] as const) {
		writeFileSync(path, bytes);
		const message = expect.stringContaining(`it is a ${name}`);
		await expect(readClip(path)).rejects.toMatchObject({ code: 'not-a-video', message });
	}
});

test('a JPEG with the colours of print is read with their profile, and upright', async () => {
	const path = join(folder, 'print.jpg');
	const skin = sharp({ create: { width: 96, height: 64, channels: 3, background: '#b08060' } });
	await skin.withMetadata({ orientation: 6 }).withIccProfile('cmyk').jpeg({ quality: 95 }).toFile(path);
	expect((await sharp(path).metadata()).space).toBe('cmyk');
	const [red, green, blue] = await sharp(path).toColourspace('srgb').raw().toBuffer();
	const { video, frames } = await readClip(path);
	expect(video).toMatchObject({ kind: 'image', container: 'jpeg_pipe', rotationDeg: 90, width: 64, height: 96 });
	const found = meanColour(frames[0] as (typeof frames)[number], []);
	for (const [i, value] of [red, green, blue].entries())
		expect(Math.abs((found[i] as number) - (value as number))).toBeLessThan(4);
});
