import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ipKeyGenerator } from 'express-rate-limit';
import type { Config } from '../config.ts';

/** Who sends a request: the key that it showed, or the address that it came from. */
export type Client = {
	/** Whether it may do what needs a key; true where no keys are used. */
	readonly authorised: boolean;
	/** Tells clients apart for limits and idempotency keys; never leaves the process. */
	readonly id: string;
};

/** Who sends a request, by the digests of the accepted keys. */
export function createClientOf(
	config: Pick<Config, 'UNMASK_API_KEY_HASHES' | 'UNMASK_TRUSTED_PROXIES'>,
): (req: IncomingMessage) => Client {
	const digests = (config.UNMASK_API_KEY_HASHES?.split(',') ?? []).map((hex) => Buffer.from(hex, 'hex'));
	return (req) => {
		const shown = createHash('sha256').update(keyOf(req)).digest();
		// every digest is compared, so that the time tells nothing of which one it was
		const known = digests.filter((digest) => timingSafeEqual(digest, shown)).length > 0;
		if (known) return { authorised: true, id: `key ${shown.toString('hex')}` };
		const address = ipKeyGenerator(addressOf(req, config.UNMASK_TRUSTED_PROXIES));
		return { authorised: digests.length === 0, id: `address ${address}` };
	};
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
