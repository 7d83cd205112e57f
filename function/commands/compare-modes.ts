import { english } from '../answer/words.ts';
import type { Plan } from '../contract/plan.ts';
import type { Report } from '../contract/report.ts';
import { legacyModes } from '../modes/choose-mode.ts';

type ModeName = keyof typeof legacyModes;
const modes = Object.keys(legacyModes) as ModeName[];

/** One report per mode. */
export type ModeReports = Readonly<Record<ModeName, Report>>;

/** Analyses one file in the three modes, one after the other; throws what an analysis throws, and `usage` if the model has no such modes. */
export async function compareModes(plan: Plan, analyse: (plan: Plan) => Promise<Report>): Promise<ModeReports> {
	const reports: Partial<Record<ModeName, Report>> = {};
	for (const mode of modes) reports[mode] = await analyse({ ...plan, mode });
	return reports as ModeReports;
}

/** The three results side by side for a terminal; ends with a newline. */
export function comparisonText(reports: ModeReports): string {
	const rows = modes.map((mode) => [mode, ...cellsOf(mode, reports[mode])]);
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
		'  REAL and FAKE are what the legacy application would have reported, not this program’s answer. Faces are located by\n',
		'  this program’s detector instead of dlib’s. The error rates of these figures were never measured.\n',
	].join('');
}

function cellsOf(name: ModeName, { older, coverage, verdict }: Report): string[] {
	const { m, f } = english;
	const { from, decides } = legacyModes[name].words;
	const score = verdict.fakeProbability === null ? '' : f.score(verdict.fakeProbability);
	const answer = older?.said ? `${older.said.label} ${older.said.percent.toFixed(1)} %` : m.outcomes[verdict.outcome];
	return [String(coverage.framesSampled), from, decides, score, answer];
}
