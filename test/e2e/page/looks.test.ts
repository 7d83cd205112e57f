import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type RunningService, startService } from '../../tools/start-service.ts';
import { largeClip, noVideo, type PageClip, pageClip } from './clips.ts';
import { analyse, drop, openBrowser, part, problem, sentShare, setNetwork, visit, wait } from './harness.ts';
import { faultsOf, lookAt, lookAtPrint, setLanguage } from './looks.ts';
import { seek } from './overlay.ts';

/** Every state of the page, looked at as in looks.ts. */

let service: RunningService;
let browser: Browser;
let page: Page;

beforeAll(async () => {
	[service, browser] = await Promise.all([startService({ env: { UNMASK_SLOTS: '1' } }), openBrowser()]);
});
afterEach(() => page?.context().close());
afterAll(async () => {
	await browser?.close();
	await service?.stop();
});

const open = async () => {
	page = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage();
	await visit(page, service.url);
};

const answered = async (clip: PageClip, depth = '20') => {
	await open();
	await analyse(page, [await pageClip(clip)], depth);
	await part(page, 'verdict').waitFor();
	await seek(page, 1);
};

it('a fault is found when there is one', async () => {
	await open();
	await setLanguage(page, 'ar');
	await page.evaluate(
		`document.body.insertAdjacentHTML('beforeend', '<img src="icon.svg" width="5000"><p>Choose files</p>')`,
	);
	const faults = await faultsOf(page, 'ar');
	for (const fault of [/^scrolls sideways/, /^not translated: choose/, /^image-alt/])
		expect(faults).toContainEqual(expect.stringMatching(fault));
});

it('start', async () => {
	await open();
	await lookAt(page, 'start');
});

it('chosen and refused files', async () => {
	await open();
	await drop(page, await pageClip('demo-1.mp4'), await noVideo());
	await part(page, 'start-analysis').waitFor();
	await problem(page, 'not-a-video').waitFor();
	await lookAt(page, 'chosen');
});

it('upload, paused', async () => {
	await open();
	await setNetwork(page, { bytesPerS: 500_000 });
	await analyse(page, [await largeClip()]);
	await expect.poll(() => sentShare(page), wait).toBeGreaterThan(0.02);
	await part(page, 'pause').click();
	await part(page, 'resume').waitFor();
	await lookAt(page, 'upload-paused');
});

it('faces while they are scored, and a place in the queue', async () => {
	await open();
	await analyse(page, [await pageClip('l30.mp4')], '100');
	await expect.poll(() => part(page, 'face-crop').count(), wait).toBeGreaterThan(3);
	const models = service.childPids();
	for (const pid of models) process.kill(pid, 'SIGSTOP'); // the page stays as it is
	await lookAt(page, 'watch');
	const other = await (await browser.newContext()).newPage();
	await visit(other, service.url);
	await analyse(other, [await pageClip('b1.webm')]);
	await part(other, 'queue-position').waitFor();
	await lookAt(other, 'queue');
	await other.context().close();
	for (const pid of models) process.kill(pid, 'SIGKILL');
	await problem(page, 'inference-died').waitFor();
	await lookAt(page, 'failed');
});

it('answer: signs of manipulation', async () => {
	await answered('demo-1.mp4');
	await lookAt(page, 'answer-manipulated');
	await lookAtPrint(page);
});

it('answer: none', async () => {
	await answered('demo-2.mp4');
	await lookAt(page, 'answer-genuine');
});

it('answer: two people; then a visit without the file, the history, and the end', async () => {
	await answered('ab.mp4');
	await lookAt(page, 'answer-two-people');
	await page.reload();
	await part(page, 'verdict').waitFor();
	await lookAt(page, 'answer-stored');
	await part(page, 'delete-now').click();
	await part(page, 'delete-confirm').waitFor();
	await lookAt(page, 'delete-asked');
	await part(page, 'delete-confirm').click();
	await page.getByText('Deleted.').first().waitFor();
	await lookAt(page, 'deleted');
});

it('answer: no face', async () => {
	await answered('n0.webm');
	await lookAt(page, 'answer-no-face');
});

it('answer: a face that is too small; history', async () => {
	await answered('s40.webm');
	await lookAt(page, 'answer-too-small');
	await page.goto(`${service.url}/#/history`);
	await part(page, 'history-item').waitFor();
	await lookAt(page, 'history');
});

it('about, an empty history, an unknown page, an unknown report', async () => {
	await open();
	for (const [state, hash] of [
		['about', '#/about'],
		['history-empty', '#/history'],
		['unknown-page', '#/no/such/page'],
		['unknown-report', `#/analysis/${'0'.repeat(32)}`],
	] as const) {
		await page.goto(`${service.url}/${hash}`);
		await page.getByRole('heading', { level: 1 }).waitFor();
		await lookAt(page, state);
	}
});

it('offline', async () => {
	await open();
	await setNetwork(page, { offline: true });
	await problem(page, 'offline').waitFor();
	await lookAt(page, 'offline');
});

it('the service is down', async () => {
	await open();
	await service.stop('SIGKILL');
	await part(page, 'file-input').setInputFiles(await pageClip('b1.webm'));
	await part(page, 'start-analysis').click();
	await problem(page, 'service-unreachable').waitFor();
	await lookAt(page, 'service-down');
});
