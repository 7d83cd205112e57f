import { expect, test } from 'vitest';
import { missingCodecs, missingIn } from '../../function/media/missing-codecs.ts';
import { tools } from './open-clip.ts';

test('this ffmpeg decodes what the tests are made of', async () => {
	const missing = await missingCodecs(tools);
	for (const codec of ['H.264', 'VP8', 'MPEG-2', 'Theora']) expect(missing).not.toContain(codec);
});

test('a codec that is only written, or not there, is missing', () => {
	const printed =
		' DEV.LS h264                 H.264\n .EV.L. av1                  AV1\n D.A.L. mp3                  MP3\n';
	const missing = missingIn(printed);
	expect(missing).not.toContain('H.264');
	for (const codec of ['AV1', 'VVC (H.266)', 'HEVC (H.265)']) expect(missing).toContain(codec);
});
