import * as nodeFiles from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { reportSchema } from '../../function/contract/report.ts';
import { type ReportFiles, writeReport } from '../../function/evidence/write-report.ts';
import { sampleReport, sampleReports } from './sample-report.ts';
import { around } from './verdict-samples.ts';

const { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } = nodeFiles;

let place: string;
beforeEach(async () => {
	place = await mkdtemp(join(tmpdir(), 'unmask-write-'));
});
afterEach(() => rm(place, { recursive: true, force: true }));

const list = async (folder: string) => (await readdir(folder, { recursive: true })).sort();
const realReport = sampleReports.real();
const fakeReport = sampleReports.fake();
const report = () => realReport;

/** A disk that is full after `room` files. */
function diskWithRoomFor(room: number): ReportFiles {
	let written = 0;
	return {
		...nodeFiles,
		writeFile: (async (file: string, data: string) => {
			if (written++ < room) return writeFile(file, data);
			await writeFile(file, data.slice(0, 10)); // what a full disk leaves behind
			throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
		}) as typeof writeFile,
	};
}

test('a new folder gets report.json, report.html and the faces, and nothing else', async () => {
	const folder = join(place, 'a', 'b');
	await writeReport(folder, await report());
	const names = await list(folder);
	expect(names.filter((name) => !name.startsWith('faces/'))).toEqual(['faces', 'report.html', 'report.json']);
	const faces = names.filter((name) => name.startsWith('faces/'));
	expect(faces).toHaveLength(12);
	for (const name of faces) expect(name).toMatch(/^faces\/track-1-00\d\d\.00s(-heat)?\.jpg$/);
	expect(reportSchema.parse(JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')))).toEqual(await report());
	expect((await readFile(join(folder, faces[0] as string))).subarray(0, 2).toString('hex')).toBe('ffd8');
});

test('an earlier report is replaced completely, other files stay', async () => {
	await writeReport(place, await report());
	await writeFile(join(place, 'notes.txt'), 'mine');
	await writeReport(place, await sampleReport({ people: [{ logits: around(5, 4), startS: 50 }] }));
	const names = await list(place);
	expect(names.filter((name) => name.includes('track-'))).toHaveLength(8);
	expect(names).not.toContain('faces/track-1-0000.00s.jpg');
	expect(await readFile(join(place, 'notes.txt'), 'utf8')).toBe('mine');
	expect(names.filter((name) => name.startsWith('.'))).toEqual([]);
});

test('two moments in the same hundredth of a second keep both pictures', async () => {
	const made = await report();
	const [track] = made.tracks;
	if (!track) throw new Error('no track');
	const moments = track.moments.map((moment) => ({ ...moment, timeS: 0 }));
	await writeReport(place, { ...made, tracks: [{ ...track, moments }] });
	expect(await readdir(join(place, 'faces'))).toHaveLength(2 * moments.length);
	await writeReport(place, made); // recognised as its own
});

describe('what this program did not write is never overwritten', () => {
	test.each([
		['report.html', 'report.html'],
		['report.json', 'report.json'],
		['faces/me.jpg', 'faces'],
	])('%s', async (name, detail) => {
		if (name.startsWith('faces')) await mkdir(join(place, 'faces'));
		await writeFile(join(place, name), 'mine');
		await expect(writeReport(place, await report())).rejects.toMatchObject({
			code: 'write-failed',
			stage: 'write',
			message: expect.stringContaining(detail),
		});
		expect(await readFile(join(place, name), 'utf8')).toBe('mine');
		expect((await list(place)).filter((found) => found.startsWith('.'))).toEqual([]);
	});
	test('a user’s file among the faces of an earlier report', async () => {
		await writeReport(place, await report());
		await writeFile(join(place, 'faces', 'me.jpg'), 'mine');
		await expect(writeReport(place, await report())).rejects.toMatchObject({ code: 'write-failed' });
		expect(await readFile(join(place, 'faces', 'me.jpg'), 'utf8')).toBe('mine');
	});
});

describe('a full disk leaves nothing half-written', () => {
	test.each([0, 1, 2, 7])('after %i files, into a new folder', async (room) => {
		const made = await report();
		await expect(
			writeReport(join(place, 'new', 'folder'), made, { files: diskWithRoomFor(room) }),
		).rejects.toMatchObject({
			code: 'write-failed',
			stage: 'write',
			retryable: true,
			message: expect.stringContaining('no space left'),
		});
		expect(await list(place)).toEqual([]);
	});
	test('an earlier report is unchanged', async () => {
		await writeReport(place, await report());
		const before = await list(place);
		const text = await readFile(join(place, 'report.json'), 'utf8');
		const other = await fakeReport;
		await expect(writeReport(place, other, { files: diskWithRoomFor(3) })).rejects.toMatchObject({
			code: 'write-failed',
		});
		expect(await list(place)).toEqual(before);
		expect(await readFile(join(place, 'report.json'), 'utf8')).toBe(text);
	});
	test.each([1, 2, 3, 4, 5])('a failure at rename %i puts the earlier report back', async (fail) => {
		await writeReport(place, await report());
		const before = await list(place);
		const text = await readFile(join(place, 'report.html'), 'utf8');
		let renames = 0;
		const files: ReportFiles = {
			...nodeFiles,
			rename: async (from, to) => {
				if (++renames === fail) throw Object.assign(new Error('EIO: i/o error, rename'), { code: 'EIO' });
				return nodeFiles.rename(from, to);
			},
		};
		await expect(writeReport(place, await fakeReport, { files })).rejects.toMatchObject({ code: 'write-failed' });
		expect(await list(place)).toEqual(before);
		expect(await readFile(join(place, 'report.html'), 'utf8')).toBe(text);
	});
});

test('a folder that is a file, and a folder inside a file', async () => {
	await writeFile(join(place, 'file'), '');
	for (const folder of ['file', 'file/below'])
		await expect(writeReport(join(place, folder), await report())).rejects.toMatchObject({ code: 'write-failed' });
});

test.skipIf(process.getuid?.() === 0)('a folder without permission', async () => {
	await chmod(place, 0o500);
	await expect(writeReport(place, await report())).rejects.toMatchObject({ code: 'write-failed' });
	await chmod(place, 0o700);
	expect(await list(place)).toEqual([]);
});

test('a read-only file system', async () => {
	await expect(writeReport('/proc/unmask', await report())).rejects.toMatchObject({
		code: 'write-failed',
		stage: 'write',
	});
});
