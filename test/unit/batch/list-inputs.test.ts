import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inputAt, isOfTask, parseObjectAddress } from '../../../function/batch/batch-input.ts';
import { listInputs } from '../../../function/batch/list-inputs.ts';
import { storedZip } from '../weights-files.ts';
import { memoryObjects } from './memory-objects.ts';

const whole = { index: 0, count: 1 };

describe('isOfTask', () => {
	const counts = fc.integer({ min: 1, max: 1000 });

	it('gives every input to exactly one task', () => {
		fc.assert(
			fc.property(fc.string({ minLength: 1 }), counts, (path, count) => {
				const { key } = inputAt(`gs://bucket/${path}`);
				const takers = Array.from({ length: count }, (_, index) => index).filter((index) =>
					isOfTask(key, { index, count }),
				);
				expect(takers).toHaveLength(1);
			}),
		);
	});

	it('distributes evenly', () => {
		const keys = Array.from({ length: 10_000 }, (_, i) => inputAt(`gs://bucket/video-${i}.mp4`).key);
		for (const index of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) {
			const share = keys.filter((key) => isOfTask(key, { index, count: 10 })).length;
			expect(share).toBeGreaterThan(870); // 1000 +- 4.3 standard deviations; the keys are fixed
			expect(share).toBeLessThan(1130);
		}
	});
});

describe('inputAt', () => {
	it('is the same for every spelling of a path, and differs for another path', () => {
		expect(inputAt('b.mp4', '/a')).toEqual(inputAt('/a/x/../b.mp4'));
		expect(inputAt('b.mp4', '/a').key).not.toBe(inputAt('b.mp4', '/c').key);
		expect(inputAt('gs://bucket/a/../b.mp4', '/a').path).toBe('gs://bucket/a/../b.mp4'); // object names have no folders
		expect(inputAt('/a/b.mp4').key).toMatch(/^[0-9a-f]{32}$/);
	});
});

describe('parseObjectAddress', () => {
	it.each([
		['gs://bucket', { bucket: 'bucket', name: '' }],
		['gs://bucket/', { bucket: 'bucket', name: '' }],
		['gs://my.bucket-1/a b/ü\n.mp4', { bucket: 'my.bucket-1', name: 'a b/ü\n.mp4' }],
	])('reads %j', (address, parts) => {
		expect(parseObjectAddress(address)).toEqual(parts);
	});

	it.each(['gs://', 'gs:///name', 'gs://Bad/name', 'gs://a b/c', 'gs://../x'])('refuses %j', (address) => {
		expect(() => parseObjectAddress(address)).toThrow(expect.objectContaining({ code: 'usage' }));
	});
});

describe('listInputs', () => {
	let folder: string;
	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), 'unmask-batch-list-'));
		await mkdir(join(folder, 'set/deep'), { recursive: true });
		for (const name of ['set/b.mp4', 'set/a.JPG', 'set/deep/c.webm', 'set/notes.txt', 'set/.hidden.mp4', 'd.mov'])
			await writeFile(join(folder, name), 'x');
		await writeFile(join(folder, 'set/deep/without-ending'), '\0\0\0\x18ftypisom');
		await writeFile(join(folder, 'set/deep/LICENSE'), 'Apache');
		await symlink('nowhere', join(folder, 'set/deep/broken-link'));
	});
	afterEach(() => rm(folder, { recursive: true, force: true }));

	async function list(args: string[], { task = whole, stdin = '', objects = memoryObjects({}) } = {}) {
		const found = await listInputs(args, task, { stdin: Readable.from([stdin]), objects: async () => objects });
		const short = (path: string) => path.replace(`${folder}/`, '');
		const leftOut = found.leftOut.first.map(({ path }) => short(path));
		return { inputs: found.inputs.map(({ path }) => short(path)), total: found.total, leftOut };
	}

	it('finds videos and pictures of a folder by first bytes or extension', async () => {
		expect(await list([join(folder, 'set')])).toEqual({
			inputs: ['set/a.JPG', 'set/b.mp4', 'set/deep/c.webm', 'set/deep/without-ending'],
			total: 4,
			leftOut: ['set/deep/LICENSE', 'set/deep/broken-link', 'set/notes.txt'],
		});
	});

	it('accepts any file that is named explicitly, and each only once', async () => {
		const names = ['set/notes.txt', 'd.mov', 'missing.mp4', 'set/../d.mov'];
		const { inputs, total } = await list(names.map((name) => join(folder, name)));
		expect({ inputs, total }).toEqual({ inputs: ['set/notes.txt', 'd.mov', 'missing.mp4'], total: 3 });
	});

	it('lists the entries of a zip archive, each with its own key, and names entries that are not media', async () => {
		const files = { 'in/e.mp4': Buffer.from('x'), 'words.txt': Buffer.from('words') };
		const archive = join(folder, 'all.zip');
		await writeFile(archive, storedZip(files));
		expect(await list([archive])).toEqual({
			inputs: ['all.zip/in/e.mp4'],
			total: 1,
			leftOut: ['all.zip/words.txt'],
		});
		const { inputs } = await listInputs([archive], whole, {
			stdin: Readable.from([]),
			objects: async () => memoryObjects({}),
		});
		expect(inputs[0]?.key).toBe(inputAt(`${archive}/in/e.mp4`).key);
		const opened = await inputs[0]?.entry?.open(new AbortController().signal);
		expect(await readFile(opened?.path ?? '', 'utf8')).toBe('x');
		await opened?.close();
	});

	it('reads a list: relative paths, addresses, blank lines and Windows line ends', async () => {
		await writeFile(join(folder, 'set/list.txt'), 'b.mp4\r\n\r\n../d.mov\n gs \ngs://bucket/x.mp4\n/abs/e.mp4');
		expect((await list([`@${join(folder, 'set/list.txt')}`])).inputs).toEqual([
			'set/b.mp4',
			'd.mov',
			'set/ gs ',
			'gs://bucket/x.mp4',
			'/abs/e.mp4',
		]);
	});

	it.each(['-', '@-'])('reads a list on stdin: %s', async (arg) => {
		expect((await list([arg], { stdin: '/a.mp4\n/b.mp4\n' })).inputs).toEqual(['/a.mp4', '/b.mp4']);
	});

	it('reads a list in a bucket', async () => {
		const objects = memoryObjects({ 'gs://bucket/list.txt': 'gs://bucket/x.mp4\n' });
		expect((await list(['@gs://bucket/list.txt'], { objects })).inputs).toEqual(['gs://bucket/x.mp4']);
		await expect(list(['@gs://bucket/missing.txt'], { objects })).rejects.toMatchObject({ code: 'file-not-found' });
	});

	it('lists objects below a prefix by extension or media type; a complete name is that object alone', async () => {
		const objects = memoryObjects({
			'gs://bucket/in/': '',
			'gs://bucket/in/a.mp4': '1',
			'gs://bucket/in/a.mp4.mov': '1',
			'gs://bucket/in/b': { text: '1', contentType: 'video/mp4' },
			'gs://bucket/in/c.json': '1',
			'gs://bucket/other.mp4': '1',
			'gs://other/in/a.mp4': '1',
		});
		expect(await list(['gs://bucket/in'], { objects })).toEqual({
			inputs: ['gs://bucket/in/a.mp4', 'gs://bucket/in/a.mp4.mov', 'gs://bucket/in/b'],
			total: 3,
			leftOut: ['gs://bucket/in/c.json'],
		});
		expect((await list(['gs://bucket/in/a.mp4'], { objects })).inputs).toEqual(['gs://bucket/in/a.mp4']);
		expect((await list(['gs://bucket'], { objects })).total).toBe(4);
	});

	it("reports the total as well as the task's share", async () => {
		const names = Array.from({ length: 40 }, (_, i) => `/${i}.mp4`);
		const shares = await Promise.all(
			[0, 1, 2].map((index) => list(['-'], { task: { index, count: 3 }, stdin: names.join('\n') })),
		);
		expect(shares.map(({ total }) => total)).toEqual([40, 40, 40]);
		expect(shares.flatMap(({ inputs }) => inputs).toSorted()).toEqual(names.toSorted());
		const backwards = await list(['-'], { task: { index: 0, count: 3 }, stdin: names.toReversed().join('\n') });
		expect(backwards.inputs.toReversed()).toEqual(shares[0]?.inputs);
	});

	it.each([
		['no input', ['set/notes-folder'], 'usage'],
		['a missing list', ['@set/missing.txt'], 'file-not-found'],
		['a list that is a folder', ['@set'], 'file-unreadable'],
	])('refuses %s', async (_, args, code) => {
		await mkdir(join(folder, 'set/notes-folder'));
		const given = args.map((arg) => (arg.startsWith('@') ? `@${join(folder, arg.slice(1))}` : join(folder, arg)));
		await expect(list(given)).rejects.toMatchObject({ code });
	});

	it('rejects an invalid address in a list and names it', async () => {
		await expect(list(['-'], { stdin: 'gs://bucket' })).rejects.toThrow(
			"'gs://bucket' in the list does not name an object.",
		);
		await expect(list(['-'], { stdin: 'gs://' })).rejects.toThrow(expect.objectContaining({ code: 'usage' }));
	});
});
