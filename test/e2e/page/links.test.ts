import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningService, startService } from '../../tools/start-service.ts';
import { checkAppearance } from './appearance.ts';
import { pageClip } from './clips.ts';
import { idShown, openBrowser, part, problem, setDepth, storedReport, uploads, visit, wait } from './harness.ts';

/** A video by its address: the service fetches it from the test's own server. */

let service: RunningService;
let browser: Browser;
let origin: string;
let film: Buffer;
/** Responses that pause after half of the video. */
const halves: ServerResponse[] = [];
const source = createServer((req, res) => {
	const type = { 'content-type': 'video/webm' };
	if (req.url === '/a1.webm') return void res.writeHead(200, type).end(film);
	if (req.url === '/h1.webm') {
		res.writeHead(200, { ...type, 'content-length': film.length }).write(film.subarray(0, film.length / 2));
		return void halves.push(res);
	}
	if (req.url === '/page') return void res.writeHead(200, { 'content-type': 'text/html' }).end('<p>A page');
	if (req.url === '/words.mp4') return void res.writeHead(200, type).end('words, and no video'.repeat(1000));
	if (req.url === '/empty.mp4') return void res.writeHead(200, type).end();
	if (req.url === '/large.mp4') return void res.writeHead(200, { ...type, 'content-length': 1e12 }).flushHeaders();
	res.writeHead(404).end();
});

beforeAll(async () => {
	film = await readFile(await pageClip('a1.webm'));
	source.listen(0, '127.0.0.1');
	await once(source, 'listening');
	origin = `http://127.0.0.1:${(source.address() as AddressInfo).port}`;
	const env = { UNMASK_LINKS: 'on', UNMASK_OUTGOING_NETWORKS: '127.0.0.0/8' };
	[service, browser] = await Promise.all([startService({ env }), openBrowser()]);
});
afterAll(async () => {
	await browser?.close();
	await service?.stop();
	source.closeAllConnections();
	source.close();
});

const open = async () => visit(await (await browser.newContext({ reducedMotion: 'reduce' })).newPage(), service.url);
const ask = async (page: Page, address: string) => {
	await part(page, 'link').fill(address);
	await page.keyboard.press('Enter');
};
const focused = (page: Page) => page.evaluate<string | undefined>('document.activeElement.dataset.testid');

it('is fetched, cancelled, fetched again, and analysed like any file, with the keyboard alone', async () => {
	const { page, errors, foreign } = await open();
	await part(page, 'link').focus();
	await page.keyboard.type(`${origin}/h1.webm`);
	await page.keyboard.press('Tab');
	expect(await focused(page)).toBe('fetch-link');
	await page.keyboard.press('Enter');
	const bar = part(page, 'link-progress').locator('progress');
	await expect.poll(() => bar.evaluate((found) => found.value).catch(() => 0), wait).toBeCloseTo(0.5, 1);
	expect((await uploads(service)).length).toBeGreaterThan(0);
	await page.keyboard.press('Tab');
	expect(await focused(page)).toBe('cancel-link');
	await page.keyboard.press('Enter');
	await part(page, 'link-progress').waitFor({ state: 'detached' });
	expect(await focused(page)).toBe('link');
	await expect.poll(() => uploads(service), wait).toEqual([]);

	await ask(page, `${origin}/a1.webm`);
	await part(page, 'chosen-file').waitFor();
	expect(await part(page, 'chosen-file').innerText()).toContain(`Fetched from ${new URL(origin).host}`);
	expect(await part(page, 'link').inputValue()).toBe('');
	expect(await page.getByText('Nothing has been sent yet.').count()).toBe(0);
	await setDepth(page, '10');
	await part(page, 'start-analysis').click();
	await part(page, 'verdict').waitFor();
	const report = await storedReport(service, await idShown(page));
	expect(report).toMatchObject({ fileName: 'a1.webm', plan: { frames: 10 } });
	expect(await part(page, 'verdict-sentence').innerText()).toBe(report?.verdict.sentence);
	expect(await uploads(service), 'the file is deleted after the analysis').toEqual([]);
	await page.goto(`${service.url}/#/history`);
	expect(await part(page, 'history-item').innerText()).toContain('a1.webm');
	expect(errors, 'console').toEqual([]);
	expect(foreign, 'requests of the browser to other origins').toEqual([]);
	await page.context().close();
});

it('a file that is removed from the list is deleted at the service', async () => {
	const { page } = await open();
	await ask(page, `${origin}/a1.webm`);
	await part(page, 'chosen-file').waitFor();
	expect((await uploads(service)).length).toBeGreaterThan(0);
	await page.getByRole('button', { name: 'Remove a1.webm' }).click();
	await expect.poll(() => uploads(service), wait).toEqual([]);
	await page.context().close();
});

it('gives every refusal in words, and keeps the address for correction', async () => {
	const { page } = await open();
	for (const [address, code] of [
		['ftp://media.example/a.mp4', 'url-refused'],
		['http://10.0.0.1/a.mp4', 'url-refused'],
		['http://169.254.169.254/latest/meta-data', 'url-refused'],
		['http://name:word@127.0.0.1/a.mp4', 'url-refused'],
		[`${origin}/gone.mp4`, 'url-unreachable'],
		[`${origin}/page`, 'page-unsupported'],
		[`${origin}/words.mp4`, 'not-a-video'],
		[`${origin}/empty.mp4`, 'file-empty'],
		[`${origin}/large.mp4`, 'file-too-large'],
	] as const) {
		await ask(page, address);
		await problem(page, code).waitFor();
		expect(await part(page, 'link').inputValue()).toBe(address);
		expect(await part(page, 'link').getAttribute('aria-invalid')).toBe('true');
		expect(await part(page, 'problem').innerText()).not.toContain('This did not work');
	}
	expect(await uploads(service)).toEqual([]);
	await page.context().close();
});

it('appearance: a refusal, a file that is arriving, and one that has arrived', async () => {
	const { page } = await open();
	await ask(page, 'http://10.0.0.1/a.mp4');
	await problem(page, 'url-refused').waitFor();
	await checkAppearance(page, 'link-refused');
	await ask(page, `${origin}/h1.webm`);
	await part(page, 'link-progress').waitFor();
	await checkAppearance(page, 'link-fetching');
	for (const half of halves.splice(0)) half.end(film.subarray(film.length / 2));
	await part(page, 'chosen-file').waitFor();
	await checkAppearance(page, 'link-fetched');
	await page.context().close();
});

it('is not offered if files stay in this browser, or if the service fetches nothing', async () => {
	const { page } = await open();
	await part(page, 'link').waitFor();
	await part(page, 'file-input').setInputFiles(await pageClip('b1.webm'));
	await part(page, 'place')
		.locator('label')
		.filter({ has: page.locator('input[value="device"]') })
		.click();
	await part(page, 'link').waitFor({ state: 'detached' });
	await page.context().close();

	const other = await startService({ untilReady: false });
	try {
		const without = await visit(await browser.newPage(), other.url);
		await without.page.getByText('Videos and pictures up to').waitFor(); // by then the service has been asked what it offers
		expect(await part(without.page, 'link').count()).toBe(0);
		await without.page.close();
	} finally {
		await other.stop();
	}
});
