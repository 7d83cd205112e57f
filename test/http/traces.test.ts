import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { AnalysisError } from '../../function/errors.ts';
import { createSpanSink, type Span } from '../../function/http/export-spans.ts';
import { traceFields } from '../../function/http/log.ts';
import { traceOfRequest } from '../../function/http/trace-of-request.ts';
import { failedEvent } from '../../function/worker/failed-event.ts';
import { newSpan } from '../../function/worker/trace.ts';
import { openTestService, type TestService } from './open-service.ts';

let service: TestService | undefined;
afterEach(() => service?.close());

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';
const traceOf = (headers: Record<string, string>) => traceOfRequest({ headers } as unknown as IncomingMessage);

test.each([
	['W3C', { traceparent: `00-${traceId}-${spanId}-01` }, { traceId, parentId: spanId, isSampled: true }],
	['W3C, not recorded', { traceparent: `00-${traceId}-${spanId}-00` }, { traceId, parentId: spanId, isSampled: false }],
	[
		'Google',
		{ 'x-cloud-trace-context': `${traceId}/1;o=1` },
		{ traceId, parentId: '0000000000000001', isSampled: true },
	],
	['Google, id alone', { 'x-cloud-trace-context': traceId }, { traceId, parentId: null, isSampled: false }],
])('a request continues the trace of its sender: %s', (_, headers, expected) => {
	expect(traceOf(headers)).toMatchObject({ ...expected, spanId: expect.stringMatching(/^[0-9a-f]{16}$/) });
});

test.each([
	{},
	{ traceparent: 'nonsense' },
	{ traceparent: `00-${'0'.repeat(32)}-${spanId}-01` },
	{ 'x-cloud-trace-context': 'GET /' },
	{ 'x-cloud-trace-context': `${traceId.slice(1)}/99999999999999999999999` },
])('a request without a trace starts one: %o', (headers) => {
	const trace = traceOf(headers as Record<string, string>);
	expect(trace).toMatchObject({ traceId: expect.stringMatching(/^[0-9a-f]{32}$/), parentId: null, isSampled: true });
	expect(trace.traceId).not.toBe(traceId);
});

test('log lines name the trace in the form of Cloud Logging', () => {
	expect(traceFields({ traceId, spanId, parentId: null, isSampled: true }, 'my-project')).toEqual({
		'logging.googleapis.com/trace': `projects/my-project/traces/${traceId}`,
		'logging.googleapis.com/spanId': spanId,
		'logging.googleapis.com/trace_sampled': true,
	});
});

test('an analysis is traced from its request: queue, analysis, stages', async () => {
	const spans: Span[] = [];
	service = await openTestService({ spans: { add: (span) => spans.push(span), close: async () => {} } });
	const id = await service.upload();
	const asking = service.call('POST', '/v1/analyses', {
		body: { uploadId: id },
		headers: { traceparent: `00-${traceId}-${spanId}-01`, accept: 'application/json' },
	});
	const job = await service.fake.job(0);
	job.emit(failedEvent('a.mp4', new AnalysisError('decode-failed', 'decode')));
	expect((await asking).status).toBe(422);
	await service.call('GET', '/healthz');
	const own = spans.filter(({ trace }) => trace.traceId === traceId);
	expect(own.map(({ name }) => name).sort()).toEqual(['POST /v1/analyses', 'analysis', 'queue']);
	const request = own.find(({ kind }) => kind === 'server');
	expect(request).toMatchObject({ trace: { parentId: spanId }, error: null });
	for (const span of own) {
		expect(span.endMs).toBeGreaterThanOrEqual(span.startMs);
		if (span !== request) expect(span.trace.parentId).toBe(request?.trace.spanId);
	}
	expect(own.find(({ name }) => name === 'analysis')).toMatchObject({ error: 'decode-failed' });
	expect(spans.some(({ name }) => name.includes('/healthz'))).toBe(false);
});

const span = (name: string): Span => ({
	trace: newSpan(traceId, spanId, true),
	name,
	kind: 'server',
	startMs: 1_700_000_000_000.5,
	endMs: 1_700_000_000_250,
	attributes: { 'http.route': '/v1/uploads', 'http.response.status_code': 500, ratio: 0.5 },
	error: 'internal',
});

test('spans reach a collector as OTLP in JSON; a failing collector is reported once and slows nothing down', async () => {
	const got: { url: string | undefined; headers: IncomingMessage['headers']; body: string }[] = [];
	let status = 200;
	const collector = createServer(async (req, res) => {
		let body = '';
		for await (const chunk of req) body += chunk;
		got.push({ url: req.url, headers: req.headers, body });
		res.writeHead(status).end('{}');
	}).listen(0, '127.0.0.1');
	await once(collector, 'listening');
	const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/`;
	const config = {
		OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
		OTEL_EXPORTER_OTLP_HEADERS: 'x-token=a%20b,x-bare=100%',
		OTEL_SERVICE_NAME: 'unmask-test',
	};
	const troubles: string[] = [];
	const open = () => createSpanSink(config, '1.2.3', (what) => troubles.push(what));
	const sink = open();
	sink.add(span('POST /v1/uploads'));
	sink.add({ ...span('not asked for'), trace: newSpan(traceId, null, false) });
	await sink.close();
	expect(got).toHaveLength(1);
	expect(got[0]).toMatchObject({
		url: '/v1/traces',
		headers: { 'content-type': 'application/json', 'x-token': 'a b', 'x-bare': '100%' },
	});
	expect(JSON.parse(got[0]?.body ?? '')).toMatchObject({
		resourceSpans: [
			{
				resource: {
					attributes: expect.arrayContaining([{ key: 'service.name', value: { stringValue: 'unmask-test' } }]),
				},
				scopeSpans: [
					{
						spans: [
							{
								traceId,
								parentSpanId: spanId,
								name: 'POST /v1/uploads',
								kind: 2,
								startTimeUnixNano: '1700000000000500000',
								endTimeUnixNano: '1700000000250000000',
								attributes: expect.arrayContaining([
									{ key: 'http.response.status_code', value: { intValue: '500' } },
									{ key: 'ratio', value: { doubleValue: 0.5 } },
									{ key: 'error.type', value: { stringValue: 'internal' } },
								]),
								status: { code: 2, message: 'internal' },
							},
						],
					},
				],
			},
		],
	});
	status = 503;
	const failing = open();
	for (let i = 0; i < 5000; i++) failing.add(span('many')); // more than may be pending
	await failing.close();
	expect(JSON.parse(got[1]?.body ?? '').resourceSpans[0].scopeSpans[0].spans).toHaveLength(2048);
	expect(troubles).toEqual(['status 503']);
	await new Promise((resolve) => collector.close(resolve));
	const gone = open();
	gone.add(span('to nobody'));
	await gone.close();
	expect(troubles).toHaveLength(2);
});
