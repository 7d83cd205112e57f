import type { Plan } from '../contract/plan.ts';
import type { Report } from '../contract/report.ts';
import { outcomeWords, scoreText } from '../evidence/report-words.ts';

/** The ways to read a model of the older application. */
const modes = ['seed', 'trained', 'robust'] as const;

/** A report for each mode. */
export type ModeReports = Readonly<Record<(typeof modes)[number], Report>>;

/** One file in the three modes, one after the other; throws what an analysis throws, and `usage` for a model that has no such modes. */
export async function compareModes(plan: Plan, analyse: (plan: Plan) => Promise<Report>): Promise<ModeReports> {
	const reports: Partial<Record<(typeof modes)[number], Report>> = {};
	for (const mode of modes) reports[mode] = await analyse({ ...plan, mode });
	return reports as ModeReports;
}

/** The three side by side for a terminal; ends with a newline. */
export function comparisonText(reports: ModeReports): string {
	const rows = modes.map((mode) => [mode, ...cellsOf(reports[mode])]);
	const head = ['mode', 'frames', 'from', 'what decides', 'fake score', 'answer'];
	const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)));
	const line = (cells: readonly string[]) =>
		`  ${cells
			.map((cell, i) => cell.padEnd(widths[i] ?? 0))
			.join('  ')
			.trimEnd()}\n`;
	return [
		line(head),
		...rows.map(line),
		'  REAL and FAKE are what the older application would have said, not this program’s answer. The box of a face comes from\n',
		'  this program’s detector, not from dlib’s as there; nobody measured how often these numbers are wrong.\n',
	].join('');
}

const decides = { seed: 'the last frame', trained: 'mean of the frames', robust: 'each person, trimmed mean' };

function cellsOf({ older, coverage, verdict }: Report): string[] {
	const mode = older?.mode ?? 'robust';
	const from = mode === 'robust' ? 'the whole clip' : 'the first ones';
	const score = verdict.fakeProbability === null ? '' : scoreText(verdict.fakeProbability);
	const answer = older?.said ? `${older.said.label} ${older.said.percent.toFixed(1)} %` : outcomeWords[verdict.outcome];
	return [String(coverage.framesSampled), from, decides[mode], score, answer];
}
