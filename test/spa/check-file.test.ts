import { describe, expect, it } from 'vitest';
import { wireFileName } from '../../function/client/wire-file-name.ts';
import { uploadRequestSchema } from '../../function/contract/upload.ts';
import { checkFile } from '../../spa/lib/check-file.ts';

const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const file = (start: string, name = 'a', type = '') => new File([bytes(start), new Uint8Array(600)], name, { type });

describe('checkFile', () => {
	it.each([
		['\0\0\0\x18ftypisom', 'video/mp4', 'video'],
		['\0\0\0\x14ftypqt  ', 'video/quicktime', 'video'],
		['\0\0\0\x08wide', 'video/quicktime', 'video'],
		['\x1a\x45\xdf\xa3', 'video/x-matroska', 'video'],
		['RIFF\0\0\0\0AVI LIST', 'video/x-msvideo', 'video'],
		['RIFF\0\0\0\0WEBPVP8 ', 'image/webp', 'image'],
		['\0\0\x01\xba', 'video/mpeg', 'video'],
		['GIF89a', 'image/gif', 'image'],
		['\xff\xd8\xff\xe0', 'image/jpeg', 'image'],
		['\x89PNG\r\n\x1a\n', 'image/png', 'image'],
		['BM\x36\0', 'image/bmp', 'image'],
		['\0\0\0\x20ftypavif', 'image/heif', 'image'],
	])('recognises %j as %s', async (start, contentType, kind) => {
		expect(await checkFile(file(start, 'a.txt', 'text/plain'), null)).toEqual({ fault: null, kind, contentType });
		expect(uploadRequestSchema.safeParse({ fileName: 'a', sizeBytes: 1, contentType }).success).toBe(true);
	});

	it('recognises a transport stream by its packets', async () => {
		const packets = new Uint8Array(600);
		for (const at of [0, 188, 376, 564]) packets[at] = 0x47;
		expect(await checkFile(new File([packets], 'a.ts'), null)).toMatchObject({
			fault: null,
			contentType: 'video/mp2t',
		});
	});

	it.each([
		['%PDF-1.7', 'not-a-video'],
		['PK\x03\x04', 'not-a-video'],
		['MZ\x90\0', 'not-a-video'],
		['ID3\x04', 'no-video-stream'],
		['\xff\xfb\x90', 'no-video-stream'],
		['RIFF\0\0\0\0WAVEfmt ', 'no-video-stream'],
		['fLaC', 'no-video-stream'],
		['\0\0\0\x18ftypM4A ', 'no-video-stream'],
	])('refuses %j, whatever its name', async (start, fault) => {
		expect(await checkFile(file(start, 'film.mp4', 'video/mp4'), null)).toMatchObject({ fault });
	});

	it.each([
		['#EXTM3U\n#EXT-X-VERSION:3\n', 'playlist-refused'],
		['\xef\xbb\xbf#EXTM3U\n', 'playlist-refused'],
		['<?xml version="1.0"?>\n<MPD xmlns="">', 'playlist-refused'],
		["ffconcat version 1.0\nfile 'a.mp4'", 'playlist-refused'],
		['Dear all,\nthe film is attached.', 'not-a-video'],
		['BMW and other cars', 'not-a-video'],
		['<!doctype html><p>', 'not-a-video'],
	])('refuses the text %j', async (text, fault) => {
		expect(await checkFile(new File([bytes(text)], 'film.mp4', { type: 'video/mp4' }), null)).toMatchObject({ fault });
	});

	it('accepts unknown types, for the service to decide', async () => {
		const found = await checkFile(file('\0\0\0\x01\x67\x42', 'raw.h264', 'video/h264'), null);
		expect(found).toEqual({ fault: null, kind: 'video', contentType: 'video/h264' });
		expect(await checkFile(file('\0\x07\x01'), null)).toMatchObject({
			fault: null,
			contentType: 'application/octet-stream',
		});
	});

	it('recognises files that are empty, too large or gone', async () => {
		expect(await checkFile(new File([], 'a.mp4'), null)).toMatchObject({ fault: 'file-empty' });
		expect(await checkFile(file('GIF89a'), 605)).toMatchObject({ fault: 'file-too-large' });
		expect(await checkFile(file('GIF89a'), 606)).toMatchObject({ fault: null });
		const gone = file('GIF89a');
		gone.slice = () =>
			({ arrayBuffer: () => Promise.reject(new DOMException('', 'NotReadableError')) }) as unknown as Blob;
		expect(await checkFile(gone, null)).toMatchObject({ fault: 'file-gone' });
	});
});

it('sends the service a valid name', () => {
	const names = ['film.mp4', 'a/b\\c\0d\n.mp4', 'x'.repeat(400), '///', 'فيلم.mp4'];
	for (const name of names)
		expect(uploadRequestSchema.shape.fileName.safeParse(wireFileName(name)).success, name).toBe(true);
	expect(wireFileName('film.mp4')).toBe('film.mp4');
	expect(wireFileName('///')).toBe('file');
});
