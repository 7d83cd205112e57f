import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMediaName, isPicture, kindOf, mediaKinds } from '../../../function/media/kinds.ts';
import { allowedDemuxers } from '../../../function/media/sniff.ts';

const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const padded = (text: string) => bytes(text.padEnd(600, '\0'));

describe('kindOf', () => {
	it.each(mediaKinds.flatMap((kind) => kind.starts.map(([place, start]) => [start, place, kind] as const)))(
		'knows every signature of the table: %j at %i',
		(start, place, kind) => {
			expect(kindOf(padded('\0'.repeat(place) + start))?.kind).toBe(kind.kind);
		},
	);

	it.each([
		['\0\0\0\x18ftypisom', 'MP4', 'mov'],
		['\0\0\0\x18ftypavif', 'AVIF', 'mov'],
		['\0\0\0\x18ftypM4A ', 'MPEG-4 audio', 'mov'],
		['\0\0\0\x18ftypMiHE\0\0\0\0mif1heic', 'HEIF', 'mov'],
		['\0\0\0\x18ftyp1pic\0\0\0\0isomheix', 'HEIF', 'mov'],
		['\0\0\0\x18ftypmif1\0\0\0\0miafavif', 'AVIF', 'mov'],
		['\0\0\0\x14ftypmp42\0\0\0\0isom\0\0\0\x10freeheic', 'MP4', 'mov'],
		['II+\0\x08\0\0\0', 'TIFF', 'tiff_pipe'],
		['\0\0\0\x18styp', 'MP4 or QuickTime', null],
		['\0\0\0\x01\x67', 'bare video stream', null],
		['RIFF\0\0\0\0WEBPVP8 ', 'WebP', 'webp_pipe'],
		['PK\x03\x04', 'zip archive', null],
		['\0\0\0\x18ftypcrx \0\0\0\x01crx isom', 'Canon raw photo', null],
		['\0\0\x01\0\x02\0\x20\x20', 'icon', null],
		['8BPS\0\x01', 'Photoshop document', null],
		['\0\0\0\x0cjP  \r\n\x87\n', 'JPEG 2000', 'j2k_pipe'],
	])('%j is %s, read by %s', (start, name, demuxer) => {
		expect(kindOf(padded(start))).toMatchObject({ name, demuxer });
	});

	it.each([
		['#EXTM3U\n', 'playlist'],
		["\xef\xbb\xbfffconcat version 1.0\nfile 'a'", 'playlist'],
		['BMW and other cars', 'text'],
		['ID3 tags explained', 'text'],
		['<!DOCTYPE html><p>Not found', 'HTML page'],
		['version https://git-lfs.github.com/spec/v1\n', 'Git LFS pointer'],
		['YUV4MPEG2 W2 H2 F25:1\nFRAME\n\xeb\xeb\xeb\xeb\x80\x80', 'YUV4MPEG'],
	])('distinguishes text from media that begins with letters: %j is %s', (start, name) => {
		expect(kindOf(bytes(start))?.name).toBe(name);
	});

	it('recognises transport streams cut at any byte, and nothing in zeros and noise', () => {
		const stream = (from: number, step: number) =>
			new Uint8Array(4096).map((_, i) => (i >= from && (i - from) % step === 0 ? 0x47 : 1));
		for (const [from, step] of [
			[0, 188],
			[4, 192],
			[71, 188],
			[100, 204],
		] as const)
			expect(kindOf(stream(from, step))?.name).toBe('MPEG transport stream');
		expect(kindOf(new Uint8Array(4096))).toBeNull();
		expect(kindOf(bytes(''))).toBeNull();
	});

	it('never throws, and returns only demuxers that ffmpeg may use', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 700 }), (head) => {
				const demuxer = kindOf(head)?.demuxer ?? null;
				expect(demuxer === null || allowedDemuxers.includes(demuxer)).toBe(true);
			}),
		);
	});
});

it('file names are checked against the same table', () => {
	for (const name of ['a.bmp', 'a.TIFF', 'a.avif', 'x/a.mts', 'a.m2ts', 'a.vob', 'a.MP4', 'a.heic', 'a.ogv'])
		expect(isMediaName(name), name).toBe(true);
	for (const name of ['a.zip', 'a.txt', 'mp4', 'a.mp4.part', 'a.mp4/notes', 'a.pdf'])
		expect(isMediaName(name), name).toBe(false);
	expect(mediaKinds.filter((kind) => !isPicture(kind)).every(({ kind }) => kind === 'audio' || kind === 'other')).toBe(
		true,
	);
});
