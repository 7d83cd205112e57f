import { createServer, type Server } from 'node:http';
import type { Api } from './create-api.ts';

/** A plain server around the service, with its own limits of time for headers. */
export function createApiServer(api: Api, { headersTimeoutMs = 10_000 } = {}): Server {
	return createServer(
		{
			headersTimeout: headersTimeoutMs,
			connectionsCheckingInterval: Math.min(5000, headersTimeoutMs),
			requestTimeout: 0, // an upload may take hours; slow senders are given up by createApi
			keepAliveTimeout: 65_000, // longer than the proxies' in front, or they reuse what is being closed
			maxHeaderSize: 16 * 1024,
			keepAlive: true,
		},
		api,
	);
}
