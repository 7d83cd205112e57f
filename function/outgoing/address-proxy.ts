import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { AnalysisError } from '../errors.ts';
import { guardedRequest, guardedSocket, type OutgoingRules, parseOutgoing } from './guarded-request.ts';

/** Options of a proxy. */
export type AddressProxyOptions = {
	readonly rules: OutgoingRules;
	readonly signal: AbortSignal;
	/** Maximum number of bytes to receive, over all connections. */
	readonly maxBytes: number;
	/** Called with the number of bytes received so far. */
	readonly onBytes: (total: number) => void;
};

/** A proxy for one program. */
export type AddressProxy = {
	/** Its address, with a password that no other program knows. */
	readonly url: string;
	/** The first refusal; null = none. */
	refused(): AnalysisError | null;
	close(): Promise<void>;
};

const responseTimeoutMs = 30_000;

/** Hop-by-hop headers (RFC 9110, section 7.6.1), and those for the proxy. */
const hopByHop = /^(connection|keep-alive|te|trailer|transfer-encoding|upgrade|proxy-.*)$/i;

/** Opens a proxy on the loopback interface for a program that makes its own requests. It applies the rules for links to every address. */
export async function openAddressProxy(options: AddressProxyOptions): Promise<AddressProxy> {
	const proxy = new CheckingProxy(options);
	return { url: await proxy.listen(), refused: () => proxy.refused, close: () => proxy.close() };
}

class CheckingProxy {
	readonly #options: AddressProxyOptions;
	readonly #password = randomBytes(16).toString('hex');
	readonly #sockets = new Set<Socket>();
	readonly #server = createServer((req, res) => void this.#forward(req, res));
	#received = 0;
	refused: AnalysisError | null = null;

	constructor(options: AddressProxyOptions) {
		this.#options = options;
		this.#server.on('connect', (req: IncomingMessage, socket: Socket) => void this.#tunnel(req, socket));
		this.#server.on('connection', (socket) => this.#keep(socket));
	}

	async listen(): Promise<string> {
		this.#server.listen(0, '127.0.0.1');
		await once(this.#server, 'listening');
		return `http://unmask:${this.#password}@127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	async close(): Promise<void> {
		for (const socket of this.#sockets) socket.destroy();
		await new Promise((resolve) => this.#server.close(resolve));
	}

	#keep(socket: Socket): void {
		this.#sockets.add(socket);
		socket.on('error', () => {}).once('close', () => this.#sockets.delete(socket));
	}

	/** Forwards a plain HTTP request, which has an absolute URL. */
	async #forward(req: IncomingMessage, res: ServerResponse): Promise<void> {
		try {
			this.#authorise(req);
			const { method } = req;
			if (method !== 'GET' && method !== 'HEAD')
				throw new AnalysisError('url-refused', 'upload', `${method} is not supported`);
			const { rules, signal } = this.#options;
			const headers = Object.fromEntries(
				Object.entries(req.headers).filter(([name]) => !hopByHop.test(name)),
			) as Record<string, string>;
			const url = parseOutgoing(req.url ?? '');
			const response = await guardedRequest(
				url,
				{ method, headers, signal, responseTimeoutMs, plainHttp: true },
				rules,
			);
			response.on('data', (chunk: Buffer) => this.#count(chunk)).on('error', () => res.destroy());
			res.writeHead(response.statusCode ?? 502, withoutHopByHop(response.headers));
			response.pipe(res);
		} catch (thrown) {
			res.writeHead(this.#statusOf(thrown)).end();
		}
	}

	async #tunnel(req: IncomingMessage, socket: Socket): Promise<void> {
		try {
			this.#authorise(req);
			const remote = await guardedSocket(parseOutgoing(`https://${req.url}`), this.#options);
			this.#keep(remote);
			remote.on('data', (chunk: Buffer) => this.#count(chunk)).once('close', () => socket.destroy());
			socket.once('close', () => remote.destroy());
			socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
			remote.pipe(socket).pipe(remote);
		} catch (thrown) {
			socket.end(`HTTP/1.1 ${this.#statusOf(thrown)} Refused\r\nContent-Length: 0\r\n\r\n`);
		}
	}

	#authorise({ headers }: IncomingMessage): void {
		const expected = Buffer.from(`Basic ${Buffer.from(`unmask:${this.#password}`).toString('base64')}`);
		const given = Buffer.from(headers['proxy-authorization'] ?? '');
		if (given.length !== expected.length || !timingSafeEqual(given, expected))
			throw new AnalysisError('unauthorised', 'upload');
	}

	#count({ length }: Buffer): void {
		const { maxBytes, onBytes } = this.#options;
		this.#received += length;
		onBytes(this.#received);
		if (this.#received <= maxBytes) return;
		this.refused ??= new AnalysisError('file-too-large', 'upload', `more than ${maxBytes} bytes arrived`);
		for (const socket of this.#sockets) socket.destroy();
	}

	#statusOf(thrown: unknown): number {
		const error = thrown instanceof AnalysisError ? thrown : new AnalysisError('url-unreachable', 'upload');
		if (error.code === 'unauthorised') return 407;
		if (error.code === 'url-refused') this.refused ??= error;
		return error.code === 'url-refused' ? 403 : 502;
	}
}

const withoutHopByHop = (headers: IncomingMessage['headers']): OutgoingHttpHeaders =>
	Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.test(name)));
