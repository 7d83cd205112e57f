import type { AnalysisEvent } from '../contract/events.ts';
import type { AnalysisError } from '../errors.ts';

/** Creates the `failed` event of an error. */
export function failedEvent(fileName: string, error: AnalysisError): Extract<AnalysisEvent, { type: 'failed' }> {
	return { type: 'failed', fileName, error: error.toFailure() };
}
