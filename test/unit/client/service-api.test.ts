import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createApi } from '../../../function/client/service-api.ts';
import type { ServiceEvent } from '../../../function/contract/events.ts';
import type { AnalysisRequest } from '../../../function/contract/plan.ts';
import { planFromDepth } from '../../../spa/lib/depth.ts';
import { gate } from '../../tools/test-machine.ts';

const id = 'b'.repeat(32);
const request: AnalysisRequest = { uploadId: id, plan: planFromDepth('all'), keepUpload: false, keepReport: true };
const event = (framesDone: number): ServiceEvent => ({ type: 'progress', framesDone, framesTotal: null, faces: 0 });
const failed: ServiceEvent = {
	type: 'failed',
	fileName: 'çözüm – 试.mp4',
	error: { code: 'truncated', stage: 'probe', message: 'The file is incomplete.', retryable: false },
};

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
	for (const close of closers.splice(0)) await close();
});

type Seen = { method: string | undefined; url: string | undefined; headers: IncomingMessage['headers']; body: string };

/** A server on a free port that responds as the test says and records the requests. */
async function serve(answer: (response: ServerResponse, request: IncomingMessage) => void) {
	const seen: Seen[] = [];
	const server = createServer((incoming, response) => {
		let body = '';
		incoming.on('data', (piece) => {
			body += piece;
		});
		incoming.on('end', () => {
			seen.push({ method: incoming.method, url: incoming.url, headers: incoming.headers, body });
			answer(response, incoming);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	closers.push(async () => {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	});
	return { seen, base: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const problem = (response: ServerResponse, status: number, code: string, headers: Record<string, string> = {}) =>
	response.writeHead(status, { 'Content-Type': 'application/problem+json', ...headers }).end(
		JSON.stringify({
			type: `urn:unmask:problem:${code}`,
			title: 'Title.',
			status,
			detail: 'What was found.',
			code,
			retryable: status === 429,
			requestId: '1',
		}),
	);

async function gather(events: AsyncIterable<ServiceEvent>) {
	const seen: ServiceEvent[] = [];
	const error = await (async () => {
		for await (const next of events) seen.push(next);
		return null;
	})().catch((thrown: unknown) => thrown);
	return { seen, error };
}

const line = (value: ServiceEvent) => `${JSON.stringify(value)}\n`;

describe('createApi', () => {
	it('reads events from lines that are split anywhere, skips keep-alives, and stops at the last event', async () => {
		const { base, seen } = await serve((response) => {
			const bytes = Buffer.from(`${line(event(1))}\n\r\n${line(event(2))}${line(failed)}${line(event(99))}`);
			const at = bytes.indexOf('试') + 1; // in the middle of a character
			response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
			response.write(bytes.subarray(0, 10));
			setImmediate(() => {
				response.write(bytes.subarray(10, at));
				setImmediate(() => response.end(bytes.subarray(at)));
			});
		});
		const result = await gather(createApi({ base }).stream(request));
		expect(result).toEqual({ seen: [event(1), event(2), failed], error: null });
		expect(seen[0]).toMatchObject({ method: 'POST', url: '/v1/analyses', headers: { accept: 'application/x-ndjson' } });
		expect(JSON.parse(seen[0]?.body ?? '')).toEqual(request);
	});

	it('yields each event when it arrives, not when the stream ends', async () => {
		const firstRead = gate();
		const { base } = await serve((response) => {
			response.writeHead(200).write(line(event(1)));
			void firstRead.opened.then(() => response.end(line(failed)));
		});
		const events = createApi({ base }).stream(request);
		expect((await events.next()).value).toEqual(event(1));
		firstRead.open();
		expect((await events.next()).value).toEqual(failed);
	});

	it('rejects with stream-cut if the events end without a last event, also in the middle of a line', async () => {
		for (const text of [line(event(1)), `${line(event(1))}{"type":"rep`]) {
			const { base } = await serve((response) => response.writeHead(200).end(text));
			const { seen, error } = await gather(createApi({ base }).stream(request));
			expect(seen).toEqual([event(1)]);
			expect(error).toMatchObject({ code: 'stream-cut', retryable: true });
		}
	});

	it('rejects with stream-cut if the connection breaks', async () => {
		const { base } = await serve((response) => {
			response.writeHead(200).write(line(event(1)), () => response.destroy());
		});
		const { error } = await gather(createApi({ base }).stream(request));
		expect(error).toMatchObject({ code: 'stream-cut', retryable: true });
	});

	it('closes the connection if the reader leaves', async () => {
		const left = gate();
		const { base } = await serve((response) => {
			response.on('close', left.open);
			response.writeHead(200).write(line(event(1)));
		});
		for await (const _ of createApi({ base }).stream(request)) break;
		await left.opened;
	});

	it('can be aborted while it waits and while it reads', async () => {
		const { base } = await serve((response) => {
			response.writeHead(200).write(line(event(1)));
		});
		const stop = new AbortController();
		const events = createApi({ base }).stream(request, stop.signal);
		await events.next();
		const next = events.next();
		stop.abort();
		await expect(next).rejects.toMatchObject({ name: 'AbortError' });
		await expect(createApi({ base }).models(AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
	});

	it('turns a problem into a ProblemError with the time to wait', async () => {
		const { base } = await serve((response) => problem(response, 429, 'queue-full', { 'Retry-After': '12' }));
		const { error } = await gather(createApi({ base }).stream(request));
		expect(error).toMatchObject({
			code: 'queue-full',
			status: 429,
			retryable: true,
			retryAfterS: 12,
			detail: 'What was found.',
		});
	});

	it('rejects an invalid response with bad-answer', async () => {
		const { base } = await serve((response, { url }) =>
			url === '/v1/models' ? response.end('<html>') : response.writeHead(502).end('<html>'),
		);
		const api = createApi({ base });
		await expect(api.models()).rejects.toMatchObject({ code: 'bad-answer', status: 200 });
		await expect(api.service()).rejects.toMatchObject({ code: 'bad-answer', status: 502, retryable: true });
	});

	it('distinguishes an unreachable service from a machine without a network', async () => {
		const { base } = await serve((response) => response.destroy());
		await expect(createApi({ base }).service()).rejects.toMatchObject({ code: 'service-unreachable', status: null });
		await expect(createApi({ base, isOnline: () => false }).service()).rejects.toMatchObject({ code: 'offline' });
	});

	it('sends the API key that is set at the time of the request, if any', async () => {
		const { base, seen } = await serve((response) => response.end('{}'));
		let key: string | null = null;
		const api = createApi({ base, apiKey: () => key });
		await api.service();
		key = 'k1';
		await api.service();
		expect(seen.map(({ headers }) => headers.authorization)).toEqual([undefined, 'Bearer k1']);
	});

	it('resolves with readiness even if the status is 503', async () => {
		const starting = {
			ready: false,
			state: 'starting',
			provider: null,
			models: [],
			selfTest: null,
			store: 'disk',
			problem: 'Loading.',
		};
		const { base } = await serve((response) => response.writeHead(503).end(JSON.stringify(starting)));
		expect(await createApi({ base }).ready()).toEqual(starting);
		const refusing = await serve((response) => problem(response, 429, 'rate-limited'));
		await expect(createApi({ base: refusing.base }).ready()).rejects.toMatchObject({ code: 'rate-limited' });
	});

	it('starts an upload with its idempotency key', async () => {
		const wanted = { fileName: 'a.mp4', sizeBytes: 5, contentType: 'video/mp4' };
		const upload = { method: 'PUT', url: 'https://store.test/x', headers: {}, resumable: true, expiresAt: '' };
		const { base, seen } = await serve((response) => response.writeHead(201).end(JSON.stringify({ id, upload })));
		expect(await createApi({ base }).createUpload(wanted, 'the-key')).toEqual({ id, upload });
		expect(seen[0]).toMatchObject({ url: '/v1/uploads', headers: { 'idempotency-key': 'the-key' } });
		expect(JSON.parse(seen[0]?.body ?? '')).toEqual(wanted);
	});

	it('ignores a deletion of something missing', async () => {
		const { base, seen } = await serve((response) => problem(response, 404, 'report-not-found'));
		await createApi({ base }).deleteAnalysis(id);
		expect(seen[0]).toMatchObject({ method: 'DELETE', url: `/v1/analyses/${id}` });
		await expect(createApi({ base }).readAnalysis(id)).rejects.toMatchObject({ code: 'report-not-found' });
	});
});
