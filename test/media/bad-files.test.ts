import { execFileSync } from 'node:child_process';
import {
	appendFileSync,
	chmodSync,
	copyFileSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkFile } from '../../function/media/check-file.ts';
import { isEncrypted } from '../../function/media/find-encryption.ts';
import { openMedia } from '../../function/media/open-media.ts';
import { clip } from '../fixtures/make-clips.ts';
import { noSignal, readClip, tools } from './open-clip.ts';

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'unmask-bad-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A file with that content, old enough to be checked only once. */
function file(name: string, content: string | Uint8Array): string {
	const path = join(folder, name);
	writeFileSync(path, content);
	execFileSync('touch', ['-d', '1 hour ago', path]);
	return path;
}
const codeOf = (work: Promise<unknown>) =>
	work.then(
		() => 'none',
		(error) => error.code ?? String(error),
	);
const probeCode = (path: string, limits = {}) => codeOf(openMedia(path, { tools, signal: noSignal, limits }));
const pixelsOf = (ending: string) =>
	({ gif: 'rgb8', apng: 'rgb24', png: 'rgb24', bmp: 'bgr24', tif: 'rgb24', jp2: 'rgb24', jpg: 'yuvj420p' })[ending] ??
	'yuv420p';
const isRoot = process.getuid?.() === 0;

describe('files', () => {
	test('no such file', async () => expect(await probeCode(join(folder, 'none.mp4'))).toBe('file-not-found'));
	test('a folder', async () => expect(await probeCode(folder)).toBe('not-a-file'));
	test('a device', async () => expect(await probeCode('/dev/null')).toBe('not-a-file'));
	test('a FIFO does not block', async () => {
		execFileSync('mkfifo', [join(folder, 'pipe.mp4')]);
		expect(await probeCode(join(folder, 'pipe.mp4'))).toBe('not-a-file');
	});
	test('empty', async () => expect(await probeCode(file('empty.mp4', ''))).toBe('file-empty'));
	test('too large', async () => {
		expect(await codeOf(checkFile(await clip('plain.mp4'), { maxSizeBytes: 100 }))).toBe('file-too-large');
	});
	test.skipIf(isRoot)('permissions', async () => {
		const path = file('secret.mp4', 'x');
		chmodSync(path, 0);
		expect(await probeCode(path)).toBe('file-unreadable');
	});
	test('links that form a loop', async () => {
		const [one, other] = [join(folder, 'one.mp4'), join(folder, 'other.mp4')];
		symlinkSync(other, one);
		symlinkSync(one, other);
		await expect(checkFile(one)).rejects.toMatchObject({
			code: 'file-unreadable',
			message: expect.stringMatching(/^The file cannot be read\..*loop/),
		});
	});
	test('still being written', async () => {
		const path = join(folder, 'growing.mp4');
		copyFileSync(await clip('plain.mp4'), path);
		const writing = setInterval(() => appendFileSync(path, 'more'), 50);
		const code = await probeCode(path);
		clearInterval(writing);
		expect(code).toBe('file-changing');
	});
});

describe('contents', () => {
	test('text', async () =>
		expect(await probeCode(file('text.mp4', 'Dear Sir or Madam,\n'.repeat(500)))).toBe('not-a-video'));
	test('a page that was saved instead of the video, by what it is', async () => {
		const path = file('page.mp4', '<!doctype html><html><body>Not found</body></html>');
		await expect(openMedia(path, { tools, signal: noSignal, limits: {} })).rejects.toMatchObject({
			code: 'not-a-video',
			detail: 'by its first bytes: HTML page',
		});
	});
	test('noise', async () => {
		const noise = Uint8Array.from({ length: 20_000 }, (_, i) => (i * i * 7 + i * 31) % 251);
		expect(await probeCode(file('noise.mp4', noise))).toBe('not-a-video');
	});
	test('truncated', async () => {
		const whole = readFileSync(await clip('plain.mp4'));
		expect(await probeCode(file('half.mp4', whole.subarray(0, whole.length / 2)))).toBe('truncated');
	});
	test('encrypted', async () => {
		const path = join(folder, 'encrypted.mp4');
		const key = ['-encryption_key', '0'.repeat(32), '-encryption_kid', '1'.repeat(32)];
		const scheme = ['-c', 'copy', '-an', '-encryption_scheme', 'cenc-aes-ctr', ...key];
		execFileSync(tools.ffmpeg, ['-v', 'error', '-i', await clip('plain.mp4'), ...scheme, path]);
		expect(await probeCode(path)).toBe('encrypted');
	});
	test('protected by FairPlay', async () => {
		const bytes = readFileSync(await clip('plain.mp4'));
		bytes.write('drmi', bytes.indexOf('avc1', bytes.indexOf('stsd')), 'latin1');
		expect(await probeCode(file('fairplay.mp4', bytes))).toBe('encrypted');
	});
	test('a scrambled transport stream', async () => {
		const bytes = readFileSync(await clip('plain.ts'));
		for (let at = 0; at < bytes.length; at += 188) {
			const pid = bytes.readUInt16BE(at + 1) & 0x1fff;
			if (pid < 0x20 || pid >= 0x1000) continue; // tables stay readable
			bytes.writeUInt8(bytes.readUInt8(at + 3) | 0x80, at + 3);
			bytes.fill(0xa5, at + 100, at + 188);
		}
		expect(await probeCode(file('scrambled.ts', bytes))).toBe('encrypted');
		expect(await isEncrypted(await clip('plain.ts'), 'mpegts')).toBe(false);
	});
	test('a Matroska file, by its elements and not by bytes that look like them', async () => {
		const element = (id: string, ...parts: Buffer[]) => {
			const content = Buffer.concat(parts);
			return Buffer.concat([
				Buffer.from(id, 'hex'),
				Buffer.from([0x40 | (content.length >> 8), content.length & 0xff]),
				content,
			]);
		};
		const encodings = element('6d80', element('6240', element('5035', element('47e1', Buffer.from([5])))));
		const segmentOf = (type: number, ...more: Buffer[]) => {
			const entry = element('ae', element('d7', Buffer.from([1])), ...more, element('83', Buffer.from([type])));
			const cluster = element('1f43b675', encodings);
			const segment = Buffer.concat([
				Buffer.from('1853806701ffffffffffffff', 'hex'),
				element('1654ae6b', entry),
				cluster,
			]);
			return Buffer.concat([element('1a45dfa3', element('4282', Buffer.from('matroska'))), segment]);
		};
		expect(await isEncrypted(file('video.mkv', segmentOf(1, encodings)), 'matroska')).toBe(true);
		expect(await isEncrypted(file('audio.mkv', segmentOf(2, encodings)), 'matroska')).toBe(false);
		expect(await isEncrypted(file('private.mkv', segmentOf(1, element('63a2', encodings))), 'matroska')).toBe(false);
		expect(await isEncrypted(file('clear.mkv', segmentOf(1)), 'matroska')).toBe(false);
	});
	test('an unknown codec is named', async () => {
		const bytes = readFileSync(await clip('plain.mp4'));
		bytes.write('avc9', bytes.indexOf('avc1', bytes.indexOf('stsd')), 'latin1');
		const path = file('unknown-codec.mp4', bytes);
		expect(await probeCode(path)).toBe('codec-unsupported');
		await expect(openMedia(path, { tools, signal: noSignal })).rejects.toThrow(/avc9/);
	});
	test('audio only', async () => expect(await probeCode(await clip('audio.m4a'))).toBe('no-video-stream'));
	test('audio with a cover', async () => {
		const path = join(folder, 'cover.mp3');
		const inputs = ['-i', await clip('audio.m4a'), '-i', await clip('plain.png'), '-map', '0', '-map', '1'];
		execFileSync(tools.ffmpeg, ['-v', 'error', ...inputs, '-c:v', 'copy', '-disposition:v', 'attached_pic', path]);
		expect(await probeCode(path)).toBe('no-video-stream');
	});
	test('1 x 1 px', async () => expect(await probeCode(await clip('tiny.png'))).toBe('picture-too-small'));
	test('72 megapixels', async () => expect(await probeCode(await clip('wide.png'))).toBe('picture-too-large'));
	test('16k x 16k px is refused by its header without decoding', async () => {
		const header = readFileSync(await clip('wide.png'));
		header.writeUInt32BE(16_384, 16);
		header.writeUInt32BE(16_384, 20);
		expect(await probeCode(file('16k.png', header))).toBe('picture-too-large');
	});
	test('too long', async () =>
		expect(await probeCode(await clip('plain.mp4'), { maxDurationS: 1 })).toBe('video-too-long'));
	test.each([
		['negative', -1000],
		['absurd', 1e12],
		['not a number', Number.NaN],
	])('a duration that is %s is measured instead', async (_, value) => {
		const bytes = readFileSync(await clip('plain.mkv'));
		const at = bytes.indexOf(Buffer.from([0x44, 0x89, 0x88])) + 3; // Matroska's Duration, a 64-bit float in ms
		bytes.writeDoubleBE(value, at);
		const { video, frames } = await readClip(file(`${value}.mkv`, bytes));
		expect(video.durationS).toBeCloseTo(2, 1);
		expect(frames).toHaveLength(10);
	});
	test('a video stream without a frame', async () => {
		const path = join(folder, 'hollow.mp4');
		execFileSync(tools.ffmpeg, ['-v', 'error', '-i', await clip('plain.mp4'), '-c', 'copy', '-frames:v', '0', path]);
		expect(await codeOf(readClip(path))).toMatch(/decode-failed|no-video-stream|not-a-video/);
	});
	test('a truncated video gives the frames that it still has', async () => {
		const whole = readFileSync(await clip('plain.mkv'));
		const { frames } = await readClip(file('half.mkv', whole.subarray(0, whole.length * 0.6)), { frames: 50 });
		expect(frames.length).toBeGreaterThan(15);
		expect(frames.length).toBeLessThan(45);
	});
	test.each([
		['mp4', ['-movflags', 'frag_keyframe+empty_moov', '-g', '5'], [{ code: 'end-missing' }]],
		['mkv', ['-g', '5'], [{ code: 'end-missing' }]],
		['avi', ['-c:v', 'mpeg4'], [{ code: 'end-missing' }]],
		['asf', ['-c:v', 'wmv2'], [{ code: 'end-missing' }]],
		['gif', [], [{ code: 'end-missing' }]],
		['apng', [], [{ code: 'end-missing' }]],
		['jpg', ['-frames:v', '1'], 'truncated'],
		['png', ['-frames:v', '1'], 'truncated'],
		['webp', ['-frames:v', '1', '-c:v', 'libwebp'], 'truncated'],
		['bmp', ['-frames:v', '1'], 'truncated'],
		['tif', ['-frames:v', '1'], 'truncated'],
		['jp2', ['-frames:v', '1'], 'truncated'],
	] as const)('a cut %s is read as far as it goes, or called incomplete', async (ending, options, expected) => {
		const path = join(folder, `whole.${ending}`);
		const source = ['-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=10:d=2'];
		execFileSync(tools.ffmpeg, ['-v', 'error', ...source, ...options, '-pix_fmt', pixelsOf(ending), path]);
		const whole = readFileSync(path);
		expect((await readClip(path)).found.notes).toEqual([]);
		// photos have a preview with an end of its own
		const preview = Buffer.from('\xff\xe1\0\x08\xff\xd8\xff\xd9\0\0', 'latin1');
		const start = ending === 'jpg' ? Buffer.concat([whole.subarray(0, 2), preview, whole.subarray(2)]) : whole;
		const cut = file(`cut.${ending}`, start.subarray(0, 0.6 * whole.length));
		if (typeof expected === 'string') return expect(await codeOf(readClip(cut))).toBe(expected);
		const { found, frames } = await readClip(cut);
		expect(found.notes.filter(({ code }) => code !== 'header-differs')).toEqual(expected);
		expect(frames.length).toBeGreaterThan(4);
	});

	test('a packet that was cut at the end damages no frame at the start', async () => {
		const path = join(folder, 'whole.flv');
		const video = [
			'-c:v',
			'libx264',
			'-preset',
			'ultrafast',
			'-g',
			'12',
			'-pix_fmt',
			'yuv420p',
			'-tune',
			'zerolatency',
		];
		execFileSync(tools.ffmpeg, ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=320x240:d=2', ...video, path]);
		const whole = readFileSync(path);
		const { times, stats } = await readClip(file('cut.flv', whole.subarray(0, 0.6 * whole.length)));
		expect(times[0]).toBeLessThan(0.2);
		expect(stats.framesCorrupt).toBeLessThan(2);
	});

	test('damaged frames are dropped and counted', async () => {
		const bytes = readFileSync(await clip('plain.ts'));
		for (let at = Math.round(bytes.length * 0.5); at < bytes.length * 0.55; at += 7)
			bytes[at] = (bytes[at] ?? 0) ^ 0x5a;
		const { frames, stats } = await readClip(file('damaged.ts', bytes), { frames: 50 });
		expect(stats.framesCorrupt).toBeGreaterThan(0);
		expect(frames.length).toBeGreaterThan(10);
		expect(frames.map(({ index }) => index)).toEqual(frames.map((_, i) => i));
	});

	test('frames behind the last good one are counted, as in a download with a hole', async () => {
		const bytes = readFileSync(await clip('plain.mp4'));
		const start = bytes.indexOf('mdat') + 4;
		bytes.fill(0, Math.round((start + bytes.indexOf('moov')) / 2), bytes.indexOf('moov') - 4);
		const { frames, stats } = await readClip(file('hole.mp4', bytes), { frames: 10 });
		expect(frames.length).toBeGreaterThan(2);
		expect(stats.framesCorrupt).toBe(10 - frames.length);
		expect(stats.framesCorrupt).toBeGreaterThan(2);
	});
});

describe('playlists in disguise never open another file', () => {
	test.each([
		['hls.mp4', '#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nTARGET\n#EXT-X-ENDLIST\n'],
		['bom.mp4', '\ufeff#EXTM3U\n#EXTINF:2,\nTARGET\n'],
		['concat.mp4', "ffconcat version 1.0\nfile 'TARGET'\n"],
		['plain-concat.mp4', "file 'TARGET'\n"],
		[
			'dash.mp4',
			'<?xml version="1.0"?>\n<!-- x -->\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>TARGET</BaseURL></MPD>',
		],
		['sdp.mp4', 'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nm=video 5004 RTP/AVP 96\n'],
		['xspf.mp4', '<playlist version="1"><trackList><track><location>TARGET</location></track></trackList></playlist>'],
	])('%s', async (name, text) => {
		const target = await clip('plain.ts');
		expect(await probeCode(file(name, text.replace('TARGET', target)))).toBe('playlist-refused');
	});

	test('a playlist that its first words do not reveal is not read as a video either', async () => {
		const target = await clip('plain.ts');
		const hidden = `#comment\n#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n${target}\n#EXT-X-ENDLIST\n`;
		expect(await probeCode(file('hidden.mp4', hidden))).toBe('not-a-video');
		expect(await probeCode(file('hidden.m3u8', hidden))).toBe('not-a-video');
	});

	test('names are literal: not patterns, protocols or options', async () => {
		const picture = readFileSync(await clip('plain.jpg'));
		file('frame001.jpg', readFileSync(await clip('tiny.png')));
		for (const name of ['frame%03d.jpg', 'frame*.jpg', 'http:frame.jpg', '-y.jpg', 'concat:a|b.jpg', 'pipe:0']) {
			const { video } = await readClip(file(name, picture));
			expect(video).toMatchObject({ kind: 'image', width: 160 });
		}
	});
});
