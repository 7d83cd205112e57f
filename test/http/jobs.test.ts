import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Job } from '../../function/contract/job.ts';
import type { Report } from '../../function/contract/report.ts';
import { AnalysisError } from '../../function/errors.ts';
import { failedEvent } from '../../function/worker/failed-event.ts';
import { sampleReports } from '../unit/sample-report.ts';
import { codeOf, openTestService, type TestService, type TestServiceOptions } from './open-service.ts';

/** Analyses without a waiting client. */

let service: TestService;
let report: Report;
beforeAll(async () => {
	report = await sampleReports.real();
});
afterEach(() => service.close());
/** No grace period: only jobs continue without readers. */
const open = async (options: TestServiceOptions = {}) => {
	service = await openTestService({ graceMs: 0, queue: 1000, ...options });
};

const prefer = { prefer: 'respond-async' };
const submit = (uploadId: string, headers: Record<string, string> = prefer, rest: object = {}) =>
	service.call('POST', '/v1/analyses', { body: { uploadId, ...rest }, headers });
const look = (id: string) => service.call('GET', `/v1/analyses/${id}`);

test('a job responds at once, reports its progress, continues without readers, and ends with its report', async () => {
	await open();
	const [first, second, third] = [await service.upload(), await service.upload(), await service.upload()];
	const plan = { plan: { frames: 60 } }; // the sample's
	const answer = await submit(first, prefer, plan);
	expect(answer.status).toBe(202);
	expect(answer.headers.get('location')).toBe(`/v1/analyses/${first}`);
	expect(answer.headers.get('preference-applied')).toBe('respond-async');
	expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
	expect(answer.json<Job>()).toEqual({ id: first, state: 'running', position: null, progress: null });
	expect((await submit(second)).json<Job>()).toMatchObject({ state: 'queued', position: 1 });
	expect((await submit(third, {}, { async: true })).json<Job>()).toMatchObject({ state: 'queued', position: 2 });
	const job = await service.fake.job(0);
	job.emit({ type: 'progress', framesDone: 3, framesTotal: 40, faces: 2 });
	const progress = { framesDone: 3, framesTotal: 40, faces: 2 };
	await expect.poll(async () => (await look(first)).json<Job>().progress).toEqual(progress);
	expect((await look(third)).json<Job>()).toMatchObject({ state: 'queued', position: 2 });
	job.emit({ type: 'report', report });
	await expect.poll(async () => (await look(first)).status).toBe(200);
	expect((await look(first)).json()).toMatchObject({ schema: 'unmask-report/1' });
	expect((await look(third)).json<Job>()).toMatchObject({ state: 'queued', position: 1 });
	expect((await submit(first, prefer, plan)).status).toBe(200); // the report already exists
});

test('a client can follow a job and leave it; a followed analysis can become a job', async () => {
	await open();
	const id = await service.upload();
	await submit(id);
	const job = await service.fake.job(0);
	const leaving = new AbortController();
	const follow = (signal: AbortSignal | null) =>
		fetch(`${service.url}/v1/analyses`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', accept: 'application/x-ndjson' },
			body: JSON.stringify({ uploadId: id }),
			signal,
		});
	await follow(leaving.signal);
	leaving.abort();
	const stays = await follow(null);
	expect(job.signal.aborted).toBe(false);
	job.emit({ type: 'report', report });
	expect((await stays.text()).trim().split('\n').at(-1)).toContain('"report"');

	const other = await service.upload();
	const reader = new AbortController();
	const following = fetch(`${service.url}/v1/analyses`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', accept: 'application/x-ndjson' },
		body: JSON.stringify({ uploadId: other }),
		signal: reader.signal,
	});
	await following;
	expect((await submit(other)).status).toBe(202);
	reader.abort();
	await new Promise((resolve) => setTimeout(resolve, 50));
	const second = await service.fake.job(1);
	expect(second.signal.aborted).toBe(false);
	second.emit({ type: 'report', report });
	await expect.poll(async () => (await look(other)).status).toBe(200);
});

test.each([
	['not-a-video', false, 422],
	['inference-died', true, 500],
] as const)('a job that failed with %s says so whenever it is asked', async (code, staysUpload, status) => {
	await open();
	const id = await service.upload();
	await submit(id);
	(await service.fake.job(0)).emit(failedEvent('a.mp4', new AnalysisError(code, 'probe')));
	await expect.poll(async () => (await look(id)).status).toBe(status);
	const answer = await look(id);
	expect([codeOf(answer), answer.json<{ retryable: boolean }>().retryable]).toEqual([code, staysUpload]);
	expect((await service.store.findUpload(id)) !== null).toBe(staysUpload);
	if (!staysUpload) return;
	expect((await submit(id)).status).toBe(202); // requested again
	(await service.fake.job(1)).emit({ type: 'report', report });
	await expect.poll(async () => (await look(id)).status).toBe(200);
});

test.each([0, 1])('DELETE cancels a job and leaves nothing behind; jobs before it: %i', async (before) => {
	await open();
	const ids = [await service.upload(), await service.upload()];
	for (const id of ids) await submit(id);
	const id = ids[before] as string;
	expect((await service.call('DELETE', `/v1/analyses/${id}`)).status).toBe(204);
	expect((await look(id)).status).toBe(404);
	expect(await service.store.findUpload(id)).toBeNull();
	expect(await service.store.readResult(id)).toBeNull();
});

describe('a refused request', () => {
	test('is refused at once and does not become a job', async () => {
		await open({ queue: 0 });
		const [id, other] = [await service.upload(), await service.upload()];
		expect((await submit('0'.repeat(32))).status).toBe(404);
		await submit(id);
		expect((await submit(other)).status).toBe(429);
		expect((await look(other)).status).toBe(404);
		expect((await submit(id, prefer, { plan: { frames: 20 } })).status).toBe(409);
		expect((await submit(id, prefer, { async: 'yes' })).status).toBe(400);
	});

	test('a job that cannot be recorded does not start', async () => {
		await open();
		const id = await service.upload();
		service.store.writeResult = () => Promise.reject(new AnalysisError('store-failed', 'store'));
		expect((await submit(id)).status).toBe(502);
		await expect.poll(() => service.analyses.status().running).toBe(0);
	});

	test('a client that only accepts a stream cannot get a job', async () => {
		await open();
		const asking = service.call('POST', '/v1/analyses', {
			body: { uploadId: await service.upload() },
			headers: { ...prefer, accept: 'application/x-ndjson' },
		});
		(await service.fake.job(0)).emit({ type: 'report', report });
		expect((await asking).status).toBe(200);
	});
});

test('a job whose instance is gone has failed and can be requested again', async () => {
	await open();
	const id = await service.upload();
	await submit(id);
	const record = await service.store.readResult(id);
	expect(record).toMatchObject({ schema: 'unmask-job/1' });
	const upload = await service.store.findUpload(id);
	await service.close();
	await open();
	const again = await service.upload();
	if (record) await service.store.writeResult(again, record);
	expect(upload).not.toBeNull();
	const lost = await look(again);
	expect([lost.status, codeOf(lost), lost.json<{ retryable: boolean }>().retryable]).toEqual([
		500,
		'analysis-interrupted',
		true,
	]);
	expect((await submit(again)).status).toBe(202);
	(await service.fake.job(0)).emit({ type: 'report', report });
	await expect.poll(async () => (await look(again)).status).toBe(200);
});

test('a thousand jobs keep their order, and none is lost', async () => {
	await open({ env: { UNMASK_REQUESTS_A_MINUTE: '10000' } });
	const ids: string[] = [];
	for (let k = 0; k < 1000; k++) ids.push(await service.upload(`${k}.mp4`));
	for (const id of ids) expect((await submit(id)).status).toBe(202);
	for (let k = 0; k < ids.length; k++) {
		const job = await service.fake.job(k);
		expect(job.fileName).toBe(`${k}.mp4`);
		job.emit({ type: 'report', report });
	}
	for (const id of ids) await expect.poll(async () => (await look(id)).status).toBe(200);
}, 120_000);
