import { AnalysisError, type ErrorCode, toAnalysisError } from '../errors.ts';

/** Faults that every further file would meet as well: they end a run instead of being counted. */
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

/** Whether a fault with one file is a fault with all. */
export const stopsAll = (code: ErrorCode) => stopping.has(code);

/** Does the work for every item in order, at most `jobs` at a time; the first that throws stops the rest. Throws AnalysisError: what was thrown, or cancelled. */
export async function workThrough<T>(
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
