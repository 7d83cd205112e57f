import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leftOutLines, mediaFiles } from '../../../function/jobs/media-files.ts';

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'unmask-files-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function found() {
	const all: Record<string, string | null> = {};
	for await (const { path, leftOut } of mediaFiles(folder)) all[path.slice(folder.length + 1)] = leftOut;
	return all;
}
const write = (name: string, content: string | Buffer) => writeFile(join(folder, name), content, 'latin1');

describe('mediaFiles', () => {
	it('accepts every supported format by its content, whatever its name', async () => {
		await write('film', '\0\0\0\x18ftypisom');
		await write('film.txt', '\0\0\0\x18ftypisom');
		await write('scan.bmp', 'BM\x36\0\0');
		await write('scan.data', 'II*\0\x08\0');
		await write('camera', Buffer.from(Array.from({ length: 800 }, (_, i) => (i % 192 === 4 ? 0x47 : 0))));
		await write('disc.dat', '\0\0\x01\xba');
		expect(Object.values(await found())).toEqual([null, null, null, null, null, null]);
	});

	it('accepts a file by its name alone, and leaves faults to the analysis', async () => {
		await write('page.mp4', '<!doctype html>');
		await write('empty.mov', '');
		await symlink('nowhere.mp4', join(folder, 'broken.mp4'));
		expect(await found()).toEqual({ 'broken.mp4': null, 'empty.mov': null, 'page.mp4': null });
	});

	it('gives a reason for every file left out', async () => {
		await write('notes.txt', 'words');
		await write('player.ts', 'export const player = 1;');
		await write('song.mp3', 'ID3\x04\0');
		await write('list.m3u8', '#EXTM3U\n');
		await write('paper.pdf', '%PDF-1.7\n\0');
		await write('noise', Buffer.alloc(500, 3));
		await write('nothing', '');
		await symlink('nowhere', join(folder, 'broken'));
		await symlink('round', join(folder, 'round'));
		execFileSync('mkfifo', [join(folder, 'pipe.mp4')]);
		expect(await found()).toEqual({
			broken: 'cannot be read (ENOENT)',
			'list.m3u8': 'playlist',
			noise: 'unknown kind of file',
			'notes.txt': 'text',
			nothing: 'empty',
			'paper.pdf': 'PDF',
			'pipe.mp4': 'not a regular file',
			'player.ts': 'text',
			round: 'cannot be read (ELOOP)',
			'song.mp3': 'MP3',
		});
	});

	it('skips hidden files and enters each real folder once', async () => {
		await mkdir(join(folder, 'deep'));
		await write('deep/a.mp4', 'x');
		await write('.hidden.mp4', 'x');
		await symlink(folder, join(folder, 'deep', 'round'));
		expect(await found()).toEqual({ 'deep/a.mp4': null });
	});
});

it('lists the first files left out, and the number of others', () => {
	const first = ['a', 'b', 'c'].map((path) => ({ path, reason: 'text' }));
	expect(leftOutLines({ count: 7, first }, 2)).toEqual(['a: text', 'b: text', 'and 5 more']);
	expect(leftOutLines({ count: 0, first: [] })).toEqual([]);
});
