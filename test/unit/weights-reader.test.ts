import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { floatsFromHalves, halvesFromFloats } from '../../function/weights/half.ts';
import { hintFromName } from '../../function/weights/hint-from-name.ts';
import { importWeights } from '../../function/weights/import-weights.ts';
import { readAllFloats, storedZip, weightsFile, weightsFolder, writeChanged } from './weights-files.ts';

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'unmask-weights-'));
});
afterAll(() => rm(folder, { recursive: true }));

type Small = Record<string, Record<string, { shape: number[]; values: number[] }>>;
const small: Small = JSON.parse(await readFile(join(weightsFolder, 'small.json'), 'utf8'));

/** The error for a file, after checking that the import left nothing behind. */
async function refusal(path: string, options = {}): Promise<{ code: string; message: string }> {
	const into = await mkdtemp(join(folder, 'models-'));
	const error = await importWeights(path, join(into, 'model.onnx'), options).then(
		() => ({ code: 'none', message: 'it was imported' }),
		(thrown) => thrown,
	);
	expect(await readdir(into)).toEqual([]);
	return { code: error.code, message: error.message };
}

async function refusalOf(content: string | Uint8Array, name = 'model.pt') {
	const path = join(await mkdtemp(join(folder, 'file-')), name);
	await writeFile(path, content);
	return refusal(path);
}

describe('files that torch.save wrote', () => {
	it.each(Object.keys(small))('%s: every number as in PyTorch', async (name) => {
		const { tensors } = await readAllFloats(weightsFile(name));
		for (const [path, { shape, values }] of Object.entries(small[name] ?? {})) {
			const read = tensors.get(path);
			expect(read?.shape, path).toEqual(shape);
			expect(read?.values, path).toEqual(values.map(Math.fround));
		}
	});

	it('are distinguished', async () => {
		const forms = await Promise.all(
			['zip', 'zip64', 'legacy', 'scripted', 'traced'].map((name) => readAllFloats(weightsFile(name))),
		);
		expect(forms.map(({ container }) => container)).toEqual(['zip', 'zip', 'legacy', 'torchscript', 'torchscript']);
	});
});

describe('files that contain more than data', () => {
	it.each([
		['attack-system', 'posix.system'],
		['attack-eval-legacy', '__builtin__.eval'],
		['attack-getattr', '__builtin__.getattr'],
		['whole-module', 'torch.nn.modules.linear.Linear'],
	])('%s is refused for the name %s, and nothing is run', async (name, forbidden) => {
		const { code, message } = await refusal(weightsFile(name));
		expect(code).toBe('weights-unsafe');
		expect(message).toContain(forbidden);
		expect(existsSync('attacked')).toBe(false);
	});

	it('refuses TorchScript classes outside TorchScript', async () => {
		const pickle = Buffer.from('\x80\x02c__torch__\nModel\n)\x81.', 'latin1');
		expect((await refusalOf(storedZip({ 'a/data.pkl': pickle }))).code).toBe('weights-unsafe');
		expect((await refusalOf(storedZip({ 'a/data.pkl': pickle, 'a/constants.pkl': pickle }))).code).toBe(
			'weights-other-network',
		);
	});
});

describe('files of other kinds', () => {
	it.each([
		['big-endian', 'weights-unsupported', 'big-endian'],
		['legacy-big-endian', 'weights-unsupported', 'big-endian'],
		['quantised', 'weights-unsupported', '_rebuild_qtensor'],
		['bare-pickle', 'not-weights', 'a Python pickle'],
	])('%s', async (name, code, words) => {
		const found = await refusal(weightsFile(name));
		expect(found.code).toBe(code);
		expect(found.message).toContain(words);
	});

	const page = (title: string) => `<!DOCTYPE html><html><head><title>${title}</title></head><body>...</body></html>`;
	it.each<[string, string | Uint8Array, string]>([
		['a page', page('Google Drive - Virus scan warning'), 'cannot scan the file for viruses'],
		['another page', `\n  ${page('Not found')}`, 'an HTML page with the title "Not found"'],
		[
			'a pointer',
			`version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 226510427\n`,
			'Git LFS pointer to a file of 226510427 bytes',
		],
		['a mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('PK\x03\x04')]), 'byte-order mark'],
		['UTF-16', Buffer.from('\ufeffhello', 'utf16le'), 'byte-order mark'],
		['Keras', Buffer.from('\x89HDF\r\n\x1a\n', 'latin1'), 'HDF5'],
		['Keras 3', storedZip({ 'config.json': Buffer.from('{}'), 'model.weights.h5': Buffer.from('x') }), 'Keras'],
		['TensorFlow', Buffer.from([0x08, 0x01, 0x12, 0xff, 0x20]), 'TensorFlow'],
		['safetensors', Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('{}')]), 'safetensors'],
		['ONNX', Buffer.from([0x08, 0x09, 0x12, 0x06]), 'unmask models add'],
		['a packed file', storedZip({ 'model.pt': Buffer.from('x') }), 'contains model.pt; unpack it first'],
		['gzip', Buffer.from([0x1f, 0x8b, 8, 0]), 'unpack it first'],
		['text', 'just words\n', 'a text file of 11 bytes'],
		['zeros', Buffer.alloc(1000), 'nothing but zeros'],
		['noise', Buffer.from([1, 2, 3, 250, 251]), 'an unknown kind of file'],
	])('%s is recognised', async (_, content, words) => {
		const { code, message } = await refusalOf(content);
		expect(code).toBe('not-weights');
		expect(message).toContain(words);
	});

	it('a path that is not a regular file', async () => {
		expect((await refusal(join(folder, 'none.pt'))).code).toBe('file-not-found');
		expect((await refusal(folder)).code).toBe('not-a-file');
		execFileSync('mkfifo', [join(folder, 'pipe.pt')]); // must not block
		expect((await refusal(join(folder, 'pipe.pt'))).code).toBe('not-a-file');
		expect((await refusalOf('')).code).toBe('file-empty');
	});
});

describe('incomplete and damaged files', () => {
	it('says where a legacy file ends and where it should end', async () => {
		const whole = await readFile(weightsFile('legacy'));
		const cut = await writeChanged(weightsFile('legacy'), join(folder, 'cut.pt'), (bytes) => bytes.subarray(0, -20));
		const { code, message } = await refusal(cut);
		expect(code).toBe('weights-truncated');
		expect(message).toContain(`it ends at byte ${whole.length - 20} of ${whole.length}`);
		const early = await writeChanged(weightsFile('legacy'), join(folder, 'early.pt'), (bytes) =>
			bytes.subarray(0, 150),
		);
		expect((await refusal(early)).message).toContain('it ends at byte 150, within its list of tensors');
	});

	it('says where a zip archive ends, and how long it should be at least', async () => {
		const cut = await writeChanged(weightsFile('zip'), join(folder, 'cut-zip.pt'), (bytes) => bytes.subarray(0, 700));
		const { code, message } = await refusal(cut);
		expect(code).toBe('weights-truncated');
		expect(message).toMatch(/it ends at byte 700 of at least \d+/);
	});

	it('finds a changed number by its checksum', async () => {
		const changed = await writeChanged(weightsFile('zip'), join(folder, 'changed.pt'), (bytes) => {
			const [first = 0] = small.zip?.['a.weight']?.values ?? [];
			const at = bytes.indexOf(Buffer.from(Float32Array.of(first).buffer));
			expect(at).toBeGreaterThan(0);
			bytes[at] = (bytes[at] as number) ^ 1;
			return bytes;
		});
		await expect(readAllFloats(changed)).rejects.toMatchObject({ code: 'weights-damaged' });
	});

	it('does not inflate more than the archive states', async () => {
		const bomb = storedZip(
			{ 'a/data.pkl': Buffer.alloc(1000, 0x4e) },
			{ 'a/data.pkl': deflateRawSync(Buffer.alloc(50_000_000)) },
		);
		expect((await refusalOf(bomb)).code).toBe('weights-damaged');
	});

	it('refuses a pickle that builds without end', async () => {
		const many = Buffer.concat([Buffer.from('\x80\x02', 'latin1'), Buffer.alloc(300_000, '}')]);
		expect((await refusalOf(storedZip({ 'a/data.pkl': many }))).message).toContain('more than 200000 steps');
		const deep = Buffer.concat([
			Buffer.from('\x80\x02N', 'latin1'),
			Buffer.alloc(190_000, '\x85', 'latin1'),
			Buffer.from('.'),
		]);
		expect((await refusalOf(storedZip({ 'a/data.pkl': deep }))).code).toBe('weights-other-network');
	});
});

describe('another network', () => {
	it('is refused with the layers that differ', async () => {
		expect((await refusal(weightsFile('state-dict'))).message).toContain(
			'2 tensors, none of them lstm.weight_ih_l0; the first: weight [3,4], bias [3]',
		);
		const { code, message } = await refusal(weightsFile('scripted'));
		expect(code).toBe('weights-other-network');
		expect(message).toContain('model.0.weight is [2,3] instead of [64,3,7,7]');
		expect(message).toMatch(/; model\.1\.weight .* and \d+ more/);
	});
});

describe('hintFromName', () => {
	it('parses the names of the legacy application and no others', () => {
		expect(hintFromName('/x/model_84_acc_10_frames_final_data.pt')).toEqual({ frames: 10, accuracy: 84 });
		expect(hintFromName('model_97_acc_100_frames_FF_data.pt')).toEqual({ frames: 100, accuracy: 97 });
		expect(hintFromName('best.pt')).toEqual({ frames: null, accuracy: null });
		expect(hintFromName('model_999_acc_x_frames.pt')).toEqual({ frames: null, accuracy: null });
	});
});

describe('16-bit floats', () => {
	it('survive a round trip for every pattern', () => {
		const all = Uint16Array.from({ length: 65_536 }, (_, i) => i).filter(
			(half) => ((half >> 10) & 31) !== 31 || (half & 1023) === 0,
		);
		const back = halvesFromFloats(floatsFromHalves(all));
		expect(back.length).toBe(all.length);
		expect(back.findIndex((half, i) => half !== all[i])).toBe(-1);
	});

	it('are rounded to the nearest, ties to even', () => {
		// 1 + 2^-10 is the next after 1; 2^-24 the smallest
		const floats = [
			1 + 2 ** -11,
			1 + 3 * 2 ** -11,
			1 + 2 ** -11 + 2 ** -20,
			2 ** -25,
			2 ** -25 * 1.01,
			65519,
			65520,
			Number.NaN,
		];
		expect([...floatsFromHalves(halvesFromFloats(Float32Array.from(floats)))]).toEqual([
			1,
			1 + 2 ** -9,
			1 + 2 ** -10,
			0,
			2 ** -24,
			65504,
			Number.POSITIVE_INFINITY,
			Number.NaN,
		]);
	});
});
