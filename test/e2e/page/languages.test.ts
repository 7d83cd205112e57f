import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messages, wordsIn } from '../../../function/answer/catalogues.ts';
import { type Language, languages } from '../../../function/answer/languages.ts';
import { sentenceOf } from '../../../function/answer/sentence.ts';
import { packageRoot } from '../../../function/config.ts';
import type { Report } from '../../../function/contract/report.ts';
import { type RunningService, startService } from '../../tools/start-service.ts';
import { sampleReports } from '../../unit/sample-report.ts';
import { faultsOf, setLanguage } from './appearance.ts';
import { openBrowser, part, visit } from './harness.ts';

/** The page as it opens for readers of each language: only in their words, on the narrowest phone. */

const shots = join(packageRoot(), 'test-results/screenshots/languages');
let service: RunningService;
let browser: Browser;
let report: Report;
let id: string;
beforeAll(async () => {
	[service, browser, report] = await Promise.all([startService(), openBrowser(), sampleReports.partial()]);
	id = randomBytes(16).toString('hex');
	const results = join(service.data, 'results');
	await Promise.all([mkdir(results, { recursive: true }), mkdir(shots, { recursive: true })]);
	await writeFile(join(results, `${id}.json`), JSON.stringify(report));
});
afterAll(async () => {
	await browser?.close();
	await service?.stop();
});

const pages = [
	{ name: 'start', hash: '#/', heading: (language: Language) => messages[language].start.heading },
	{
		name: 'answer',
		hash: () => `#/analysis/${id}`,
		heading: (language: Language) => sentenceOf(report, wordsIn(language)),
	},
	{ name: 'about', hash: '#/about', heading: (language: Language) => messages[language].about.heading },
	{ name: 'history', hash: '#/history', heading: (language: Language) => messages[language].history.heading },
] as const;

describe.each(languages)('%s', (language) => {
	it('is used from the first word on, exclusively, and fits', async () => {
		const locale = new Intl.Locale(messages[language].locale).baseName;
		const page = await browser.newPage({ locale, reducedMotion: 'reduce', viewport: { width: 360, height: 800 } });
		const files: string[] = [];
		page.on('request', (request) => files.push(new URL(request.url()).pathname));
		const { errors } = await visit(page, service.url);
		expect(await part(page, 'language').inputValue()).toBe(language);
		const catalogues = files.flatMap((file) => /^\/assets\/([a-z]{2})-[^/]+\.js$/.exec(file)?.[1] ?? []);
		expect(catalogues).toEqual(language === 'en' ? [] : [language]);
		const faults: Record<string, string[]> = {};
		for (const { name, hash, heading } of pages) {
			await page.goto(`${service.url}/${typeof hash === 'string' ? hash : hash()}`);
			await page.getByText(heading(language), { exact: true }).first().waitFor();
			await openAll(page);
			await page.setViewportSize({ width: 390, height: 844 });
			await page.screenshot({ path: join(shots, `${name}-${language}.png`), fullPage: true, animations: 'disabled' });
			await page.setViewportSize({ width: 360, height: 800 });
			const found = await faultsOf(page, language);
			if (found.length > 0) faults[name] = found;
		}
		expect(faults).toEqual({});
		expect(errors).toEqual([]);
		await page.close();
	}, 120_000);
});

it('is stored in every language, to be chosen without a network', async () => {
	const context = await browser.newContext({ serviceWorkers: 'allow', locale: 'fr' });
	const { page } = await visit(await context.newPage(), service.url);
	await page.evaluate('navigator.serviceWorker.ready.then(() => {})');
	await service.stop();
	await page.reload();
	await page.locator('html[lang="fr"]').waitFor({ state: 'attached' });
	for (const language of languages) await setLanguage(page, language);
	expect(await part(page, 'language-failed').count()).toBe(0);
	await context.close();
}, 120_000);

/** Opens collapsed sections, so that they are checked, too. */
const openAll = (page: Page) =>
	page.evaluate(`document.querySelectorAll('details').forEach((part) => { part.open = true; })`);
