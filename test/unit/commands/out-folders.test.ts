import fc from 'fast-check';
import { expect, it } from 'vitest';
import { outFolders } from '../../../function/commands/out-folders.ts';

it('gives each file a folder of its own name, numbered if several share it', () => {
	expect(outFolders('out', ['x/a.mp4', 'b.mp4', 'y/a.mp4'])).toEqual(['out/a.mp4-1', 'out/b.mp4', 'out/a.mp4-2']);
});

it("skips a number that is part of another file's name", () => {
	expect(outFolders('out', ['x/a.mp4', 'y/a.mp4', 'z/a.mp4-1'])).toEqual(['out/a.mp4-2', 'out/a.mp4-3', 'out/a.mp4-1']);
});

it('never gives two files the same folder, even if the disk ignores case', () => {
	const name = fc.stringMatching(/^[aAb](-[12]){0,2}$/);
	fc.assert(
		fc.property(fc.array(name), (names) => {
			const folders = outFolders('out', names);
			expect(new Set(folders.map((folder) => folder.toLowerCase())).size).toBe(names.length);
		}),
	);
});
