import { ApiError, IdempotencyStrategy, Storage } from '@google-cloud/storage';
import { AnalysisError } from '../errors.ts';

/** How to reach Google Cloud Storage or a compatible server. */
export type GcsAccess = {
	/** Address of a compatible server, which is used without credentials; null = Google, with the machine's credentials. */
	readonly apiEndpoint: string | null;
	/** A service account key; default: Google's application default credentials. */
	readonly credentials?: { readonly client_email: string; readonly private_key: string };
	/** How long to wait for the next bytes of a response, milliseconds. */
	readonly silenceMs?: number;
};

/** Time limit of one call including retries and pauses, milliseconds; a download that keeps progressing may take longer. */
export const responseTimeoutMs = 60_000;

/**
 * Creates a client that times out a request after 15 s and retries it three times. The library's own limit is not reliable: after `totalTimeout`,
 * it may never settle, hence `withTimeout`.
 */
export function openGcs({ apiEndpoint, credentials }: GcsAccess): Storage {
	const client = new Storage({
		...(apiEndpoint === null ? {} : { apiEndpoint, projectId: 'none' }),
		...(credentials ? { credentials } : {}),
		timeout: 15_000,
		retryOptions: {
			maxRetries: 3,
			totalTimeout: responseTimeoutMs / 1000,
			maxRetryDelay: 10,
			// Every write here is idempotent: it puts the same bytes in the same place.
			idempotencyStrategy: IdempotencyStrategy.RetryAlways,
		},
	});
	// If STORAGE_EMULATOR_HOST is set, the library omits the API's path, so that no server would respond.
	client.baseUrl = `${client.apiEndpoint}/storage/v1`;
	return client;
}

/** Awaits `work`; null if the object does not exist. Any other error, including a timeout, becomes `store-failed` with its cause. */
export async function nullIfAbsent<T>(work: Promise<T>): Promise<T | null> {
	try {
		return await withTimeout(responseTimeoutMs, work);
	} catch (thrown) {
		if (thrown instanceof ApiError && thrown.code === 404) return null;
		throw gcsError(thrown);
	}
}

/** Converts an error of the client to `store-failed`, and an abort to `cancelled`. */
export function gcsError(thrown: unknown): AnalysisError {
	if (thrown instanceof AnalysisError) return thrown;
	if (thrown instanceof Error && thrown.name === 'AbortError')
		return new AnalysisError('cancelled', 'store', '', { cause: thrown });
	const detail =
		thrown instanceof ApiError && thrown.code
			? `Google Cloud Storage responded with ${thrown.code}`
			: thrown instanceof ResponseTimeout
				? `Google Cloud Storage: ${thrown.message}`
				: '';
	return new AnalysisError('store-failed', 'store', detail, { cause: thrown });
}

/** Google Cloud Storage has not responded in time. */
export class ResponseTimeout extends Error {}

/** Awaits `work`, or throws `ResponseTimeout` after `timeoutMs`: some calls of the library never settle. */
export async function withTimeout<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new ResponseTimeout(`no response in ${timeoutMs / 1000} s`)), timeoutMs);
	});
	try {
		return await Promise.race([work, late]);
	} finally {
		clearTimeout(timer);
	}
}

/** Runs `work`, and once more if the response timed out or stalled. */
export async function retryOnce<T>(work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (thrown) {
		if (!(thrown instanceof ResponseTimeout)) throw thrown;
		return work();
	}
}
