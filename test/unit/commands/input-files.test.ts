import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inputFiles } from '../../../function/commands/input-files.ts';
import { writeTemporary } from '../../../function/jobs/archive.ts';
import { storedZip } from '../weights-files.ts';

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'unmask-inputs-'));
	process.env.TMPDIR = folder; // other tests use the system's folder
});
afterAll(() => {
	delete process.env.TMPDIR;
	rmSync(folder, { recursive: true });
});

const { signal } = new AbortController();
const jpeg = Buffer.from('\xff\xd8\xff\xe0\0picture', 'latin1');
const read = (args: string[], stdin: NodeJS.ReadableStream = Readable.from([])) => inputFiles(args, stdin, signal);
const put = (name: string, bytes: Buffer | string) => {
	writeFileSync(join(folder, name), bytes);
	return join(folder, name);
};
const keptInputs = () => readdirSync(tmpdir()).filter((name) => name.startsWith('unmask-input-'));

/** The bytes of every file; each is closed again. */
async function contents({ files }: Awaited<ReturnType<typeof inputFiles>>): Promise<[string, string][]> {
	const all: [string, string][] = [];
	for (const { name, open } of files) {
		const { path, close } = await open(signal);
		all.push([name, readFileSync(path, 'latin1')]);
		await close();
	}
	return all;
}

describe('the arguments of analyse', () => {
	it('reads standard input once, and keeps the copy only while it is open', async () => {
		const { files } = await read(['-'], Readable.from([Buffer.from('one'), Buffer.from('two')]));
		const kept = await files[0]?.open(signal);
		expect(readFileSync(kept?.path ?? '', 'utf8')).toBe('onetwo');
		await kept?.close();
		expect(existsSync(kept?.path ?? '')).toBe(false);
		await expect(read(['-', '-'])).rejects.toMatchObject({ code: 'usage' });
	});

	it('stops waiting for standard input when cancelled, and leaves nothing behind', async () => {
		const cancel = new AbortController();
		const reading = inputFiles(['-'], new PassThrough(), cancel.signal).catch((thrown: Error) => thrown.name);
		const stdin = new PassThrough();
		stdin.write('one');
		const { files } = await read(['-'], stdin);
		const opening = files[0]?.open(cancel.signal).catch((thrown: Error) => thrown.name);
		setTimeout(() => cancel.abort(), 20);
		expect(await Promise.race([opening, new Promise((resolve) => setTimeout(resolve, 500, 'still waiting'))])).toBe(
			'AbortError',
		);
		expect(await reading).toBe('AbortError');
		expect(keptInputs()).toEqual([]);
	});

	it('treats the path of standard input as standard input, because ffmpeg would read its own', async () => {
		const { files } = await read(['/dev/stdin'], Readable.from([Buffer.from('bytes')]));
		const kept = await files[0]?.open(signal);
		expect(readFileSync(kept?.path ?? '', 'utf8')).toBe('bytes');
		await kept?.close();
		await expect(read(['-', '/proc/self/fd/0'])).rejects.toMatchObject({ code: 'usage' });
	});

	it('accepts file URLs, and explains what to do with network addresses', async () => {
		const path = put('a name.jpg', jpeg);
		expect((await read([pathToFileURL(path).href])).files[0]?.name).toBe(path);
		await expect(read(['ftp://example.org/a.mp4'])).rejects.toMatchObject({
			detail: expect.stringContaining('download the file'),
		});
		await expect(read(['file://elsewhere/a.mp4'])).rejects.toMatchObject({ code: 'usage' });
	});

	it('lists a folder by file content, and names what is left out', async () => {
		mkdirSync(join(folder, 'deep'));
		put('deep/picture', jpeg);
		put('deep/notes', 'words only\n');
		const { files, leftOut } = await read([join(folder, 'deep')]);
		expect(files.map(({ name }) => name)).toEqual([join(folder, 'deep/picture')]);
		expect(leftOut.first).toEqual([{ path: join(folder, 'deep/notes'), reason: 'text' }]);
	});

	it('lists every entry of a zip archive in turn', async () => {
		const entries = {
			'in/a.jpg': jpeg,
			b: jpeg,
			'notes.txt': Buffer.from('words'),
			'code.ts': Buffer.from('export const a = 1;\n'),
			'__MACOSX/in/._a.jpg': jpeg,
			'locked.jpg': jpeg,
		};
		const archive = storedZip(entries, { b: deflateRawSync(jpeg), 'locked.jpg': deflateRawSync(jpeg) });
		archive[archive.indexOf('locked.jpg', archive.indexOf('PK\x01\x02')) - 38] = 1; // encrypted
		const zip = put('pictures.zip', archive);
		const found = await read([zip]);
		const picture = jpeg.toString('latin1');
		expect(await contents(found)).toEqual([
			[`${zip}/in/a.jpg`, picture],
			[`${zip}/b`, picture],
		]);
		expect(found.leftOut.first).toEqual([
			{ path: `${zip}/notes.txt`, reason: 'text' },
			{ path: `${zip}/code.ts`, reason: 'text' },
			{ path: `${zip}/locked.jpg`, reason: 'it needs a password' },
		]);
		expect(keptInputs()).toEqual([]);
	});

	it('refuses bytes that fail before the file for them is there', async () => {
		const bytes = new PassThrough();
		process.nextTick(() => bytes.destroy(new Error('too many bytes')));
		await expect(writeTemporary('a.mp4', bytes, { maxBytes: 1000, signal })).rejects.toThrow('too many bytes');
		expect(keptInputs()).toEqual([]);
	});

	it('leaves out entries of an archive one by one', async () => {
		const entries = {
			'../a.jpg': jpeg,
			'/b.jpg': jpeg,
			'c.jpg': jpeg,
			'read.me': Buffer.from('words'),
			'd.jpg': jpeg,
			e: jpeg,
		};
		const archive = storedZip(entries, { e: deflateRawSync(jpeg) });
		const directory = archive.indexOf('PK\x01\x02');
		for (const name of ['read.me', 'd.jpg']) archive[archive.indexOf(name, directory) - 36] = 14; // LZMA
		archive[archive.indexOf(deflateRawSync(jpeg))] = 0xff;
		const zip = put('mixed.zip', archive);
		const { files, leftOut } = await read([zip]);
		expect(files.map(({ name }) => name)).toEqual([`${zip}/c.jpg`]);
		expect(leftOut.first).toEqual([
			{ path: `${zip}/../a.jpg`, reason: 'its name leads outside the archive' },
			{ path: `${zip}//b.jpg`, reason: 'its name leads outside the archive' },
			{ path: `${zip}/read.me`, reason: 'its compression (method 14) is not supported' },
			{ path: `${zip}/d.jpg`, reason: 'its compression (method 14) is not supported' },
			{ path: `${zip}/e`, reason: expect.stringContaining('it is damaged') },
		]);
	});

	it('refuses an entry that was damaged since it was packed', async () => {
		const archive = storedZip({ 'a.jpg': jpeg, 'b.jpg': jpeg });
		archive[archive.indexOf('picture') + 1] = 0;
		const { files } = await read([put('damaged.zip', archive)]);
		await expect(files[0]?.open(signal)).rejects.toMatchObject({ code: 'archive-refused' });
		await (await files[1]?.open(signal))?.close();
		expect(keptInputs()).toEqual([]);
	});

	it('reads an archive from standard input', async () => {
		const { files, close } = await read(['-'], Readable.from([storedZip({ 'a.jpg': jpeg })]));
		expect(files.map(({ name }) => name)).toEqual(['-/a.jpg']);
		await (await files[0]?.open(signal))?.close();
		expect(keptInputs()).toHaveLength(1);
		await close();
		expect(keptInputs()).toEqual([]);
	});

	it('goes on with the other arguments after an archive that is refused', async () => {
		const [zip, other] = [put('cut.zip', storedZip({ 'a.jpg': jpeg }).subarray(0, 60)), put('other.jpg', jpeg)];
		const { files } = await read([zip, other]);
		expect(files.map(({ name }) => name)).toEqual([zip, other]);
		await expect(files[0]?.open(signal)).rejects.toMatchObject({ code: 'archive-refused' });
	});

	it('skips a zip bomb, and stops one with a false size', async () => {
		const zeros = (mib: number) => deflateRawSync(Buffer.alloc(mib * 1024 ** 2));
		const bomb = storedZip({ 'a.mp4': Buffer.alloc(150 * 1024 ** 2) }, { 'a.mp4': zeros(150) });
		expect((await read([put('bomb.zip', bomb)])).leftOut.first[0]?.reason).toContain('far more');
		const liar = storedZip({ 'a.mp4': Buffer.alloc(1000) }, { 'a.mp4': zeros(20) });
		await expect(contents(await read([put('liar.zip', liar)]))).rejects.toMatchObject({ code: 'archive-refused' });
		expect(keptInputs()).toEqual([]);
		const many = storedZip(Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`${i}.jpg`, jpeg])));
		for (const zip of [put('many.zip', many), put('cut.zip', many.subarray(0, 5000))])
			await expect(contents(await read([zip]))).rejects.toMatchObject({ code: 'archive-refused' });
	});
});
