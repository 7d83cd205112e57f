import { createHash } from 'node:crypto';
import type { BatchEntry } from '../batch/batch-document.ts';
import { isObjectAddress, parseObjectAddress, type Task } from '../batch/batch-input.ts';
import { type BatchCounts, createBatchCounter } from '../batch/count-results.ts';
import { type InputList, listInputs } from '../batch/list-inputs.ts';
import type { Objects } from '../batch/objects.ts';
import { openBucketResults } from '../batch/open-bucket-results.ts';
import { openFolderResults } from '../batch/open-folder-results.ts';
import { runBatch } from '../batch/run-batch.ts';
import { parseConfig } from '../config.ts';
import { AnalysisError } from '../errors.ts';
import { type LeftOut, leftOutLines } from '../jobs/media-files.ts';
import { createCommand, type DeclareCommand, type Done, exitStatusHelp, type Io } from './command.ts';
import { createEvalProgress } from './eval-progress.ts';
import { exitStatusOf } from './exit-status.ts';
import { type OpenAnalyser, openAnalyserLater } from './open-analyser-later.ts';
import {
	framesOption,
	jobsOption,
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
	tierOption,
} from './options.ts';

const description =
	'Analyses many videos and pictures and keeps a result for each. Run the same command again to resume: an input is analysed again only if the file, the models or the plan changed, or if its failure may have been temporary.';

const notes = `
Results: part-00000-of-00001.jsonl holds one line per input: its report without pictures, or the
error that prevented it. reports/KEY.json holds the complete report.

As a Cloud Run job with several tasks, each task takes its share (CLOUD_RUN_TASK_INDEX of
CLOUD_RUN_TASK_COUNT) and writes its own part file. An input always belongs to the same task,
whatever the order of the list. Objects are downloaded to the temporary folder.
${exitStatusHelp}`;

/** What a run is connected to; tests replace these. */
export type BatchConnections = {
	readonly stdin: NodeJS.ReadableStream;
	readonly openAnalyser: OpenAnalyser;
	readonly openObjects: () => Promise<Objects>;
	readonly task: Task;
};

/** `unmask batch`: a summary or one JSON document on stdout, everything else on stderr. */
export const batchCommand: DeclareCommand = (io, done) => declareBatch(io, done, {});

/** The same with given connections. */
export const declareBatch = (io: Io, done: Done, connections: Partial<BatchConnections>) =>
	createCommand('unmask batch', io)
		.description(description)
		.argument(
			'<inputs...>',
			'files, folders and zip archives with everything in them, gs://BUCKET/PREFIX, @LIST or @gs://BUCKET/LIST with one path or address per line, - for a list on stdin',
		)
		.requiredOption('--out <folder|gs://bucket/prefix>', 'where results are kept')
		.addOption(jobsOption)
		.addOption(jsonOption('print the summary as one JSON document'))
		.addOption(framesOption)
		.addOption(refineOption)
		.addOption(modeOption)
		.addOption(tierOption)
		.addOption(modelOption)
		.addOption(providerOption)
		.addOption(noHeatMapsOption)
		.addOption(maxDurationOption)
		.addOption(quietOption)
		.addHelpText('after', notes)
		.action(async (inputs, options) => {
			if (isObjectAddress(options.out)) parseObjectAddress(options.out);
			done(await analyseAll(inputs, options, io, { ...realConnections(), ...connections }));
		});

function realConnections(): BatchConnections {
	const config = parseConfig();
	return {
		stdin: process.stdin,
		openAnalyser: openAnalyserLater,
		openObjects: async () =>
			(await import('../store/gcs-objects.ts')).createGcsObjects({ apiEndpoint: config.STORAGE_EMULATOR_HOST }),
		task: { index: config.CLOUD_RUN_TASK_INDEX, count: config.CLOUD_RUN_TASK_COUNT },
	};
}

type Options = PlanValues & {
	readonly out: string;
	readonly jobs: number;
	readonly provider?: 'auto' | 'cpu' | 'cuda' | undefined;
	readonly json?: true | undefined;
	readonly quiet?: true | undefined;
};

async function analyseAll(inputs: string[], options: Options, io: Io, connections: BatchConnections): Promise<number> {
	const { task, stdin, openAnalyser } = connections;
	const plan = planFromOptions(options);
	if (task.index >= task.count)
		throw new AnalysisError('environment', 'environment', `task ${task.index} of ${task.count}, counted from 0`);
	let opened: Promise<Objects> | undefined;
	const objects = () => (opened ??= connections.openObjects());
	const list = await listInputs(inputs, task, { stdin, objects });
	const results = isObjectAddress(options.out)
		? openBucketResults(options.out, task, await objects())
		: await openFolderResults(options.out, task);
	try {
		const onNotice = (text: string) => io.stderr.write(`${text}\n`);
		const analyser = await openAnalyser(plan, { provider: options.provider, onNotice });
		try {
			const identity = sha256(JSON.stringify([analyser.identity, plan]));
			const { analyseFile, provenance } = analyser;
			const counts = await workThroughList(list, { analyseFile, results, objects, identity }, options, io);
			const summary = {
				schema: 'unmask-batch/1',
				...provenance,
				plan,
				task,
				inputs: {
					all: list.total,
					ofTask: list.inputs.length,
					notMedia: list.leftOut.count,
					leftOut: list.leftOut.first,
				},
				...counts,
				results: await results.finish(list.inputs),
			} as const;
			io.stdout.write(options.json ? `${JSON.stringify(summary, null, '\t')}\n` : summaryText(summary));
			return exitStatusOf(Object.keys(counts.failures));
		} finally {
			await analyser.close();
		}
	} finally {
		await results.close();
	}
}

async function workThroughList(
	{ inputs }: InputList,
	run: Omit<Parameters<typeof runBatch>[1], 'jobs' | 'signal' | 'onResult'>,
	{ jobs, quiet }: Options,
	io: Io,
): Promise<BatchCounts> {
	const progress = createEvalProgress(inputs.length, io, quiet === true);
	const counter = createBatchCounter();
	try {
		await runBatch(inputs, {
			...run,
			jobs,
			signal: io.signal,
			onResult(result, isKept) {
				counter.add(result, isKept);
				progress.add({ path: result.path, status: statusOf(result) }, isKept);
			},
		});
		return counter.counts();
	} catch (thrown) {
		progress.clear();
		io.stderr.write(
			`Stopped after ${progress.done()} of ${inputs.length} inputs; the same command resumes from there.\n`,
		);
		throw thrown;
	} finally {
		progress.clear();
	}
}

function statusOf({ report, error }: BatchEntry) {
	if (error) return 'failed';
	return report?.verdict.outcome === 'not-applicable' ? 'unscored' : 'scored';
}

type Summary = BatchCounts & {
	readonly task: Task;
	readonly inputs: {
		readonly all: number;
		readonly ofTask: number;
		readonly notMedia: number;
		readonly leftOut: readonly LeftOut[];
	};
	readonly results: { readonly part: string; readonly reports: string };
};

function summaryText({ task, inputs, analysed, kept, outcomes, failures, results }: Summary): string {
	const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
	const share = task.count > 1 ? ` of ${inputs.all} in all, task ${task.index} of ${task.count}` : '';
	const row = (what: string, count: number) => `  ${what.padEnd(16)}${String(count).padStart(8)}\n`;
	return [
		`${inputs.ofTask} ${inputs.ofTask === 1 ? 'input' : 'inputs'}${share}: ${analysed} now, ${kept} before\n`,
		...Object.entries(outcomes).map(([outcome, count]) => row(outcome, count)),
		row('failed', failed),
		...Object.entries(failures).map(([code, count]) => row(`  ${code}`, count)),
		inputs.notMedia > 0 ? row('left out', inputs.notMedia) : '',
		...leftOutLines({ count: inputs.notMedia, first: inputs.leftOut }).map((line) => `    ${line}\n`),
		`Results: ${results.part}\nReports: ${results.reports}\n`,
	].join('');
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
