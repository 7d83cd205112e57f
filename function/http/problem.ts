import type { ServerResponse } from 'node:http';
import type { Failure } from '../contract/report.ts';
import type { Problem } from '../contract/service.ts';
import { AnalysisError, type ErrorCode, errorTable, toAnalysisError } from '../errors.ts';

/** Codes whose details name paths, buckets or other insides of this machine: they go to the log only. */
const withoutDetail: ReadonlySet<ErrorCode> = new Set([
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

/** The refusal that a thrown value is, by RFC 9457; what is not an AnalysisError becomes `internal` and tells nothing of itself. */
export function problemFromThrown(thrown: unknown, requestId: string): Problem {
	const error = isBadAddress(thrown) ? new AnalysisError('not-found', 'request') : toAnalysisError(thrown, 'request');
	return problem(error.code, withoutDetail.has(error.code) ? '' : error.detail, requestId);
}

/** The problem that a failed analysis is. */
export function problemFromFailure(failure: Failure, requestId: string): Problem {
	const code = Object.hasOwn(errorTable, failure.code) ? (failure.code as ErrorCode) : 'internal';
	return problem(code, withoutDetail.has(code) ? '' : failure.message, requestId);
}

function problem(code: ErrorCode, detail: string, requestId: string): Problem {
	const { status, sentence, retryable } = errorTable[code];
	return {
		type: `urn:unmask:problem:${code}`,
		title: sentence,
		status,
		detail: detail || sentence,
		code,
		retryable,
		requestId,
	};
}

/** The router throws this for a path that cannot be decoded. */
const isBadAddress = (thrown: unknown) => thrown instanceof URIError;

/** Seconds after which it is worth trying again, where that is not known better. */
const retryAfterS: Partial<Record<ErrorCode, number>> = {
	'rate-limited': 60,
	'queue-full': 30,
	'not-ready': 5,
	'shutting-down': 5,
};

/**
 * Answers with the problem; the headers that belong to its code are set unless they are there. Does nothing once an answer has begun.
 * The answer ends when `ended` resolves; until then the connection is not closed.
 */
export function sendProblem(res: ServerResponse, problem: Problem, ended: Promise<void> | null = null): void {
	if (res.headersSent) return;
	const wait = retryAfterS[problem.code as ErrorCode];
	if (wait !== undefined && !res.hasHeader('retry-after')) res.setHeader('retry-after', wait);
	if (problem.status === 401) res.setHeader('www-authenticate', 'Bearer realm="unmask"');
	const body = Buffer.from(JSON.stringify(problem));
	res.writeHead(problem.status, {
		'content-type': 'application/problem+json',
		'content-length': body.length,
		'cache-control': 'no-store',
	});
	if (ended === null) return void res.end(body);
	res.write(body);
	ended.then(() => res.end());
}
