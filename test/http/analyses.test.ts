import { connect, type Socket } from 'node:net';
import { createParser } from 'eventsource-parser';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { AnalysisEvent, ServiceEvent } from '../../function/contract/events.ts';
import { planSchema } from '../../function/contract/plan.ts';
import type { FaceEntry, Report } from '../../function/contract/report.ts';
import type { Problem } from '../../function/contract/service.ts';
import { AnalysisError, errorTable } from '../../function/errors.ts';
import { failedEvent } from '../../function/worker/failed-event.ts';
import { sampleReports } from '../unit/sample-report.ts';
import { faultOfEvent } from './conformance.ts';
import { codeOf, openTestService, type TestService, type TestServiceOptions } from './open-service.ts';

let service: TestService;
let report: Report;
let video: AnalysisEvent;

beforeAll(async () => {
	// matches the default plan, so that it is returned for it
	const plan = planSchema.parse({ maxDurationS: 60 });
	report = { ...(await sampleReports.fake()), fileName: 'holiday.mp4', plan };
	video = { type: 'video', fileName: 'holiday.mp4', video: report.video };
});
afterEach(() => service.close());

const open = async (options: TestServiceOptions = {}) => {
	service = await openTestService(options);
	return service;
};

const ask = (uploadId: string, accept: string, signal?: AbortSignal) =>
	fetch(`${service.url}/v1/analyses`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', accept },
		body: JSON.stringify({ uploadId }),
		...(signal && { signal }),
	});

/** The events of an NDJSON stream. */
async function readLines(answer: Response): Promise<ServiceEvent[]> {
	return (await answer.text())
		.split('\n')
		.filter((line) => line !== '')
		.map(eventOf);
}

function eventOf(text: string): ServiceEvent {
	expect(faultOfEvent(text)).toBeNull();
	return JSON.parse(text) as ServiceEvent;
}

const types = (events: readonly ServiceEvent[]) => events.map(({ type }) => type);

describe('an event stream', () => {
	test('sends server-sent events with type and data, the report last', async () => {
		await open();
		const id = await service.upload();
		const asked = ask(id, 'text/event-stream');
		const job = await service.fake.job(0);
		expect(job.plan.maxDurationS).toBe(60);
		job.emit(video);
		job.emit({ type: 'report', report });
		const answer = await asked;
		expect(answer.headers.get('content-type')).toBe('text/event-stream');
		expect(answer.headers.get('cache-control')).toBe('no-store');
		const events: { event: string | undefined; data: ServiceEvent }[] = [];
		const parser = createParser({ onEvent: ({ event, data }) => events.push({ event, data: eventOf(data) }) });
		parser.feed(await answer.text());
		expect(events.map(({ event }) => event)).toEqual(['accepted', 'video', 'report']);
		expect(events.map(({ data }) => data.type)).toEqual(['accepted', 'video', 'report']);
		expect(events[0]?.data).toEqual({ type: 'accepted', id });
		expect(events[2]?.data).toEqual({ type: 'report', report });
	});

	test('sends lines of JSON as they happen, while health, models and reports still respond', async () => {
		await open();
		const done = await service.upload();
		await service.store.writeResult(done, report);
		const answer = await ask(await service.upload(), 'application/x-ndjson');
		expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
		const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
		expect((await reader?.read())?.value).toMatch(/"accepted"/);
		const job = await service.fake.job(0);
		// the analysis is running, and ends only after these responses
		for (const path of ['/healthz', '/readyz', '/v1/models', '/v1/service', `/v1/analyses/${done}`])
			expect((await service.call('GET', path)).status).toBe(200);
		expect(service.analyses.status().running).toBe(1);
		job.emit(video);
		expect((await reader?.read())?.value).toMatch(/"video"/);
		job.emit({ type: 'report', report });
		expect((await reader?.read())?.value).toMatch(/"report"/);
		expect((await reader?.read())?.done).toBe(true);
	});

	test('sends keep-alives while nothing happens', async () => {
		await open({ keepAliveMs: 5 });
		for (const [accept, empty] of [
			['text/event-stream', /^: .*\n\n$/],
			['application/x-ndjson', /^\n$/],
		] as const) {
			const abort = new AbortController();
			const answer = await ask(await service.upload(), accept, abort.signal);
			const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
			for (let text = ''; !empty.test(text); ) text = (await reader?.read())?.value ?? '';
			abort.abort();
		}
	});

	test('ends with a failure; one caused by the file is then stored in place of the report', async () => {
		await open();
		const id = await service.upload();
		const asked = ask(id, 'application/x-ndjson');
		(await service.fake.job(0)).emit(failedEvent('holiday.mp4', new AnalysisError('not-a-video', 'probe')));
		const events = await readLines(await asked);
		expect(types(events)).toEqual(['accepted', 'failed']);
		const stored = await service.call('GET', `/v1/analyses/${id}`);
		expect(stored.status).toBe(422);
		expect(stored.json<Problem>()).toMatchObject({ code: 'not-a-video', title: errorTable['not-a-video'].sentence });
	});

	test('gets a last event if the analysis ends without one', async () => {
		await open();
		const asked = ask(await service.upload(), 'application/x-ndjson');
		(await service.fake.job(0)).stop();
		const last = (await readLines(await asked)).at(-1);
		expect(last).toMatchObject({ type: 'failed', error: { code: 'internal' } });
	});

	test('reports the position in the queue', async () => {
		await open();
		const first = ask(await service.upload(), 'application/x-ndjson');
		const job = await service.fake.job(0);
		const second = ask(await service.upload(), 'application/x-ndjson');
		const reader = (await second).body?.pipeThrough(new TextDecoderStream()).getReader();
		let received = '';
		while (!received.includes('queued')) received += (await reader?.read())?.value ?? '';
		expect(received.trim().split('\n').map(eventOf)).toEqual([
			expect.objectContaining({ type: 'accepted' }),
			{ type: 'queued', position: 1 },
		]);
		job.emit({ type: 'report', report });
		await (await first).text();
		(await service.fake.job(1)).emit({ type: 'report', report });
		while (!received.includes('report')) received += (await reader?.read())?.value ?? '';
	});
});

describe('a single report', () => {
	test('is sent as JSON, also to clients that accept anything; then it is stored and the upload deleted', async () => {
		await open();
		const id = await service.upload();
		const asked = service.call('POST', '/v1/analyses', { body: { uploadId: id }, headers: { accept: '*/*' } });
		(await service.fake.job(0)).emit({ type: 'report', report });
		const answer = await asked;
		expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
		expect(answer.json()).toEqual(report);
		expect((await service.call('GET', `/v1/analyses/${id}`)).json()).toEqual(report);
		expect(await service.store.findUpload(id)).toBeNull();
	});

	test('is a problem if the analysis fails', async () => {
		await open();
		const asked = service.call('POST', '/v1/analyses', { body: { uploadId: await service.upload() } });
		const error = new AnalysisError('inference-died', 'score', 'by SIGSEGV: /usr/lib/secret');
		(await service.fake.job(0)).emit(failedEvent('holiday.mp4', error));
		const answer = await asked;
		expect(answer.status).toBe(500);
		expect(answer.json<Problem>()).toMatchObject({ code: 'inference-died', retryable: true });
	});

	test('does not reveal internal errors', async () => {
		await open();
		const asked = service.call('POST', '/v1/analyses', { body: { uploadId: await service.upload() } });
		(await service.fake.job(0)).emit(failedEvent('x', new AnalysisError('internal', 'score', '/srv/me/secret')));
		const answer = await asked;
		expect(codeOf(answer)).toBe('internal');
		expect(answer.text).not.toContain('secret');
	});
});

test.each([
	['text/event-stream', 'text/event-stream'],
	['application/x-ndjson', 'application/x-ndjson'],
	['application/json', 'application/json; charset=utf-8'],
	['text/html, application/x-ndjson;q=0.5', 'application/x-ndjson'],
	['application/json;q=0.2, text/event-stream;q=0.9', 'text/event-stream'],
	['text/*', 'text/event-stream'],
	['text/event-stream;q=0, */*;q=0.1', 'application/json; charset=utf-8'],
])('Accept: %s gets %s', async (accept, type) => {
	await open();
	const id = await service.upload();
	await service.store.writeResult(id, report);
	const answer = await ask(id, accept);
	expect(answer.status).toBe(200);
	expect(answer.headers.get('content-type')).toBe(type);
	await answer.text();
});

describe('requests refused at once', () => {
	test('no supported media type', async () => {
		await open();
		const asked = {
			body: { uploadId: await service.upload() },
			headers: { accept: 'text/html, application/json;q=0' },
		};
		const answer = await service.call('POST', '/v1/analyses', asked);
		expect([answer.status, codeOf(answer)]).toEqual([406, 'not-acceptable']);
	});

	test('an upload that was never started, or is not complete', async () => {
		await open();
		const none = await service.call('POST', '/v1/analyses', { body: { uploadId: '0'.repeat(32) } });
		expect([none.status, codeOf(none)]).toEqual([404, 'upload-not-found']);
		const asked = { fileName: 'a.mp4', sizeBytes: 9, contentType: 'video/mp4' };
		const { id } = (await service.call('POST', '/v1/uploads', { body: asked })).json<{ id: string }>();
		const begun = await service.call('POST', '/v1/analyses', { body: { uploadId: id } });
		expect([begun.status, codeOf(begun)]).toEqual([409, 'upload-incomplete']);
	});

	test.each([
		['no body', undefined],
		['no id', {}],
		['a malformed id', { uploadId: '../../etc/passwd' }],
		['an unknown field', { uploadId: '0'.repeat(32), priority: 1 }],
		['too few frames', { uploadId: '0'.repeat(32), plan: { frames: 3 } }],
		['a file of its own', { uploadId: '0'.repeat(32), plan: { path: '/etc/passwd' } }],
		['an unknown tier', { uploadId: '0'.repeat(32), plan: { tier: 'slow' } }],
		['a model and a tier', { uploadId: '0'.repeat(32), plan: { model: 'one', tier: 'fast' } }],
		['a list', []],
	])('%s', async (_, body) => {
		await open();
		const headers = { 'content-type': 'application/json' };
		const answer = await service.call('POST', '/v1/analyses', { body, headers });
		expect([answer.status, codeOf(answer)]).toEqual([400, 'usage']);
	});

	test('another plan while it is running, an unknown model, a tier that is not installed, and a full queue', async () => {
		await open({ queue: 0 });
		const abort = new AbortController();
		const id = await service.upload();
		await ask(id, 'application/x-ndjson', abort.signal);
		await service.fake.job(0);
		const other = await service.call('POST', '/v1/analyses', { body: { uploadId: id, plan: { frames: 10 } } });
		expect([other.status, codeOf(other)]).toEqual([409, 'analysis-running']);
		const next = await service.upload();
		const unknown = await service.call('POST', '/v1/analyses', { body: { uploadId: next, plan: { model: 'three' } } });
		expect([unknown.status, codeOf(unknown)]).toEqual([400, 'model-unknown']);
		const thorough = await service.call('POST', '/v1/analyses', {
			body: { uploadId: next, plan: { tier: 'thorough' } },
		});
		expect([thorough.status, codeOf(thorough)]).toEqual([400, 'tier-missing']);
		const full = await service.call('POST', '/v1/analyses', { body: { uploadId: next } });
		expect([full.status, codeOf(full)]).toEqual([429, 'queue-full']);
		expect(Number(full.headers.get('retry-after'))).toBeGreaterThan(0);
		abort.abort();
	});

	test('any analysis while the models cannot be used', async () => {
		await open();
		const id = await service.upload();
		Object.assign(service.fake.status, {
			state: 'failed',
			problemCode: 'model-missing',
			problem: 'A model file is missing. (/srv/me/models)',
		});
		const answer = await service.call('POST', '/v1/analyses', { body: { uploadId: id } });
		expect([answer.status, codeOf(answer)]).toEqual([503, 'model-missing']);
		const ready = await service.call('GET', '/readyz');
		expect(ready.status).toBe(503);
		expect(ready.json()).toMatchObject({ ready: false, state: 'failed', problem: 'A model file is missing.' });
	});
});

describe('a client that disconnects', () => {
	test.each(['text/event-stream', 'application/x-ndjson', 'application/json'])(
		'cancels the analysis: %s',
		async (accept) => {
			await open();
			const abort = new AbortController();
			// this client disconnects
			const asked = ask(await service.upload(), accept, abort.signal).catch(() => null);
			const job = await service.fake.job(0);
			const cancelled = new Promise((resolve) => job.signal.addEventListener('abort', resolve));
			abort.abort();
			await cancelled;
			await asked;
		},
	);

	test('does not cancel if another one is still reading', async () => {
		await open();
		const id = await service.upload();
		const abort = new AbortController();
		await ask(id, 'application/x-ndjson', abort.signal);
		const stays = await ask(id, 'application/x-ndjson');
		const job = await service.fake.job(0);
		abort.abort();
		await until(() => service.lines.some((line) => line.includes('"status":499')));
		expect(job.signal.aborted).toBe(false);
		job.emit({ type: 'report', report });
		expect(types(await readLines(stays))).toEqual(['accepted', 'report']);
	});
});

describe('a client that stops reading', () => {
	/** Sends a request and does not read the response. */
	async function neverRead(method: string, path: string, body = ''): Promise<Socket> {
		const socket = connect(service.port, '127.0.0.1');
		const head = `Host: x\r\nContent-Type: application/json\r\nAccept: application/x-ndjson, application/json`;
		socket.on('error', () => {}).pause();
		socket.write(`${method} ${path} HTTP/1.1\r\n${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
		return socket;
	}
	const isGivenUp = (route: string) =>
		expect
			.poll(() => service.lines.some((line) => line.includes(`"requestUrl":"${route}","status":499`)), soon)
			.toBe(true);
	const soon = { timeout: 15_000 };

	test('loses its connection when it should read a report', async () => {
		await open({ stallMs: 100 });
		const id = await service.upload();
		await service.store.writeResult(id, { ...report, fileName: 'x'.repeat(16e6) });
		const socket = await neverRead('GET', `/v1/analyses/${id}`);
		await isGivenUp('/v1/analyses/{id}');
		socket.destroy();
	});

	test('no longer counts as a reader of events, so the analysis is cancelled', async () => {
		await open({ keepAliveMs: 25 });
		const socket = await neverRead('POST', '/v1/analyses', JSON.stringify({ uploadId: await service.upload() }));
		const job = await service.fake.job(0);
		const face = { ...(report.tracks[0]?.faces[0] as FaceEntry) };
		for (let k = 0; k < 16; k++) job.emit({ type: 'face', trackId: 1, face, cropJpegBase64: 'x'.repeat(1e6) });
		await isGivenUp('/v1/analyses');
		await expect.poll(() => job.signal.aborted, soon).toBe(true);
		socket.destroy();
	});
});

describe('deleting', () => {
	test('cancels a running analysis, and leaves neither upload nor report', async () => {
		await open();
		const id = await service.upload();
		const asked = ask(id, 'application/x-ndjson');
		await service.fake.job(0);
		expect((await service.call('DELETE', `/v1/analyses/${id}`)).status).toBe(204);
		expect((await readLines(await asked)).at(-1)).toMatchObject({ type: 'failed', error: { code: 'cancelled' } });
		expect(await service.store.findUpload(id)).toBeNull();
		expect((await service.call('DELETE', `/v1/analyses/${id}`)).status).toBe(404);
	});

	test('removes a stored report', async () => {
		await open();
		const id = '1'.repeat(32);
		await service.store.writeResult(id, report);
		expect((await service.call('DELETE', `/v1/analyses/${id}`)).status).toBe(204);
		const gone = await service.call('GET', `/v1/analyses/${id}`);
		expect([gone.status, codeOf(gone)]).toEqual([404, 'report-not-found']);
	});
});

test('a stopping service refuses new analyses, ends running ones with an event, and is not ready', async () => {
	await open();
	const id = await service.upload();
	const next = await service.upload();
	const asked = ask(id, 'application/x-ndjson');
	await service.fake.job(0);
	const drained = service.instance.drain(0);
	expect((await readLines(await asked)).at(-1)).toMatchObject({ type: 'failed', error: { code: 'shutting-down' } });
	await drained;
	const ready = await service.call('GET', '/readyz');
	expect([ready.status, ready.json<{ state: string }>().state]).toEqual([503, 'stopping']);
	expect((await service.call('GET', '/healthz')).status).toBe(200);
	const begun = await service.call('POST', '/v1/analyses', { body: { uploadId: next } });
	expect([begun.status, codeOf(begun)]).toEqual([503, 'shutting-down']);
	const asks = { fileName: 'a.mp4', sizeBytes: 9, contentType: 'video/mp4' };
	const upload = await service.call('POST', '/v1/uploads', { body: asks });
	expect([upload.status, upload.headers.get('retry-after')]).toEqual([503, '5']);
});

/** Resolves once the condition holds; only the test's own time limit applies. */
async function until(holds: () => boolean): Promise<void> {
	while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
