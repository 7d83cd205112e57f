import { createHash, randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseConfig } from '../../function/config.ts';
import type { Report } from '../../function/contract/report.ts';
import { AnalysisError } from '../../function/errors.ts';
import { createStore } from '../../function/store/create-store.ts';
import { createGcsObjects } from '../../function/store/gcs-objects.ts';
import type { Store } from '../../function/store/store.ts';
import { failedEvent } from '../../function/worker/failed-event.ts';
import { type FakeGcs, startFakeGcs } from '../tools/fake-gcs-server.ts';
import { sampleReports } from '../unit/sample-report.ts';
import { openTestService, type TestService } from './open-service.ts';

const bucket = 'landing';
const type = 'google.cloud.storage.object.v1.finalized';
const newId = () => randomBytes(16).toString('hex');

let gcs: FakeGcs;
let objects: ReturnType<typeof createGcsObjects>;
let store: Store;
let service: TestService;
let report: Report;

beforeAll(async () => {
	gcs = await startFakeGcs();
	await fetch(`${gcs.endpoint}/storage/v1/b`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ name: bucket }),
	});
	objects = createGcsObjects({ apiEndpoint: gcs.endpoint });
	report = await sampleReports.real();
});
afterAll(() => gcs?.stop());

beforeEach(async () => {
	const env = {
		UNMASK_UPLOADS_BUCKET: bucket,
		STORAGE_EMULATOR_HOST: gcs.endpoint,
		FUNCTION_TARGET: 'unmask-object-finalized',
		UNMASK_MAX_BYTES: '1000',
	};
	store = await createStore(parseConfig(env));
	service = await openTestService({ env, store });
});
afterEach(() => service.close());

/** Puts an object into the bucket and returns the data of its event. */
async function land(name: string, metadata: Record<string, string> = {}, text = 'a video') {
	await objects.writeText(bucket, name, 'video/mp4', text, metadata);
	const found = await objects.find(bucket, name);
	return {
		bucket,
		name,
		generation: found?.generation ?? '',
		metadata,
		size: `${text.length}`,
		contentType: 'video/mp4',
	};
}

type Landed = Awaited<ReturnType<typeof land>>;

const attributes = (some: Record<string, string> = {}) => ({
	id: newId(),
	type,
	source: `//storage.googleapis.com/projects/_/buckets/${bucket}`,
	specversion: '1.0',
	...some,
});

/** Delivers an event as Eventarc does: attributes as headers, data as body. */
const deliver = (data: Partial<Landed>, some: Record<string, string> = {}) =>
	fetch(service.url, {
		method: 'POST',
		headers: {
			'content-type': 'application/json',
			...Object.fromEntries(Object.entries(attributes(some)).map(([name, value]) => [`ce-${name}`, value])),
		},
		body: JSON.stringify(data),
	});

const idOf = ({ name, generation }: Landed) =>
	createHash('sha256').update(`${bucket}/${name}#${generation}`).digest('hex').slice(0, 32);

test('a new upload is analysed under its id, its result stored and the upload deleted; a second event does nothing', async () => {
	const id = newId();
	const landed = await land(`uploads/${id}`);
	const delivered = deliver(landed);
	const job = await service.fake.job(0);
	job.emit({ type: 'report', report });
	expect((await delivered).status).toBe(204);
	expect(await store.readResult(id)).toEqual(report);
	expect(await objects.find(bucket, landed.name)).toBeNull();
	expect((await deliver(landed)).status).toBe(204);
	expect(service.fake.jobs).toHaveLength(1);
});

test('structured mode: an object with any name gets an id from bucket, name and generation, and is not deleted', async () => {
	const landed = await land('incoming/Über uns.mp4');
	const delivered = fetch(service.url, {
		method: 'POST',
		headers: { 'content-type': 'application/cloudevents+json' },
		body: JSON.stringify({ ...attributes(), datacontenttype: 'application/json', data: landed }),
	});
	const job = await service.fake.job(0);
	expect(job.fileName).toBe('Über uns.mp4');
	job.emit({ type: 'report', report });
	expect((await delivered).status).toBe(204);
	expect(await store.readResult(idOf(landed))).toEqual(report);
	expect(await objects.find(bucket, landed.name)).not.toBeNull();
	expect(service.lines.join('')).not.toContain('Über');
});

test('two simultaneous deliveries start only one analysis', async () => {
	const landed = await land('incoming/twice.mp4');
	const both = [deliver(landed), deliver(landed)];
	(await service.fake.job(0)).emit({ type: 'report', report });
	expect((await Promise.all(both)).map(({ status }) => status)).toEqual([204, 204]);
	expect(service.fake.jobs).toHaveLength(1);
});

describe('failures', () => {
	test('a failure caused by the object is stored and acknowledged', async () => {
		const landed = await land('incoming/words.mp4');
		const delivered = deliver(landed);
		(await service.fake.job(0)).emit(failedEvent('words.mp4', new AnalysisError('not-a-video', 'probe')));
		expect((await delivered).status).toBe(204);
		expect(await store.readResult(idOf(landed))).toMatchObject({
			schema: 'unmask-failure/1',
			error: { code: 'not-a-video' },
		});
	});

	test('so is an object over the size limit', async () => {
		const landed = await land('incoming/large.mp4', {}, 'x'.repeat(1001));
		expect((await deliver(landed)).status).toBe(204);
		expect(await store.readResult(idOf(landed))).toMatchObject({
			schema: 'unmask-failure/1',
			fileName: 'large.mp4',
			error: { code: 'file-too-large' },
		});
	});

	test('a temporary failure is not acknowledged, and nothing is stored', async () => {
		const landed = await land('incoming/again.mp4');
		const delivered = deliver(landed);
		(await service.fake.job(0)).emit(failedEvent('again.mp4', new AnalysisError('inference-died', 'score')));
		const answer = await delivered;
		expect(answer.status).toBe(500);
		expect(await answer.text()).not.toMatch(/again\.mp4| at /);
		expect(await store.readResult(idOf(landed))).toBeNull();
		const next = deliver(landed);
		(await service.fake.job(1)).emit({ type: 'report', report });
		expect((await next).status).toBe(204);
	});
});

describe('ignored events', () => {
	test.each([
		['an upload whose sender will request the analysis', `uploads/${newId()}`, { 'unmask-analyse': 'on-request' }],
		['the record of an upload', `uploads/${newId()}.json`, { 'unmask-analyse': 'on-request' }],
		['a result', `results/${newId()}.json`, {}],
	])('%s', async (_, name, metadata) => {
		expect((await deliver(await land(name, metadata))).status).toBe(204);
		expect(service.analyses.status()).toMatchObject({ running: 0, waiting: 0 });
		expect(service.fake.jobs).toHaveLength(0);
	});

	test('an object in another bucket, one that is gone, another kind of event', async () => {
		const landed = await land('incoming/other.mp4');
		expect((await deliver({ ...landed, bucket: 'theirs' })).status).toBe(204);
		expect((await deliver({ ...landed, generation: '1' })).status).toBe(204);
		expect((await deliver(landed, { type: 'google.cloud.storage.object.v1.deleted' })).status).toBe(204);
		expect((await deliver({ bucket })).status).toBe(204);
		expect(service.fake.jobs).toHaveLength(0);
	});
});

test.each([
	['not an event', '{}', 400],
	['not JSON', '{', 400],
	['a list', '[]', 400],
	['an event of the older kind', '{"context":{"eventType":"x","resource":"y"},"data":{}}', 400],
	['more than a megabyte', ' '.repeat(1024 ** 2 + 1), 413],
])('%s is a problem', async (_, body, status) => {
	const answer = await fetch(service.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
	expect(answer.status).toBe(status);
	expect(answer.headers.get('content-type')).toBe('application/problem+json');
	await answer.text();
});

test('probes respond, the API does not', async () => {
	expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
	expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
	const answer = await fetch(`${service.url}/v1/uploads`, { method: 'POST', body: '{}' });
	expect(answer.status).toBe(400);
});
