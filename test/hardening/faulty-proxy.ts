import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** The fault that is applied to a request. */
type Fault = 'error' | 'slow' | 'half-answer' | 'half-taken' | 'none';

/** A proxy in front of a store's server that makes it fail. */
export type FaultyProxy = {
	readonly url: string;
	/** Starts to apply faults. */
	begin(): void;
	/** Stops applying faults; returns how often each was applied. */
	pause(): Record<string, number>;
	close(): Promise<void>;
};

/** The share of each fault; all other requests pass. */
const shares: readonly (readonly [Fault, number])[] = [
	['error', 0.15],
	['slow', 0.2],
	['half-answer', 0.08],
	['half-taken', 0.08],
];
const slowMs = 1500;

/** Applies only to the service's client library, not to traffic between a sender and the bucket. */
const isOfService = (req: IncomingMessage) =>
	/gcloud-node|google-api/.test(`${req.headers['user-agent']}${req.headers['x-goog-api-client']}`);

/** Starts the proxy on a free port of this machine. */
export async function startFaultyProxy(target: string, random: () => number): Promise<FaultyProxy> {
	let isBad = false;
	const counts: Record<string, number> = {};
	const choose = (): Fault => {
		let left = random();
		for (const [fault, share] of shares) {
			left -= share;
			if (left < 0) return fault;
		}
		return 'none';
	};
	const server = createServer((req, res) => {
		const fault = isBad && isOfService(req) ? choose() : 'none';
		if (fault !== 'none') counts[fault] = (counts[fault] ?? 0) + 1;
		pass(target, req, res, fault, random).catch(() => res.destroy());
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		begin: () => {
			isBad = true;
		},
		pause: () => {
			isBad = false;
			return counts;
		},
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

async function pass(target: string, req: IncomingMessage, res: ServerResponse, fault: Fault, random: () => number) {
	const chunks: Buffer[] = [];
	for await (const chunk of req) chunks.push(chunk);
	const body = Buffer.concat(chunks);
	if (fault === 'error') return void res.writeHead(random() < 0.5 ? 500 : 503).end('{"error":{"code":503}}');
	if (fault === 'slow') await wait(slowMs * random());
	const { hostname, port } = new URL(target);
	const headers = { ...req.headers, 'content-length': `${body.length}` };
	const out = request({ hostname, port, method: req.method, path: req.url, headers });
	out.on('error', () => res.destroy());
	if (fault === 'half-taken') {
		out.write(body.subarray(0, body.length >> 1));
		await wait(20);
		out.destroy();
		res.destroy();
		return;
	}
	out.end(body);
	const [answer] = (await once(out, 'response')) as [IncomingMessage];
	const parts: Buffer[] = [];
	for await (const chunk of answer) parts.push(chunk);
	const whole = Buffer.concat(parts);
	const { 'transfer-encoding': _, ...rest } = answer.headers;
	res.writeHead(answer.statusCode ?? 500, { ...rest, 'content-length': whole.length });
	if (fault !== 'half-answer') return void res.end(whole);
	res.write(whole.subarray(0, whole.length >> 1), () => res.destroy());
}
