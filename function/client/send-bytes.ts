import { ProblemError } from './problem-error.ts';

/** One PUT to the store. */
export type BytesRequest = {
	readonly url: string;
	readonly headers: Readonly<Record<string, string>>;
	/** null = an empty body. */
	readonly body: Blob | null;
	readonly signal: AbortSignal;
	/** Bytes of this body sent so far. */
	readonly onProgress: (sentBytes: number) => void;
};

/** The store's response. */
export type BytesAnswer = {
	readonly status: number;
	/** The Range header: the bytes received so far; null = missing. */
	readonly range: string | null;
	readonly retryAfter: string | null;
	readonly body: string;
};

/** Sends one PUT; rejects with an AbortError, or with ProblemError `service-unreachable` if there is no response. */
export type SendBytes = (request: BytesRequest) => Promise<BytesAnswer>;

/** Sends with `fetch`, which only reports progress at the end of a body. */
export function sendByFetch(fetch: typeof globalThis.fetch): SendBytes {
	return async ({ url, headers, body, signal, onProgress }) => {
		try {
			// a 308 without a Location is not a redirect (fetch.spec.whatwg.org, HTTP-redirect fetch)
			const response = await fetch(url, { method: 'PUT', headers, body: body ?? '', signal });
			onProgress(body?.size ?? 0);
			const { status } = response;
			const header = (name: string) => response.headers.get(name);
			return { status, range: header('Range'), retryAfter: header('Retry-After'), body: await response.text() };
		} catch (cause) {
			signal.throwIfAborted();
			throw new ProblemError('service-unreachable', { retryable: true, cause });
		}
	};
}
