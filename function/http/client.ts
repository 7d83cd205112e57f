import type { IncomingMessage } from 'node:http';
import { ipKeyGenerator } from 'express-rate-limit';
import type { Config } from '../config.ts';
import { AnalysisError } from '../errors.ts';
import type { ApiKey, ApiKeys, Scope } from './api-keys.ts';

/** The sender of a request, identified by API key or by address. */
export type Client = {
	/** The key of the request, expired or not; null = missing or unknown. */
	readonly key: ApiKey | null;
	/** Distinguishes clients for rate limits and idempotency keys; never leaves the process. */
	readonly id: string;
};

/** Creates a function that identifies the sender of a request. */
export function createClientOf(
	keys: ApiKeys,
	config: Pick<Config, 'UNMASK_TRUSTED_PROXIES'>,
): (req: IncomingMessage) => Client {
	return (req) => {
		const key = keys.find(keyOf(req));
		if (key) return { key, id: `key ${key.name}` };
		return { key, id: `address ${ipKeyGenerator(addressOf(req, config.UNMASK_TRUSTED_PROXIES))}` };
	};
}

/** Throws `unauthorised` if the client has no valid key, and `scope-missing` if its key lacks the scope. */
export function checkScope({ key }: Client, scope: Scope, now = Date.now()): void {
	if (key === null) throw new AnalysisError('unauthorised', 'request');
	if (key.expiresAt !== undefined && Date.parse(key.expiresAt) <= now)
		throw new AnalysisError('unauthorised', 'request', `this key expired at ${key.expiresAt}`);
	if (!key.scopes.includes(scope)) throw new AnalysisError('scope-missing', 'request', `needed: ${scope}`);
}

/** The key in `Authorization: Bearer KEY` or `x-api-key: KEY`; empty if there is none. */
function keyOf(req: IncomingMessage): string {
	const bearer = /^Bearer +(\S+) *$/i.exec(req.headers.authorization ?? '')?.[1];
	const header = req.headers['x-api-key'];
	return bearer ?? (typeof header === 'string' ? header : '');
}

/** The sender's address; behind `proxies` proxies, the address that the outermost one saw. Earlier entries of the header may be forged. */
function addressOf(req: IncomingMessage, proxies: number): string {
	const forwarded = req.headers['x-forwarded-for'];
	const hops = (Array.isArray(forwarded) ? forwarded.join(',') : (forwarded ?? '')).split(',');
	const seen = proxies > 0 ? hops.at(-proxies)?.trim() : undefined;
	return seen || req.socket.remoteAddress || '';
}
