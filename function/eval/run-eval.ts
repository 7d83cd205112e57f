import type { AnalysisEvent } from '../contract/events.ts';
import type { Plan } from '../contract/plan.ts';
import type { Report } from '../contract/report.ts';
import { toAnalysisError } from '../errors.ts';
import { type ItemOutcome, type ItemResult, outcomeOfFailure, outcomeOfReport } from './item-result.ts';
import type { EvalItem } from './list-items.ts';
import { keyOfItem, type ResultsLog } from './results-log.ts';
import { stopsAll, workThrough } from './work-through.ts';

/** Analyses one file, by the plan that the analyser was opened with or by another one for the same model; hands on every event. Throws AnalysisError. */
export type AnalyseFile = (
	file: string,
	signal: AbortSignal,
	how?: { readonly plan?: Plan; readonly onEvent?: (event: AnalysisEvent) => void },
) => Promise<Report>;

/** How a list is worked through. */
export type RunOptions = {
	readonly analyseFile: AnalyseFile;
	/** Files analysed at a time, 1.. */
	readonly jobs: number;
	/** Where outcomes are kept and found again; null = nowhere. */
	readonly log: ResultsLog | null;
	/** All that an outcome depends on besides the file itself. */
	readonly identity: string;
	readonly signal: AbortSignal;
	/** Told of every finished item in the order of finishing; `isKept` = found in the log. */
	readonly onResult: (result: ItemResult, isKept: boolean) => void;
};

/** Every item with what became of it, in the order of the list. A file that cannot be analysed is data; throws AnalysisError when cancelled or when no file could be. */
export async function runEval(items: readonly EvalItem[], options: RunOptions): Promise<ItemResult[]> {
	const results = new Array<ItemResult>(items.length);
	await workThrough([...items.entries()], options, async ([index, item], signal) => {
		results[index] = await evaluateItem(item, { ...options, signal });
	});
	return results;
}

async function evaluateItem(item: EvalItem, options: RunOptions): Promise<ItemResult> {
	const { log, identity, onResult } = options;
	const key = log && (await keyOfItem(item, identity));
	const kept = key ? log.find(key) : undefined;
	if (kept && !kept.error?.retryable) {
		const result = { ...item, ...kept };
		onResult(result, true);
		return result;
	}
	const outcome = await analyseItem(item, options);
	if (key) await log.append(key, item.path, outcome);
	const result = { ...item, ...outcome };
	onResult(result, false);
	return result;
}

async function analyseItem({ file }: EvalItem, { analyseFile, signal }: RunOptions): Promise<ItemOutcome> {
	try {
		return outcomeOfReport(await analyseFile(file, signal));
	} catch (thrown) {
		const error = toAnalysisError(thrown, 'judge');
		if (signal.aborted || stopsAll(error.code)) throw error;
		return outcomeOfFailure(error);
	}
}
