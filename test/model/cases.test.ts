import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AnalysisError } from '../../function/errors.ts';
import { mismatches, readExpected } from '../cases/case-table.ts';
import { runFolder } from '../cases/run-folder.ts';

test('every file of the folder gives the result in its row', async () => {
	const lines: string[] = [];
	const { rows, wrong } = await runFolder(join(import.meta.dirname, '../cases/files'), (line) => lines.push(line));
	expect(wrong, lines.join('\n')).toBe(0);
	expect(rows).toBe(lines.length);
}, 180_000);

test('a row reports what is wrong, and an unknown column is refused', () => {
	const row = { file: 'a.mp4', outcome: 'likely-real', kind: '', frames: '', reason: '', note: '', code: '' };
	const gone = { error: new AnalysisError('file-empty', 'probe') };
	expect(mismatches(row, gone)).toEqual(['failed: The file is empty.', 'outcome should be likely-real, is none']);
	expect(mismatches({ ...row, outcome: '', code: 'file-empty' }, gone)).toEqual([]);
	expect(mismatches({ ...row, outcome: '', code: 'truncated|file-empty' }, gone)).toEqual([]);
	const folder = mkdtempSync(join(tmpdir(), 'unmask-cases-'));
	writeFileSync(join(folder, 'expected.csv'), 'file,verdict\na.mp4,likely-real\n');
	expect(() => readExpected(join(folder, 'expected.csv'))).toThrow('no column verdict');
	rmSync(folder, { recursive: true });
});
