import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningService, startService } from '../../tools/start-service.ts';
import { checkAppearance } from './appearance.ts';
import { pageClip } from './clips.ts';
import { analyse, idShown, openBrowser, part, problem, storedReport, visit } from './harness.ts';

/** Two analyses side by side, with the real models. */

let service: RunningService;
let browser: Browser;
beforeAll(async () => {
	[service, browser] = await Promise.all([startService(), openBrowser()]);
});
afterAll(async () => {
	await browser?.close();
	await service?.stop();
});

it('compares the genuine clip with the manipulated one: verdicts, scores over time, a part, and whether it is the same person', {
	retry: 1,
	timeout: 600_000,
}, async () => {
	const context = await browser.newContext({ reducedMotion: 'reduce', serviceWorkers: 'block' });
	const { page, errors } = await visit(await context.newPage(), service.url);
	const slow = { timeout: 180_000 };
	await analyse(page, [await pageClip('demo-2.mp4')]);
	await part(page, 'verdict').waitFor(slow);
	const genuine = await idShown(page);
	await page.goto(`${service.url}/#/`);
	await analyse(page, [await pageClip('demo-1.mp4')]);
	await page.waitForURL((url) => !url.href.includes(genuine) && /[0-9a-f]{32}/.test(url.href));
	await part(page, 'verdict').waitFor(slow);
	const manipulated = await idShown(page);

	await part(page, 'compare').click();
	await page.waitForURL(/#\/compare\//);
	await part(page, 'compared-first').getByText('demo-1.mp4').last().waitFor();
	await part(page, 'choose-second').selectOption(genuine);
	await part(page, 'both-timelines').waitFor();
	expect(await part(page, 'timeline').count()).toBe(2);
	const outcomes = await Promise.all(
		[manipulated, genuine].map(async (id) => (await storedReport(service, id))?.verdict.outcome),
	);
	for (const [i, name] of ['first', 'second'].entries())
		expect(await part(page, `compared-${name}`).locator('.tag').getAttribute('class')).toContain(outcomes[i]);
	expect(await part(page, 'partings').locator('li').first().textContent()).toContain('in the first');

	const before = await part(page, 'mean-first').textContent();
	await part(page, 'to-first').fill('2');
	await part(page, 'to-first').press('Tab');
	await expect.poll(() => part(page, 'mean-first').textContent()).not.toBe(before);
	expect(await part(page, 'mean-first').textContent()).toContain('whole file');
	await part(page, 'from-first').fill('9');
	await part(page, 'from-first').press('Tab');
	await part(page, 'compared-first').getByRole('alert').waitFor();
	await part(page, 'from-first').fill('0');
	await part(page, 'from-first').press('Tab');

	await part(page, 'match-start').click();
	await part(page, 'matches').waitFor(slow);
	expect(await part(page, 'matches').locator('li').count()).toBe(1);
	expect(errors).toEqual([]);
	await checkAppearance(page, 'compare');

	const report = JSON.stringify(await storedReport(service, genuine));
	const folder = process.env.UNMASK_TEST_CACHE ?? tmpdir();
	const [saved, other] = ['report.json', 'other.json'].map((name) => join(folder, `compare-${process.pid}-${name}`));
	await writeFile(saved as string, report);
	await writeFile(other as string, '{"schema":"unmask-failure/1"}');
	await part(page, 'saved-first').setInputFiles(saved as string);
	await part(page, 'compared-first').getByText('demo-2.mp4').last().waitFor();
	await part(page, 'match-start').click();
	await part(page, 'matches').getByText('probably the same person (distance 0.00)').waitFor(slow);
	await part(page, 'saved-first').setInputFiles(other as string);
	await problem(page, 'report-invalid').waitFor();
	await Promise.all([saved, other].map((path) => rm(path as string)));
	await context.close();
});
