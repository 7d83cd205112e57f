import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
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
	await sharp(frames, { join: { animated: true } }).toFile(path);
	return path;
};

test('the first frame of an animated WebP is read, and the others are named', async () => {
	const { video, frames, found } = await readClip(await pages('animated.webp'));
	expect(video).toMatchObject({ kind: 'image', width: 64, height: 64 });
	const [red = 0, green = 0, blue = 0] = meanColour(frames[0] as (typeof frames)[number], []);
	expect([red > 240, green < 15, blue < 15]).toEqual([true, true, true]);
	expect(found.notes).toContainEqual({ code: 'pictures-left-out', frames: 2 });
	await expect.poll(() => readdirSync(tmpdir()).filter((name) => name.startsWith('unmask-frame-'))).toEqual([]);
});

test('the first page of a TIFF is read, and the others are named; a directory that points at itself ends', async () => {
	const path = await pages('pages.tiff');
	const { video, found } = await readClip(path);
	expect(video).toMatchObject({ kind: 'image', width: 64, height: 64 });
	expect(found.notes).toEqual([{ code: 'pictures-left-out', frames: 2 }]);
	const round = Buffer.alloc(8 + 2 + 4);
	round.write('II*\0', 'latin1');
	round.writeUInt32LE(8, 4);
	round.writeUInt32LE(8, 10);
	writeFileSync(join(folder, 'round.tiff'), round);
	await expect(readClip(join(folder, 'round.tiff'))).rejects.toMatchObject({ name: 'AnalysisError' });
});

test('an animated PNG is a video of all its frames', async () => {
	const path = join(folder, 'animated.png');
	await execa(tools.ffmpeg, ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=s=64x64:r=10:d=1', '-f', 'apng', path]);
	const { video, frames } = await readClip(path, { frames: 'all' });
	expect(video).toMatchObject({ kind: 'video', container: 'apng', width: 64, height: 64 });
	expect(frames.length).toBeGreaterThanOrEqual(5);
});

test('the video inside of a motion photo is named', async () => {
	const still = await sharp(await picture('#808080'))
		.jpeg()
		.toBuffer();
	const film = Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0isommp42', 'latin1');
	writeFileSync(join(folder, 'motion.jpg'), Buffer.concat([still, film]));
	const { video, found } = await readClip(join(folder, 'motion.jpg'));
	expect(video.kind).toBe('image');
	expect(found.notes).toEqual([{ code: 'video-left-out' }]);
});
