import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContext } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningService, startService } from '../../tools/start-service.ts';
import { pageClip } from './clips.ts';
import { openBrowser, part, setDepth, visit, wait } from './harness.ts';

/** The stored page: it opens and analyses after the service is gone for good. */

let service: RunningService;
let browser: Browser;
let context: BrowserContext;
beforeAll(async () => {
	[service, browser] = await Promise.all([startService(), openBrowser()]);
	context = await browser.newContext({ serviceWorkers: 'allow' });
});
afterAll(async () => {
	await browser?.close();
	await service?.stop();
});

it('is stored on request, opens without its server, and analyses there', async () => {
	const { page } = await visit(await context.newPage(), service.url);
	await page.evaluate('navigator.serviceWorker.ready.then(() => {})');
	const clip = await pageClip('ab.mp4');
	const choose = async () => {
		await part(page, 'file-input').setInputFiles(clip);
		await setDepth(page, '10');
	};
	await choose();
	await part(page, 'place')
		.locator('label')
		.filter({ has: page.locator('input[value="device"]') })
		.click();
	await part(page, 'offline').getByRole('button').click();
	await expect
		.poll(() => part(page, 'offline').getAttribute('data-state'), { ...wait, timeout: 120_000 })
		.toBe('ready');

	await service.stop();
	await page.reload();
	await part(page, 'drop-target').waitFor();
	expect(await page.evaluate('crossOriginIsolated'), 'its headers are kept, too').toBe(true);
	await choose();
	await part(page, 'start-analysis').click();
	await part(page, 'verdict').waitFor({ timeout: 240_000 });
	expect(await part(page, 'provenance').getAttribute('data-credentials')).toBe('none');

	const [download] = await Promise.all([page.waitForEvent('download'), part(page, 'download-card').click()]);
	const card = sharp(await readFile(await download.path()));
	expect(await card.metadata()).toMatchObject({ format: 'png', width: 1200, height: 675 });
	expect((await card.stats()).entropy, 'there is something on it').toBeGreaterThan(0.5);
	await page.close();
}, 400_000);
