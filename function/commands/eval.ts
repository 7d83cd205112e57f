import { createHash } from 'node:crypto';
import { basename, join, resolve } from 'node:path';
import { Option } from '@commander-js/extra-typings';
import { customModelsFolder, parseConfig } from '../config.ts';
import type { Plan } from '../contract/plan.ts';
import type { ErrorRate } from '../contract/report.ts';
import { usageError } from '../errors.ts';
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
import { createCommand, type DeclareCommand, type Done, exitStatusHelp, type Io } from './command.ts';
import { createEvalProgress } from './eval-progress.ts';
import { exitStatusOf } from './exit-status.ts';
import type { Analyser } from './open-analyser.ts';
import { type OpenAnalyser, openAnalyserLater } from './open-analyser-later.ts';
import {
	framesOption,
	jobsOption,
	jsonOption,
	maxDurationOption,
	modelOption,
	modeOption,
	planFromOptions,
	providerOption,
	quietOption,
	refineOption,
	tierOption,
} from './options.ts';

const description =
	'Measures the detector on labelled videos and pictures. In a folder, the label is the nearest folder named real or fake, at any depth; the path above it names the set. A CSV file has the columns path and label, and may have group, set and segments. Paths are relative to it, a label is real, fake, 0 or 1 (1 = fake), and segments are the manipulated seconds of a video (55-60;70-75).';

const notes = `
Items of one group are not independent, so the bootstrap of the AUC draws them together. Without a
group column, a video is its own group. A picture belongs to the clip named by its file name without
trailing _ or - and digits, or to its folder if the name is only digits.

If segments are listed, the table also shows how well they were found, by length. A fake of the same
group without segments is manipulated throughout: it shows whether this manipulation is found at all,
unless a genuine item of the group is called fake too.

With --out, the same command resumes after a stop. The folder holds items.jsonl, summary.json,
items.csv, roc.svg, reliability.svg and histogram.svg.
${exitStatusHelp}`;

const bootstrap = { replicates: 1000, seed: 1 };

/** `unmask eval`: measures on a labelled set; the table or one JSON document on stdout, everything else on stderr. */
export const evalCommand: DeclareCommand = (io, done) => declareEval(io, done, openAnalyserLater);

/** The same with a given way to open the analyser. */
export const declareEval = (io: Io, done: Done, open: OpenAnalyser) =>
	createCommand('unmask eval', io)
		.description(description)
		.argument('<folder|list.csv>', 'labelled files')
		.option('--out <folder>', 'keep results and plots')
		.addOption(jsonOption('print the summary as one JSON document'))
		.option(
			'--calibrate',
			'calibrate a custom model (--model), so that it gives verdicts: half of the clips set its thresholds, the other half measures its error rates',
		)
		.addOption(
			new Option(
				'--group-pattern <regex>',
				'regular expression; its one capture group, matched against the path, gives the group',
			).argParser(parseGroupPattern),
		)
		.addOption(jobsOption)
		.addOption(framesOption)
		.addOption(refineOption)
		.addOption(modeOption)
		.addOption(tierOption)
		.addOption(modelOption)
		.addOption(providerOption)
		.addOption(maxDurationOption)
		.addOption(quietOption)
		.addHelpText('after', notes)
		.action(async (input, values) => {
			const plan = planFromOptions({ ...values, heatMaps: false });
			if (values.calibrate && (plan.model === null || modes[plan.mode].isLegacy))
				throw usageError('--calibrate needs --model with a custom model, and the mode whole or first.');
			done(await evaluate({ ...values, input, plan }, io, open));
		});

type Options = {
	readonly input: string;
	readonly plan: Plan;
	readonly jobs: number;
	readonly provider?: 'auto' | 'cpu' | 'cuda' | undefined;
	readonly out?: string | undefined;
	readonly json?: true | undefined;
	readonly calibrate?: true | undefined;
	readonly groupPattern?: RegExp | undefined;
	readonly quiet?: true | undefined;
};

async function evaluate(options: Options, io: Io, open: OpenAnalyser): Promise<number> {
	const list = await listItems(options.input, options.groupPattern);
	const onNotice = (text: string) => io.stderr.write(`${text}\n`);
	const analyser = await open(options.plan, {
		provider: options.provider,
		isUncalibrated: options.calibrate === true,
		readsProvenance: false,
		onNotice,
	});
	try {
		if (options.calibrate && !analyser.model.isCustom)
			throw usageError(`--calibrate is for custom models; ${analyser.model.id} is calibrated as shipped.`);
		const results = await analyseAll(list, analyser, options, io);
		const summary = summarise(results, list, analyser, options);
		const written = options.out ? await writeResults(options.out, summary, results) : [];
		io.stdout.write(options.json ? `${JSON.stringify(summary, null, '\t')}\n` : formatSummary(summary));
		const kept = await keepForModel(results, summary, analyser.model, options);
		io.stderr.write(kept);
		if (options.out) io.stderr.write(`Written to ${options.out}: ${written.join(', ')}\n`);
		return exitStatusOf(results.flatMap(({ error }) => error?.code ?? []));
	} finally {
		await analyser.close();
	}
}

async function analyseAll({ items }: ItemList, analyser: Analyser, options: Options, io: Io): Promise<ItemResult[]> {
	const log = options.out ? await openResultsLog(join(options.out, 'items.jsonl')) : null;
	const progress = createEvalProgress(items.length, io, options.quiet === true);
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
		const resumes = options.out ? '; the same command resumes from there' : '; with --out they would have been kept';
		if (progress.done() > 0) io.stderr.write(`Stopped after ${progress.done()} of ${items.length} files${resumes}.\n`);
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
 * Stores the model's measurement with the custom models, if there are any, so that the best one can be preferred; and its calibration if
 * requested. Returns a message about what was stored.
 */
async function keepForModel(
	results: readonly ItemResult[],
	{ all, plan, input }: EvalSummary,
	model: Analyser['model'],
	{ calibrate: isWanted }: Options,
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
	if (!isWanted) return '';
	const items = results.flatMap(({ status, logit, kind, label, group }) =>
		status === 'scored' && logit !== null && kind !== null ? [{ fake: label === 'fake', logit, group, kind }] : [],
	);
	const calibration = calibrate(items, set);
	await keepCalibration(folder, model.id, calibration);
	const kinds = (['video', 'image'] as const).map((kind) => {
		const thresholds = calibration[kind];
		const what = kind === 'video' ? 'Videos' : 'Pictures';
		if (!thresholds) return `${what}: too few to calibrate, so they get no verdict.\n`;
		const { likelyFakeAbove, likelyRealBelow, falseAlarm, missed } = thresholds;
		return `${what}: likely-fake above ${likelyFakeAbove.toFixed(3)}, likely-real below ${likelyRealBelow.toFixed(3)}; on the other half ${rateWords(falseAlarm)} genuine above, ${rateWords(missed)} manipulated below.\n`;
	});
	return `${model.id} is now calibrated: temperature ${calibration.temperature.toFixed(3)}, offset ${calibration.offset.toFixed(3)}.\n${kinds.join('')}`;
}

const rateWords = (rate: ErrorRate | null) =>
	rate
		? `${Math.round(rate.rate * rate.n)} of ${rate.n} (95 % ${rate.interval.map((x) => x.toFixed(2)).join('–')})`
		: '';

const digestOf = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex');
