import type { IncomingMessage } from 'node:http';
import { ipKeyGenerator } from 'express-rate-limit';
import type { Config } from '../config.ts';
import { AnalysisError } from '../errors.ts';
import type { ApiKey, ApiKeys, Scope } from './api-keys.ts';

/** Who sends a request: the key that it showed, or the address that it came from. */
export type Client = {
	/** The key that it showed, expired or not; null = none that is known. */
	readonly key: ApiKey | null;
	/** Tells clients apart for limits and idempotency keys; never leaves the process. */
	readonly id: string;
};

/** Who sends a request, by the accepted keys. */
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

/** Throws `unauthorised` where a client shows no key that is valid, `scope-missing` where its key may not do this. */
export function checkScope({ key }: Client, scope: Scope, now = Date.now()): void {
	if (key === null) throw new AnalysisError('unauthorised', 'request');
	if (key.expiresAt !== undefined && Date.parse(key.expiresAt) <= now)
		throw new AnalysisError('unauthorised', 'request', `this key expired at ${key.expiresAt}`);
	if (!key.scopes.includes(scope)) throw new AnalysisError('scope-missing', 'request', `needed: ${scope}`);
}

/** `Authorization: Bearer KEY` or `x-api-key: KEY`; empty when there is none. */
function keyOf(req: IncomingMessage): string {
	const bearer = /^Bearer +(\S+) *$/i.exec(req.headers.authorization ?? '')?.[1];
	const header = req.headers['x-api-key'];
	return bearer ?? (typeof header === 'string' ? header : '');
}

/** The sender's address; behind `proxies` proxies, the one that the outermost of them saw. What stands before it in the header may be invented. */
function addressOf(req: IncomingMessage, proxies: number): string {
	const forwarded = req.headers['x-forwarded-for'];
	const hops = (Array.isArray(forwarded) ? forwarded.join(',') : (forwarded ?? '')).split(',');
	const seen = proxies > 0 ? hops.at(-proxies)?.trim() : undefined;
	return seen || req.socket.remoteAddress || '';
}
