import type { Problem } from '../contract/service.ts';
import type { ErrorCode } from '../errors.ts';

/**
 * A code of the service's table (function/errors.ts), one of a newer service, or one of the client's own: `offline`, `service-unreachable`,
 * `stream-cut` (the events ended without an answer), `bad-answer` (not what the wire promises), `upload-stalled` (the store answers and keeps
 * nothing), `file-gone` (the file cannot be read any more).
 */
export type ProblemCode = ErrorCode | ClientCode | (string & {});

type ClientCode = 'offline' | 'service-unreachable' | 'stream-cut' | 'bad-answer' | 'upload-stalled' | 'file-gone';

/** What stands in the way. */
export type Fault = {
	readonly code: ProblemCode;
	/** What was found in this case, in the service's words; may be empty. */
	readonly detail: string;
	/** Whether the same can succeed later without a change. */
	readonly retryable: boolean;
	/** Seconds that the service asks to wait; null = it does not say. */
	readonly retryAfterS: number | null;
};

/** A refusal by the service or a failure on the way to it. */
export class ProblemError extends Error implements Fault {
	readonly code: ProblemCode;
	/** HTTP status; null when there was no answer. */
	readonly status: number | null;
	readonly retryable: boolean;
	readonly retryAfterS: number | null;
	readonly detail: string;

	constructor(
		code: ProblemCode,
		{
			status = null,
			retryable = false,
			retryAfterS = null,
			detail = '',
			cause,
		}: Partial<Pick<ProblemError, 'status' | 'retryable' | 'retryAfterS' | 'detail' | 'cause'>> = {},
	) {
		super(detail ? `${code}: ${detail}` : code, { cause });
		this.name = 'ProblemError';
		this.code = code;
		this.status = status;
		this.retryable = retryable;
		this.retryAfterS = retryAfterS;
		this.detail = detail;
	}
}

/** The error that an answer other than 2xx tells, by RFC 9457; `bad-answer` when the body is not a problem. */
export function errorFromAnswer(status: number, body: string, retryAfter: string | null): ProblemError {
	const problem = parseProblem(body);
	return new ProblemError(problem?.code ?? 'bad-answer', {
		status,
		retryable: problem?.retryable ?? (status >= 500 || status === 429 || status === 408),
		retryAfterS: parseRetryAfter(retryAfter),
		detail: problem?.detail ?? `HTTP ${status}`,
	});
}

/** Seconds of a Retry-After header, which may also be a date (RFC 9110, section 10.2.3); null = none, or not understood. */
export function parseRetryAfter(header: string | null, nowMs = Date.now()): number | null {
	const text = header?.trim() ?? '';
	if (/^\d+$/.test(text)) return Number(text);
	const dateMs = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
	return Number.isNaN(dateMs) ? null : Math.max(0, (dateMs - nowMs) / 1000);
}

/** Any thrown value as a ProblemError; an abort becomes `cancelled`, the unknown `internal` with its cause kept. */
export function toProblemError(thrown: unknown): ProblemError {
	if (thrown instanceof ProblemError) return thrown;
	if (isAbort(thrown)) return new ProblemError('cancelled', { retryable: true, cause: thrown });
	const detail = thrown instanceof Error ? thrown.message : String(thrown);
	return new ProblemError('internal', { detail, cause: thrown });
}

/** Whether something was stopped by an AbortSignal. */
export function isAbort(thrown: unknown): boolean {
	return (
		(thrown instanceof Error && thrown.name === 'AbortError') || (thrown as ProblemError | null)?.code === 'cancelled'
	);
}

function parseProblem(body: string): Partial<Problem> | null {
	try {
		const parsed: unknown = JSON.parse(body);
		return typeof parsed === 'object' && parsed !== null && 'code' in parsed && typeof parsed.code === 'string'
			? (parsed as Partial<Problem>)
			: null;
	} catch {
		return null;
	}
}
