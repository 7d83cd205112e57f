import { basename, join } from 'node:path';
import { Option } from '@commander-js/extra-typings';
import { wordsIn } from '../answer/catalogues.ts';
import { type Language, languages } from '../answer/languages.ts';
import { printable } from '../answer/printable.ts';
import { eventIn, reportIn } from '../answer/report-in.ts';
import { parseConfig } from '../config.ts';
import type { AnalysisEvent } from '../contract/events.ts';
import type { Plan } from '../contract/plan.ts';
import type { Report } from '../contract/report.ts';
import { type AnalysisError, errorTable, toAnalysisError, usageError } from '../errors.ts';
import { writeReport } from '../evidence/write-report.ts';
import { leftOutLines } from '../jobs/media-files.ts';
import { findFfmpeg } from '../media/find-ffmpeg.ts';
import { createCommand, type DeclareCommand, type Done, exitStatusHelp, type Io } from './command.ts';
import { compareModes, comparisonText, type ModeReports } from './compare-modes.ts';
import { type InputFiles, inputFiles } from './input-files.ts';
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
import { createProgressLine } from './progress-line.ts';
import { reportText } from './report-text.ts';
import { isLink, withLocalFile } from './with-local-file.ts';

/** `unmask analyse`: a bad file never stops the others; status 3 if any file could not be analysed. */
export const analyseCommand: DeclareCommand = (io, done) => declareAnalyse(io, done, openAnalyserLater);

/** The same with a given way to open the analyser. */
export const declareAnalyse = (io: Io, done: Done, open: OpenAnalyser) =>
	createCommand('unmask analyse', io)
		.description(
			'Finds every face in videos and pictures, follows each person, and reports whether a face was manipulated.',
		)
		.argument(
			'<files...>',
			'videos or pictures, links to them (http, https), folders and zip archives with everything in them, - for standard input',
		)
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
		.option(
			'--annotate <file.mp4>',
			'write a copy of the video with boxes, scores and a timeline drawn in; for one video',
		)
		.addOption(jsonOption('print the report as one JSON document, an array for several files').conflicts('ndjson'))
		.option('--ndjson', 'print every event as it happens, one JSON document per line')
		.addOption(
			new Option('--compare-modes', 'print the legacy modes of an imported legacy model side by side').conflicts([
				...['mode', 'out', 'ndjson', 'from', 'to', 'annotate'],
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
	readonly annotate?: string | undefined;
	readonly json?: true | undefined;
	readonly ndjson?: true | undefined;
	readonly compareModes?: true | undefined;
	readonly quiet?: true | undefined;
};

async function analyseFiles(paths: string[], options: Options, io: Io, open: OpenAnalyser): Promise<number> {
	const plan = planFromOptions(options);
	const inputs = await inputFiles(paths, io.stdin ?? process.stdin, io.signal);
	try {
		return await analyseInputs(inputs, paths, { plan, options, io, open });
	} finally {
		await inputs.close();
	}
}

type Work = { readonly plan: Plan; readonly options: Options; readonly io: Io; readonly open: OpenAnalyser };

async function analyseInputs({ files, leftOut }: InputFiles, paths: string[], work: Work): Promise<number> {
	const { plan, options, io, open } = work;
	const { out, provider, lang: language } = options;
	for (const line of leftOutLines(leftOut)) io.stderr.write(`left out: ${line}\n`);
	if (files.length === 0) throw usageError(`There are no videos or pictures in ${paths.join(', ')}.`);
	const several = files.length > 1;
	if (several && options.annotate !== undefined) throw usageError('--annotate takes one video.');
	const names = files.map(({ name }) => name);
	const folders = out === undefined ? [] : several ? outFolders(out, names) : [out];
	const analyser = await open(plan, { provider, onNotice: (text) => io.stderr.write(`${text}\n`) });
	try {
		const form = options.ndjson ? 'ndjson' : options.json ? 'json' : 'text';
		const printer = createPrinter(form, io, { several, language });
		let status = 0;
		for (const [index, { name, open: openFile }] of files.entries()) {
			const fileName = name === '-' ? 'stdin' : basename(name);
			const progress = createProgressLine(fileName, io, options.quiet === true);
			const onEvent = (event: AnalysisEvent) => {
				progress.show(event);
				printer.event(event);
			};
			try {
				await using file = disposable(await openFile(io.signal));
				const { path } = file;
				const called = isLink(path) ? {} : { fileName }; // a link's file name comes from the link itself
				if (options.compareModes) {
					const reports = await withLocalFile(path, io.signal, (local) =>
						compareModes(plan, (inMode) => analyser.analyseFile(local, io.signal, { plan: inMode, ...called })),
					).finally(progress.clear);
					printer.comparison(fileName, reports);
					continue;
				}
				const folder = folders[index];
				await withLocalFile(path, io.signal, async (local) => {
					const report = reportIn(language, await analyser.analyseFile(local, io.signal, { onEvent, ...called }));
					progress.clear();
					if (folder) await writeReport(folder, report, { language });
					printer.report(report, folder);
					if (options.annotate !== undefined)
						await annotate(local, report, options.annotate, { io, progress, language });
				}).finally(progress.clear);
			} catch (thrown) {
				const error = toAnalysisError(thrown, 'write');
				printer.failure(name, error);
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

/** Writes the annotated copy; if that fails, the report is kept. */
async function annotate(
	path: string,
	report: Report,
	out: string,
	{ io, progress, language }: { io: Io; progress: ReturnType<typeof createProgressLine>; language: Language },
): Promise<void> {
	const { writeAnnotated } = await import('../annotate/write-annotated.ts');
	const { FFMPEG_PATH: ffmpegPath, PATH: searchPath } = parseConfig();
	const tools = await findFfmpeg({ ffmpegPath, searchPath });
	const onProgress = (share: number) => progress.message(`drawing  ${Math.floor(100 * share)} %`);
	await writeAnnotated(path, report, out, { tools, signal: io.signal, language, onProgress });
	progress.clear();
	io.stderr.write(`${out}: the annotated copy\n`);
}

const disposable = <T extends { close(): Promise<void> }>(file: T) => ({ ...file, [Symbol.asyncDispose]: file.close });

/** Prints results in one of three formats; nothing else goes to stdout. */
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
		comparison(fileName: string, modes: ModeReports) {
			if (form === 'json') documents.push({ fileName, modes });
			if (form === 'text') io.stdout.write(`${printable(fileName)}\n${comparisonText(modes)}\n`);
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
