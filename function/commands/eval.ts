import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { customModelsFolder, parseConfig } from '../config.ts';
import type { ErrorRate } from '../contract/report.ts';
import { errorTable, toAnalysisError, usageError } from '../errors.ts';
import { calibrate } from '../eval/calibrate.ts';
import { type EvalSummary, formatSummary } from '../eval/format.ts';
import type { ItemResult } from '../eval/item-result.ts';
import { type ItemList, listItems, parseGroupPattern } from '../eval/list-items.ts';
import { openResultsLog } from '../eval/results-log.ts';
import { runEval } from '../eval/run-eval.ts';
import { measureResults, resultsBySet } from '../eval/summarise.ts';
import { writeResults } from '../eval/write-results.ts';
import { keepCalibration, keepMeasurement, readCustomModels } from '../model/custom-models.ts';
import { modes } from '../modes/choose-mode.ts';
import type { Io } from './command.ts';
import { createEvalProgress } from './eval-progress.ts';
import type { Analyser, OpenAnalyser } from './open-analyser.ts';
import { parseArguments, parseChoice, parseNumber, planFromOptions, planOptions } from './parse-arguments.ts';

const usage = `unmask eval DIR|list.csv [options]

Measures the detector on labelled videos and pictures. In a DIR the label is the nearest folder named real or fake, at any
depth; what lies above these two folders is a set of its own. A CSV names the columns path,label and may name group and
set; paths are relative to it, a label is real, fake, 0 or 1 (1 = fake).

Items of one group are not independent: they are drawn together for the interval of the AUC. Without a group column a video
is its own group; an image belongs to the clip that its name tells when _ or - and digits are taken off its end, or to its
folder where the name is digits alone.

  --calibrate            measure one of your own models (--model) so that it gives answers: the scale of its scores, the limits and
                         how often they are wrong, from DIR; half of the clips set the limits, the other half tests them
  --out DIR              keep results in DIR: items.jsonl as they come (the same command goes on after an interruption),
                         summary.json, items.csv, roc.svg, reliability.svg, histogram.svg
  --json                 the summary as one JSON document on stdout
  --jobs N               files analysed at a time (default: half of the cores, 8 at most)
  --group-pattern REGEX  its one capture group, matched against the path, names the group
  --frames N|all, --mode whole|first, --tier fast|thorough, --model ID, --provider auto|cpu|cuda, --max-duration S
                         as for unmask analyse
  --quiet                no progress

Exit status: 0 every file was analysed, 2 wrong usage, 3 some file could not be analysed, 4 model, 5 environment.
`;

const providers = ['auto', 'cpu', 'cuda'] as const;
/** A file keeps about two cores busy: one decodes, one runs models; more than 8 wait for the two threads that run models. */
const defaultJobs = () => Math.min(8, Math.max(1, Math.floor(availableParallelism() / 2)));
const bootstrap = { replicates: 1000, seed: 1 };

/** `unmask eval`: measures on a labelled set; the table or one JSON document on stdout, all else on stderr. */
export async function evalCommand(
	args: string[],
	io: Io,
	open: OpenAnalyser = async (...given) => (await import('./open-analyser.ts')).openAnalyser(...given),
): Promise<number> {
	try {
		const options = parseOptions(args);
		if (options) return await evaluate(options, io, open);
		io.stdout.write(usage);
		return 0;
	} catch (thrown) {
		const error = toAnalysisError(thrown, 'environment');
		io.stderr.write(
			error.code === 'usage' ? `${error.detail}\n\n${usage}` : `unmask: ${error.message} [${error.code}]\n`,
		);
		return errorTable[error.code].exit;
	}
}

type Options = NonNullable<ReturnType<typeof parseOptions>>;

function parseOptions(args: string[]) {
	const { 'no-heat-maps': _, ...plan } = planOptions;
	const { values, positionals, help } = parseArguments(args, {
		options: {
			...plan,
			provider: { type: 'string' },
			out: { type: 'string' },
			json: { type: 'boolean' },
			jobs: { type: 'string' },
			'group-pattern': { type: 'string' },
			calibrate: { type: 'boolean' },
			quiet: { type: 'boolean' },
		},
		positionals: { min: 1, max: 1, what: 'DIR or list.csv' },
	});
	if (help) return null;
	const pattern = values['group-pattern'];
	if (values.calibrate && (values.model === undefined || modes[planFromOptions(values).mode].isLegacy))
		throw usageError('--calibrate needs --model, one of your own, and goes with the modes whole and first.');
	return {
		input: positionals[0] as string,
		plan: planFromOptions({ ...values, 'no-heat-maps': true }),
		provider: values.provider === undefined ? undefined : parseChoice('provider', values.provider, providers),
		out: values.out ?? null,
		json: values.json === true,
		calibrates: values.calibrate === true,
		jobs: parseNumber('jobs', values.jobs ?? String(defaultJobs()), { min: 1, max: 64, integer: true }),
		groupPattern: pattern === undefined ? undefined : parseGroupPattern(pattern),
		quiet: values.quiet === true,
	};
}

async function evaluate(options: Options, io: Io, open: OpenAnalyser): Promise<number> {
	const list = await listItems(options.input, options.groupPattern);
	const onNotice = (text: string) => io.stderr.write(`${text}\n`);
	const analyser = await open(options.plan, {
		provider: options.provider,
		isUncalibrated: options.calibrates,
		onNotice,
	});
	try {
		if (options.calibrates && !analyser.model.isCustom)
			throw usageError(`--calibrate is for models of your own; ${analyser.model.id} was measured by its makers.`);
		const results = await analyseAll(list, analyser, options, io);
		const summary = summarise(results, list, analyser, options);
		const written = options.out ? await writeResults(options.out, summary, results) : [];
		io.stdout.write(options.json ? `${JSON.stringify(summary, null, '\t')}\n` : formatSummary(summary));
		const kept = await keepForModel(results, summary, analyser.model, options);
		io.stderr.write(kept);
		if (options.out) io.stderr.write(`Written to ${options.out}: ${written.join(', ')}\n`);
		return exitStatus(results);
	} finally {
		await analyser.close();
	}
}

async function analyseAll({ items }: ItemList, analyser: Analyser, options: Options, io: Io): Promise<ItemResult[]> {
	const log = options.out ? await openResultsLog(join(options.out, 'items.jsonl')) : null;
	const progress = createEvalProgress(items.length, io, options.quiet);
	try {
		return await runEval(items, {
			analyseFile: analyser.analyseFile,
			jobs: options.jobs,
			log,
			identity: JSON.stringify([analyser.identity, options.plan]),
			signal: io.signal,
			onResult: progress.add,
		});
	} catch (thrown) {
		progress.clear();
		const goesOn = options.out ? '; the same command goes on from there' : '; with --out they would have been kept';
		if (progress.done() > 0) io.stderr.write(`Stopped after ${progress.done()} of ${items.length} files${goesOn}.\n`);
		throw thrown;
	} finally {
		progress.clear();
		await log?.close();
	}
}

function summarise(
	results: readonly ItemResult[],
	{ unlabelled, notMedia }: ItemList,
	{ provenance }: Analyser,
	{ input, plan }: Options,
): EvalSummary {
	const { tool, models, provider } = provenance;
	return {
		schema: 'unmask-eval/1',
		tool,
		input,
		plan,
		models,
		provider,
		bootstrap,
		leftOut: {
			unlabelled: unlabelled.count,
			notMedia: notMedia.count,
			files: [...unlabelled.first, ...notMedia.first],
		},
		all: measureResults(results, bootstrap),
		sets: resultsBySet(results).map(([set, own]) => ({ set, ...measureResults(own, bootstrap) })),
		failures: results.flatMap(({ path, error }) => (error ? [{ path, code: error.code, message: error.message }] : [])),
	};
}

/**
 * Keeps what was measured of the model beside the user's own ones, where there are any, so that the best one can be preferred, and its calibration
 * where that was asked for; tells what was kept.
 */
async function keepForModel(
	results: readonly ItemResult[],
	{ all, plan, input }: EvalSummary,
	model: Analyser['model'],
	{ calibrates }: Options,
): Promise<string> {
	const folder = customModelsFolder(parseConfig());
	const set = basename(resolve(input));
	if (all.auc !== null && (model.isCustom || (await readCustomModels(folder)).models.length > 0))
		await keepMeasurement(folder, {
			sha256: model.sha256,
			setSha256: digestOf([plan.frames, plan.mode, results.map(({ path, label }) => [path, label])]),
			...{ set, n: all.scoredReal + all.scoredFake, auc: all.auc },
			interval: all.aucInterval.interval === null ? null : [...all.aucInterval.interval],
			measuredAt: new Date().toISOString(),
		});
	if (!calibrates) return '';
	const items = results.flatMap(({ status, logit, kind, label, group }) =>
		status === 'scored' && logit !== null && kind !== null ? [{ fake: label === 'fake', logit, group, kind }] : [],
	);
	const calibration = calibrate(items, set);
	await keepCalibration(folder, model.id, calibration);
	const kinds = (['video', 'image'] as const).map((kind) => {
		const limits = calibration[kind];
		const what = kind === 'video' ? 'Videos' : 'Pictures';
		if (!limits) return `${what}: too few to calibrate, they stay without an answer.\n`;
		const { likelyFakeAbove, likelyRealBelow, falseAlarm, missed } = limits;
		return `${what}: likely-fake above ${likelyFakeAbove.toFixed(3)}, likely-real below ${likelyRealBelow.toFixed(3)}; on the other half ${rateWords(falseAlarm)} genuine above, ${rateWords(missed)} manipulated below.\n`;
	});
	return `${model.id} is calibrated now: temperature ${calibration.temperature.toFixed(3)}, offset ${calibration.offset.toFixed(3)}.\n${kinds.join('')}`;
}

const rateWords = (rate: ErrorRate | null) =>
	rate
		? `${Math.round(rate.rate * rate.n)} of ${rate.n} (95 % ${rate.interval.map((x) => x.toFixed(2)).join('–')})`
		: '';

const digestOf = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex');

/** The highest status of the table among the failures; 0 without any. */
function exitStatus(results: readonly ItemResult[]): number {
	const exits = results.map(({ error }) => (error ? exitOf(error.code) : 0));
	return exits.reduce((highest, exit) => Math.max(highest, exit), 0);
}

function exitOf(code: string): number {
	return code in errorTable ? errorTable[code as keyof typeof errorTable].exit : errorTable.internal.exit;
}
