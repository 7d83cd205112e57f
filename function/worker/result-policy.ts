import type { WirePlan } from '../contract/plan.ts';
import type { StoredEntry, StoredResult } from '../contract/report.ts';
import { type ErrorCode, errorTable } from '../errors.ts';
import type { UploadState } from '../store/store.ts';
import type { LastEvent } from './event-log.ts';

type ResultPlan = Omit<WirePlan, 'crops'>;

/** Whether two plans give the same report; `crops` only changes what is emitted on the way. */
export function isSamePlan(a: ResultPlan, b: ResultPlan): boolean {
	const told: readonly (keyof ResultPlan)[] = [
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
	return told.every((key) => a[key] === b[key]);
}

/** The end that a stored result gives without a new analysis: the report of this plan, or the failure of an upload that is gone. */
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

/** What is stored of an end: a report, or a failure that lies in the file; null where another try can end otherwise. */
export function resultOfEnd(last: LastEvent, now: Date): StoredResult | null {
	if (last.type === 'report') return last.report;
	const { exit, retryable } = errorTable[last.error.code as ErrorCode];
	if (exit !== 3 || retryable) return null; // this instance's models or set-up, or a mishap
	if (last.error.code === 'upload-not-found') return null; // deleted on purpose: nothing is to be left of it
	return failureOfEnd(last, now);
}

/** What is stored of the failure of a job, which nobody may have heard of. */
export function failureOfEnd({ fileName, error }: Extract<LastEvent, { type: 'failed' }>, now: Date): StoredResult {
	return { schema: 'unmask-failure/1', createdAt: now.toISOString(), fileName, error };
}

/** The same end; where on our disk the file lay is nobody's business. */
export function withoutPath(last: LastEvent, path: string): LastEvent {
	if (last.type === 'report') return last;
	const message = last.error.message.replaceAll(path, () => last.fileName); // as it stands, `$&` too
	return { ...last, error: { ...last.error, message } };
}
