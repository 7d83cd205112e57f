import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { wordsIn } from '../../../function/answer/catalogues.ts';
import { rangeText } from '../../../function/answer/words.ts';
import { packageRoot } from '../../../function/config.ts';
import type { Report } from '../../../function/contract/report.ts';
import { type PageFiles, readPage } from '../../../function/http/page-files.ts';
import { createPageHeaders } from '../../../function/http/security-headers.ts';
import { type RunningService, startService } from '../../tools/start-service.ts';
import { pageClip } from './clips.ts';
import {
	analyse,
	drop,
	firstLoadScript,
	idShown,
	openBrowser,
	part,
	paste,
	setDepth,
	storedReport,
	uploads,
	visit,
	wait,
} from './harness.ts';
import { type Drawn, drawn, playerTimeS, recordDrawing, seek } from './overlay.ts';

/** What a person does with the page, with the real service and its models. */

let service: RunningService;
let browser: Browser;
beforeAll(async () => {
	[service, browser] = await Promise.all([startService(), openBrowser()]);
});
afterAll(async () => {
	await browser?.close();
	await service?.stop();
});

it('a dropped video plays, is analysed live, answered, saved, found in the history, and deleted', async () => {
	const page = await browser.newPage({ acceptDownloads: true });
	await recordDrawing(page);
	const { errors, foreign } = await visit(page, service.url);

	await drop(page, await pageClip('a1.webm'));
	const preview = page.locator('video').first();
	await expect.poll(() => preview.evaluate((video) => video.readyState), wait).toBeGreaterThan(1);
	expect(await uploads(service), 'nothing is sent before the start').toEqual([]);

	await setDepth(page, '20');
	await part(page, 'start-analysis').click();
	await part(page, 'face-crop').first().waitFor();
	await part(page, 'verdict').waitFor();
	const id = await idShown(page);
	const report = (await storedReport(service, id)) as Report;
	expect(report).toMatchObject({ fileName: 'a1.webm', plan: { frames: 20 } });
	expect(await part(page, 'verdict-sentence').innerText()).toBe(report.verdict.sentence);
	expect(await part(page, 'verdict').getAttribute('data-outcome')).toBe(report.verdict.outcome);
	expect(await part(page, 'range').innerText()).toContain(report.verdict.fakeProbability?.toFixed(2));
	const english = wordsIn('en');
	const range = rangeText(english, report.verdict.interval);
	await page.getByText(range === null ? english.m.answer.rangeNarrow : english.m.answer.rangeIs(range)).waitFor();
	expect(await part(page, 'moment').count()).toBe(report.tracks.flatMap(({ moments }) => moments).length);
	expect(await uploads(service), 'the video is deleted after the analysis').toEqual([]);

	await boxAndScoreFollow(page, report);
	await heatMapsBlend(page);
	expect(JSON.parse(await download(page, 'download-json'))).toEqual(report);
	const rows = (await download(page, 'download-csv')).trimEnd().split('\r\n');
	expect(rows).toHaveLength(1 + report.tracks.flatMap(({ faces }) => faces).length);

	await page.reload();
	await part(page, 'verdict').waitFor(); // its address is that of the stored report
	await page.goto(`${service.url}/#/history`);
	await part(page, 'history-item').getByRole('link').first().click();
	await part(page, 'verdict').waitFor();
	expect(await idShown(page)).toBe(id);
	expect(await part(page, 'verdict-sentence').innerText()).toBe(report.verdict.sentence);

	await page.goto(`${service.url}/#/history`);
	await part(page, 'history-delete').click();
	await page.keyboard.press('Escape'); // cancels the deletion
	await part(page, 'history-delete').click();
	await part(page, 'delete-confirm').click();
	await expect.poll(() => part(page, 'history-item').count(), wait).toBe(0);
	expect(await storedReport(service, id)).toBeNull();
	await page.reload();
	await page.getByRole('heading', { level: 1 }).waitFor();
	expect(await part(page, 'history-item').count()).toBe(0);
	expect(errors, 'console').toEqual([]);
	expect(foreign, 'requests to other origins').toEqual([]);
	await page.close();
});

it('the whole flow with the keyboard alone', async () => {
	const { page } = await visit(await browser.newPage(), service.url);
	await page.keyboard.press('Tab');
	await page.keyboard.press('Enter'); // "skip to the content"
	const [chooser] = await Promise.all([page.waitForEvent('filechooser'), press(page, 'file-input', 'Enter')]);
	await chooser.setFiles(await pageClip('b1.webm'));
	await part(page, 'start-analysis').waitFor();
	await press(page, 'start-analysis', 'Enter');
	await part(page, 'verdict').waitFor();

	await focus(page, 'timeline');
	await page.keyboard.press('End');
	await expect.poll(() => playerTimeS(page), wait).toBeGreaterThan(2);
	await page.keyboard.press('Home');
	await expect.poll(() => playerTimeS(page), wait).toBeLessThan(0.5);

	const id = await idShown(page);
	await press(page, 'delete-now', 'Enter');
	await press(page, 'delete-confirm', 'Enter');
	await expect.poll(() => storedReport(service, id), wait).toBeNull();
	await page.close();
});

it('several files are answered one after the other; two people each have a lane', async () => {
	const { page } = await visit(await browser.newPage(), service.url);
	await analyse(page, [await pageClip('ab.mp4'), await pageClip('n0.webm'), await pageClip('b1.webm')]);
	await page.goto(`${service.url}/#/history`);
	await expect.poll(() => part(page, 'history-item').count(), wait).toBe(3);
	await part(page, 'history-item').filter({ hasText: 'ab.mp4' }).getByRole('link').first().click();
	await part(page, 'verdict').waitFor();
	const report = (await storedReport(service, await idShown(page))) as Report;
	expect(report.tracks).toHaveLength(2);
	expect(await part(page, 'timeline').locator('.lane').count()).toBe(2);
	await page.close();
});

it('a pasted file is accepted; no face is an answer of its own, with advice', async () => {
	const { page } = await visit(await browser.newPage(), service.url);
	await paste(page, await pageClip('n0.webm'));
	await part(page, 'start-analysis').click();
	await part(page, 'verdict').waitFor();
	const report = (await storedReport(service, await idShown(page))) as Report;
	expect(report.verdict).toMatchObject({ outcome: 'not-applicable', reasons: ['no-face'] });
	expect(await part(page, 'verdict-sentence').innerText()).toBe(report.verdict.sentence);
	await page.close();
});

it('language and colours can be chosen and are kept for the next visit', async () => {
	const { page } = await visit(await browser.newPage({ locale: 'ar-EG', colorScheme: 'light' }), service.url);
	const background = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
	expect(await part(page, 'language').inputValue(), "the browser's language").toBe('ar');
	const light = await background();
	await part(page, 'theme').selectOption('dark');
	await part(page, 'language').selectOption('en');
	await expect.poll(background, wait).not.toBe(light);
	await page.reload();
	await page.locator('html[lang="en"]').waitFor();
	expect(await background()).not.toBe(light);
	await page.close();
});

it('works with its API on another origin', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'unmask-page-'));
	const host = createServer();
	await new Promise<void>((resolve) => host.listen(0, 'localhost', resolve));
	const origin = `http://localhost:${(host.address() as AddressInfo).port}`;
	const api = await startService({ env: { UNMASK_ORIGINS: origin } });
	try {
		await cp(join(packageRoot(), 'dist/spa'), folder, { recursive: true });
		const index = await readFile(join(folder, 'index.html'), 'utf8');
		const named = index.replace('name="unmask-api" content=""', `name="unmask-api" content="${api.url}"`);
		expect(named).not.toBe(index);
		await writeFile(join(folder, 'index.html'), named);
		const files = (await readPage(folder)) as PageFiles;
		const setHeaders = createPageHeaders(files.apiOrigins);
		host.on('request', (req, res) => {
			setHeaders(req, res);
			files.serve(req, res, req.url ?? '/');
		});
		const { page, errors } = await visit(await browser.newPage(), origin);
		await analyse(page, [await pageClip('b1.webm')]);
		await part(page, 'verdict').waitFor();
		const id = await idShown(page);
		expect((await storedReport(api, id))?.fileName).toBe('b1.webm');
		await page.reload();
		await part(page, 'verdict').waitFor();
		await deleteNow(page);
		await expect.poll(() => storedReport(api, id), wait).toBeNull();
		expect(errors, 'console').toEqual([]);
		await page.close();
	} finally {
		await api.stop();
		host.closeAllConnections();
		host.close();
		await rm(folder, { recursive: true });
	}
});

it('the first load has less than 150 kB of gzipped JavaScript, from this origin only', async () => {
	const { bytes, files } = await firstLoadScript(browser, service.url);
	console.log(`first load: ${bytes} bytes of gzipped JavaScript in ${files} files`);
	expect(bytes).toBeGreaterThan(10_000); // it measured something
	expect(bytes).toBeLessThan(150_000);
	const policy = (await fetch(service.url)).headers.get('content-security-policy') ?? '';
	expect(policy).toMatch(/(default|script)-src 'self'/);
	expect(policy).not.toMatch(/script-src[^;]*'unsafe-inline'/);
});

async function boxAndScoreFollow(page: Page, { tracks }: Report): Promise<void> {
	const faces = tracks[0]?.faces ?? [];
	for (const face of faces.filter((_, at) => at % 9 === 4)) {
		await seek(page, face.timeS);
		const isThere = ({ boxes, texts }: Drawn) =>
			boxes.some((box) => Math.abs(box.x - face.box.x) < 2 && Math.abs(box.width - face.box.width) < 2) &&
			texts.some((text) => text.includes(face.fakeProbability.toFixed(2)));
		await expect.poll(async () => isThere(await drawn(page)), wait).toBe(true);
	}
}

async function heatMapsBlend(page: Page): Promise<void> {
	const moment = part(page, 'moment').first();
	const shown = () => moment.screenshot({ animations: 'disabled' }).then((png) => png.toString('base64'));
	const toggle = part(page, 'heat-toggle');
	await toggle.setChecked(false);
	const plain = await shown();
	await toggle.setChecked(true);
	await part(page, 'heat-blend').fill('100');
	await expect.poll(shown, wait).not.toBe(plain);
}

async function download(page: Page, button: string): Promise<string> {
	const [file] = await Promise.all([page.waitForEvent('download'), part(page, button).click()]);
	return readFile(await file.path(), 'utf8');
}

async function deleteNow(page: Page): Promise<void> {
	await part(page, 'delete-now').click();
	await part(page, 'delete-confirm').click();
}

/** Presses Tab until a part, or something in it, has the focus. */
async function focus(page: Page, id: string): Promise<void> {
	for (let tabs = 0; tabs < 100; tabs++) {
		const isThere = await part(page, id)
			.first()
			.evaluate((element) => element.contains(element.ownerDocument.activeElement));
		if (isThere) return;
		await page.keyboard.press('Tab');
	}
	throw new Error(`${id} is not reached with the Tab key`);
}

async function press(page: Page, id: string, key: string): Promise<void> {
	await focus(page, id);
	await page.keyboard.press(key);
}
