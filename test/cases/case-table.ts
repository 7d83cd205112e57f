import { readFileSync } from 'node:fs';
import type { Report } from '../../function/contract/report.ts';
import type { AnalysisError } from '../../function/errors.ts';
import { parseCsv } from '../../function/files/csv.ts';

/** The expected result of a file; an empty cell is not checked, `a|b` accepts either, `!a` anything except a. */
export type ExpectedCase = Readonly<Record<(typeof columns)[number], string>>;

/** `reason` is a reason of the verdict or of a person, `note` a code of `coverage.notes`, `code` an error code, `frames` how many were sampled, or `>=n`. */
const columns = ['file', 'outcome', 'kind', 'frames', 'reason', 'note', 'code'] as const;

/** The result of a file: a report or the failure. */
export type CaseResult = { readonly report: Report } | { readonly error: AnalysisError };

/** The rows of an expected.csv; throws if a column is unknown or a row has no file. */
export function readExpected(path: string): ExpectedCase[] {
	const [head, ...rows] = parseCsv(readFileSync(path, 'utf8'));
	const names = head?.fields ?? [];
	const unknown = names.find((name) => !columns.includes(name as (typeof columns)[number]));
	if (unknown !== undefined) throw new Error(`${path}: no column ${unknown}; there are ${columns.join(', ')}`);
	return rows.map(({ line, fields }) => {
		const cells = Object.fromEntries(columns.map((column) => [column, fields[names.indexOf(column)]?.trim() ?? '']));
		if (!cells.file) throw new Error(`${path}, line ${line}: no file`);
		return cells as ExpectedCase;
	});
}

/** The values that were found, per column. */
export function foundIn(result: CaseResult): Readonly<Record<Exclude<keyof ExpectedCase, 'file'>, readonly string[]>> {
	if ('error' in result) return { outcome: [], kind: [], frames: [], reason: [], note: [], code: [result.error.code] };
	const { verdict, video, coverage, tracks } = result.report;
	return {
		outcome: [verdict.outcome],
		kind: [video.kind],
		frames: [String(coverage.framesSampled)],
		reason: [...new Set([...verdict.reasons, ...tracks.flatMap(({ reasons }) => reasons)])],
		note: coverage.notes.map(({ code }) => code),
		code: [],
	};
}

/** The differences to the expected result, a few words each; empty = everything matches. A file that should be analysed has no code. */
export function mismatches(expected: ExpectedCase, result: CaseResult): string[] {
	const found = foundIn(result);
	const checked = (Object.keys(found) as (keyof typeof found)[]).filter((column) => expected[column] !== '');
	const wrong = checked
		.filter((column) => !fits(expected[column], found[column]))
		.map((column) => `${column} should be ${expected[column]}, is ${found[column].join('+') || 'none'}`);
	const failed = expected.code === '' && 'error' in result ? [`failed: ${result.error.message}`] : [];
	return [...failed, ...wrong];
}

function fits(wanted: string, found: readonly string[]): boolean {
	if (wanted.startsWith('>=')) return Number(found[0]) >= Number(wanted.slice(2));
	if (wanted.startsWith('!')) return !found.includes(wanted.slice(1));
	if (wanted === '-') return found.length === 0;
	return wanted.split('|').some((value) => found.includes(value));
}

/** One line per file: whether it is right, its result, and the differences. */
export function caseLine(file: string, result: CaseResult, wrong: readonly string[] | null): string {
	const state = wrong === null ? 'no row' : wrong.length === 0 ? 'right' : 'WRONG';
	return [state.padEnd(7), file.padEnd(36), summary(result), ...(wrong ?? []).map((text) => `<- ${text}`)].join('  ');
}

function summary(result: CaseResult): string {
	if ('error' in result) return result.error.code;
	const { verdict, video, coverage } = result.report;
	const score = verdict.fakeProbability?.toFixed(2) ?? '';
	const { outcome, kind, frames, reason, note } = foundIn(result);
	return [
		[...outcome, score].join(' ').trim(),
		[...kind, ...(video.durationS === null ? [] : [`${video.durationS.toFixed(2)} s`])].join(' '),
		`${frames[0]} frames, ${coverage.facesFound} faces`,
		...(reason.length > 0 ? [reason.join('+')] : []),
		...(note.length > 0 ? [`notes ${note.join('+')}`] : []),
	].join(', ');
}
