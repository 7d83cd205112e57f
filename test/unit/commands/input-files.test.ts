import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inputFiles } from '../../../function/commands/input-files.ts';
import { storedZip } from '../weights-files.ts';

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'unmask-inputs-'));
	process.env.TMPDIR = folder; // other tests keep inputs in the system's
});
afterAll(() => {
	delete process.env.TMPDIR;
	rmSync(folder, { recursive: true });
});

const jpeg = Buffer.from('\xff\xd8\xff\xe0\0picture', 'latin1');
const read = (args: string[], stdin: NodeJS.ReadableStream = Readable.from([])) => inputFiles(args, stdin);
const put = (name: string, bytes: Buffer | string) => {
	writeFileSync(join(folder, name), bytes);
	return join(folder, name);
};
const keptInputs = () => readdirSync(tmpdir()).filter((name) => name.startsWith('unmask-input-'));

/** Bytes of every file, each closed again. */
async function contents({ files }: Awaited<ReturnType<typeof inputFiles>>): Promise<[string, string][]> {
	const all: [string, string][] = [];
	for (const { name, open } of files) {
		const { path, close } = await open();
		all.push([name, readFileSync(path, 'latin1')]);
		await close();
	}
	return all;
}

describe('what the arguments of analyse name', () => {
	it('reads standard input once, and keeps it no longer than it is open', async () => {
		const { files } = await read(['-'], Readable.from([Buffer.from('one'), Buffer.from('two')]));
		const kept = await files[0]?.open();
		expect(readFileSync(kept?.path ?? '', 'utf8')).toBe('onetwo');
		await kept?.close();
		expect(existsSync(kept?.path ?? '')).toBe(false);
		await expect(read(['-', '-'])).rejects.toMatchObject({ code: 'usage' });
	});

	it('takes the path of standard input for standard input, which ffmpeg would look for in its own', async () => {
		const { files } = await read(['/dev/stdin'], Readable.from([Buffer.from('bytes')]));
		const kept = await files[0]?.open();
		expect(readFileSync(kept?.path ?? '', 'utf8')).toBe('bytes');
		await kept?.close();
		await expect(read(['-', '/proc/self/fd/0'])).rejects.toMatchObject({ code: 'usage' });
	});

	it('takes file addresses, and says what to do with those of the network', async () => {
		const path = put('a name.jpg', jpeg);
		expect((await read([pathToFileURL(path).href])).files[0]?.name).toBe(path);
		await expect(read(['ftp://example.org/a.mp4'])).rejects.toMatchObject({
			detail: expect.stringContaining('download the file'),
		});
		await expect(read(['file://elsewhere/a.mp4'])).rejects.toMatchObject({ code: 'usage' });
	});

	it('takes a folder by what its files are, and names what it leaves out', async () => {
		mkdirSync(join(folder, 'deep'));
		put('deep/picture', jpeg);
		put('deep/notes', 'words only\n');
		const { files, leftOut } = await read([join(folder, 'deep')]);
		expect(files.map(({ name }) => name)).toEqual([join(folder, 'deep/picture')]);
		expect(leftOut.first).toEqual([{ path: join(folder, 'deep/notes'), reason: 'text' }]);
	});

	it('takes every entry of a zip archive, one after the other', async () => {
		const entries = {
			'in/a.jpg': jpeg,
			b: jpeg,
			'notes.txt': Buffer.from('words'),
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
			{ path: `${zip}/locked.jpg`, reason: 'it needs a password' },
		]);
		expect(keptInputs()).toEqual([]);
	});

	it('leaves out a bomb, and stops one that lies about its size', async () => {
		const zeros = (mib: number) => deflateRawSync(Buffer.alloc(mib * 1024 ** 2));
		const bomb = storedZip({ 'a.mp4': Buffer.alloc(150 * 1024 ** 2) }, { 'a.mp4': zeros(150) });
		expect((await read([put('bomb.zip', bomb)])).leftOut.first[0]?.reason).toContain('far more');
		const liar = storedZip({ 'a.mp4': Buffer.alloc(1000) }, { 'a.mp4': zeros(20) });
		await expect(contents(await read([put('liar.zip', liar)]))).rejects.toMatchObject({ code: 'archive-refused' });
		expect(keptInputs()).toEqual([]);
		const many = storedZip(Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`${i}.jpg`, jpeg])));
		await expect(read([put('many.zip', many)])).rejects.toMatchObject({ code: 'archive-refused' });
		await expect(read([put('cut.zip', many.subarray(0, 5000))])).rejects.toMatchObject({ code: 'archive-refused' });
	});
});
