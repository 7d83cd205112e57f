import { ApiError, IdempotencyStrategy, Storage } from '@google-cloud/storage';
import { AnalysisError } from '../errors.ts';

/** How Google Cloud Storage, or a server of the same API, is reached. */
export type GcsAccess = {
	/** Address of another server of the same API, which is asked without credentials; null = Google's with the machine's own. */
	readonly apiEndpoint: string | null;
	/** A service account's key; by default the credentials of the machine are found by Google's rules. */
	readonly credentials?: { readonly client_email: string; readonly private_key: string };
};

/** A client that gives up on a request after 30 s and tries again for at most a minute. */
export function openGcs({ apiEndpoint, credentials }: GcsAccess): Storage {
	const client = new Storage({
		...(apiEndpoint === null ? {} : { apiEndpoint, projectId: 'none' }),
		...(credentials ? { credentials } : {}),
		timeout: 30_000,
		retryOptions: {
			maxRetries: 3,
			totalTimeout: 60,
			maxRetryDelay: 10,
			// Every write here puts the same bytes in the same place, so that doing it twice does no harm.
			idempotencyStrategy: IdempotencyStrategy.RetryAlways,
		},
	});
	// The library reads STORAGE_EMULATOR_HOST too and then leaves the API's path out, which no server answers.
	client.baseUrl = `${client.apiEndpoint}/storage/v1`;
	return client;
}

/** What `work` gives; null when the object is not there. Any other error is `store-failed` with its cause. */
export async function nullIfAbsent<T>(work: Promise<T>): Promise<T | null> {
	try {
		return await work;
	} catch (thrown) {
		if (thrown instanceof ApiError && thrown.code === 404) return null;
		throw gcsError(thrown);
	}
}

/** An error of the client as `store-failed`, an abort as `cancelled`. */
export function gcsError(thrown: unknown): AnalysisError {
	if (thrown instanceof AnalysisError) return thrown;
	if (thrown instanceof Error && thrown.name === 'AbortError')
		return new AnalysisError('cancelled', 'store', '', { cause: thrown });
	const detail = thrown instanceof ApiError && thrown.code ? `Google Cloud Storage answered ${thrown.code}` : '';
	return new AnalysisError('store-failed', 'store', detail, { cause: thrown });
}

/** What `work` gives, or an error after `timeoutMs`: for the calls that the library does not bound. */
export async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs);
	});
	try {
		return await Promise.race([work, late]);
	} finally {
		clearTimeout(timer);
	}
}
