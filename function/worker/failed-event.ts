import type { AnalysisEvent } from '../contract/events.ts';
import type { AnalysisError } from '../errors.ts';

/** The event that tells a failure. */
export function failedEvent(
	fileName: string,
	{ code, stage, message, retryable }: AnalysisError,
): Extract<AnalysisEvent, { type: 'failed' }> {
	return { type: 'failed', fileName, error: { code, stage, message, retryable } };
}
