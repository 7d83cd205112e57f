import type { Report } from '../contract/report.ts';
import { AnalysisError, type ErrorCode, toAnalysisError } from '../errors.ts';

/** One input of a run: a result of an earlier run that still holds, or how a new one is made and kept. */
export type Job<R> = {
	/** Null = to be analysed. */
	readonly kept: R | null;
	readonly analyse: (signal: AbortSignal) => Promise<Report>;
	/** Makes the result and keeps it: when this resolves, a run that is killed does not lose it any more. */
	readonly keep: (end: Report | AnalysisError) => Promise<R>;
};

/** How a list is worked through. */
export type RunOptions<R> = {
	/** Inputs analysed at a time, 1.. */
	readonly jobs: number;
	readonly signal: AbortSignal;
	/** Called with every result in the order of finishing; `isKept` = by an earlier run, `index` = the input's place in the list. */
	readonly onResult: (result: R, isKept: boolean, index: number) => void;
};

/**
 * Analyses the inputs that have no result yet, in order. An input that cannot be analysed is a result; throws AnalysisError when cancelled, when
 * results cannot be kept, and for a fault that every further input would meet as well.
 */
export function runResumable<I, R>(
	inputs: readonly I[],
	prepare: (input: I) => Promise<Job<R>>,
	options: RunOptions<R>,
): Promise<void> {
	return workThrough([...inputs.entries()], options, async ([index, input], signal) => {
		const job = await prepare(input);
		if (job.kept !== null) return options.onResult(job.kept, true, index);
		const end = await job.analyse(signal).catch((thrown: unknown) => {
			const error = toAnalysisError(thrown, 'judge');
			if (signal.aborted || stopping.has(error.code)) throw error;
			return error;
		});
		options.onResult(await job.keep(end), false, index);
	});
}

/** Faults with one input that are faults with all: they end a run instead of being counted. */
const stopping: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
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

/** Does the work for every item in order, at most `jobs` at a time; the first that throws stops the rest. */
async function workThrough<T>(
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
