import { basename, join } from 'node:path';
import type { AnalysisEvent } from '../contract/events.ts';
import type { Report } from '../contract/report.ts';
import { AnalysisError, errorTable, toAnalysisError, usageError } from '../errors.ts';
import { writeReport } from '../evidence/write-report.ts';
import { openEngine } from '../open-engine.ts';
import type { Command, Io } from './command.ts';
import { compareModes, comparisonText, type ModeReports } from './compare-modes.ts';
import { parseArguments, parseChoice, planFromOptions, planOptions } from './parse-arguments.ts';
import { printable } from './printable.ts';
import { createProgressLine } from './progress-line.ts';
import { reportText } from './report-text.ts';
import { runAnalysis } from './run-analysis.ts';

const usage = `unmask analyse FILE... [options]

Finds every face in the videos or pictures, follows each person, and tells whether a face was manipulated.

  --frames N|all       frames to look at, 1 to 1000, spread over the whole clip; all = 5 a second (default 40)
  --mode whole|first   first = the first N frames only (default whole). For a model of the older application also seed (the
                       first N frames, the last one decides), trained (the same frames, their mean) and robust (= whole)
  --compare-modes      a model of the older application in these three modes, side by side
  --tier fast|thorough the program's own classifier of that tier (default: thorough on a GPU, if it is installed, else fast)
  --model ID           any classifier of \`unmask models\` by its name, in place of a tier
  --provider auto|cpu|cuda
  --out DIR            write report.json, report.html, faces and heat maps into DIR (a folder a file for several)
  --json               the report as one JSON document on stdout (an array for several files)
  --ndjson             every event as it happens, one JSON document a line
  --no-heat-maps       leave the heat maps out
  --max-duration S     refuse longer videos (default 14400)
  --quiet              no progress
`;

/** `unmask analyse`: one bad file never stops the others; status 3 if any could not be analysed. */
export const analyseCommand: Command = async (args, io) => {
	const { values, positionals, help } = parseArguments(args, {
		options: {
			...planOptions,
			provider: { type: 'string' },
			out: { type: 'string' },
			json: { type: 'boolean' },
			ndjson: { type: 'boolean' },
			'compare-modes': { type: 'boolean' },
			quiet: { type: 'boolean' },
		},
		positionals: { min: 1, max: Number.POSITIVE_INFINITY, what: 'FILE' },
	});
	if (help) {
		io.stdout.write(usage);
		return 0;
	}
	if (values.json && values.ndjson)
		throw new AnalysisError('usage', 'arguments', '--json and --ndjson exclude each other.');
	const comparesModes = values['compare-modes'] === true;
	if (comparesModes && (values.ndjson || values.out || values.mode))
		throw usageError('--compare-modes goes with none of --mode, --out and --ndjson.');
	const plan = planFromOptions(values);
	const provider = values.provider === undefined ? undefined : parseChoice('provider', values.provider, providers);
	const engine = await openEngine({ choice: plan, provider, onNotice: (text) => io.stderr.write(`${text}\n`) });
	try {
		const printer = createPrinter(values.ndjson ? 'ndjson' : values.json ? 'json' : 'text', io, positionals.length > 1);
		let status = 0;
		for (const [index, path] of positionals.entries()) {
			const progress = createProgressLine(basename(path), io, values.quiet === true);
			const onEvent = (event: AnalysisEvent) => {
				progress.show(event);
				printer.event(event);
			};
			try {
				if (comparesModes) {
					const reports = await compareModes(path, plan, engine.stages, io.signal);
					printer.comparison(path, reports);
					continue;
				}
				const report = await runAnalysis(path, plan, engine.stages, io.signal, onEvent);
				progress.clear();
				const folder =
					values.out && (positionals.length > 1 ? join(values.out, outFolder(index, positionals)) : values.out);
				if (folder) await writeReport(folder, report);
				printer.report(report, folder);
			} catch (thrown) {
				progress.clear();
				const error = toAnalysisError(thrown, 'write');
				printer.failure(path, error);
				status = Math.max(status, errorTable[error.code].exit);
				if (error.code === 'cancelled') break;
			}
		}
		printer.end();
		return status;
	} finally {
		await engine.close();
	}
};

const providers = ['auto', 'cpu', 'cuda'] as const;

/** A folder name for a file's results: its own name, numbered where several files share it. */
function outFolder(index: number, all: readonly string[]): string {
	const names = all.map((path) => basename(path));
	const name = names[index] as string;
	const [before, whole] = [names.slice(0, index), names].map((some) => some.filter((other) => other === name).length);
	return whole === 1 ? name : `${name}-${(before ?? 0) + 1}`;
}

/** Prints results in one of three forms; stdout carries nothing else. */
function createPrinter(form: 'text' | 'json' | 'ndjson', io: Io, several: boolean) {
	const documents: unknown[] = [];
	const line = (document: unknown) => io.stdout.write(`${JSON.stringify(document)}\n`);
	return {
		event(event: AnalysisEvent) {
			if (form === 'ndjson') line(event);
		},
		report(report: Report, folder: string | undefined) {
			if (form === 'json') documents.push(report);
			if (form === 'text')
				io.stdout.write(`${reportText(report, io)}${folder ? `  Report: ${join(folder, 'report.html')}\n` : ''}\n`);
		},
		comparison(path: string, modes: ModeReports) {
			if (form === 'json') documents.push({ fileName: basename(path), modes });
			if (form === 'text') io.stdout.write(`${printable(basename(path))}\n${comparisonText(modes)}\n`);
		},
		failure(path: string, error: AnalysisError) {
			const { code, stage, message, retryable } = error;
			if (form === 'json') documents.push({ fileName: basename(path), error: { code, stage, message, retryable } });
			io.stderr.write(`${printable(path)}: ${code === 'usage' ? error.detail : message} [${code}]\n`);
		},
		end() {
			if (form === 'json') io.stdout.write(`${JSON.stringify(several ? documents : documents[0], null, '\t')}\n`);
		},
	};
}
