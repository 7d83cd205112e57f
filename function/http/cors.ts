import type { IncomingMessage, ServerResponse } from 'node:http';

/** Sets the CORS headers for allowed origins and answers preflight requests. Returns whether the request has been answered. */
export type AllowOrigins = (req: IncomingMessage, res: ServerResponse) => boolean;

/** Response headers that a page may read. */
const exposedHeaders = 'x-request-id, retry-after, range, location, etag, preference-applied';

/** Request headers that a page may send, to the API and to the disk store. */
const allowedHeaders = 'accept, authorization, content-range, content-type, idempotency-key, prefer, x-api-key';

/** CORS (fetch.spec.whatwg.org#http-cors-protocol) for the origins in UNMASK_ORIGINS only; null = none. */
export function createCors(origins: string | null): AllowOrigins {
	const allowed = parseOrigins(origins);
	return (req, res) => {
		if (allowed.size > 0) res.appendHeader('vary', 'origin');
		const { origin } = req.headers;
		if (origin === undefined || !allowed.has(origin)) return false;
		res.setHeader('access-control-allow-origin', origin);
		res.setHeader('access-control-expose-headers', exposedHeaders);
		if (req.method !== 'OPTIONS' || !req.headers['access-control-request-method']) return false;
		res.writeHead(204, {
			'access-control-allow-methods': 'GET, HEAD, POST, PUT, DELETE',
			'access-control-allow-headers': allowedHeaders,
			'access-control-max-age': '7200',
		});
		res.end();
		return true;
	};
}

/** The origin of the requesting page if it is the service's own or an allowed one; null otherwise. */
export function allowedOrigin(req: IncomingMessage, origins: string | null): string | null {
	const { origin, host } = req.headers;
	if (origin === undefined || !URL.canParse(origin)) return null;
	return new URL(origin).host === host || parseOrigins(origins).has(origin) ? origin : null;
}

const parseOrigins = (origins: string | null): ReadonlySet<string> =>
	new Set((origins ?? '').split(',').flatMap((origin) => origin.trim() || []));
