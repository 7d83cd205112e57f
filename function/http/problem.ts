import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Failure } from '../contract/report.ts';
import type { Problem } from '../contract/service.ts';
import { AnalysisError, type ErrorCode, errorTable, toAnalysisError } from '../errors.ts';
import { sendResponse } from './send-response.ts';

/** Codes whose details may reveal paths, buckets or other internals; such details only go to the log. */
const codesWithoutDetail: ReadonlySet<ErrorCode> = new Set([
	'internal',
	'environment',
	'store-failed',
	'write-failed',
	'model-missing',
	'model-damaged',
	'model-failed',
	'provider-missing',
	'ffmpeg-missing',
]);

/** Thrown when a report was requested but the analysis has failed. */
export class FailedAnalysis extends Error {
	readonly failure: Failure;

	constructor(failure: Failure) {
		super(failure.message);
		this.failure = failure;
	}
}

/** The record in which a refusal is noted. */
export type RefusalRecord = { readonly requestId: string; code: ErrorCode | null; fault: Error | null };

/**
 * The only place where an error becomes a response: an RFC 9457 problem, noted in the record. Anything but an AnalysisError becomes `internal`
 * without details. A response that has already started is cut off.
 */
export function refuse(req: IncomingMessage, res: ServerResponse, record: RefusalRecord, thrown: unknown): void {
	const problem = problemFromThrown(thrown, record.requestId);
	record.code = problem.code as ErrorCode;
	if (problem.status >= 500 && thrown instanceof Error && !(thrown instanceof FailedAnalysis)) record.fault = thrown;
	if (res.headersSent || res.destroyed) return void res.destroy();
	const wait = retryAfterS[record.code];
	if (wait !== undefined && !res.hasHeader('retry-after')) res.setHeader('retry-after', wait);
	if (problem.status === 401) res.setHeader('www-authenticate', 'Bearer realm="unmask"');
	const headers = { 'content-type': 'application/problem+json' };
	sendResponse(req, res, problem.status, headers, Buffer.from(JSON.stringify(problem)));
}

function problemFromThrown(thrown: unknown, requestId: string): Problem {
	if (thrown instanceof FailedAnalysis) {
		const { code, message } = thrown.failure;
		return problem(Object.hasOwn(errorTable, code) ? (code as ErrorCode) : 'internal', message, requestId);
	}
	// the router throws URIError for a path that cannot be decoded
	const error = toAnalysisError(
		thrown instanceof URIError ? new AnalysisError('not-found', 'request') : thrown,
		'request',
	);
	return problem(error.code, error.detail, requestId);
}

function problem(code: ErrorCode, found: string, requestId: string): Problem {
	const { status, sentence, retryable } = errorTable[code];
	const detail = (!codesWithoutDetail.has(code) && found) || sentence;
	return { type: `urn:unmask:problem:${code}`, title: sentence, status, detail, code, retryable, requestId };
}

/** Default Retry-After in seconds. */
const retryAfterS: Partial<Record<ErrorCode, number>> = {
	'rate-limited': 60,
	'queue-full': 30,
	'not-ready': 5,
	'shutting-down': 5,
};
