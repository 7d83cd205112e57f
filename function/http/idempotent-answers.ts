import { createHash } from 'node:crypto';
import { AnalysisError } from '../errors.ts';

/** Responses by client and Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): the same key and request get the same response. */
export type IdempotentAnswers<A> = {
	/** Returns the earlier response for this key, or a new one from `make`; throws `key-reused` if the key came with another request. */
	answer(client: string, key: string, request: unknown, make: () => Promise<A>): Promise<A>;
};

type Kept<A> = { readonly request: string; readonly answer: Promise<A>; untilMs: number };

/** Keeps each response until its `expiresAtMs` (epoch), and at most `limit` in all; the least recently used go first. Failures are not kept. */
export function createIdempotentAnswers<A>(
	limit: number,
	expiresAtMs: (answer: A) => number,
	nowMs: () => number = Date.now,
): IdempotentAnswers<A> {
	const kept = new Map<string, Kept<A>>();
	return {
		answer(client, key, request, make) {
			const name = digestOf([client, key]);
			const digest = digestOf(request);
			const found = kept.get(name);
			kept.delete(name);
			if (found && found.untilMs > nowMs()) {
				kept.set(name, found);
				if (found.request !== digest) throw new AnalysisError('key-reused', 'request');
				return found.answer;
			}
			const entry: Kept<A> = { request: digest, answer: make(), untilMs: Number.POSITIVE_INFINITY };
			kept.set(name, entry);
			const [oldest] = kept.keys();
			if (kept.size > limit && oldest !== undefined) kept.delete(oldest);
			entry.answer.then(
				(answer) => {
					entry.untilMs = expiresAtMs(answer);
				},
				() => {
					if (kept.get(name) === entry) kept.delete(name);
				},
			);
			return entry.answer;
		},
	};
}

const digestOf = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('base64');
