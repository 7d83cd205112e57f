import type { Problem } from '../contract/service.ts';
import type { ErrorCode } from '../errors.ts';

/**
 * A code of the service (function/errors.ts), of a newer service, or of the client: `offline`, `service-unreachable`, `stream-cut` (the events ended
 * without a report or a failure), `bad-answer` (an invalid response), `upload-stalled` (the store responds but keeps nothing), `file-gone` (the file
 * can no longer be read).
 */
export type ProblemCode = ErrorCode | ClientCode | (string & {});

type ClientCode = 'offline' | 'service-unreachable' | 'stream-cut' | 'bad-answer' | 'upload-stalled' | 'file-gone';

/** What went wrong. */
export type Fault = {
	readonly code: ProblemCode;
	/** Details from the service; may be empty. */
	readonly detail: string;
	/** Whether the same request can succeed later, unchanged. */
	readonly retryable: boolean;
	/** Retry-After in seconds; null = not given. */
	readonly retryAfterS: number | null;
};

/** A refusal by the service or a failure on the way to it. */
export class ProblemError extends Error implements Fault {
	readonly code: ProblemCode;
	/** HTTP status; null = no response. */
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

/** Creates the error of a response other than 2xx, by RFC 9457; `bad-answer` if the body is not a problem. */
export function errorFromResponse(status: number, body: string, retryAfter: string | null): ProblemError {
	const problem = parseProblem(body);
	return new ProblemError(problem?.code ?? 'bad-answer', {
		status,
		retryable: problem?.retryable ?? (status >= 500 || status === 429 || status === 408),
		retryAfterS: parseRetryAfter(retryAfter),
		detail: problem?.detail ?? `HTTP ${status}`,
	});
}

/** Parses a Retry-After header, which may also be a date (RFC 9110, section 10.2.3), to seconds; null = missing or invalid. */
export function parseRetryAfter(header: string | null, nowMs = Date.now()): number | null {
	const text = header?.trim() ?? '';
	if (/^\d+$/.test(text)) return Number(text);
	const dateMs = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
	return Number.isNaN(dateMs) ? null : Math.max(0, (dateMs - nowMs) / 1000);
}

/** Converts any thrown value; an abort becomes `cancelled`, anything unknown becomes `internal` with the value as its cause. */
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
