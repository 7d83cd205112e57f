import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { BatchEntry } from '../batch/batch-document.ts';
import { isObjectAddress, parseObjectAddress, type Task } from '../batch/batch-input.ts';
import { type BatchCounts, createBatchCounter } from '../batch/count-results.ts';
import { type InputList, listInputs } from '../batch/list-inputs.ts';
import type { Objects } from '../batch/objects.ts';
import { openBucketResults } from '../batch/open-bucket-results.ts';
import { openFolderResults } from '../batch/open-folder-results.ts';
import { runBatch } from '../batch/run-batch.ts';
import { parseConfig } from '../config.ts';
import { AnalysisError, errorTable, usageError } from '../errors.ts';
import { type LeftOut, leftOutLines } from '../jobs/media-files.ts';
import type { Io } from './command.ts';
import { createEvalProgress } from './eval-progress.ts';
import type { OpenAnalyser } from './open-analyser.ts';
import { parseArguments, parseChoice, parseNumber, planFromOptions, planOptions } from './parse-arguments.ts';

const usage = `unmask batch INPUT... --out DIR|gs://BUCKET/PREFIX [options]

Analyses many videos and pictures. An INPUT is a file, a folder with all below it, gs://BUCKET/PREFIX, a list @FILE (or
@gs://BUCKET/FILE) with a path or a gs:// address a line, or - for a list on stdin.

  --out DIR|gs://BUCKET/PREFIX   where results are kept: part-00000-of-00001.jsonl, a line an input: its report without
                       pictures, or why there is none; and reports/KEY.json, the whole of it. The same command goes on
                       after a stop: what has a result for the same file, models and plan is not done again, nor is a
                       file that cannot be analysed; what may succeed now is tried again
  --jobs N             inputs analysed at a time (default: half of the cores, 8 at most)
  --json               the summary as one JSON document on stdout
  --frames N|all, --mode whole|first, --tier fast|thorough, --model ID, --provider auto|cpu|cuda, --no-heat-maps,
  --max-duration S     as for unmask analyse
  --quiet              no progress

As a job of Cloud Run with many tasks, each takes its share (CLOUD_RUN_TASK_INDEX of CLOUD_RUN_TASK_COUNT) and writes its
own part; an input belongs to the same task whatever the order of the list. Objects pass through the temporary folder.

Exit status: 0 every input was analysed, 2 wrong usage, 3 some input could not be analysed, 4 model, 5 environment.
`;

const providers = ['auto', 'cpu', 'cuda'] as const;
/** As for unmask eval: a file keeps about two cores busy; more than 8 wait for the two threads that run models. */
const defaultJobs = () => Math.min(8, Math.max(1, Math.floor(availableParallelism() / 2)));

/** What a run is connected to; tests put other things in their places. */
export type BatchConnections = {
	readonly stdin: NodeJS.ReadableStream;
	readonly openAnalyser: OpenAnalyser;
	readonly openObjects: () => Promise<Objects>;
	readonly task: Task;
};

/** `unmask batch`: a summary or one JSON document on stdout, all else on stderr. */
export async function batchCommand(
	args: string[],
	io: Io,
	connections: Partial<BatchConnections> = {},
): Promise<number> {
	const options = parseOptions(args);
	if (options) return await analyseAll(options, io, { ...realConnections(), ...connections });
	io.stdout.write(usage);
	return 0;
}

function realConnections(): BatchConnections {
	const config = parseConfig();
	return {
		stdin: process.stdin,
		openAnalyser: async (...given) => (await import('./open-analyser.ts')).openAnalyser(...given),
		openObjects: async () =>
			(await import('../store/gcs-objects.ts')).createGcsObjects({ apiEndpoint: config.STORAGE_EMULATOR_HOST }),
		task: { index: config.CLOUD_RUN_TASK_INDEX, count: config.CLOUD_RUN_TASK_COUNT },
	};
}

type Options = NonNullable<ReturnType<typeof parseOptions>>;

function parseOptions(args: string[]) {
	const { values, positionals, help } = parseArguments(args, {
		options: {
			...planOptions,
			provider: { type: 'string' },
			out: { type: 'string' },
			json: { type: 'boolean' },
			jobs: { type: 'string' },
			quiet: { type: 'boolean' },
		},
		positionals: { min: 1, max: Number.POSITIVE_INFINITY, what: 'INPUT' },
	});
	if (help) return null;
	if (values.out === undefined) throw usageError('--out is missing: the folder or gs:// address for the results.');
	if (isObjectAddress(values.out)) parseObjectAddress(values.out);
	return {
		inputs: positionals,
		out: values.out,
		plan: planFromOptions(values),
		provider: values.provider === undefined ? undefined : parseChoice('provider', values.provider, providers),
		json: values.json === true,
		jobs: parseNumber('jobs', values.jobs ?? String(defaultJobs()), { min: 1, max: 64, integer: true }),
		quiet: values.quiet === true,
	};
}

async function analyseAll(options: Options, io: Io, connections: BatchConnections): Promise<number> {
	const { task, stdin, openAnalyser } = connections;
	if (task.index >= task.count)
		throw new AnalysisError('environment', 'environment', `task ${task.index} of ${task.count}, counted from 0`);
	let opened: Promise<Objects> | undefined;
	const objects = () => (opened ??= connections.openObjects());
	const list = await listInputs(options.inputs, task, { stdin, objects });
	const results = isObjectAddress(options.out)
		? openBucketResults(options.out, task, await objects())
		: await openFolderResults(options.out, task);
	try {
		const onNotice = (text: string) => io.stderr.write(`${text}\n`);
		const analyser = await openAnalyser(options.plan, { provider: options.provider, onNotice });
		try {
			const identity = sha256(JSON.stringify([analyser.identity, options.plan]));
			const { analyseFile, provenance } = analyser;
			const counts = await workThroughList(list, { analyseFile, results, objects, identity }, options, io);
			const summary = {
				schema: 'unmask-batch/1',
				...provenance,
				plan: options.plan,
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
			return exitStatus(counts);
		} finally {
			await analyser.close();
		}
	} finally {
		await results.close();
	}
}

async function workThroughList(
	{ inputs }: InputList,
	means: Omit<Parameters<typeof runBatch>[1], 'jobs' | 'signal' | 'onResult'>,
	{ jobs, quiet }: Options,
	io: Io,
): Promise<BatchCounts> {
	const progress = createEvalProgress(inputs.length, io, quiet);
	const counter = createBatchCounter();
	try {
		await runBatch(inputs, {
			...means,
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
			`Stopped after ${progress.done()} of ${inputs.length} inputs; the same command goes on from there.\n`,
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

/** The highest status of the table among the failures; 0 without any. */
function exitStatus({ failures }: BatchCounts): number {
	const exits = Object.keys(failures).map((code) =>
		code in errorTable ? errorTable[code as keyof typeof errorTable].exit : errorTable.internal.exit,
	);
	return Math.max(0, ...exits);
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
