import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findFfmpeg, installCommand } from '../../function/media/find-ffmpeg.ts';
import { tools } from './open-clip.ts';

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'unmask-bin-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const nowhere = { searchPath: '/no/such/folder', install: false, bundled: false };

test('a given path is the only one tried', async () => {
	expect(await findFfmpeg({ ffmpegPath: tools.ffmpeg, ...nowhere })).toMatchObject({ ffmpeg: tools.ffmpeg });
	await expect(findFfmpeg({ ffmpegPath: '/no/ffmpeg', searchPath: '/usr/bin' })).rejects.toMatchObject({
		code: 'ffmpeg-missing',
		message: expect.stringContaining('/no/ffmpeg'),
	});
});

test('the search path is searched', async () => {
	symlinkSync(tools.ffmpeg, join(folder, 'ffmpeg'));
	symlinkSync(tools.ffprobe, join(folder, 'ffprobe'));
	const found = await findFfmpeg({ ffmpegPath: null, ...nowhere, searchPath: `/no/such/folder:${folder}` });
	expect(found).toEqual({ ...tools, ffmpeg: join(folder, 'ffmpeg'), ffprobe: join(folder, 'ffprobe') });
});

test('a program that does not run is not used', async () => {
	const broken = mkdtempSync(join(folder, 'broken-'));
	for (const name of ['ffmpeg', 'ffprobe']) writeFileSync(join(broken, name), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
	await expect(findFfmpeg({ ffmpegPath: null, ...nowhere, searchPath: broken })).rejects.toMatchObject({
		code: 'ffmpeg-missing',
	});
});

test('a program that was killed is tried again', async () => {
	const killed = mkdtempSync(join(folder, 'killed-'));
	const script = `#!/bin/sh\n/bin/rm "$0-alive" 2>/dev/null && kill -9 $$\necho "ffmpeg version 7.1"\n`;
	for (const name of ['ffmpeg', 'ffprobe']) {
		writeFileSync(join(killed, name), script, { mode: 0o755 });
		writeFileSync(join(killed, `${name}-alive`), '');
	}
	const found = await findFfmpeg({ ffmpegPath: null, ...nowhere, searchPath: killed });
	expect(found).toMatchObject({ ffmpeg: join(killed, 'ffmpeg'), version: '7.1' });
	expect(readdirSync(killed).toSorted()).toEqual(['ffmpeg', 'ffprobe']);
});

test('the error names the install command if nothing is found', async () => {
	await expect(findFfmpeg({ ffmpegPath: null, ...nowhere })).rejects.toMatchObject({
		code: 'ffmpeg-missing',
		detail: expect.stringContaining(installCommand(process.platform)),
	});
	expect(installCommand('darwin')).toBe('brew install ffmpeg');
	expect(installCommand('win32')).toContain('winget');
});
