import type { ServiceEvent } from '../../function/contract/events.ts';
import type { AnalysisRequest } from '../../function/contract/plan.ts';
import type { StoredResult } from '../../function/contract/report.ts';
import type { Models, Ready, Service } from '../../function/contract/service.ts';
import type { UploadRequest, UploadTicket } from '../../function/contract/upload.ts';
import { ApiError, apiErrorFromProblem, isAbort } from './api-error.ts';
import { readLines } from './read-lines.ts';

/** The service over HTTP, as the page and the tests call it. Everything but an abort rejects with ApiError. */
export type Api = {
	service(signal?: AbortSignal): Promise<Service>;
	/** Also answers, not throws, while the service says that it is not ready. */
	ready(signal?: AbortSignal): Promise<Ready>;
	models(signal?: AbortSignal): Promise<Models>;
	/** A second call with the same `idempotencyKey` gives the same ticket. */
	createUpload(request: UploadRequest, idempotencyKey: string, signal?: AbortSignal): Promise<UploadTicket>;
	/** One stream of events, ending with `report` or `failed`; rejects with `stream-cut` when it ends otherwise. */
	analyse(request: AnalysisRequest, signal?: AbortSignal): AsyncGenerator<ServiceEvent, void>;
	/** The stored report or failure; rejects with `report-not-found`. */
	getReport(id: string, signal?: AbortSignal): Promise<StoredResult>;
	/** Cancels the analysis and deletes its report and upload; resolves also when there was nothing. */
	deleteAnalysis(id: string, signal?: AbortSignal): Promise<void>;
	/** Where people find the stored report as JSON. */
	reportUrl(id: string): string;
};

/** What a client needs of its surroundings. */
export type ApiOptions = {
	/** Address of the service without a slash at the end; empty = where the page came from. */
	readonly base: string;
	/** The API key to send; null = none. Asked before every request. */
	readonly apiKey?: () => string | null;
	/** Whether this machine has a network at all, to tell `offline` from `service-unreachable`. */
	readonly isOnline?: () => boolean;
	/** Told whenever a request got no answer. */
	readonly onUnreachable?: () => void;
	/** Told whenever a request was refused for want of a key that the service knows. */
	readonly onUnauthorised?: () => void;
	readonly fetch?: typeof globalThis.fetch;
};

/** A typed client of the service. */
export function createApi({
	base,
	apiKey = () => null,
	isOnline = () => true,
	onUnreachable = () => {},
	onUnauthorised = () => {},
	fetch = (input, init) => globalThis.fetch(input, init),
}: ApiOptions): Api {
	function unreachable(cause: unknown): ApiError {
		onUnreachable();
		return new ApiError(isOnline() ? 'service-unreachable' : 'offline', { retryable: true, cause });
	}

	async function ask(path: string, init: RequestInit, signal?: AbortSignal): Promise<Response> {
		const key = apiKey();
		const headers = { Accept: 'application/json', ...(key && { Authorization: `Bearer ${key}` }), ...init.headers };
		try {
			return await fetch(`${base}${path}`, { ...init, headers, ...(signal && { signal }) });
		} catch (thrown) {
			throw isAbort(thrown) ? thrown : unreachable(thrown);
		}
	}

	async function body(response: Response): Promise<string> {
		try {
			return await response.text();
		} catch (thrown) {
			throw isAbort(thrown) ? thrown : unreachable(thrown);
		}
	}

	async function refusal(response: Response): Promise<ApiError> {
		if (response.status === 401) onUnauthorised();
		return apiErrorFromProblem(response.status, await body(response), response.headers.get('Retry-After'));
	}

	async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
		const response = await ask(path, {}, signal);
		if (!response.ok) throw await refusal(response);
		return parseJson<T>(await body(response), response.status);
	}

	const post = (path: string, json: unknown, headers: Record<string, string>, signal?: AbortSignal) =>
		ask(
			path,
			{ method: 'POST', body: JSON.stringify(json), headers: { 'Content-Type': 'application/json', ...headers } },
			signal,
		);

	return {
		service: (signal) => getJson('/v1/service', signal),
		models: (signal) => getJson('/v1/models', signal),
		getReport: (id, signal) => getJson(`/v1/analyses/${id}`, signal),
		reportUrl: (id) => `${base}/v1/analyses/${id}`,

		async ready(signal) {
			const response = await ask('/readyz', {}, signal);
			const text = await body(response);
			const answer = response.ok || text.includes('"ready"') ? parseJson<Ready>(text, response.status) : null;
			if (answer) return answer;
			throw apiErrorFromProblem(response.status, text, response.headers.get('Retry-After'));
		},

		async createUpload(request, idempotencyKey, signal) {
			const response = await post('/v1/uploads', request, { 'Idempotency-Key': idempotencyKey }, signal);
			if (!response.ok) throw await refusal(response);
			return parseJson<UploadTicket>(await body(response), response.status);
		},

		async *analyse(request, signal) {
			const response = await post('/v1/analyses', request, { Accept: 'application/x-ndjson' }, signal);
			if (!response.ok) throw await refusal(response);
			if (!response.body) throw streamCut();
			try {
				for await (const line of readLines(response.body)) {
					if (line === '') continue; // keep-alive
					const event = parseJson<ServiceEvent>(line, response.status);
					yield event;
					if (event.type === 'report' || event.type === 'failed') return;
				}
			} catch (thrown) {
				throw isAbort(thrown) || thrown instanceof ApiError ? thrown : streamCut(thrown);
			}
			throw streamCut();
		},

		async deleteAnalysis(id, signal) {
			const response = await ask(`/v1/analyses/${id}`, { method: 'DELETE' }, signal);
			if (!response.ok && response.status !== 404) throw await refusal(response);
		},
	};
}

const streamCut = (cause?: unknown) => new ApiError('stream-cut', { retryable: true, cause });

function parseJson<T>(text: string, status: number): T {
	try {
		return JSON.parse(text) as T;
	} catch (cause) {
		throw new ApiError('bad-answer', { status, retryable: true, cause });
	}
}
