import { readFile } from 'node:fs/promises';
import { type Report, reportSchema } from '../contract/report.ts';
import { AnalysisError } from '../errors.ts';
import { openEngine } from '../open-engine.ts';
import { createCommand, type DeclareCommand, type Io } from './command.ts';
import { runAnalysis } from './run-analysis.ts';

/** `unmask verify`: repeats an analysis; everything but times of the day and timings must come out the same. */
export const verifyCommand: DeclareCommand = (io, done) =>
	createCommand('unmask verify', io)
		.description('Analyses a file again with the plan of an earlier report and prints what differs.')
		.argument('<report>', 'report.json of the earlier analysis')
		.argument('<file>', 'the file that it was made of')
		.addHelpText('after', '\nExit status: 0 nothing differs, 3 something differs.')
		.action(async (reportPath, path) => done(await verify(reportPath, path, io)));

async function verify(reportPath: string, path: string, io: Io): Promise<number> {
	const before = await readReport(reportPath);
	const choice = { model: classifierOf(before), tier: null };
	const engine = await openEngine({ choice, onNotice: (text) => io.stderr.write(`${text}\n`) });
	try {
		const after = await runAnalysis(path, before.plan, engine.stages, io.signal);
		const differences = compareReports(before, after);
		io.stdout.write(
			differences.length === 0
				? 'The same: every figure of the report was reproduced.\n'
				: `${differences.join('\n')}\n`,
		);
		return differences.length === 0 ? 0 : 3;
	} finally {
		await engine.close();
	}
}

/** The classifier that was used: the plan may say no more than "the default one", which may be another by now. */
const classifierOf = ({ models, plan }: Report) => models.find(({ kind }) => kind === 'classifier')?.id ?? plan.model;

async function readReport(path: string): Promise<Report> {
	const text = await readFile(path, 'utf8').catch((cause) => {
		throw new AnalysisError('file-not-found', 'arguments', path, { cause });
	});
	try {
		return reportSchema.parse(JSON.parse(text));
	} catch (cause) {
		throw new AnalysisError('report-invalid', 'arguments', path, { cause });
	}
}

/** Most differences listed. */
const MAX_LISTED = 20;

/** Numbers this near are the same: another processor or number of threads adds up the same products in another order. */
const TOLERANCE = 1e-3;

/** What differs between two reports, a line each (`path: before -> after`); names, times of the day and timings do not count, nor do numbers that differ by less than 0.001. */
export function compareReports(before: Report, after: Report): string[] {
	const isKnown = before.provenance !== null; // earlier versions did not read it
	const found = differences('', comparable(before), comparable(isKnown ? after : { ...after, provenance: null }));
	if (before.video.sha256 !== after.video.sha256) found.unshift('This is another file than the one that was analysed.');
	return found.length > MAX_LISTED
		? [...found.slice(0, MAX_LISTED), `… and ${found.length - MAX_LISTED} more differences.`]
		: found;
}

/**
 * Without what may differ: the sentence's language, and what earlier reports do not hold and follows from the rest (the headline from tracks,
 * tier and calibration from the classifier's digest).
 */
function comparable({ timings: _t, createdAt: _c, fileName: _f, calibration: _k, classifier, ...report }: Report) {
	const { sentence: _s, headline: _h, ...verdict } = report.verdict;
	return { ...report, verdict, classifier: classifier && { ...classifier, tier: null } };
}

function differences(path: string, a: unknown, b: unknown): string[] {
	if (Object.is(a, b)) return [];
	if (typeof a === 'number' && typeof b === 'number' && Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.abs(a)))
		return [];
	if (isTree(a) && isTree(b)) {
		const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
		return [...keys].flatMap((key) => differences(path ? `${path}.${key}` : key, a[key], b[key]));
	}
	return [`${path}: ${short(a)} -> ${short(b)}`];
}

const isTree = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const short = (value: unknown) => {
	const text = JSON.stringify(value) ?? 'nothing';
	return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};
