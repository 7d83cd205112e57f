import type { Report } from '../contract/report.ts';
import { AnalysisError, type ErrorCode, toAnalysisError } from '../errors.ts';

/** One input of a run: its still valid result from an earlier run, or the means to produce and save a new one. */
export type Job<R> = {
	/** Null = needs an analysis. */
	readonly kept: R | null;
	readonly analyse: (signal: AbortSignal) => Promise<Report>;
	/** Builds the result and saves it; once this resolves, killing the run no longer loses it. */
	readonly keep: (end: Report | AnalysisError) => Promise<R>;
};

/** Options of a run. */
export type RunOptions<R> = {
	/** Inputs analysed concurrently, 1.. */
	readonly jobs: number;
	readonly signal: AbortSignal;
	/** Called with every result in order of completion; `isKept` = from an earlier run, `index` = the input's position in the list. */
	readonly onResult: (result: R, isKept: boolean, index: number) => void;
};

/**
 * Analyses the inputs that have no result yet, in order. An input that cannot be analysed also counts as a result. Throws AnalysisError if the run
 * is cancelled, if results cannot be saved, or for a fault that every further input would hit as well.
 */
export function runResumable<I, R>(
	inputs: readonly I[],
	prepare: (input: I) => Promise<Job<R>>,
	options: RunOptions<R>,
): Promise<void> {
	return runAll([...inputs.entries()], options, async ([index, input], signal) => {
		const job = await prepare(input);
		if (job.kept !== null) return options.onResult(job.kept, true, index);
		const end = await job.analyse(signal).catch((thrown: unknown) => {
			const error = toAnalysisError(thrown, 'judge');
			if (signal.aborted || fatalCodes.has(error.code)) throw error;
			return error;
		});
		options.onResult(await job.keep(end), false, index);
	});
}

/** Faults that affect every input: they end the run instead of being counted. */
const fatalCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
	'usage',
	'model-missing',
	'model-unknown',
	'tier-missing',
	'model-damaged',
	'model-failed',
	'ffmpeg-missing',
	'provider-missing',
	'environment',
	'write-failed',
]);

/** Works on the items in order, at most `jobs` at a time; the first error stops the rest. */
async function runAll<T>(
	items: readonly T[],
	{ jobs, signal }: { readonly jobs: number; readonly signal: AbortSignal },
	work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
	const stop = new AbortController();
	const either = AbortSignal.any([signal, stop.signal]);
	const queue = items.values();
	const worker = async () => {
		for (const item of queue) {
			either.throwIfAborted();
			await work(item, either);
		}
	};
	const workers = Array.from({ length: Math.min(jobs, items.length) }, () =>
		worker().catch((thrown) => {
			stop.abort(thrown);
			throw thrown;
		}),
	);
	await Promise.allSettled(workers);
	if (signal.aborted) throw new AnalysisError('cancelled', 'judge', '', { cause: signal.reason });
	if (stop.signal.aborted) throw toAnalysisError(stop.signal.reason, 'judge');
}
