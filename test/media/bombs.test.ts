import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readClip } from './open-clip.ts';

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'unmask-bombs-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const put = (name: string, bytes: Buffer) => {
	writeFileSync(join(folder, name), bytes);
	return join(folder, name);
};

test('a device is refused before it is opened', async () => {
	await expect(readClip('/dev/zero')).rejects.toMatchObject({ code: 'not-a-file' });
});

test('a GIF of 100,000 frames is sampled like any other', async () => {
	const size = Buffer.from([64, 0, 64, 0]);
	const palette = [0, 0, 0, 255, 255, 255];
	const head = Buffer.concat([Buffer.from('GIF89a'), size, Buffer.from([0x80, 0, 0, ...palette])]);
	const delay = Buffer.from([0x21, 0xf9, 4, 4, 2, 0, 0, 0]);
	const frame = Buffer.concat([delay, Buffer.from([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0])]); // one pixel
	const gif = Buffer.concat([head, ...Array.from({ length: 100_000 }, () => frame), Buffer.from([0x3b])]);
	const { video, frames } = await readClip(put('long.gif', gif), { frames: 5 });
	expect(video).toMatchObject({ kind: 'video', width: 64, height: 64 });
	expect(video.durationS).toBeCloseTo(2000, -1);
	expect(frames).toHaveLength(5);
}, 120_000);
