import type { WirePlan } from '../contract/plan.ts';
import type { StoredEntry, StoredResult } from '../contract/report.ts';
import { type ErrorCode, errorTable } from '../errors.ts';
import type { UploadState } from '../store/store.ts';
import type { LastEvent } from './event-log.ts';

type ResultPlan = Omit<WirePlan, 'crops'>;

/** Whether two plans yield the same report; `crops` only affects events. */
export function isSamePlan(a: ResultPlan, b: ResultPlan): boolean {
	const fields: readonly (keyof ResultPlan)[] = [
		'frames',
		'refine',
		'stability',
		'mode',
		'heatMaps',
		'model',
		'tier',
		'fromS',
		'toS',
	];
	return fields.every((key) => a[key] === b[key]);
}

/** The last event, if a stored result makes a new analysis unnecessary: the report for this plan, or the failure of a deleted upload. */
export function endFromStored(
	result: StoredEntry | null,
	plan: WirePlan,
	upload: UploadState | null,
): LastEvent | null {
	if (result?.schema === 'unmask-report/1')
		return isSamePlan(result.plan, plan) ? { type: 'report', report: result } : null;
	return result?.schema === 'unmask-failure/1' && !upload
		? { type: 'failed', fileName: result.fileName, error: result.error }
		: null;
}

/** The result to store: a report, or a failure caused by the file; null if a retry could end differently. */
export function resultOfEnd(last: LastEvent, now: Date): StoredResult | null {
	if (last.type === 'report') return last.report;
	const { exit, retryable } = errorTable[last.error.code as ErrorCode];
	if (exit !== 3 || retryable) return null; // caused by this instance's models or set-up, or temporary
	if (last.error.code === 'upload-not-found') return null; // deleted on purpose, so nothing may remain
	return failureOfEnd(last, now);
}

/** The failure to store for a job, which may not have any readers. */
export function failureOfEnd({ fileName, error }: Extract<LastEvent, { type: 'failed' }>, now: Date): StoredResult {
	return { schema: 'unmask-failure/1', createdAt: now.toISOString(), fileName, error };
}

/** Replaces the local path in a failure's message by the file name. */
export function withoutPath(last: LastEvent, path: string): LastEvent {
	if (last.type === 'report') return last;
	const message = last.error.message.replaceAll(path, () => last.fileName); // a function, so that `$&` is taken literally
	return { ...last, error: { ...last.error, message } };
}
