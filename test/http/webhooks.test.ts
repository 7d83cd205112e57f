import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Job } from '../../function/contract/job.ts';
import type { Report } from '../../function/contract/report.ts';
import type { WebhookSecret } from '../../function/contract/service.ts';
import { sampleReports } from '../unit/sample-report.ts';
import { codeOf, openTestService, sha256Hex, type TestService, type TestServiceOptions } from './open-service.ts';

/** End to end: a job with a webhook at a service with keys, and a test receiver. */

let report: Report;
let service: TestService;
let received: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
const receiver = createServer((req, res) => {
	let body = '';
	req.on('data', (piece) => {
		body += piece;
	});
	req.on('end', () => {
		received.push({ headers: req.headers, body });
		res.writeHead(204).end();
	});
});
let url: string;
beforeAll(async () => {
	report = await sampleReports.real();
	receiver.listen(0, '127.0.0.1');
	await once(receiver, 'listening');
	url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/done`;
});
afterAll(() => new Promise((resolve) => receiver.close(resolve)));
beforeEach(() => {
	received = [];
});
afterEach(() => service.close());

const keys = { UNMASK_API_KEY_HASHES: `${sha256Hex('first')},${sha256Hex('second')}` };
const allowed = { UNMASK_OUTGOING_NETWORKS: '127.0.0.0/8' };
const withKey = (key: string) => ({ authorization: `Bearer ${key}` });
const open = async (env: Record<string, string> = { ...keys, ...allowed }, options: TestServiceOptions = {}) => {
	service = await openTestService({ env, queue: 10, ...options });
};
const submit = (uploadId: string, webhook: object = { url }, headers = withKey('first')) =>
	service.call('POST', '/v1/analyses', { body: { uploadId, plan: { frames: 60 }, webhook }, headers });
const secretOf = async (key: string) =>
	(await service.call('GET', '/v1/webhooks/secret', { headers: withKey(key) })).json<WebhookSecret>().secret;

test('the end of a job calls the webhook, signed with the secret of the API key; each key has its own', async () => {
	await open();
	const id = await service.upload('holiday.mp4', withKey('first'));
	const answer = await submit(id);
	expect(answer.status).toBe(202); // a webhook turns it into a job
	expect(answer.json<Job>()).toMatchObject({ id, state: 'running' });
	(await service.fake.job(0)).emit({ type: 'report', report });
	await expect.poll(() => received.length).toBe(1);
	const [{ headers, body } = { headers: {}, body: '' }] = received;
	const payload = new Webhook(await secretOf('first')).verify(body, headers as Record<string, string>);
	expect(payload).toMatchObject({ type: 'analysis.ended', data: { id, state: 'done', verdict: report.verdict } });
	const other = await secretOf('second');
	expect(() => new Webhook(other).verify(body, headers as Record<string, string>)).toThrow();
	expect(body).not.toContain('holiday');
	await expect.poll(() => readdir(join(service.folder, 'webhooks'))).toEqual([]);
	expect((await service.call('GET', '/metrics', { headers: withKey('first') })).text).toContain(
		'unmask_webhooks_total{outcome="delivered"} 1',
	);
	// the report already exists, so it is sent again as another message
	expect((await submit(id)).status).toBe(200);
	await expect.poll(() => received.length).toBe(2);
	expect(received[1]?.headers['webhook-id']).not.toBe(headers['webhook-id']);
});

test('a deleted job does not call its webhook', async () => {
	await open();
	const id = await service.upload('a.mp4', withKey('first'));
	await submit(id);
	await service.fake.job(0);
	await service.call('DELETE', `/v1/analyses/${id}`, { headers: withKey('first') });
	expect(await readdir(join(service.folder, 'webhooks'))).toEqual([]);
	expect(received).toEqual([]);
});

test('if the process is killed, the next one calls the webhook of the lost job', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'unmask-webhooks-'));
	await open({ ...keys, ...allowed }, { folder });
	const id = await service.upload('a.mp4', withKey('first'));
	await submit(id);
	await service.fake.job(0);
	const killed = service; // as after a kill, it writes nothing more
	await open({ ...keys, ...allowed }, { folder });
	await expect.poll(() => received.length).toBe(1);
	expect(JSON.parse(received[0]?.body ?? '').data).toMatchObject({
		...{ id, state: 'failed' },
		error: { code: 'analysis-interrupted', retryable: true },
	});
	await killed.close();
	await rm(folder, { recursive: true });
});

test.each([
	[{ url: 'https://10.0.0.1/' }, 422, 'url-refused'],
	[{ url: 'http://93.184.216.34/' }, 422, 'url-refused'],
	[{ url: 'https://[::ffff:a9fe:a9fe]/' }, 422, 'url-refused'],
	[{ url: 'ftp://example.org/' }, 422, 'url-refused'],
	[{ url: 'https://user:word@example.org/' }, 422, 'url-refused'],
	[{ url: '' }, 400, 'usage'],
	[{ url: `https://example.org/${'a'.repeat(2000)}` }, 400, 'usage'],
	[{ url: 'https://example.org/', secret: 'mine' }, 400, 'usage'],
])('%j is refused before anything starts', async (webhook, status, code) => {
	await open();
	const id = await service.upload('a.mp4', withKey('first'));
	const answer = await submit(id, webhook);
	expect([answer.status, codeOf(answer)]).toEqual([status, code]);
	expect(service.fake.jobs).toEqual([]);
});

test('without keys, webhooks are off unless the operator allows them', async () => {
	await open({ ...allowed });
	const id = await service.upload();
	expect(codeOf(await submit(id, { url }, {} as never))).toBe('webhooks-off');
	expect(codeOf(await service.call('GET', '/v1/webhooks/secret'))).toBe('webhooks-off');
	await service.close();
	await open({ ...allowed, UNMASK_WEBHOOKS: 'on' });
	expect((await submit(await service.upload(), { url }, {} as never)).status).toBe(202);
});
