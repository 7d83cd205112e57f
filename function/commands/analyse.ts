import { basename, join } from 'node:path';
import { Option } from '@commander-js/extra-typings';
import { eventIn, reportIn } from '../answer/sentence.ts';
import { type Language, languages, wordsIn } from '../answer/words.ts';
import type { AnalysisEvent } from '../contract/events.ts';
import type { Report } from '../contract/report.ts';
import { type AnalysisError, errorTable, toAnalysisError } from '../errors.ts';
import { writeReport } from '../evidence/write-report.ts';
import { createCommand, type DeclareCommand, type Done, exitStatusHelp, type Io } from './command.ts';
import { compareModes, comparisonText, type ModeReports } from './compare-modes.ts';
import { type OpenAnalyser, openAnalyserLater } from './open-analyser-later.ts';
import {
	framesOption,
	fromOption,
	jsonOption,
	maxDurationOption,
	modelOption,
	modeOption,
	noHeatMapsOption,
	type PlanValues,
	planFromOptions,
	providerOption,
	quietOption,
	refineOption,
	stabilityOption,
	tierOption,
	toOption,
} from './options.ts';
import { outFolders } from './out-folders.ts';
import { printable } from './printable.ts';
import { createProgressLine } from './progress-line.ts';
import { reportText } from './report-text.ts';
import { withLocalFile } from './with-local-file.ts';

/** `unmask analyse`: one bad file never stops the others; status 3 if any could not be analysed. */
export const analyseCommand: DeclareCommand = (io, done) => declareAnalyse(io, done, openAnalyserLater);

/** The same with another way to open the analyser. */
export const declareAnalyse = (io: Io, done: Done, open: OpenAnalyser) =>
	createCommand('unmask analyse', io)
		.description(
			'Finds every face in videos and pictures, follows each person, and reports whether a face was manipulated.',
		)
		.argument('<files...>', 'videos or pictures; also links to them, http or https')
		.addOption(framesOption)
		.addOption(fromOption)
		.addOption(toOption)
		.addOption(refineOption)
		.addOption(stabilityOption)
		.addOption(modeOption)
		.addOption(tierOption)
		.addOption(modelOption)
		.addOption(providerOption)
		.addOption(
			new Option('--lang <language>', 'language of the verdict, the terminal and report.html')
				.choices(languages)
				.default('en' as const),
		)
		.option('--out <folder>', 'write report.json, report.html, faces and heat maps; one folder per file for several')
		.addOption(jsonOption('print the report as one JSON document, an array for several files').conflicts('ndjson'))
		.option('--ndjson', 'print every event as it happens, one JSON document per line')
		.addOption(
			new Option('--compare-modes', 'print the legacy modes of an imported legacy model side by side').conflicts([
				...['mode', 'out', 'ndjson', 'from', 'to'],
			]),
		)
		.addOption(noHeatMapsOption)
		.addOption(maxDurationOption)
		.addOption(quietOption)
		.addHelpText('after', exitStatusHelp)
		.action(async (paths, options) => done(await analyseFiles(paths, options, io, open)));

type Options = PlanValues & {
	readonly lang: Language;
	readonly provider?: 'auto' | 'cpu' | 'cuda' | undefined;
	readonly out?: string | undefined;
	readonly json?: true | undefined;
	readonly ndjson?: true | undefined;
	readonly compareModes?: true | undefined;
	readonly quiet?: true | undefined;
};

async function analyseFiles(paths: string[], options: Options, io: Io, open: OpenAnalyser): Promise<number> {
	const { out, provider, lang: language } = options;
	const plan = planFromOptions(options);
	const folders = out === undefined ? [] : paths.length > 1 ? outFolders(out, paths) : [out];
	const analyser = await open(plan, { provider, onNotice: (text) => io.stderr.write(`${text}\n`) });
	try {
		const form = options.ndjson ? 'ndjson' : options.json ? 'json' : 'text';
		const printer = createPrinter(form, io, { several: paths.length > 1, language });
		let status = 0;
		for (const [index, path] of paths.entries()) {
			const progress = createProgressLine(basename(path), io, options.quiet === true);
			const onEvent = (event: AnalysisEvent) => {
				progress.show(event);
				printer.event(event);
			};
			try {
				if (options.compareModes) {
					const reports = await withLocalFile(path, io.signal, (local) =>
						compareModes(plan, (inMode) => analyser.analyseFile(local, io.signal, { plan: inMode })),
					).finally(progress.clear);
					printer.comparison(path, reports);
					continue;
				}
				const analysed = await withLocalFile(path, io.signal, (local) =>
					analyser.analyseFile(local, io.signal, { onEvent }),
				).finally(progress.clear);
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
