import { ApiError, IdempotencyStrategy, Storage } from '@google-cloud/storage';
import { AnalysisError } from '../errors.ts';

/** How Google Cloud Storage, or a server of the same API, is reached. */
export type GcsAccess = {
	/** Address of another server of the same API, which is asked without credentials; null = Google's with the machine's own. */
	readonly apiEndpoint: string | null;
	/** A service account's key; by default the credentials of the machine are found by Google's rules. */
	readonly credentials?: { readonly client_email: string; readonly private_key: string };
	/** Milliseconds after which the rest of an answer is no longer waited for. */
	readonly silenceMs?: number;
};

/** The longest that one call takes, milliseconds, tries and pauses between them included; bytes that keep coming may take longer. */
export const answerMs = 60_000;

/**
 * A client that gives up on a request after 15 s and tries again three times. Its own end of the tries is not to be relied on: past
 * `totalTimeout` the library says nothing at all any more, hence `within`.
 */
export function openGcs({ apiEndpoint, credentials }: GcsAccess): Storage {
	const client = new Storage({
		...(apiEndpoint === null ? {} : { apiEndpoint, projectId: 'none' }),
		...(credentials ? { credentials } : {}),
		timeout: 15_000,
		retryOptions: {
			maxRetries: 3,
			totalTimeout: answerMs / 1000,
			maxRetryDelay: 10,
			// Every write here puts the same bytes in the same place, so that doing it twice does no harm.
			idempotencyStrategy: IdempotencyStrategy.RetryAlways,
		},
	});
	// The library reads STORAGE_EMULATOR_HOST too and then leaves the API's path out, which no server answers.
	client.baseUrl = `${client.apiEndpoint}/storage/v1`;
	return client;
}

/** What `work` gives; null when the object is not there. Any other error, and no answer in time, is `store-failed` with its cause. */
export async function nullIfAbsent<T>(work: Promise<T>): Promise<T | null> {
	try {
		return await within(answerMs, work);
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
	const detail =
		thrown instanceof ApiError && thrown.code
			? `Google Cloud Storage answered ${thrown.code}`
			: thrown instanceof Late
				? `Google Cloud Storage: ${thrown.message}`
				: '';
	return new AnalysisError('store-failed', 'store', detail, { cause: thrown });
}

/** Google Cloud Storage has not answered in time. */
export class Late extends Error {}

/** What `work` gives, or `Late` after `timeoutMs`: the library leaves some calls without any end. */
export async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new Late(`no answer in ${timeoutMs / 1000} s`)), timeoutMs);
	});
	try {
		return await Promise.race([work, late]);
	} finally {
		clearTimeout(timer);
	}
}

/** What `work` gives; it is begun once more where the first answer did not come or was broken off. */
export async function twice<T>(work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (thrown) {
		if (!(thrown instanceof Late)) throw thrown;
		return work();
	}
}
