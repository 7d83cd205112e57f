import { createServer, type Server } from 'node:http';
import type { Api } from './create-api.ts';

/** Creates a plain HTTP server for the service, with time limits for headers. */
export function createApiServer(api: Api, { headersTimeoutMs = 10_000 } = {}): Server {
	return createServer(
		{
			headersTimeout: headersTimeoutMs,
			connectionsCheckingInterval: Math.min(5000, headersTimeoutMs),
			requestTimeout: 0, // an upload may take hours; createApi drops slow senders
			keepAliveTimeout: 65_000, // longer than that of proxies in front, or they reuse a closing connection
			maxHeaderSize: 16 * 1024,
			keepAlive: true,
		},
		api,
	);
}
