import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { AnalysisError } from '../errors.ts';

/** Listens; the address under which it is reached from this machine. Throws `environment` where the port or the host cannot be had. */
export async function listen(server: Server, { PORT, HOST }: Pick<Config, 'PORT' | 'HOST'>): Promise<string> {
	server.listen(PORT, HOST);
	try {
		await once(server, 'listening');
	} catch (cause) {
		const { code, message } = cause as NodeJS.ErrnoException;
		const sentence =
			code === 'EADDRINUSE'
				? `port ${PORT} is in use by another program; --port N takes another one`
				: code === 'EACCES'
					? `port ${PORT} may not be used by this user; --port N takes another one`
					: `cannot listen at ${HOST}: ${message}`;
		throw new AnalysisError('environment', 'environment', sentence, { cause });
	}
	const { port, family } = server.address() as AddressInfo;
	const isAny = ['127.0.0.1', '0.0.0.0', '::', '::1', 'localhost'].includes(HOST);
	return `http://${isAny ? 'localhost' : family === 'IPv6' ? `[${HOST}]` : HOST}:${port}`;
}

const flushMs = 1000;

/** Closes the server; what is being written has a moment to arrive. */
export async function closeServer(server: Server): Promise<void> {
	const closed = new Promise((done) => server.close(done));
	const sweep = setInterval(() => server.closeIdleConnections(), 20); // one becomes idle when its answer has ended
	await Promise.race([closed, wait(flushMs, undefined, { ref: false })]);
	clearInterval(sweep);
	server.closeAllConnections();
	await closed;
}
