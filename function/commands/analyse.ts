import { basename, join } from 'node:path';
import { eventIn, reportIn } from '../answer/sentence.ts';
import { type Language, languages, wordsIn } from '../answer/words.ts';
import type { AnalysisEvent } from '../contract/events.ts';
import type { Plan } from '../contract/plan.ts';
import type { Report } from '../contract/report.ts';
import { type AnalysisError, errorTable, toAnalysisError, usageError } from '../errors.ts';
import { writeReport } from '../evidence/write-report.ts';
import type { Io } from './command.ts';
import { compareModes, comparisonText, type ModeReports } from './compare-modes.ts';
import type { OpenAnalyser } from './open-analyser.ts';
import { outFolders } from './out-folders.ts';
import { parseArguments, parseChoice, planFromOptions, planOptions } from './parse-arguments.ts';
import { printable } from './printable.ts';
import { createProgressLine } from './progress-line.ts';
import { reportText } from './report-text.ts';

const usage = `unmask analyse FILE... [options]

Finds every face in the videos or pictures, follows each person, and tells whether a face was manipulated.

  --frames N|all       frames to look at, 1 to 1000, spread over the whole clip; all = 5 a second (default 40)
  --mode whole|first   first = the first N frames only (default whole). For a model of the older application also seed (the
                       first N frames, the last one decides), trained (the same frames, their mean) and robust (= whole)
  --compare-modes      a model of the older application in these three modes, side by side
  --tier fast|thorough the program's own classifier of that tier (default: thorough on a GPU, if it is installed, else fast)
  --model ID           any classifier of \`unmask models\` by its name, in place of a tier
  --provider auto|cpu|cuda
  --lang en|ar         language of the verdict, of what is printed and of report.html (default en)
  --out DIR            write report.json, report.html, faces and heat maps into DIR (a folder a file for several)
  --json               the report as one JSON document on stdout (an array for several files)
  --ndjson             every event as it happens, one JSON document a line
  --no-heat-maps       leave the heat maps out
  --max-duration S     refuse longer videos (default 14400)
  --quiet              no progress
`;

/** `unmask analyse`: one bad file never stops the others; status 3 if any could not be analysed. */
export async function analyseCommand(
	args: string[],
	io: Io,
	open: OpenAnalyser = async (...given) => (await import('./open-analyser.ts')).openAnalyser(...given),
): Promise<number> {
	const options = parseOptions(args);
	if (!options) {
		io.stdout.write(usage);
		return 0;
	}
	const { plan, provider, paths, out, form, language } = options;
	const folders = out === undefined ? [] : paths.length > 1 ? outFolders(out, paths) : [out];
	const analyser = await open(plan, { provider, onNotice: (text) => io.stderr.write(`${text}\n`) });
	try {
		const printer = createPrinter(form, io, { several: paths.length > 1, language });
		let status = 0;
		for (const [index, path] of paths.entries()) {
			const progress = createProgressLine(basename(path), io, options.isQuiet);
			const onEvent = (event: AnalysisEvent) => {
				progress.show(event);
				printer.event(event);
			};
			try {
				if (options.comparesModes) {
					const inMode = (plan: Plan) => analyser.analyseFile(path, io.signal, { plan });
					const reports = await compareModes(plan, inMode).finally(progress.clear);
					printer.comparison(path, reports);
					continue;
				}
				const analysed = await analyser.analyseFile(path, io.signal, { onEvent }).finally(progress.clear);
				const report = reportIn(language, analysed);
				const folder = folders[index];
				if (folder) await writeReport(folder, report, { language });
				printer.report(report, folder);
			} catch (thrown) {
				const error = toAnalysisError(thrown, 'write');
				printer.failure(path, error);
				status = Math.max(status, errorTable[error.code].exit);
				if (error.code === 'cancelled') break;
			}
		}
		printer.end();
		return status;
	} finally {
		await analyser.close();
	}
}

function parseOptions(args: string[]) {
	const { values, positionals, help } = parseArguments(args, {
		options: {
			...planOptions,
			provider: { type: 'string' },
			lang: { type: 'string' },
			out: { type: 'string' },
			json: { type: 'boolean' },
			ndjson: { type: 'boolean' },
			'compare-modes': { type: 'boolean' },
			quiet: { type: 'boolean' },
		},
		positionals: { min: 1, max: Number.POSITIVE_INFINITY, what: 'FILE' },
	});
	if (help) return null;
	if (values.json && values.ndjson) throw usageError('--json and --ndjson exclude each other.');
	const comparesModes = values['compare-modes'] === true;
	if (comparesModes && (values.ndjson || values.out || values.mode))
		throw usageError('--compare-modes goes with none of --mode, --out and --ndjson.');
	return {
		paths: positionals,
		plan: planFromOptions(values),
		provider: values.provider === undefined ? undefined : parseChoice('provider', values.provider, providers),
		out: values.out,
		form: values.ndjson ? ('ndjson' as const) : values.json ? ('json' as const) : ('text' as const),
		comparesModes,
		language: values.lang === undefined ? ('en' as const) : parseChoice('lang', values.lang, languages),
		isQuiet: values.quiet === true,
	};
}

const providers = ['auto', 'cpu', 'cuda'] as const;

/** Prints results in one of three forms; stdout carries nothing else. */
function createPrinter(
	form: 'text' | 'json' | 'ndjson',
	io: Io,
	{ several, language }: { several: boolean; language: Language },
) {
	const placeText = wordsIn(language).m.terminal.report;
	const documents: unknown[] = [];
	const line = (document: unknown) => io.stdout.write(`${JSON.stringify(document)}\n`);
	return {
		event(event: AnalysisEvent) {
			if (form === 'ndjson') line(eventIn(language, event));
		},
		report(report: Report, folder: string | undefined) {
			if (form === 'json') documents.push(report);
			if (form === 'text')
				io.stdout.write(
					`${reportText(report, io, language)}${folder ? `  ${placeText(join(folder, 'report.html'))}\n` : ''}\n`,
				);
		},
		comparison(path: string, modes: ModeReports) {
			if (form === 'json') documents.push({ fileName: basename(path), modes });
			if (form === 'text') io.stdout.write(`${printable(basename(path))}\n${comparisonText(modes)}\n`);
		},
		failure(path: string, error: AnalysisError) {
			if (form === 'json') documents.push({ fileName: basename(path), error: error.toFailure() });
			io.stderr.write(`${printable(path)}: ${error.code === 'usage' ? error.detail : error.message} [${error.code}]\n`);
		},
		end() {
			if (form === 'json') io.stdout.write(`${JSON.stringify(several ? documents : documents[0], null, '\t')}\n`);
		},
	};
}
