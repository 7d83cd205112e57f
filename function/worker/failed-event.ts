import type { AnalysisEvent } from '../contract/events.ts';
import type { AnalysisError } from '../errors.ts';

/** The event that tells a failure. */
export function failedEvent(fileName: string, error: AnalysisError): Extract<AnalysisEvent, { type: 'failed' }> {
	return { type: 'failed', fileName, error: error.toFailure() };
}
