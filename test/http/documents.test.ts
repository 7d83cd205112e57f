import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterEach, expect, test } from 'vitest';
import { AnalysisError, errorTable } from '../../function/errors.ts';
import { createDocument } from '../../function/http/openapi.ts';
import { routes } from '../../function/http/routes.ts';
import { addModel } from '../../function/model/custom-models.ts';
import { parseSpec } from '../../function/model/spec.ts';
import { failedEvent } from '../../function/worker/failed-event.ts';
import { sampleReports } from '../unit/sample-report.ts';
import { document, faultOfAnswer } from './conformance.ts';
import { openTestService, type TestService } from './open-service.ts';

let service: TestService;
afterEach(() => service?.close());

test('the document is valid OpenAPI 3.1, contains every route, and is served', async () => {
	service = await openTestService();
	const given = await service.call('GET', '/openapi.json');
	expect(given.json()).toEqual(document);
	expect(await new Validator().validate(given.json())).toEqual({ valid: true });
	expect(Object.keys(document.paths).sort()).toEqual([...new Set(routes.map(({ path }) => path))].sort());
	const ids = routes.map(({ operationId }) => operationId);
	expect(new Set(ids).size).toBe(ids.length);
});

test('every schema of the document has a name, and every status is an integer', () => {
	const unnamed: string[] = [];
	const look = (value: unknown, path: string, isRoot: boolean): void => {
		if (Array.isArray(value)) for (const [i, item] of value.entries()) look(item, `${path}.${i}`, false);
		else if (value !== null && typeof value === 'object') {
			const { oneOf } = value as { oneOf?: object[] };
			if (oneOf?.some((option) => !('$ref' in option))) unnamed.push(path);
			if ('properties' in value && !isRoot && Object.keys(value.properties as object).length > 3) unnamed.push(path);
			for (const [key, item] of Object.entries(value)) look(item, `${path}.${key}`, false);
		}
	};
	for (const [name, schema] of Object.entries(document.components.schemas)) look(schema, name, true);
	expect(unnamed).toEqual([]);
	expect(document.components.schemas.Problem).toMatchObject({ properties: { status: { type: 'integer' } } });
	const bodies = Object.values(document.paths).flatMap((path) => Object.values(path));
	for (const { responses } of bodies)
		for (const { content } of Object.values(responses))
			for (const { schema } of Object.values(content ?? {})) expect(JSON.stringify(schema)).toContain('$ref');
});

test('the document states whether this service needs a key, and the maximum upload size', async () => {
	service = await openTestService({ env: { UNMASK_API_KEY_HASHES: '0'.repeat(64), UNMASK_MAX_BYTES: '1000' } });
	const given = (await service.call('GET', '/openapi.json')).json<{
		paths: Record<string, Record<string, { security?: object }>>;
		components: { schemas: Record<string, { properties: Record<string, { maximum?: number }> }> };
	}>();
	expect(document.paths['/v1/models']?.get?.security).toBeUndefined();
	expect(given.paths['/v1/models']?.get?.security).toEqual([{ bearer: [] }, { apiKey: [] }]);
	expect(given.paths['/v1/service']?.get?.security).toBeUndefined();
	expect(await new Validator().validate(given)).toEqual({ valid: true });
	expect(given.components.schemas.UploadRequest?.properties.sizeBytes?.maximum).toBe(1000);
});

test('every code of a route is documented under its status', () => {
	for (const { method, path, problems } of routes)
		for (const code of problems) {
			const text = JSON.stringify(document.paths[path]?.[method]?.responses[errorTable[code].status]);
			expect(text, `${method} ${path} ${code}`).toContain(`"${code}"`);
		}
});

test('the conformance check finds faults', () => {
	const json = { type: 'application/json', status: 200, text: '{"status":"ok"}' };
	expect(faultOfAnswer('GET', '/healthz', json)).toBeNull();
	expect(faultOfAnswer('GET', '/healthz', { ...json, text: '{"status":"bad"}' })).toMatch(/status/);
	expect(faultOfAnswer('GET', '/healthz', { ...json, status: 201 })).toMatch(/201/);
	expect(faultOfAnswer('GET', '/healthz', { ...json, type: 'text/html' })).toMatch(/html/);
	expect(faultOfAnswer('GET', '/nothing', { status: 404, type: 'application/problem+json', text: '{}' })).toMatch(
		/code/,
	);
});

test('models, limits and readiness are reported', async () => {
	service = await openTestService({ env: { UNMASK_MAX_BYTES: '1000', UNMASK_REPORT_TTL_S: '60' } });
	const { models } = (await service.call('GET', '/v1/models')).json<{
		models: { isDefault: boolean; kind: string }[];
	}>();
	expect(models.filter(({ isDefault }) => isDefault)).toEqual([expect.objectContaining({ kind: 'classifier' })]);
	expect((await service.call('GET', '/v1/service')).json()).toEqual({
		version: expect.stringMatching(/^\d+\.\d+\.\d+/),
		limits: { sizeBytes: 1000, durationS: 14_400, slots: 1, queue: 1 },
		needsKey: false,
		links: false,
		retention: { uploadS: 86_400, reportS: 60 },
		secondsAFrame: null,
		secondsAFrameByModel: {},
	});
	expect((await service.call('GET', '/readyz')).json()).toMatchObject({ ready: true, state: 'ready', problem: null });
});

test('a model added after loading is not offered, because it could not be run', async () => {
	const own = await mkdtemp(join(tmpdir(), 'unmask-added-'));
	const spec = parseSpec('{"crop":{"margin":1,"size":48},"input":{},"output":{"kind":"logit"}}');
	const path = join(import.meta.dirname, '../fixtures/models/logit-48.onnx');
	const add = (id: string) => addModel(own, { id, path, spec, licence: 'none', madeBy: 'a test' });
	try {
		await Promise.all(['two', 'late'].map(add)); // the fake process knows the first one
		service = await openTestService({ env: { UNMASK_CUSTOM_MODELS: own, UNMASK_OFFER_MODELS: 'all' } });
		const { models } = (await service.call('GET', '/v1/models')).json<{ models: { id: string; isOwn: boolean }[] }>();
		expect(models.filter(({ isOwn }) => isOwn).map(({ id }) => id)).toEqual(['two']);
	} finally {
		await rm(own, { recursive: true });
	}
});

test('the service is not ready before the models are loaded, nor without the store', async () => {
	service = await openTestService();
	Object.assign(service.fake.status, { state: 'starting', provider: null });
	const starting = await service.call('GET', '/readyz');
	expect([starting.status, starting.json<{ state: string }>().state]).toEqual([503, 'starting']);
	Object.assign(service.fake.status, { state: 'ready' });
	service.store.check = () => Promise.reject(new AnalysisError('store-failed', 'store', '/srv/me'));
	const failed = await service.call('GET', '/readyz');
	expect(failed.json()).toMatchObject({
		ready: false,
		state: 'failed',
		problem: errorTable['store-failed'].sentence,
		code: 'store-failed',
	});
});

test('unreadable models are a problem that does not reveal the path', async () => {
	service = await openTestService({ env: { UNMASK_MODELS: '/no/such/folder' } });
	const answer = await service.call('GET', '/v1/models');
	expect(answer.status).toBe(503);
	expect(answer.text).not.toContain('/no/such');
});

test('metrics count each analysis once, however many clients follow it, and requests by route and status', async () => {
	service = await openTestService();
	const report = await sampleReports.fake();
	const id = await service.upload();
	const readers = [0, 1].map(() => service.call('POST', '/v1/analyses', { body: { uploadId: id } }));
	const job = await service.fake.job(0);
	job.emit({ type: 'report', report });
	await Promise.all(readers);
	const failing = service.call('POST', '/v1/analyses', { body: { uploadId: await service.upload() } });
	(await service.fake.job(1)).emit(failedEvent('x', new AnalysisError('decode-failed', 'decode')));
	await failing;
	await service.call('GET', '/v1/nothing/at/all');
	const { text } = await service.call('GET', '/metrics');
	for (const line of [
		`unmask_analyses_total{outcome="${report.verdict.outcome}"} 1`,
		'unmask_analysis_failures_total{code="decode-failed"} 1',
		`unmask_frames_total ${report.coverage.framesSampled}`,
		'unmask_analyses_running 0',
		'unmask_analyses_waiting 0',
		'unmask_provider_info{provider="cpu"} 1',
		'unmask_inference_restarts_total{cause="died"} 0',
		'unmask_http_requests_total{method="POST",route="/v1/analyses",status="200"} 2',
		'unmask_http_requests_total{method="POST",route="/v1/analyses",status="422"} 1',
		'unmask_http_requests_total{method="GET",route="none",status="404"} 1',
		'unmask_analysis_seconds_count{stage="report"} 1',
	])
		expect(text.split('\n')).toContain(line);
	expect(text).toContain('process_resident_memory_bytes');
});

test('every operation has a tag and a description, and every example fits this service', () => {
	const document = JSON.parse(JSON.stringify(createDocument(routes, { needsKey: true, maxBytes: 1000 })));
	const tags: string[] = document.tags.map(({ name }: { name: string }) => name);
	type Operation = { tags: string[]; description: string; operationId: string };
	for (const operation of Object.values<Record<string, Operation>>(document.paths).flatMap((path) =>
		Object.values(path),
	)) {
		expect(tags, operation.operationId).toContain(operation.tags[0]);
		expect(operation.description, operation.operationId).toBeTruthy();
	}
	const { example } = document.paths['/v1/uploads'].post.requestBody.content['application/json'];
	expect(example.sizeBytes).toBe(1000);
	// openapi-python-client refuses 40 where a union ends with a constant
	expect(JSON.stringify(document.components.schemas)).not.toContain('"const":"all"');
});
