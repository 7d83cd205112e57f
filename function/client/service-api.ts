import type { ServiceEvent } from '../contract/events.ts';
import type { Job } from '../contract/job.ts';
import type { AnalysisRequestInput } from '../contract/plan.ts';
import type { Report } from '../contract/report.ts';
import type { Models, Ready, Service } from '../contract/service.ts';
import type { LinkRequest, UploadProgress, UploadRequestInput, UploadTicket } from '../contract/upload.ts';
import { errorFromResponse, isAbort, ProblemError, parseRetryAfter } from './problem-error.ts';
import { readLines } from './read-lines.ts';

/** The service's API, one function per operation. Everything but an abort rejects with ProblemError. */
export type Api = {
	service(signal?: AbortSignal): Promise<Service>;
	/** Also resolves while the service reports that it is not ready. */
	ready(signal?: AbortSignal): Promise<Ready>;
	models(signal?: AbortSignal): Promise<Models>;
	/** A second call with the same `idempotencyKey` returns the same ticket. */
	createUpload(request: UploadRequestInput, idempotencyKey: string, signal?: AbortSignal): Promise<UploadTicket>;
	/** Has the service fetch a file from a link. */
	importLink(request: LinkRequest, signal?: AbortSignal): Promise<UploadProgress>;
	/** Reads the progress of an upload; rejects with the problem if a link could not be fetched. */
	readUpload(id: string, signal?: AbortSignal): Promise<UploadProgress>;
	/** Opens one stream of events, which ends with `report` or `failed`; rejects with `stream-cut` if it ends otherwise. */
	stream(request: AnalysisRequestInput, signal?: AbortSignal): AsyncGenerator<ServiceEvent, void>;
	/** Starts a job, which continues without a reader; resolves with its state, or with the report if there already is one. */
	submit(request: AnalysisRequestInput, signal?: AbortSignal): Promise<PendingJob | Report>;
	/** Reads the stored report, or the state of a job; rejects with `report-not-found`, or with the problem if the analysis failed. */
	readAnalysis(id: string, signal?: AbortSignal): Promise<PendingJob | Report>;
	/** Cancels the analysis and deletes its report and upload; also resolves if there was nothing to delete. */
	deleteAnalysis(id: string, signal?: AbortSignal): Promise<void>;
	/** The address of the stored report as JSON. */
	reportUrl(id: string): string;
};

/** A job that has not ended, with Retry-After in seconds; null = not given. */
export type PendingJob = Job & { readonly retryAfterS: number | null };

/** How to reach the service. */
export type ApiOptions = {
	/** Address of the service without a trailing slash; empty = the page's origin. */
	readonly base: string;
	/** Returns the API key to send; null = none. Called before every request. */
	readonly apiKey?: () => string | null;
	/** Whether this machine has a network, to distinguish `offline` from `service-unreachable`. */
	readonly isOnline?: () => boolean;
	/** Called whenever a request got no response. */
	readonly onUnreachable?: () => void;
	/** Called whenever a request was refused because its API key is missing or invalid. */
	readonly onUnauthorised?: () => void;
	readonly fetch?: typeof globalThis.fetch;
};

/** Creates the API of a service on top of `fetch`. */
export function createApi(options: ApiOptions): Api {
	const connection = new Connection(options);
	return {
		service: (signal) => connection.getJson('/v1/service', signal),
		models: (signal) => connection.getJson('/v1/models', signal),
		readAnalysis: async (id, signal) =>
			connection.readJobOrReport(await connection.ask(`/v1/analyses/${id}`, {}, signal)),
		reportUrl: (id) => `${options.base}/v1/analyses/${id}`,

		async ready(signal) {
			const response = await connection.ask('/readyz', {}, signal);
			const text = await connection.readText(response);
			const answer = response.ok || text.includes('"ready"') ? parseJson<Ready>(text, response.status) : null;
			if (answer) return answer;
			throw errorFromResponse(response.status, text, response.headers.get('Retry-After'));
		},

		async createUpload(request, idempotencyKey, signal) {
			const response = await connection.post('/v1/uploads', request, { 'Idempotency-Key': idempotencyKey }, signal);
			return connection.readJson<UploadTicket>(response);
		},

		async submit(request, signal) {
			return connection.readJobOrReport(
				await connection.post('/v1/analyses', request, { Prefer: 'respond-async' }, signal),
			);
		},

		async *stream(request, signal) {
			const response = await connection.post('/v1/analyses', request, { Accept: 'application/x-ndjson' }, signal);
			if (!response.ok) throw await connection.refusal(response);
			if (!response.body) throw streamCut();
			try {
				for await (const line of readLines(response.body)) {
					if (line === '') continue; // keep-alive
					const event = parseJson<ServiceEvent>(line, response.status);
					yield event;
					if (event.type === 'report' || event.type === 'failed') return;
				}
			} catch (thrown) {
				throw isAbort(thrown) || thrown instanceof ProblemError ? thrown : streamCut(thrown);
			}
			throw streamCut();
		},

		readUpload: (id, signal) => connection.getJson(`/v1/uploads/${id}`, signal),

		async importLink(request, signal) {
			const response = await connection.post('/v1/uploads', request, {}, signal);
			return connection.readJson<UploadProgress>(response);
		},

		async deleteAnalysis(id, signal) {
			const response = await connection.ask(`/v1/analyses/${id}`, { method: 'DELETE' }, signal);
			if (!response.ok && response.status !== 404) throw await connection.refusal(response);
		},
	};
}

/** Sends requests and reads responses. */
class Connection {
	readonly #options: ApiOptions;

	constructor(options: ApiOptions) {
		this.#options = options;
	}

	async ask(path: string, init: RequestInit, signal?: AbortSignal): Promise<Response> {
		const { base, apiKey, fetch = globalThis.fetch } = this.#options;
		const key = apiKey?.();
		const headers = { Accept: 'application/json', ...(key && { Authorization: `Bearer ${key}` }), ...init.headers };
		try {
			return await fetch(`${base}${path}`, { ...init, headers, ...(signal && { signal }) });
		} catch (thrown) {
			throw isAbort(thrown) ? thrown : this.#unreachable(thrown);
		}
	}

	post(path: string, json: unknown, headers: Record<string, string>, signal?: AbortSignal): Promise<Response> {
		const sent = { 'Content-Type': 'application/json', ...headers };
		return this.ask(path, { method: 'POST', body: JSON.stringify(json), headers: sent }, signal);
	}

	async getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
		return this.readJson<T>(await this.ask(path, {}, signal));
	}

	async readText(response: Response): Promise<string> {
		try {
			return await response.text();
		} catch (thrown) {
			throw isAbort(thrown) ? thrown : this.#unreachable(thrown);
		}
	}

	async readJson<T>(response: Response): Promise<T> {
		if (!response.ok) throw await this.refusal(response);
		return parseJson<T>(await this.readText(response), response.status);
	}

	async readJobOrReport(response: Response): Promise<PendingJob | Report> {
		const result = await this.readJson<Job | Report>(response);
		return 'state' in result
			? { ...result, retryAfterS: parseRetryAfter(response.headers.get('Retry-After')) }
			: result;
	}

	async refusal(response: Response): Promise<ProblemError> {
		if (response.status === 401) this.#options.onUnauthorised?.();
		return errorFromResponse(response.status, await this.readText(response), response.headers.get('Retry-After'));
	}

	#unreachable(cause: unknown): ProblemError {
		const { isOnline = () => true, onUnreachable } = this.#options;
		onUnreachable?.();
		return new ProblemError(isOnline() ? 'service-unreachable' : 'offline', { retryable: true, cause });
	}
}

const streamCut = (cause?: unknown) => new ProblemError('stream-cut', { retryable: true, cause });

function parseJson<T>(text: string, status: number): T {
	try {
		return JSON.parse(text) as T;
	} catch (cause) {
		throw new ProblemError('bad-answer', { status, retryable: true, cause });
	}
}
