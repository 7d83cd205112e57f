import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Language } from '../../../function/answer/languages.ts';
import { packageRoot } from '../../../function/config.ts';
import { untranslatedWords } from './untranslated.ts';

const folder = join(packageRoot(), 'test-results/screenshots');
const widths = [390, 1440] as const;
/** The narrowest phone and the widest screen that the page supports; there, only width-dependent things are checked. */
const edges = [360, 3840] as const;
const variants = [
	{ language: 'en', colours: 'light' },
	{ language: 'en', colours: 'dark' },
	{ language: 'ar', colours: 'light' },
	{ language: 'ar', colours: 'dark' },
] as const;

/**
 * Checks one state of the page in both languages, light and dark, on a phone and a desktop: no violation of WCAG 2.2 AA that axe detects, no
 * sideways scrolling (down to 360 px and up to 4K), no motion, no untranslated text. Writes a screenshot of each to
 * test-results/screenshots, of the whole page unless `fullPage` is false: for full pages, Chromium replaces touch input by a mouse.
 */
export async function checkAppearance(page: Page, state: string, { fullPage = true } = {}): Promise<void> {
	await mkdir(folder, { recursive: true });
	const faults: Record<string, unknown> = {};
	for (const { language, colours } of variants) {
		await setLanguage(page, language);
		await page.emulateMedia({ colorScheme: colours });
		for (const width of widths) {
			await resize(page, width, width === 390 ? 844 : 900);
			const variant = `${state}-${width}-${colours}-${language}`;
			await page.screenshot({ path: join(folder, `${variant}.png`), fullPage, animations: 'disabled' });
			const withAxe = (width === 390) === (colours === 'dark'); // the other half has the same markup in the same colours
			const found = await faultsOf(page, language, withAxe);
			if (found.length > 0) faults[variant] = found;
		}
		if (colours === 'dark') continue;
		for (const width of edges) {
			await resize(page, width, 900);
			const found = await faultsOf(page, language, false);
			if (found.length > 0) faults[`${state}-${width}-${language}`] = found;
		}
	}
	await setLanguage(page, 'en');
	expect(faults).toEqual({});
}

/** Resizes the window and waits until scripted drawings have followed. */
async function resize(page: Page, width: number, height: number): Promise<void> {
	await page.setViewportSize({ width, height });
	await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
}

/** Checks the printed version: the answer without what is useless on paper. */
export async function checkPrint(page: Page): Promise<void> {
	await page.emulateMedia({ media: 'print', colorScheme: 'light' });
	await page.setViewportSize({ width: 794, height: 1123 }); // A4 at 96 px per inch
	await page.screenshot({ path: join(folder, 'answer-print.png'), fullPage: true });
	expect(await page.getByTestId('verdict').isVisible()).toBe(true);
	expect(await page.getByTestId('delete-now').isVisible()).toBe(false);
	await page.emulateMedia({ media: 'screen' });
}

/** Changes the language with the control on the page. */
export async function setLanguage(page: Page, language: Language): Promise<void> {
	await page.getByTestId('language').selectOption(language);
	await page.locator(`html[lang="${language}"]`).waitFor({ state: 'attached' });
}

/** The faults of the page in its current state. */
export async function faultsOf(page: Page, language: Language, withAxe = true): Promise<string[]> {
	const sideways = await page.evaluate<number>(
		'document.documentElement.scrollWidth - document.documentElement.clientWidth',
	);
	const direction = await page.evaluate<string>('getComputedStyle(document.body).direction');
	const moving = await page.evaluate<number>(
		`document.getAnimations().filter(({ playState }) => playState === 'running').length`,
	);
	const english = language === 'en' ? [] : await untranslatedWords(page, language);
	return [
		...(sideways > 0 ? [`scrolls sideways by ${sideways} px`] : []),
		...(direction === (language === 'ar' ? 'rtl' : 'ltr') ? [] : [`direction ${direction}`]),
		...(moving > 0 ? [`${moving} animations run although less motion is asked for`] : []),
		...english.map((word) => `not translated: ${word}`),
		...(withAxe ? await axeFaults(page) : []),
	];
}

async function axeFaults(page: Page): Promise<string[]> {
	if (!(await page.evaluate<boolean>('"axe" in globalThis'))) await page.evaluate(axe.source);
	const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
	const options = JSON.stringify({ runOnly: tags, resultTypes: ['violations'], elementRef: false });
	const { violations } = await page.evaluate<axe.AxeResults>(`axe.run(document, ${options})`);
	return violations.flatMap(({ id, nodes }) =>
		nodes.map(({ target, any, all }) => `${id}: ${target.join(' ')} ${(any[0] ?? all[0])?.message ?? ''}`),
	);
}
