import { AnalysisError } from '../errors.ts';
import type { AnalyseFile } from '../jobs/analyse-file.ts';
import { type Job, type RunOptions, runResumable } from '../jobs/run-resumable.ts';
import { type ItemResult, outcomeOfFailure, outcomeOfReport } from './item-result.ts';
import type { EvalItem } from './list-items.ts';
import { keyOfItem, type ResultsLog } from './results-log.ts';

/** How a labelled list is processed. */
export type EvalOptions = RunOptions<ItemResult> & {
	readonly analyseFile: AnalyseFile;
	/** Where outcomes are stored and looked up; null = nowhere. */
	readonly log: ResultsLog | null;
	/** Everything an outcome depends on besides the file itself. */
	readonly identity: string;
};

/** Every item with its outcome, in list order; throws what `runResumable` throws. */
export async function runEval(items: readonly EvalItem[], options: EvalOptions): Promise<ItemResult[]> {
	const results = new Array<ItemResult>(items.length);
	await runResumable(items, (item) => jobOf(item, options), {
		...options,
		onResult(result, isKept, index) {
			results[index] = result;
			options.onResult(result, isKept, index);
		},
	});
	return results;
}

async function jobOf(item: EvalItem, { log, identity, analyseFile }: EvalOptions): Promise<Job<ItemResult>> {
	const key = log && (await keyOfItem(item, identity));
	const kept = key ? log.find(key) : undefined;
	return {
		kept: kept && !kept.error?.retryable ? { ...item, ...kept } : null,
		analyse: (signal) => analyseFile(item.file, signal),
		async keep(end) {
			const outcome = end instanceof AnalysisError ? outcomeOfFailure(end) : outcomeOfReport(end);
			if (key) await log.append(key, item.path, outcome);
			return { ...item, ...outcome };
		},
	};
}
