import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AnalysisError } from '../../../function/errors.ts';
import { createRules } from '../../../function/outgoing/guarded-request.ts';
import { type Outcome, type WebhookOptions, Webhooks } from '../../../function/outgoing/webhooks.ts';
import { failedEvent } from '../../../function/worker/failed-event.ts';
import { createFakeTexts } from '../analyses-fakes.ts';
import { sampleReport } from '../sample-report.ts';

/** The engine with a real receiver and a clock under the control of the test. */

type Received = { readonly headers: IncomingHttpHeaders; readonly body: string };
type Due = { readonly atMs: number; readonly call: () => void };
let received: Received[];
let paths: (string | undefined)[];
let statuses: number[];
let url: string;
let nowMs: number;
let due: Due[];
let texts: Map<string, string>;
let outcomes: [Outcome, string][];
let found: Awaited<ReturnType<WebhookOptions['find']>>;

const server = createServer((req, res) => {
	let body = '';
	req.on('data', (piece) => {
		body += piece;
	});
	req.on('end', () => {
		received.push({ headers: req.headers, body });
		paths.push(req.url);
		res.writeHead(statuses.shift() ?? 204).end();
	});
});
beforeEach(async () => {
	[received, paths, statuses, due, outcomes, texts] = [[], [], [], [], [], new Map()];
	nowMs = Date.now();
	found = { state: 'running' };
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
});
afterEach(async () => {
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
});

const open = (some: Partial<WebhookOptions> = {}) =>
	new Webhooks({
		records: createFakeTexts(texts),
		secret: 'a secret of sixteen',
		rules: createRules('127.0.0.0/8'),
		find: async () => found,
		onOutcome: (outcome, _id, why) => outcomes.push([outcome, why]),
		now: () => nowMs,
		timer: (ms, call) => {
			const entry = { atMs: nowMs + ms, call };
			due.push(entry);
			return () => {
				due = due.filter((other) => other !== entry);
			};
		},
		...some,
	});

/** Advances the clock to the next due call and waits for its outcome; returns the hours passed. */
async function next(): Promise<number> {
	const [first] = due.toSorted((a, b) => a.atMs - b.atMs);
	if (!first) throw new Error('nothing is due');
	due = due.filter((other) => other !== first);
	const before = nowMs;
	nowMs = Math.max(nowMs, first.atMs);
	const seen = outcomes.length;
	first.call();
	await expect.poll(() => outcomes.length).toBeGreaterThan(seen);
	await new Promise(setImmediate); // it is recorded and scheduled again
	return (nowMs - before) / 3_600_000;
}

const id = 'a'.repeat(32);
const report = await sampleReport({ people: [{ logits: [1, 2, 3] }] });
const truncated = failedEvent('a.mp4', new AnalysisError('truncated', 'probe'));

test('a report is sent once: signed, with state and verdict, without pictures and names', async () => {
	const webhooks = open();
	await webhooks.register(id, url, 'key 1');
	expect(due).toEqual([]);
	await webhooks.finish(id, { type: 'report', report });
	await next();
	expect(outcomes).toEqual([['delivered', '']]);
	const { headers, body } = received[0] as Received;
	const verify = (client: string, text = body) =>
		new Webhook(webhooks.secretOf(client)).verify(text, headers as Record<string, string>);
	expect(verify('key 1')).toEqual({
		type: 'analysis.ended',
		timestamp: new Date(nowMs).toISOString(),
		data: { id, state: 'done', verdict: report.verdict, error: null },
	});
	expect(() => verify('key 2')).toThrow();
	expect(() => verify('key 1', `${body} `)).toThrow();
	expect(headers['webhook-id']).toMatch(/^msg_[0-9a-f]{32}$/);
	expect(body).not.toMatch(/base64|mp4/i);
	expect(texts.size).toBe(0);
	await webhooks.finish(id, { type: 'report', report }); // already sent
	expect(due).toEqual([]);
});

test('a failed call is retried for more than a day, always as the same message, then given up', async () => {
	statuses = Array.from({ length: 20 }, () => 500);
	const webhooks = open();
	await webhooks.register(id, url, 'key 1');
	await webhooks.finish(id, truncated);
	let hours = 0;
	while (due.length > 0) hours += await next();
	expect(received).toHaveLength(8);
	expect(hours).toBeGreaterThan(24);
	expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
	expect(new Set(received.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(8);
	expect(outcomes.map(([outcome]) => outcome)).toEqual([...Array.from({ length: 7 }, () => 'failed'), 'given-up']);
	expect(JSON.parse(received[0]?.body ?? '').data).toEqual({
		...{ id, state: 'failed', verdict: null },
		error: { code: 'truncated', retryable: false },
	});
	expect(texts.size).toBe(0);
});

test('a receiver that is gone (410) gets no retry; a redirect is not followed', async () => {
	statuses = [410, 302];
	const webhooks = open();
	await webhooks.register(id, url, 'key 1');
	await webhooks.finish(id, { type: 'report', report });
	await next();
	expect([outcomes, due, texts.size]).toEqual([[['given-up', 'responded with 410']], [], 0]);
	await webhooks.register(id, url, 'key 1');
	await webhooks.finish(id, { type: 'report', report });
	await next();
	expect(outcomes.at(-1)).toEqual(['failed', 'responded with 302']);
});

test('the next process sends pending webhooks when they are due', async () => {
	statuses = [503];
	const before = open();
	await before.register(id, url, 'key 1');
	await before.finish(id, { type: 'report', report });
	await next();
	before.close();
	expect(due).toEqual([]);
	open().start();
	await expect.poll(() => due.length).toBe(2); // and the next sweep
	await next();
	expect(received).toHaveLength(2);
	expect(received[1]?.headers['webhook-id']).toBe(received[0]?.headers['webhook-id']);
	expect(texts.size).toBe(0);
});

test('after a restart, a lost job is reported as failed, a running one is left alone, a deleted one is forgotten', async () => {
	const [running, deleted] = ['b'.repeat(32), 'c'.repeat(32)] as const;
	const before = open();
	for (const each of [id, running, deleted]) await before.register(each, url, 'key 1');
	texts.set('d'.repeat(32), 'not a record'); // does not affect the others
	before.close();
	const { error } = failedEvent('a.mp4', new AnalysisError('analysis-interrupted', 'queue'));
	const interrupted = { schema: 'unmask-failure/1', createdAt: '', fileName: 'a.mp4', error } as const;
	open({ find: async (each) => (each === id ? interrupted : each === running ? { state: 'running' } : null) }).start();
	await expect.poll(() => due.length).toBe(2);
	await next();
	expect(JSON.parse(received[0]?.body ?? '').data.error).toEqual({ code: 'analysis-interrupted', retryable: true });
	expect([...texts.keys()].toSorted()).toEqual([running, 'd'.repeat(32)]);
});

test('an analysis that has already ended is reported at once; a forgotten one is not', async () => {
	found = report;
	const webhooks = open();
	await webhooks.register(id, url, 'key 1');
	await next();
	expect(outcomes).toEqual([['delivered', '']]);
	found = { state: 'running' };
	await webhooks.register(id, url, 'key 1');
	await webhooks.forget(id);
	await webhooks.finish(id, { type: 'report', report });
	expect(due).toEqual([]);
});

test.each(['https://internal.example/', 'http://public.example/'])('%s is not called', async (to) => {
	found = report;
	const address = to.includes('public') ? '93.184.216.34' : '127.0.0.1'; // plain HTTP is for allowed networks only
	const webhooks = open({ rules: createRules(null, async () => [{ address, family: 4 }]) });
	await webhooks.register(id, to, 'key 1');
	await next();
	expect(outcomes[0]?.[1]).toMatch(/^url-refused/);
});

test('a forbidden literal address is refused at once', async () => {
	await expect(open({ rules: createRules(null) }).register(id, url, 'key 1')).rejects.toMatchObject({
		code: 'url-refused',
	});
	expect(texts.size).toBe(0);
});

test('two processes on one store send one webhook, and neither sends one that the other has forgotten', async () => {
	statuses = [503];
	const one = open();
	await one.register(id, url, 'key 1');
	await one.finish(id, { type: 'report', report });
	await next();
	const two = open();
	two.start();
	await expect.poll(() => due.length).toBe(3); // the retry in both, and the next sweep
	await next();
	expect(outcomes.at(-1)).toEqual(['delivered', '']);
	const [again] = due.toSorted((a, b) => a.atMs - b.atMs);
	again?.call();
	await new Promise((resolve) => setTimeout(resolve, 50));
	expect([received.length, texts.size]).toEqual([2, 0]);
});

test('a webhook registered again goes to its new address at once', async () => {
	statuses = [503];
	const webhooks = open();
	await webhooks.register(id, url, 'key 1');
	await webhooks.finish(id, { type: 'report', report });
	await next();
	found = report;
	await webhooks.register(id, `${url}/corrected`, 'key 1');
	expect(await next()).toBe(0);
	expect(paths).toEqual(['/hook', '/hook/corrected']);
	expect([due, texts.size]).toEqual([[], 0]);
});

test('a webhook that is forgotten while its failure is recorded is not sent again', async () => {
	statuses = [503];
	const records = createFakeTexts(texts);
	let land = () => {};
	let isSlow = false;
	const write = async (...given: Parameters<typeof records.write>) => {
		if (isSlow) await new Promise<void>((resolve) => (land = resolve));
		await records.write(...given);
	};
	const webhooks = open({ records: { ...records, write } });
	await webhooks.register(id, url, 'key 1');
	await webhooks.finish(id, { type: 'report', report });
	isSlow = true;
	await next();
	const forgotten = webhooks.forget(id);
	await new Promise(setImmediate);
	land();
	await forgotten;
	await new Promise(setImmediate);
	expect([due, texts.size]).toEqual([[], 0]);
});
