import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { annotationScript, lanesHeight } from '../../function/annotate/annotation-script.ts';
import { writeAnnotated } from '../../function/annotate/write-annotated.ts';
import type { Language } from '../../function/answer/languages.ts';
import type { FaceEntry, Report } from '../../function/contract/report.ts';
import { openMedia } from '../../function/media/open-media.ts';
import { sampleReports } from '../unit/sample-report.ts';
import { noSignal, readClip, tools } from './open-clip.ts';

/** Real annotated copies of generated videos: grey, 320 x 240, four seconds, with a tone; the boxes and scores are invented. */

let folder: string;
let clip: string;
let report: Report;

async function reportOn(path: string): Promise<Report> {
	const media = await openMedia(path, { tools, signal: noSignal });
	media.close();
	const sample = await sampleReports.fake();
	const [track] = sample.tracks;
	const [first] = track?.faces ?? [];
	const { width, height } = media.info;
	// still for two seconds, strong signs; then to the right, none
	const faces: FaceEntry[] = Array.from({ length: 8 }, (_, i) => ({
		...(first as FaceEntry),
		...{ frameIndex: i, timeS: i / 2, excluded: null, fakeProbability: i < 4 ? 0.99 : 0.05 },
		box: { x: (i < 4 ? 0.2 : 0.6) * width, y: 0.3 * height, width: 0.2 * width, height: 0.3 * height },
	}));
	const tracks = [{ ...(track as Report['tracks'][number]), startS: 0, endS: 3.5, faces }];
	return { ...sample, video: media.info, tracks };
}

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'unmask-annotated-test-'));
	clip = join(folder, "a clip: it's odd [1], %d.mp4");
	const input = ['-f', 'lavfi', '-i', 'color=gray:s=320x240:r=25:d=4', '-f', 'lavfi', '-i', 'sine=d=4'];
	execFileSync(tools.ffmpeg, [
		'-v',
		'error',
		...input,
		'-metadata',
		'location=+12.3+45.6/',
		'-pix_fmt',
		'yuv420p',
		`file:${clip}`,
	]);
	report = await reportOn(clip);
});
afterAll(() => rm(folder, { recursive: true }));

const write = (out: string, some: Partial<Parameters<typeof writeAnnotated>[3]> = {}, path = clip, ofReport = report) =>
	writeAnnotated(path, ofReport, join(folder, out), { tools, signal: noSignal, ...some });
const probe = (path: string) =>
	JSON.parse(
		`${execFileSync(tools.ffprobe, ['-v', 'error', '-show_streams', '-show_format', '-of', 'json', `file:${path}`])}`,
	);

/** Pixels of a frame that look like a colour. */
function countOf({ rgb }: { rgb: Uint8Array }, [r, g, b]: readonly [number, number, number], near = 40) {
	let count = 0;
	for (let i = 0; i < rgb.length; i += 3)
		if (
			Math.abs((rgb[i] as number) - r) + Math.abs((rgb[i + 1] as number) - g) + Math.abs((rgb[i + 2] as number) - b) <
			near
		)
			count++;
	return count;
}
const orange = [255, 143, 63] as const;
const blue = [111, 189, 245] as const;

describe('an annotated copy', () => {
	it('has boxes around the faces, lanes below the picture and the audio, but no other data', async () => {
		const shares: number[] = [];
		await write('copy.mp4', { onProgress: (share) => void shares.push(share) });
		const { streams, format } = probe(join(folder, 'copy.mp4'));
		expect(streams.map(({ codec_name }: { codec_name: string }) => codec_name)).toEqual(['h264', 'aac']);
		expect(Number(format.duration)).toBeCloseTo(4, 1);
		expect(JSON.stringify(format.tags)).not.toContain('12.3');
		expect(format.tags.comment).toContain('an estimate, not proof');
		expect(shares.at(-1)).toBeGreaterThan(0.9);
		const extra = lanesHeight(report, { width: 320, height: 240 });
		expect(extra).toBeGreaterThan(10);
		const { frames, video } = await readClip(join(folder, 'copy.mp4'), { frames: 8 });
		expect([video.width, video.height]).toEqual([320, 240 + extra]);
		const [early, late] = [frames[1], frames[6]] as [(typeof frames)[0], (typeof frames)[0]];
		const half = (frame: typeof early, side: 'left' | 'right') => {
			const rgb: number[] = [];
			for (let y = 78; y < 160; y++)
				for (let x = side === 'left' ? 40 : 180; x < (side === 'left' ? 150 : 290); x++)
					rgb.push(...frame.rgb.subarray(3 * (y * frame.width + x), 3 * (y * frame.width + x) + 3));
			return { rgb: Uint8Array.from(rgb) };
		};
		expect(countOf(half(early, 'left'), orange)).toBeGreaterThan(100);
		expect(countOf(half(early, 'right'), orange)).toBe(0);
		expect(countOf(half(late, 'right'), blue)).toBeGreaterThan(60);
		expect(countOf(half(late, 'left'), orange)).toBe(0);
		const lanes = { rgb: early.rgb.subarray(3 * 320 * 240) };
		expect(countOf(lanes, orange)).toBeGreaterThan(50);
		expect(countOf(lanes, blue, 130)).toBeGreaterThan(20);
		expect(await leftovers()).toEqual([]);
	});

	it('places boxes correctly on videos that are rotated, have non-square pixels or start late', async () => {
		const plain = ['-v', 'error', '-i', `file:${clip}`];
		const turned = join(folder, 'turned.mp4');
		execFileSync(tools.ffmpeg, [...plain, '-c', 'copy', '-metadata:s:v:0', 'rotate=90', turned]);
		const wide = join(folder, 'wide.mkv');
		execFileSync(tools.ffmpeg, [...plain, '-vf', 'setsar=2', '-c:a', 'copy', '-output_ts_offset', '5', wide]);
		for (const path of [turned, wide]) {
			const other = await reportOn(path);
			await write('other.mp4', {}, path, other);
			const { frames, video } = await readClip(join(folder, 'other.mp4'), { frames: 8 });
			const { width, height } = other.video;
			expect([video.width, video.rotationDeg]).toEqual([width, 0]);
			const frame = frames[1] as (typeof frames)[0];
			const column = Math.round(0.2 * width);
			const hits = Array.from({ length: height }, (_, y) => y).filter((y) =>
				[-3, -2, -1, 0, 1, 2, 3].some((dx) => {
					const at = 3 * (y * frame.width + column + dx);
					return countOf({ rgb: frame.rgb.subarray(at, at + 3) }, orange, 130) === 1;
				}),
			);
			expect(hits.length).toBeGreaterThan(0.25 * height);
			expect(Math.min(...hits)).toBeGreaterThan(0.2 * height);
			expect(Math.max(...hits)).toBeLessThan(0.66 * height);
		}
	});

	it('is complete or absent: when cancelled, for another file, for a picture, without a font, into a missing folder', async () => {
		const stop = new AbortController();
		const cancelled = write('cancelled.mp4', { signal: stop.signal, onProgress: () => stop.abort() });
		await expect(cancelled).rejects.toThrow();
		const codeOf = (made: Promise<void>) =>
			made.then(
				() => 'made',
				({ code }) => code,
			);
		const other = { ...report, video: { ...report.video, sha256: 'f'.repeat(64) } };
		expect(await codeOf(write('x.mp4', {}, clip, other))).toBe('file-differs');
		const picture = join(folder, 'picture.png');
		execFileSync(tools.ffmpeg, ['-v', 'error', '-i', `file:${clip}`, '-frames:v', '1', picture]);
		expect(await codeOf(write('x.mp4', {}, picture, await reportOn(picture)))).toBe('annotate-unfit');
		expect(await codeOf(write('none/x.mp4'))).toBe('write-failed');
		await writeFile(join(folder, 'file'), '');
		expect(await codeOf(write('file/x.mp4'))).toBe('write-failed');
		expect((await readdir(folder)).filter((name) => /cancelled|^x\.|^\.unmask/.test(name))).toEqual([]);
		expect(await leftovers()).toEqual([]);
	});

	it('is in English if the system has no glyphs for the language', async () => {
		const [fonts, ffmpeg] = [join(folder, 'fonts.conf'), join(folder, 'ffmpeg-few-fonts')];
		const dejavu = '<dir>/usr/share/fonts/truetype/dejavu</dir>';
		await writeFile(
			fonts,
			`<?xml version="1.0"?><fontconfig>${dejavu}<cachedir>${folder}/cache</cachedir></fontconfig>`,
		);
		await writeFile(ffmpeg, `#!/bin/sh\nFONTCONFIG_FILE='${fonts}' exec '${tools.ffmpeg}' "$@"\n`, { mode: 0o755 });
		const few = { ...tools, ffmpeg };
		const first = async (language: Language) => {
			await write(`${language}.mp4`, { tools: few, language });
			return (await readClip(join(folder, `${language}.mp4`), { frames: 1 })).frames[0]?.rgb;
		};
		const english = await first('en');
		expect(await first('zh')).toEqual(english);
		expect(await first('ar')).not.toEqual(english);
	});

	it('is in the language of the report and never shows text that the author of the file chose', () => {
		const script = annotationScript({ ...report, fileName: '{\\p1}m 0 0' }, { width: 640, height: 360 }, 'ar');
		expect(script).toMatch(/[\u0600-\u06ff]/);
		expect(script).not.toContain('{\\p1}m 0 0');
	});
});

/** What it leaves in the temporary folder. */
const leftovers = async () => (await readdir(tmpdir())).filter((name) => /^unmask-annotate-/.test(name));
