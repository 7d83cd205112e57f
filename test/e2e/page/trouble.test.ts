import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Report } from '../../../function/contract/report.ts';
import type { UploadTicket } from '../../../function/contract/upload.ts';
import { type RunningService, startService } from '../../tools/start-service.ts';
import { largeClip, longClip, noVideo, pageClip } from './clips.ts';
import {
	analyse,
	drop,
	idShown,
	openBrowser,
	part,
	problem,
	sentShare,
	setNetwork,
	storedReport,
	uploads,
	visit,
	wait,
} from './harness.ts';

/** What goes wrong, and how the page recovers: with the real service, whose processes are stopped and killed. */

const env = { UNMASK_SLOTS: '1', UNMASK_QUEUE: '1', UNMASK_SECRET: 'the same one after a restart' };
let data: string;
let service: RunningService;
let browser: Browser;
let page: Page;

beforeAll(async () => {
	data = await mkdtemp(join(tmpdir(), 'unmask-trouble-'));
	[service, browser] = await Promise.all([startService({ env, data }), openBrowser()]);
});
afterEach(() => page?.context().close());
afterAll(async () => {
	await browser?.close();
	await service?.stop();
	await rm(data, { recursive: true, force: true });
});

const open = async () => {
	page = await (await browser.newContext()).newPage();
	return visit(page, service.url);
};

it('the process that runs the models is killed during an analysis: the page says so, and trying again works', async () => {
	await open();
	await analyse(page, [await pageClip('l30.mp4')], '100');
	await part(page, 'face-crop').first().waitFor();
	signal(service.childPids(), 'SIGKILL');
	await problem(page, 'inference-died').waitFor();
	await page.getByRole('button', { name: 'Try again' }).click();
	await part(page, 'verdict').waitFor();
});

it('an upload resumes after the service was killed and restarted, and after a pause; the digest matches the file', async () => {
	const path = await largeClip();
	await open();
	await setNetwork(page, { bytesPerS: 4_000_000 });
	await analyse(page, [path]);
	await sent(0.45);
	await service.stop('SIGKILL');
	await page.getByText('The connection was lost').first().waitFor();
	await setNetwork(page, { bytesPerS: 400_000 }); // so that it is still uploading when it is paused
	await restart();
	await sent(0.45);
	await part(page, 'pause').click();
	await part(page, 'resume').click();
	await setNetwork(page, {});
	await part(page, 'verdict').waitFor();
	expect(await digestShown()).toBe(await digestOf(path));
});

it('an upload resumes if the same file is chosen again after the tab was closed', async () => {
	const path = await largeClip();
	await open();
	await setNetwork(page, { bytesPerS: 4_000_000 });
	await analyse(page, [path]);
	await sent(0.45);
	const context = page.context();
	await page.close();

	page = await context.newPage();
	await visit(page, service.url);
	const ranges: string[] = [];
	page.on('request', (request) => {
		if (request.method() === 'PUT') ranges.push(request.headers()['content-range'] ?? '');
	});
	await analyse(page, [path]);
	await part(page, 'verdict').waitFor();
	expect(ranges[0]).toMatch(/^bytes \*\/\d+$/); // asks how much arrived
	expect(ranges.filter((range) => range.startsWith('bytes 0-'))).toEqual([]);
	expect(await digestShown()).toBe(await digestOf(path));
});

it('an upload waits without a network and resumes by itself', async () => {
	await open();
	await setNetwork(page, { bytesPerS: 4_000_000 });
	await analyse(page, [await largeClip()]);
	await sent(0.05);
	await setNetwork(page, { offline: true });
	await page.getByText('The connection was lost').first().waitFor();
	await setNetwork(page, {});
	await part(page, 'verdict').waitFor();
});

it('a cancelled upload leaves nothing behind', async () => {
	await open();
	await setNetwork(page, { bytesPerS: 1_000_000 });
	await analyse(page, [await largeClip()]);
	await sent(0.01);
	const id = await idShown(page);
	await part(page, 'cancel').click();
	await problem(page, 'cancelled').waitFor();
	await expect.poll(() => uploads(service), wait).not.toContain(id);
});

it('a waiting user sees their position, or that the queue is full; both are answered in the end', async () => {
	const before = await beginByApi();
	await open();
	await analyse(page, [await pageClip('b1.webm')]);
	await part(page, 'queue-position').waitFor();
	expect(await part(page, 'queue-position').innerText()).toContain('You are next');
	const other = await (await browser.newContext()).newPage();
	await visit(other, service.url);
	await analyse(other, [await pageClip('b1.webm')]);
	await problem(other, 'queue-full').waitFor();
	await fetch(`${service.url}/v1/analyses/${before}`, { method: 'DELETE' });
	await part(page, 'verdict').waitFor();
	await part(other, 'verdict').waitFor();
	await other.context().close();
});

it('a file that is not a video is refused before anything is sent', async () => {
	await open();
	const requests: string[] = [];
	page.on('request', (request) => requests.push(request.method()));
	await drop(page, await noVideo());
	await problem(page, 'not-a-video').waitFor();
	expect(requests.filter((method) => method !== 'GET')).toEqual([]);
});

it('a service that is down and an unknown page are reported plainly; the page recovers when the service is back', async () => {
	await open();
	await page.goto(`${service.url}/#/no/such/page`);
	await problem(page, 'not-found').waitFor();
	await page.goto(`${service.url}/#/analysis/${'0'.repeat(32)}`);
	await problem(page, 'report-not-found').waitFor();
	await page.goto(`${service.url}/#/`);
	await service.stop('SIGKILL');
	await part(page, 'file-input').setInputFiles(await pageClip('b1.webm'));
	await part(page, 'start-analysis').click();
	await problem(page, 'service-unreachable').waitFor();
	await restart();
	await part(page, 'verdict').waitFor();
});

/** Waits until more than that share of the file has been sent. */
const sent = (share: number) => expect.poll(() => sentShare(page), wait).toBeGreaterThan(share);

const restart = async () => {
	service = await startService({ env, data, port: service.port });
};

const digestShown = async () => ((await storedReport(service, await idShown(page))) as Report).video.sha256;

const digestOf = async (path: string) =>
	createHash('sha256')
		.update(await readFile(path))
		.digest('hex');

const signal = (pids: readonly number[], name: NodeJS.Signals) => {
	for (const pid of pids) if (service.childPids().includes(pid)) process.kill(pid, name);
};

/** Starts another client's analysis that takes minutes; resolves with its id once it is running. */
async function beginByApi(): Promise<string> {
	const path = await longClip();
	const bytes = await readFile(path);
	const post = (to: string, body: unknown, accept = 'application/json') =>
		fetch(`${service.url}${to}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', accept },
			body: JSON.stringify(body),
		});
	const announced = { fileName: basename(path), sizeBytes: bytes.length, contentType: 'video/mp4' };
	const { id, upload } = (await (await post('/v1/uploads', announced)).json()) as UploadTicket;
	await fetch(new URL(upload.url, service.url), { method: 'PUT', headers: upload.headers, body: bytes });
	const events = await post('/v1/analyses', { uploadId: id, plan: { frames: 'all' } }, 'application/x-ndjson');
	void events.text().catch(() => {}); // read to its end, so that it is not cancelled
	return id;
}
