import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { AnalysisError } from '../errors.ts';

/** Starts listening and returns the address for this machine. Throws `environment` if the port or host is not available. */
export async function listen(server: Server, { PORT, HOST }: Pick<Config, 'PORT' | 'HOST'>): Promise<string> {
	server.listen(PORT, HOST);
	try {
		await once(server, 'listening');
	} catch (cause) {
		const { code, message } = cause as NodeJS.ErrnoException;
		const sentence =
			code === 'EADDRINUSE'
				? `port ${PORT} is in use by another program; choose another one with --port N`
				: code === 'EACCES'
					? `this user may not use port ${PORT}; choose another one with --port N`
					: `cannot listen at ${HOST}: ${message}`;
		throw new AnalysisError('environment', 'environment', sentence, { cause });
	}
	const { port, family } = server.address() as AddressInfo;
	const isAny = ['127.0.0.1', '0.0.0.0', '::', '::1', 'localhost'].includes(HOST);
	return `http://${isAny ? 'localhost' : family === 'IPv6' ? `[${HOST}]` : HOST}:${port}`;
}

const flushMs = 1000;

/** Closes the server, giving responses a moment to be sent. */
export async function closeServer(server: Server): Promise<void> {
	const closed = new Promise((done) => server.close(done));
	const sweep = setInterval(() => server.closeIdleConnections(), 20); // a connection becomes idle when its response has ended
	await Promise.race([closed, wait(flushMs, undefined, { ref: false })]);
	clearInterval(sweep);
	server.closeAllConnections();
	await closed;
}
