import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { packageRoot } from '../../../function/config.ts';
import type { Report } from '../../../function/contract/report.ts';
import { loadReportPage } from '../../../function/evidence/report-page.ts';
import { drawOverlays, renderPage } from '../../../function/evidence/write-report.ts';
import { signContent } from '../../tools/sign-content.ts';
import { startService } from '../../tools/start-service.ts';
import { pageClip } from './clips.ts';
import { analyse, choosePlace, idShown, openBrowser, part, storedReport, visit, wait } from './harness.ts';
import { seek } from './overlay.ts';

/** Regenerates the README's pictures: UNMASK_SCREENSHOTS=docs npx vitest run --project e2e readme-pictures */

it.runIf(process.env.UNMASK_SCREENSHOTS === 'docs')('pictures of the page for the README', async () => {
	const [service, browser] = await Promise.all([startService(), openBrowser()]);
	try {
		const context = await browser.newContext({ viewport: { width: 1440, height: 1000 }, colorScheme: 'light' });
		const page = await context.newPage();
		await visit(page, service.url);
		await analyse(page, [await pageClip('demo-1.mp4')], '100');
		await expect.poll(() => part(page, 'face-crop').count(), wait).toBeGreaterThan(11);
		const models = service.childPids();
		for (const pid of models) process.kill(pid, 'SIGSTOP');
		await keep(page, 'page-watch.png', 1320);
		for (const pid of models) process.kill(pid, 'SIGCONT');
		await part(page, 'verdict').waitFor();
		await seek(page, 3);
		await page.waitForTimeout(1500); // until the player's controls have faded
		await keep(page, 'page-answer.png', 1960);
		const whole = page.url();
		await visit(page, service.url);
		await analyse(page, [await pageClip('m60.mp4')], '40');
		await part(page, 'verdict').waitFor();
		await seek(page, 57);
		await page.waitForTimeout(1500);
		await keep(page, 'page-stretch.png', 2480, 900);
		await page.goto(whole);
		await part(page, 'verdict').waitFor();
		const report = (await storedReport(service, await idShown(page))) as Report;
		const paper = await context.newPage(); // the page's own policy forbids inline styles
		await paper.setContent(renderPage(await loadReportPage(), report, 'en', await drawOverlays(report)));
		await keep(paper, 'report.png', 2000, 810);
	} finally {
		await browser.close();
		await service.stop();
	}
});

it.runIf(process.env.UNMASK_SCREENSHOTS === 'docs')(
	'pictures of the choice of the place and of the origin for the README',
	{ timeout: 600_000 },
	async () => {
		const [service, browser] = await Promise.all([startService(), openBrowser()]);
		const folder = await mkdtemp(join(tmpdir(), 'unmask-pictures-'));
		try {
			const context = await browser.newContext({ viewport: { width: 1180, height: 1000 }, colorScheme: 'light' });
			const page = await context.newPage();
			await visit(page, service.url);
			const clip = join(folder, 'clip.mp4');
			await writeFile(clip, await signContent(await readFile(await pageClip('demo-1.mp4')), 'mp4', claim));
			await part(page, 'file-input').setInputFiles(clip);
			await choosePlace(page, 'device');
			await part(page, 'offline').waitFor();
			await page.setViewportSize({ width: 1180, height: 1120 });
			await page.locator('main section h2').first().evaluate('(heading) => heading.scrollIntoView()');
			await page.mouse.move(0, 0);
			await page.waitForTimeout(1500); // until the preview's controls have faded
			await keep(page, 'page-private.png', 1120, 1180);
			await part(page, 'start-analysis').click();
			await part(page, 'provenance').waitFor({ timeout: 300_000 });
			await keep(page, 'page-origin.png', 880, 1180);
		} finally {
			await browser.close();
			await service.stop();
			await rm(folder, { recursive: true });
		}
	},
);

/** Signed under an unverified name, which anyone can do. */
const claim = {
	title: 'clip.mp4',
	claim_generator_info: [{ name: 'Example Editor', version: '1.0' }],
	assertions: [
		{
			label: 'c2pa.actions',
			data: {
				actions: [
					{
						action: 'c2pa.created',
						digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture',
					},
					{ action: 'c2pa.edited', softwareAgent: 'Example Editor' },
				],
			},
		},
	],
};

/** The top of the page, `height` px of it. */
async function keep(page: Page, name: string, height: number, width = 1440): Promise<void> {
	await page.setViewportSize({ width, height });
	const png = await page.screenshot({ animations: 'disabled' });
	await sharp(png)
		.png({ palette: true, quality: 90, effort: 10 })
		.toFile(join(packageRoot(), 'docs', name));
}
