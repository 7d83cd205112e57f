import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../function/config.ts';
import { AnalysisError } from '../../../function/errors.ts';
import { asWriteFailed, removeUnfinished, writeWhole } from '../../../function/files/write-whole.ts';

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'unmask-write-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('writeWhole', () => {
	it('replaces a file and leaves no other files', async () => {
		const file = join(folder, 'a.json');
		await writeWhole(file, 'old');
		expect(await writeWhole(file, 'new')).toEqual({
			bytes: 3,
			sha256: '11507a0e2f5e69d5dfa40a62a1bd7b6ee57e6bcd85c67c9b8431b36fff21c437',
		});
		expect(await readFile(file, 'utf8')).toBe('new');
		expect(await readdir(folder)).toEqual(['a.json']);
	});

	it('writes pieces, and keeps the old file if they fail', async () => {
		const file = join(folder, 'a.bin');
		await writeWhole(file, Readable.from([Buffer.from('one'), Buffer.from('two')]));
		const broken = async function* () {
			yield Buffer.from('half');
			throw new AnalysisError('weights-damaged', 'environment');
		};
		await expect(writeWhole(file, broken()).catch(asWriteFailed(file))).rejects.toMatchObject({
			code: 'weights-damaged',
		});
		expect(await readFile(file, 'utf8')).toBe('onetwo');
		expect(await readdir(folder)).toEqual(['a.bin']);
	});

	it('makes a private file readable only by its owner', async () => {
		await writeWhole(join(folder, 'secret'), 'x', { mode: 0o600 });
		expect((await stat(join(folder, 'secret'))).mode & 0o777).toBe(0o600);
	});

	it('does not mistake a truncated write for a complete one', async () => {
		const file = join(folder, 'long.txt');
		await writeFile(file, 'old');
		const script = `
			process.on('SIGXFSZ', () => {});
			const { writeWhole, asWriteFailed } = await import('./function/files/write-whole.ts');
			await writeWhole(process.argv[1], 'x'.repeat(9000)).catch(asWriteFailed(process.argv[1])).then(
				() => console.log('written'),
				(error) => console.log(error.code),
			);`;
		// a file size limit cuts a write short like a full disk does
		const limited = [
			'-c',
			'ulimit -f 4; exec "$@"',
			'sh',
			process.execPath,
			'--import',
			'tsx',
			'--input-type=module',
			'-e',
		];
		const { stdout } = await promisify(execFile)('sh', [...limited, script, file], {
			cwd: packageRoot(),
			env: { ...process.env, TSX_DISABLE_CACHE: '1' },
		});
		expect(stdout).toBe('write-failed\n');
		expect(await readFile(file, 'utf8')).toBe('old');
		expect(await readdir(folder)).toEqual(['long.txt']);
	});
});

describe('removeUnfinished', () => {
	it('removes leftovers of a killed program, but not files being written', async () => {
		for (const name of ['.a.json.0011.tmp', '.b.json.0022.tmp', 'c.json']) await writeFile(join(folder, name), 'x');
		await utimes(join(folder, '.a.json.0011.tmp'), 1, 1);
		await utimes(join(folder, 'c.json'), 1, 1);
		await removeUnfinished(folder);
		expect(await readdir(folder)).toEqual(['.b.json.0022.tmp', 'c.json']);
	});
});
