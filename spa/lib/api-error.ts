import type { Problem } from '../../function/contract/service.ts';

/**
 * What stands in the way, for the message catalogue: a code of the service's table (function/errors.ts), or one of the page's own:
 * `offline`, `service-unreachable`, `stream-cut` (the events ended without an answer), `bad-answer` (not what the wire promises),
 * `upload-stalled` (the store answers and keeps nothing), `file-gone` (the chosen file cannot be read any more).
 */
export type Fault = {
	readonly code: string;
	/** What was found in this case, in the service's words; may be empty. */
	readonly detail: string;
	/** Whether the same can succeed later without a change. */
	readonly retryable: boolean;
	/** Seconds that the service asks to wait; null = it does not say. */
	readonly retryAfterS: number | null;
};

/** A refusal by the service or a failure on the way to it. */
export class ApiError extends Error implements Fault {
	readonly code: string;
	/** HTTP status; null when there was no answer. */
	readonly status: number | null;
	readonly retryable: boolean;
	readonly retryAfterS: number | null;
	readonly detail: string;

	constructor(
		code: string,
		{
			status = null,
			retryable = false,
			retryAfterS = null,
			detail = '',
			cause,
		}: Partial<Pick<ApiError, 'status' | 'retryable' | 'retryAfterS' | 'detail' | 'cause'>> = {},
	) {
		super(detail ? `${code}: ${detail}` : code, { cause });
		this.name = 'ApiError';
		this.code = code;
		this.status = status;
		this.retryable = retryable;
		this.retryAfterS = retryAfterS;
		this.detail = detail;
	}
}

/** The error that an answer other than 2xx tells, by RFC 9457; `bad-answer` when the body is not a problem. */
export function apiErrorFromProblem(status: number, body: string, retryAfter: string | null): ApiError {
	const problem = parseProblem(body);
	const seconds = Number(retryAfter ?? Number.NaN);
	return new ApiError(problem?.code ?? 'bad-answer', {
		status,
		retryable: problem?.retryable ?? (status >= 500 || status === 429 || status === 408),
		retryAfterS: Number.isFinite(seconds) && seconds >= 0 ? seconds : null,
		detail: problem?.detail ?? `HTTP ${status}`,
	});
}

/** Any thrown value as an ApiError; an abort becomes `cancelled`, the unknown `internal` with its cause kept. */
export function toApiError(thrown: unknown): ApiError {
	if (thrown instanceof ApiError) return thrown;
	if (isAbort(thrown)) return new ApiError('cancelled', { retryable: true, cause: thrown });
	const detail = thrown instanceof Error ? thrown.message : String(thrown);
	return new ApiError('internal', { detail, cause: thrown });
}

/** Whether something was stopped by an AbortSignal. */
export function isAbort(thrown: unknown): boolean {
	return (thrown instanceof Error && thrown.name === 'AbortError') || (thrown as ApiError | null)?.code === 'cancelled';
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
