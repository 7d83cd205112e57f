import type { Report } from '../contract.ts';
import { AnalysisError, type ErrorCode, toAnalysisError } from '../errors.ts';
import { type ItemOutcome, type ItemResult, outcomeOfFailure, outcomeOfReport } from './item-result.ts';
import type { EvalItem } from './list-items.ts';
import { keyOfItem, type ResultsLog } from './results-log.ts';

/** Analyses one file; throws AnalysisError. */
export type AnalyseFile = (file: string, signal: AbortSignal) => Promise<Report>;

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

/** Faults that every further file would meet as well: they end the run instead of being counted. */
const stopping: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
	'usage',
	'model-missing',
	'model-unknown',
	'model-damaged',
	'model-failed',
	'ffmpeg-missing',
	'provider-missing',
	'environment',
	'write-failed',
]);

/** Every item with what became of it, in the order of the list. A file that cannot be analysed is data; throws AnalysisError when cancelled or when no file could be. */
export async function runEval(items: readonly EvalItem[], options: RunOptions): Promise<ItemResult[]> {
	const stop = new AbortController();
	const signal = AbortSignal.any([options.signal, stop.signal]);
	const results = new Array<ItemResult>(items.length);
	const queue = items.entries();
	const work = async () => {
		for (const [index, item] of queue) {
			signal.throwIfAborted();
			results[index] = await evaluateItem(item, { ...options, signal });
		}
	};
	const workers = Array.from({ length: Math.min(options.jobs, items.length) }, () =>
		work().catch((thrown) => {
			stop.abort(thrown);
			throw thrown;
		}),
	);
	const ended = await Promise.allSettled(workers);
	if (options.signal.aborted) throw new AnalysisError('cancelled', 'judge', '', { cause: options.signal.reason });
	if (stop.signal.aborted) throw toAnalysisError(stop.signal.reason, 'judge');
	const failed = ended.find((end) => end.status === 'rejected');
	if (failed) throw toAnalysisError(failed.reason, 'judge');
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
		if (signal.aborted || stopping.has(error.code)) throw error;
		return outcomeOfFailure(error);
	}
}
