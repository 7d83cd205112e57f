import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AnalysisError } from '../../../function/errors.ts';
import { clipOf, listItems, parseGroupPattern } from '../../../function/eval/list-items.ts';
import { csvLine, parseCsv } from '../../../function/files/csv.ts';

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'unmask-list-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function files(...paths: string[]) {
	for (const path of paths) {
		await mkdir(dirname(join(folder, path)), { recursive: true });
		await writeFile(join(folder, path), 'x');
	}
}
const short = async (input: string, pattern?: RegExp) =>
	(await listItems(input, pattern)).items.map(({ path, label, set, group }) => [path, label, set, group]);

describe('listItems of a folder', () => {
	it('finds real and fake at any depth, in order', async () => {
		await files('real/b/1.mp4', 'fake/c.MOV', 'real/a.jpg');
		expect(await short(folder)).toEqual([
			['fake/c.MOV', 'fake', '.', './c.MOV'],
			['real/a.jpg', 'real', '.', './a'],
			['real/b/1.mp4', 'real', '.', './b/1.mp4'],
		]);
	});

	it('finds several sets, and uses the nearer of the two names', async () => {
		await files('crops/real/v_1.png', 'crops/fake/v_2.png', 'videos/real/fake/x.mp4');
		expect(await short(folder)).toEqual([
			['crops/fake/v_2.png', 'fake', 'crops', 'crops/v'],
			['crops/real/v_1.png', 'real', 'crops', 'crops/v'],
			['videos/real/fake/x.mp4', 'fake', 'videos/real', 'videos/real/x.mp4'],
		]);
	});

	it('accepts a folder that is itself named fake', async () => {
		await files('fake/a.mp4', 'fake/sub/b.mp4');
		expect(await short(join(folder, 'fake'))).toEqual([
			['a.mp4', 'fake', '.', './a.mp4'],
			['sub/b.mp4', 'fake', '.', './sub/b.mp4'],
		]);
	});

	it('leaves out and counts files without a label or picture, and skips hidden files', async () => {
		await files('real/a.mp4', 'real/notes.txt', 'other/b.mp4', 'c.mp4', 'real/._a.mp4', '.git/real/x.mp4');
		const list = await listItems(folder);
		expect(list.items.map((item) => item.path)).toEqual(['real/a.mp4']);
		expect(list).toMatchObject({
			unlabelled: { count: 2, first: [{ path: 'c.mp4', reason: 'outside of real and fake' }, { path: 'other/b.mp4' }] },
			notMedia: { count: 1, first: [{ path: 'real/notes.txt', reason: 'text' }] },
		});
	});

	it('follows links without looping', async () => {
		await files('store/a.mp4', 'real/own.mp4');
		await symlink(join(folder, 'store'), join(folder, 'fake'));
		await symlink(folder, join(folder, 'real', 'round'));
		expect((await short(folder)).map(([path]) => path)).toEqual(['fake/a.mp4', 'real/own.mp4']);
	});

	it('groups by a pattern if it matches', async () => {
		await files('fake/ffpp_f2f_012_026_3.jpg', 'fake/other.jpg', 'real/ffpp_012_1.jpg');
		const pattern = parseGroupPattern('ffpp_(?:f2f_)?(\\d{3})');
		expect((await short(folder, pattern)).map(([, , , group]) => group)).toEqual(['012', './other', '012']);
	});

	it('rejects an empty folder, a missing one and an invalid pattern', async () => {
		await expect(listItems(folder)).rejects.toMatchObject({ code: 'usage' });
		await expect(listItems(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'file-not-found' });
		for (const bad of ['(', 'abc', '(a)(b)', '[']) expect(() => parseGroupPattern(bad)).toThrow(AnalysisError);
	});
});

describe('clipOf', () => {
	it.each([
		['ffpp_f2f_012_026_3.jpg', 'ffpp_f2f_012_026'],
		['gend__FF__012__7.png', 'gend__FF__012'],
		['vid-0001.webp', 'vid'],
		['person/clip/0001.png', 'person/clip'],
		['0001.png', '0001.png'],
		['set/Real/0001.png', 'set/Real/0001.png'],
		['portrait.jpeg', 'portrait'],
		['a/_5.jpg', 'a/_5'],
		['012_026.mp4', '012_026.mp4'],
	])('%s comes from %s', (path, clip) => expect(clipOf(path)).toBe(clip));
});

describe('listItems of a CSV', () => {
	const list = async (text: string, pattern?: RegExp) => {
		await writeFile(join(folder, 'list.csv'), text);
		return listItems(join(folder, 'list.csv'), pattern);
	};

	it('reads path, label, group and set in any order, with paths relative to it', async () => {
		const { items } = await list('\uFEFFSet,path,label,group\r\nA,"a, b.mp4",fake,g1\r\n\r\n,sub/c_3.jpg,0,\r\n');
		expect(items).toEqual([
			{ path: 'a, b.mp4', file: join(folder, 'a, b.mp4'), label: 'fake', group: 'g1', set: 'A', segments: null },
			{ path: 'sub/c_3.jpg', file: join(folder, 'sub/c_3.jpg'), label: 'real', group: 'sub/c', set: '.', segments: [] },
		]);
	});

	it('prefers the column over the pattern', async () => {
		const { items } = await list('path,label,group\nid7_a.mp4,1,own\nid8_a.mp4,1,\n', /(id\d)/);
		expect(items.map((item) => item.group)).toEqual(['own', 'id8']);
	});

	it.each([
		['', 'line 1: the first line must name'],
		['file,label\na,0\n', 'line 1: the first line must name'],
		['path,label\n', 'lists no files'],
		['path,label\na.mp4,maybe\n', "line 2: the label must be real, fake, 0 or 1 (1 = fake), not 'maybe'."],
		['path,label\na.mp4,0\n,1\n', 'line 3: the path is empty.'],
		['path,label\na.mp4,0\na.mp4,1\n', 'line 3: a.mp4 is listed twice, first on line 2.'],
		['path,label\na.mp4\n', 'line 2: 1 fields where the first line names 2.'],
		['path,label\n"a.mp4,0\n', 'line 2: a quoted field is not closed'],
	])('refuses %j with its line', async (text, sentence) => {
		await expect(list(text)).rejects.toMatchObject({ code: 'usage', detail: expect.stringContaining(sentence) });
	});
});

describe('parseCsv', () => {
	it('reads back what csvLine writes', () => {
		const field = fc.string().map((text) => `x${text}`); // a line with one empty field would be an empty line
		fc.assert(
			fc.property(fc.array(fc.array(field, { minLength: 1 })), fc.constantFrom('\n', '\r\n'), (rows, end) => {
				const text = rows.map((row) => csvLine(row) + end).join('');
				expect(parseCsv(text).map((row) => row.fields)).toEqual(rows);
			}),
		);
	});

	it('counts lines through quoted line breaks', () => {
		expect(parseCsv('a\n"b\nc",d\n\ne').map((row) => row.line)).toEqual([1, 2, 5]);
	});
});

describe('segments of a CSV', () => {
	const segmentsOf = async (...rows: string[]) => {
		await writeFile(join(folder, 'list.csv'), ['path,label,segments', ...rows].join('\n'));
		return (await listItems(join(folder, 'list.csv'))).items.map(({ segments }) => segments);
	};

	it('are ordered spans; empty for a real file, unknown for a fake one that lists none', async () => {
		expect(await segmentsOf('a.mp4,fake,55-60;70.5-75', 'b.mp4,real,', 'c.mp4,fake,')).toEqual([
			[
				{ startS: 55, endS: 60 },
				{ startS: 70.5, endS: 75 },
			],
			[],
			null,
		]);
	});

	it.each([
		['a.mp4,fake,60-55', "line 2: segments are spans of seconds such as 55-60;70.5-75, in order, not '60-55'."],
		['a.mp4,fake,1-3;2-4', 'in order'],
		['a.mp4,fake,1:00-1:05', 'spans of seconds'],
		['a.mp4,fake,5-6;', 'spans of seconds'],
		['a.mp4,real,5-6', 'line 2: a real file has no manipulated segments.'],
	])('%s is refused', async (row, sentence) => {
		await expect(segmentsOf(row)).rejects.toMatchObject({ code: 'usage', detail: expect.stringContaining(sentence) });
	});
});
