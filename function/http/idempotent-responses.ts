import { createHash } from 'node:crypto';
import { AnalysisError } from '../errors.ts';

/** Responses by client and Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): the same key and request get the same response. */
export type IdempotentResponses<A> = {
	/** Returns the earlier response for this key, or a new one from `make`; throws `key-reused` if the key came with another request. */
	getOrCreate(client: string, key: string, request: unknown, make: () => Promise<A>): Promise<A>;
};

type Kept<A> = { readonly request: string; readonly response: Promise<A>; untilMs: number };

/** Keeps each response until its `expiresAtMs` (epoch), and at most `limit` in all; the least recently used go first. Failures are not kept. */
export function createIdempotentResponses<A>(
	limit: number,
	expiresAtMs: (response: A) => number,
	nowMs: () => number = Date.now,
): IdempotentResponses<A> {
	const kept = new Map<string, Kept<A>>();
	return {
		getOrCreate(client, key, request, make) {
			const name = digestOf([client, key]);
			const digest = digestOf(request);
			const known = kept.get(name);
			kept.delete(name);
			if (known && known.untilMs > nowMs()) {
				kept.set(name, known);
				if (known.request !== digest) throw new AnalysisError('key-reused', 'request');
				return known.response;
			}
			const entry: Kept<A> = { request: digest, response: make(), untilMs: Number.POSITIVE_INFINITY };
			kept.set(name, entry);
			const [oldest] = kept.keys();
			if (kept.size > limit && oldest !== undefined) kept.delete(oldest);
			entry.response.then(
				(response) => {
					entry.untilMs = expiresAtMs(response);
				},
				() => {
					if (kept.get(name) === entry) kept.delete(name);
				},
			);
			return entry.response;
		},
	};
}

const digestOf = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('base64');
