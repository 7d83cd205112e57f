import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { languages } from '../../../function/answer/languages.ts';
import { packageRoot } from '../../../function/config.ts';
import { loadReportPage } from '../../../function/evidence/report-page.ts';
import { drawOverlays, renderPage } from '../../../function/evidence/write-report.ts';
import { sampleReports } from '../../unit/sample-report.ts';
import { faultsOf } from './appearance.ts';
import { openBrowser } from './harness.ts';

/** The HTML report as built into the program, checked like the page, without a service. */

let browser: Browser;
let folder: string;
beforeAll(async () => {
	[browser, folder] = await Promise.all([openBrowser(), mkdtemp(join(tmpdir(), 'unmask-report-'))]);
});
afterAll(async () => {
	await browser?.close();
	await rm(folder, { recursive: true });
});

it.each(languages)('the report in %s breaks no rule, from phone to paper, and makes no requests', async (language) => {
	const report = await sampleReports.fake();
	const path = join(folder, `${language}.html`);
	await writeFile(path, renderPage(await loadReportPage(), report, language, await drawOverlays(report)));
	const shots = join(packageRoot(), 'test-results/screenshots');
	await mkdir(shots, { recursive: true });
	const page = await browser.newPage({ reducedMotion: 'reduce' });
	const asked: string[] = [];
	page.on('request', (request) => asked.push(request.url()));
	page.on('console', (message) => asked.push(message.text()));
	await page.goto(pathToFileURL(path).href);
	for (const width of [360, 390, 1440, 3840])
		for (const colorScheme of ['light', 'dark'] as const) {
			await page.emulateMedia({ colorScheme });
			await page.setViewportSize({ width, height: 900 });
			expect(
				await faultsOf(page, language, (width === 390) === (colorScheme === 'dark')),
				`${width} ${colorScheme}`,
			).toEqual([]);
			await page.screenshot({ path: join(shots, `report-${width}-${colorScheme}-${language}.png`), fullPage: true });
		}
	expect(asked.filter((url) => !url.startsWith('data:'))).toEqual([pathToFileURL(path).href]);
	await page.emulateMedia({ media: 'print' });
	expect(await page.getByText(report.video.sha256).isVisible(), 'opened on paper').toBe(true);
	await page.close();
});
