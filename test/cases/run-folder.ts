import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Analyser, openAnalyser } from '../../function/commands/open-analyser.ts';
import { planSchema } from '../../function/contract/plan.ts';
import { toAnalysisError } from '../../function/errors.ts';
import { type CaseResult, caseLine, mismatches, readExpected } from './case-table.ts';

/** Analyses the files of a folder one by one and compares each with its row in `expected.csv`; returns how many rows there are and how many are wrong. */
export async function runFolder(
	folder: string,
	print: (line: string) => void,
): Promise<{ rows: number; wrong: number }> {
	const expected = readExpected(join(folder, 'expected.csv'));
	const listed = new Set(expected.map(({ file }) => file));
	const others = readdirSync(folder, { withFileTypes: true })
		.filter((entry) => entry.isFile() && !/\.(csv|md|sh)$/.test(entry.name) && !listed.has(entry.name))
		.map(({ name }) => name);
	const analyser = await openAnalyser(planSchema.parse({}), { provider: 'cpu', onNotice: print });
	let wrong = 0;
	try {
		for (const row of expected) {
			const result = await resultOf(analyser, join(folder, row.file));
			const differences = mismatches(row, result);
			if (differences.length > 0) wrong++;
			print(caseLine(row.file, result, differences));
		}
		for (const file of others.sort())
			if (existsSync(join(folder, file))) print(caseLine(file, await resultOf(analyser, join(folder, file)), null));
	} finally {
		await analyser.close();
	}
	return { rows: expected.length, wrong };
}

async function resultOf(analyser: Analyser, path: string): Promise<CaseResult> {
	try {
		return { report: await analyser.analyseFile(path, new AbortController().signal) };
	} catch (thrown) {
		return { error: toAnalysisError(thrown, 'probe') };
	}
}
