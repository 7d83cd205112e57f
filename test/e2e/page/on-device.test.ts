import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageRoot } from '../../../function/config.ts';
import { type Report, reportSchema } from '../../../function/contract/report.ts';
import { type RunningService, startService } from '../../tools/start-service.ts';
import { pageClip } from './clips.ts';
import {
	analyse,
	choosePlace,
	idShown,
	openBrowser,
	part,
	problem,
	setDepth,
	storedReport,
	visit,
	wait,
} from './harness.ts';

/** The analysis inside the browser with the real models, compared with the service's answer. */

let service: RunningService;
let browser: Browser;
beforeAll(async () => {
	[service, browser] = await Promise.all([startService(), openBrowser()]);
});
afterAll(async () => {
	await browser?.close();
	await service?.stop();
});

/** Without a service there is no choice of place. */
async function choose(page: Page, path: string, { isOffline = false } = {}): Promise<void> {
	await part(page, 'file-input').setInputFiles(path);
	await setDepth(page, '10');
	if (!isOffline) await choosePlace(page, 'device');
	await part(page, 'start-analysis').click();
}

async function saved(page: Page): Promise<Report> {
	await part(page, 'verdict').waitFor({ timeout: 180_000 });
	const [download] = await Promise.all([page.waitForEvent('download'), part(page, 'download-json').click()]);
	return reportSchema.parse(JSON.parse(await readFile(await download.path(), 'utf8')));
}

it('answers like the service, and sends nothing once its parts are loaded', {
	retry: 1,
	timeout: 300_000,
}, async () => {
	const clip = await pageClip('ab.mp4');
	const served = await visit(await browser.newPage(), service.url);
	await analyse(served.page, [clip]);
	await part(served.page, 'verdict').waitFor({ timeout: 180_000 });
	const expected = (await storedReport(service, await idShown(served.page))) as Report;
	await served.page.close();

	const { page, errors } = await visit(await browser.newPage(), service.url);
	await choose(page, clip);
	const first = await saved(page);
	expect(first.environment.browser).toContain('Chrome');

	await page.goto(`${service.url}/#/`);
	await page.context().setOffline(true);
	const sent: string[] = [];
	page.on('request', (request) => {
		const isAboutTheService =
			request.method() === 'GET' &&
			/\/(readyz|v1\/service|v1\/models|icon\.svg|app\.webmanifest|assets\/[\w.-]+)$/.test(request.url());
		if (/^https?:/.test(request.url()) && !isAboutTheService) sent.push(`${request.method()} ${request.url()}`);
	});
	await choose(page, clip, { isOffline: true });
	const report = await saved(page);
	expect(sent).toEqual([]);

	expect(report.verdict.outcome).toBe(expected.verdict.outcome);
	expect(report.verdict.sentence).toBe(expected.verdict.sentence);
	expect(Math.abs((report.verdict.fakeProbability ?? 0) - (expected.verdict.fakeProbability ?? 0))).toBeLessThan(0.02);
	expect(report.video.sha256).toBe(expected.video.sha256);
	expect(report.provenance).toEqual(expected.provenance);
	expect(report.provenance?.hints.map(({ code }) => code)).toContain('ffmpeg');
	expect(report.tracks).toHaveLength(expected.tracks.length);
	for (const { timeS } of report.tracks.flatMap(({ faces }) => faces))
		expect(25 * timeS, 'times count from the start of the picture').toBeCloseTo(Math.round(25 * timeS), 2);
	/** From left to right, because two detections of equal strength may come in either order. */
	const placesOf = ({ tracks }: Report) =>
		tracks
			.flatMap(({ faces }) => faces.map(({ timeS, box }) => [timeS, box.x, box.y] as const))
			.toSorted(([a, ax], [b, bx]) => a - b || ax - bx);
	const places = placesOf(expected);
	for (const [i, place] of placesOf(report).entries())
		for (const [k, value] of place.entries())
			expect(Math.abs(value - (places[i]?.[k] ?? Number.NaN))).toBeLessThan(1.5);
	expect(await part(page, 'delete-now').count(), 'an answer that no service keeps').toBe(0);
	expect(
		errors.filter((text) => !text.includes('net::ERR_')),
		'console',
	).toEqual([]);
	await page.close();
});

it('an example clip is analysed with one click, here or on the service', {
	retry: 1,
	timeout: 300_000,
}, async () => {
	const { page, errors } = await visit(await browser.newPage(), service.url);
	await part(page, 'example-manipulated-server').click();
	await part(page, 'verdict').waitFor({ timeout: 180_000 });
	await page.goto(`${service.url}/#/`);
	await page.reload();
	await part(page, 'example-genuine-device').click();
	const { environment, verdict } = await saved(page);
	expect(environment.browser).toContain('Chrome');
	expect(verdict.outcome).not.toBe('likely-fake');
	expect(errors).toEqual([]);
	await page.close();
});

it('samples the same frames as the service, which skips some', {
	retry: 1,
	timeout: 300_000,
}, async () => {
	const clip = await pageClip('bf.mp4');
	const served = await visit(await browser.newPage(), service.url);
	await analyse(served.page, [clip]);
	await part(served.page, 'verdict').waitFor({ timeout: 180_000 });
	const expected = (await storedReport(service, await idShown(served.page))) as Report;
	await served.page.close();
	const { page } = await visit(await browser.newPage(), service.url);
	await choose(page, clip);
	const report = await saved(page);
	await page.close();
	const facesOf = ({ tracks }: Report) => tracks.flatMap(({ faces }) => faces);
	const timesOf = (of: Report) => facesOf(of).map(({ timeS }) => timeS.toFixed(3));
	expect(timesOf(report)).toEqual(timesOf(expected));
	expect(report.verdict.outcome).toBe(expected.verdict.outcome);
	expect(Math.abs((report.verdict.fakeProbability ?? 0) - (expected.verdict.fakeProbability ?? 0))).toBeLessThan(0.02);
});

it('reads H.264 with full chroma', { retry: 1, timeout: 200_000 }, async () => {
	const { page } = await visit(await browser.newPage(), service.url);
	await choose(page, await pageClip('c444.mp4'));
	const { coverage, video } = await saved(page);
	expect([video.codec, coverage.framesSampled, coverage.facesFound]).toEqual(['h264', 10, 10]);
	await page.close();
});

it('excludes a covered face', { retry: 1, timeout: 200_000 }, async () => {
	const { page } = await visit(await browser.newPage(), service.url);
	await choose(page, join(packageRoot(), 'test/cases/files/masked.jpg'));
	const { verdict, models } = await saved(page);
	expect(verdict).toMatchObject({ outcome: 'not-applicable', reasons: ['face-covered'] });
	expect(models.map(({ id }) => id)).toContain('face-cover');
	await page.close();
});

it.each(['**/ort-wasm*', '**/device.worker*'])(
	'%s cannot be loaded: the page says so and offers to try again',
	async (file) => {
		const { page } = await visit(await browser.newPage(), service.url);
		await page.route(file, (route) => route.abort());
		await choose(page, await pageClip('b1.webm'));
		await problem(page, 'device-models').waitFor({ timeout: 120_000 });
		await page.getByRole('button', { name: 'Try again' }).waitFor();
		await page.close();
	},
	300_000,
);

it('an unreadable file, unavailable models, and a stop: each offers a way on', async () => {
	const { page } = await visit(await browser.newPage(), service.url);
	await choose(page, await pageClip('p2.mp4'));
	await problem(page, 'device-codec').waitFor({ timeout: 120_000 });

	await page.goto(`${service.url}/#/`);
	await page.reload();
	await page.evaluate('caches.delete("unmask-models")');
	await page.route('**/models/*.onnx*', (route) => route.abort());
	await choose(page, await pageClip('b1.webm'));
	await problem(page, 'device-models').waitFor();

	await page.unroute('**/models/*.onnx*');
	await page.route('**/models/face-identity.onnx*', (route) => route.fulfill({ body: 'other bytes' }));
	await page.goto(`${service.url}/#/`);
	await choose(page, await pageClip('b1.webm'));
	await problem(page, 'device-models').waitFor();

	await page.unroute('**/models/face-identity.onnx*');
	await page.goto(`${service.url}/#/`);
	await choose(page, await pageClip('l30.mp4'));
	await part(page, 'cancel').click();
	await problem(page, 'cancelled').waitFor();
	await expect.poll(() => page.workers().length, wait).toBe(0);
	await page.close();
}, 300_000);
