import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clip } from '../fixtures/make-clips.ts';
import { readClip, tools } from './open-clip.ts';

/** The length comes from the packets; a header that differs is reported. */

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'unmask-lengths-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function make(name: string, ...args: string[]): string {
	const path = join(folder, name);
	execFileSync(tools.ffmpeg, ['-v', 'error', '-y', ...args, path]);
	return path;
}
function write(name: string, bytes: Uint8Array): string {
	const path = join(folder, name);
	writeFileSync(path, bytes);
	return path;
}
const moving = (seconds: number, rate = 25) => ['-f', 'lavfi', '-i', `testsrc2=s=96x64:r=${rate}:d=${seconds}`];
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0'];
const codes = (notes: readonly { code: string }[]) => notes.map(({ code }) => code);

/** Whether the frames are near the middles of ten equal parts of a length. */
function expectSpread(times: readonly number[], lengthS: number) {
	expect(times).toHaveLength(10);
	for (const [i, timeS] of times.entries()) expect(Math.abs(timeS - ((i + 0.5) * lengthS) / 10)).toBeLessThan(0.15);
}

/** Multiplies the lengths in the header of an MP4 (ISO/IEC 14496-12: mvhd, tkhd, mdhd, all version 0). */
function scaleHeader(path: string, by: number): Buffer {
	const bytes = readFileSync(path);
	for (const [box, at] of [
		['mvhd', 20],
		['tkhd', 24],
		['mdhd', 20],
	] as const) {
		const place = bytes.indexOf(box) + at;
		bytes.writeUInt32BE(Math.round(bytes.readUInt32BE(place) * by), place);
	}
	return bytes;
}

test.each([
	['shorter', 0.2],
	['longer', 40],
])('a header that says %s (MP4)', async (name, by) => {
	const path = write(`${name}.mp4`, scaleHeader(make('honest.mp4', ...moving(10), ...x264), by));
	const { video, times, found } = await readClip(path);
	expect(video.durationS).toBeCloseTo(10, 1);
	expectSpread(times, 10);
	expect(found.packetsS).toBeCloseTo(10, 1);
	if (by < 1) expect(found).toMatchObject({ notes: [{ code: 'header-differs' }], headerS: expect.closeTo(2, 1) });
});

test.each([
	['shorter', 2000],
	['longer', 4e6],
])('a header that says %s (Matroska)', async (name, milliseconds) => {
	const bytes = readFileSync(make('honest.mkv', ...moving(10), ...x264));
	bytes.writeDoubleBE(milliseconds, bytes.indexOf(Buffer.from([0x44, 0x89, 0x88])) + 3);
	const { video, times, found } = await readClip(write(`${name}.mkv`, bytes));
	expect(video.durationS).toBeCloseTo(10, 1);
	expectSpread(times, 10);
	expect(found.headerS).toBe(milliseconds / 1000);
	expect(codes(found.notes)).toEqual(['header-differs']);
});

test('a consistent file has no notes', async () => {
	expect((await readClip(await clip('plain.mp4'))).found).toEqual({ headerS: 2, packetsS: 2, notes: [] });
});

test('fragments with a late start', async () => {
	const path = make(
		'late.mp4',
		...moving(4),
		...x264,
		'-output_ts_offset',
		'5000',
		'-movflags',
		'+frag_keyframe+empty_moov',
	);
	const { video, times } = await readClip(path);
	expect(video.durationS).toBeCloseTo(4, 1);
	expect(times).toHaveLength(10);
});

test('one time that is hours off', async () => {
	const late = "setpts='if(eq(N,99),10800/TB,PTS)'";
	const path = make('outlier.mp4', ...moving(4), '-vf', late, '-fps_mode', 'vfr', ...x264);
	const { video, times, found } = await readClip(path);
	expect(video.durationS).toBeCloseTo(4, 1);
	expectSpread(times, 4);
	expect(codes(found.notes)).toEqual(['header-differs', 'times-repaired']);
});

test('times that jump in the middle', async () => {
	const jump = "setpts='if(gte(N,50),PTS+5000/TB,PTS)'";
	const { video, times } = await readClip(make('jump.mkv', ...moving(4), '-vf', jump, '-fps_mode', 'vfr', ...x264));
	expect(video.durationS).toBeCloseTo(4, 1);
	expectSpread(times, 4);
});

test('concatenated transport streams', async () => {
	const part = (colour: string) =>
		readFileSync(make(`${colour}.ts`, '-f', 'lavfi', '-i', `color=${colour}:s=96x64:r=25:d=2`, ...x264));
	const { video, times, frames, found } = await readClip(write('both.ts', Buffer.concat([part('red'), part('blue')])));
	expect(video.durationS).toBeCloseTo(4, 1);
	expectSpread(times, 4);
	expect(codes(found.notes)).toContain('times-repaired');
	const isRed = frames.map(({ rgb }) => (rgb[0] as number) > (rgb[2] as number));
	expect(isRed).toEqual([true, true, true, true, true, false, false, false, false, false]);
});

/** A muxer of ffmpeg, the codec's options, and further ones. */
type Joined = [format: string, codec: readonly string[], ...options: string[]];

const joined = (format: string, codec: readonly string[], ...options: readonly string[]) => {
	const part = (colour: string) => {
		const source = ['-f', 'lavfi', '-i', `testsrc2=s=96x64:r=25:d=2,drawbox=color=${colour}:t=fill`];
		return readFileSync(make(`${colour}.${format}`, ...source, ...codec, ...options, '-f', format));
	};
	return [part('red'), part('blue')] as const;
};

test.each<Joined>([
	['mp4', x264],
	['mp4', x264, '-movflags', '+faststart'],
	['mp4', x264, '-movflags', '+frag_keyframe+empty_moov+default_base_moof'],
	['mov', x264],
	['flv', x264],
	['asf', ['-c:v', 'wmv2']],
	['ivf', ['-c:v', 'libvpx', '-deadline', 'realtime']],
	['yuv4mpegpipe', ['-pix_fmt', 'yuv420p']],
	['gif', []],
	['apng', []],
])('a second video joined to a file is reported if it is not read: %s %j %s', async (format, codec, ...options) => {
	const [one, two] = joined(format, codec, ...options);
	const alone = await readClip(write(`alone.${format}`, one));
	expect(alone.found.notes).toEqual([]);
	const { video, found } = await readClip(write(`joined.${format}`, Buffer.concat([one, two])));
	expect(video.durationS).toBeCloseTo(2, 0);
	expect(found.notes.at(-1)).toEqual({ code: 'rest-left-out', bytes: expect.any(Number) });
	expect(Math.abs((found.notes.at(-1)?.bytes ?? 0) - two.length)).toBeLessThan(20);
});

test.each<Joined>([
	['matroska', x264],
	['avi', ['-c:v', 'mpeg4']],
	['mpeg', ['-c:v', 'mpeg2video']],
	['mxf', ['-c:v', 'mpeg2video', '-pix_fmt', 'yuv420p']],
])('a second video joined to a file is read: %s', async (format, codec, ...options) => {
	const both = Buffer.concat(joined(format, codec, ...options));
	const { video, frames, found } = await readClip(write(`read.${format}`, both));
	expect(Math.abs((video.durationS ?? 0) - 4)).toBeLessThan(0.2);
	expect(codes(found.notes)).not.toContain('rest-left-out');
	const isRed = frames.map(({ rgb }) => (rgb[0] as number) > (rgb[2] as number));
	expect(isRed).toEqual([true, true, true, true, true, false, false, false, false, false]);
});

test('a transport stream whose clock wraps', async () => {
	// 33 bits of 90 kHz: 95,443.7 s
	const path = make('wrap.ts', ...moving(4), ...x264, '-output_ts_offset', '95441.5');
	const { video, times } = await readClip(path);
	expect(video.durationS).toBeCloseTo(4, 1);
	expectSpread(times, 4);
});

test('frames behind an edit list are reported', async () => {
	const whole = make('whole.mp4', ...moving(8), ...x264, '-g', '25');
	const path = make('edited.mp4', '-ss', '5.5', '-i', whole, '-c', 'copy');
	const { video, found } = await readClip(path);
	expect(video.durationS).toBeCloseTo(2.5, 0);
	expect(codes(found.notes)).toEqual(['hidden-by-edit-list']);
});

test('a packet that begins like a file is no second video', async () => {
	const path = make('pictures.mxf', ...moving(1), '-c:v', 'jpeg2000', '-pix_fmt', 'yuv420p');
	expect(readFileSync(path).includes('ftypjp2 ')).toBe(true);
	expect((await readClip(path)).found.notes).toEqual([]);
});

/** Replaces the edit list of an MP4 whose index comes last; entries are seconds in the movie, seconds in the media (null = empty), and rate. */
function withEdits(path: string, entries: readonly (readonly [number, number | null, number])[]): Buffer {
	const bytes = readFileSync(path);
	const list = Buffer.alloc(16 + 12 * entries.length);
	list.writeUInt32BE(list.length, 0);
	list.write('elst', 4, 'latin1');
	list.writeUInt32BE(entries.length, 12);
	const mediaHz = bytes.readUInt32BE(bytes.indexOf('mdhd') + 16);
	for (const [i, [lengthS, mediaS, rate]] of entries.entries()) {
		list.writeUInt32BE(lengthS * 1000, 16 + 12 * i);
		list.writeInt32BE(mediaS === null ? -1 : mediaS * mediaHz, 20 + 12 * i);
		list.writeInt32BE(rate * 65_536, 24 + 12 * i);
	}
	const at = bytes.indexOf('elst') - 4;
	const oldLength = bytes.readUInt32BE(at);
	for (const box of ['moov', 'trak', 'edts']) {
		const start = bytes.indexOf(box) - 4;
		bytes.writeUInt32BE(bytes.readUInt32BE(start) + list.length - oldLength, start);
	}
	return Buffer.concat([bytes.subarray(0, at), list, bytes.subarray(at + oldLength)]);
}

test.each([
	[
		'a repeated part',
		10,
		[
			[8, 0, 1],
			[2, 0, 1],
		],
		['header-differs'],
	],
	[
		'parts in another order',
		4,
		[
			[2, 4, 1],
			[2, 0, 1],
		],
		['hidden-by-edit-list'],
	],
	[
		'a frame that stands still',
		9,
		[
			[2, 0, 1],
			[5, 2, 0],
			[2, 2, 1],
		],
		['hidden-by-edit-list'],
	],
	[
		'an empty start',
		8,
		[
			[3, null, 1],
			[8, 0, 1],
		],
		[],
	],
	[
		'a gap',
		9,
		[
			[2, 0, 1],
			[3, null, 1],
			[4, 4, 1],
		],
		[],
	],
	['more than there is', 8, [[20, 0, 1]], []],
	['a part behind the end', 8, [[4, 20, 1]], ['edit-list-ignored']],
	['no length', 8, [[0, 0, 1]], ['edit-list-ignored']],
] as const)('an edit list with %s', async (name, lengthS, entries, notes) => {
	const path = write(`${name}.mp4`, withEdits(make('edits.mp4', ...moving(8), ...x264, '-g', '25'), entries));
	const { video, times, found } = await readClip(path);
	expect(video.durationS).toBeCloseTo(lengthS, 1);
	expectSpread(times, lengthS);
	expect(codes(found.notes)).toEqual(notes);
});

test.each(['mp4', 'mkv', 'ts'])(
	'a picture that begins after the sound counts from the start of the file: %s',
	async (ending) => {
		const sound = ['-f', 'lavfi', '-i', 'sine=d=8', '-map', '0:v', '-map', '1:a'];
		const picture = make('picture.mp4', ...moving(4), ...x264, '-g', '25');
		const path = make(`late-picture.${ending}`, '-itsoffset', '4', '-i', picture, ...sound, '-c:v', 'copy');
		const { video, times, found } = await readClip(path);
		expect(video.durationS).toBeCloseTo(8, 0);
		expectSpread(
			times.map((timeS) => timeS - 4),
			4,
		);
		expect(codes(found.notes)).toEqual([]);
		const part = await readClip(path, { frames: 2, span: { fromS: 6, toS: 8 } });
		for (const [i, timeS] of part.times.entries()) expect(Math.abs(timeS - 6.5 - i)).toBeLessThan(0.1);
		expect(part.times).toHaveLength(2);
	},
);

test('a missing end is reported', async () => {
	const whole = readFileSync(make('fast.mp4', ...moving(8), ...x264, '-g', '25', '-movflags', '+faststart'));
	const { video, found, times } = await readClip(write('cut.mp4', whole.subarray(0, whole.length * 0.5)));
	expect(video.durationS).toBeLessThan(6);
	expect(found.headerS).toBeCloseTo(8, 1);
	expect(codes(found.notes)).toEqual(['header-differs', 'end-missing']);
	expect(times).toHaveLength(10);
});

test('a video with a long frozen picture is sampled by frame number', async () => {
	const still = "setpts='if(gte(N,50),PTS+15/TB,PTS)'";
	const path = make('gap.mkv', ...moving(8), '-vf', still, '-fps_mode', 'vfr', ...x264);
	const { video, times, found } = await readClip(path);
	expect(video.durationS).toBeCloseTo(23, 0);
	expect(codes(found.notes)).toEqual(['times-with-gaps']);
	expect(times).toHaveLength(10);
	expect(times.filter((timeS) => timeS < 3).length).toBeGreaterThanOrEqual(2);
});
