import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { warnAboutMissingCodecs } from '../../function/commands/serve.ts';
import { missingCodecs, missingIn } from '../../function/media/missing-codecs.ts';
import { tools } from './open-clip.ts';

test('this ffmpeg decodes all codecs that the tests use', async () => {
	const missing = await missingCodecs(tools);
	for (const codec of ['H.264', 'VP8', 'MPEG-2', 'Theora']) expect(missing).not.toContain(codec);
});

test('a codec that is absent or can only be encoded is missing', () => {
	const printed =
		' DEV.LS h264                 H.264\n .EV.L. av1                  AV1\n D.A.L. mp3                  MP3\n';
	const missing = missingIn(printed);
	expect(missing).not.toContain('H.264');
	for (const codec of ['AV1', 'VVC (H.266)', 'HEVC (H.265)']) expect(missing).toContain(codec);
});

test('the service logs once which codecs this ffmpeg lacks, and nothing if it lacks none', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'unmask-codecs-'));
	const said = async (codecs: string) => {
		const ffmpeg = join(folder, 'ffmpeg');
		writeFileSync(ffmpeg, `#!/bin/sh\ncat <<'END'\n${codecs}\nEND\n`, { mode: 0o755 });
		const stderr = new PassThrough();
		await warnAboutMissingCodecs(Promise.resolve({ ffmpeg }), { stderr });
		stderr.end();
		return text(stderr);
	};
	const { stdout } = await execa(tools.ffmpeg, ['-hide_banner', '-v', 'error', '-codecs']);
	const all = stdout.replace(/^ ..V(\S*) vvc /gm, ' D.V$1 vvc ');
	expect(await said(all)).toBe('');
	expect(await said(all.replace(/^ D.V\S* hevc .*$/m, ''))).toContain('cannot decode HEVC (H.265)');
	rmSync(folder, { recursive: true });
});
