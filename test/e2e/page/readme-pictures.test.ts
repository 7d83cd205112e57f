import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { packageRoot } from '../../../function/config.ts';
import { startService } from '../../tools/start-service.ts';
import { pageClip } from './clips.ts';
import { analyse, openBrowser, part, visit, wait } from './harness.ts';
import { seek } from './overlay.ts';

/** Makes the README's pictures anew: UNMASK_SCREENSHOTS=docs npx vitest run --project e2e readme-pictures */

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
		await page.waitForTimeout(1500); // until the player's controls are at rest
		await keep(page, 'page-answer.png', 1960);
	} finally {
		await browser.close();
		await service.stop();
	}
});

/** The upper part of the page, `height` px of it. */
async function keep(page: Page, name: string, height: number): Promise<void> {
	await page.setViewportSize({ width: 1440, height });
	const png = await page.screenshot({ animations: 'disabled' });
	await sharp(png)
		.png({ palette: true, quality: 90, effort: 10 })
		.toFile(join(packageRoot(), 'docs', name));
}
