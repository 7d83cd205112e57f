import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageRoot } from '../../../function/config.ts';
import type { Report } from '../../../function/contract/report.ts';
import { addModel } from '../../../function/model/custom-models.ts';
import { readManifest } from '../../../function/model/manifest.ts';
import { specSchema } from '../../../function/model/spec.ts';
import { type RunningService, startService } from '../../tools/start-service.ts';
import { makeTierModels, thoroughId } from '../../tools/tier-models.ts';
import { checkAppearance, faultsOf, setLanguage } from './appearance.ts';
import { idShown, openBrowser, part, storedReport, visit } from './harness.ts';

/** The choice of classifiers in one control: both built-in tiers and a custom model of the operator. */

const portrait = join(packageRoot(), 'test/fixtures/portraits/a.jpg');
let folder: string;
let fastId: string;
let service: RunningService;
let browser: Browser;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'unmask-classifiers-'));
	const models = await makeTierModels(join(folder, 'both'), true);
	fastId = (await readManifest(models)).defaultClassifier;
	const own = join(folder, 'own');
	await addModel(own, {
		...{ id: 'logit-48', path: join(packageRoot(), 'test/fixtures/models/logit-48.onnx'), licence: 'none' },
		...{
			madeBy: 'a test',
			spec: specSchema.parse({ crop: { margin: 1.3, size: 48 }, input: {}, output: { kind: 'logit' } }),
		},
	});
	const env = { UNMASK_MODELS: models, UNMASK_CUSTOM_MODELS: own, UNMASK_OFFER_MODELS: 'all' };
	[service, browser] = await Promise.all([startService({ env }), openBrowser()]);
});
afterAll(async () => {
	await browser?.close();
	await service?.stop();
	await rm(folder, { recursive: true });
});

const option = (page: Page, id: string) => part(page, 'judge').locator(`input[value="${id}"]`);
const card = (page: Page, id: string) =>
	part(page, 'judge')
		.locator('label')
		.filter({ has: page.locator(`input[value="${id}"]`) });

/** Starts the chosen files, and returns the stored report. */
async function answer(page: Page): Promise<Report> {
	await part(page, 'start-analysis').click();
	await part(page, 'verdict').waitFor();
	return (await storedReport(service, await idShown(page))) as Report;
}

it('both tiers, with cost and error rates, can be chosen with the keyboard, are kept for the next visit, and are used', async () => {
	const page = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage();
	const { errors } = await visit(page, service.url);
	await part(page, 'file-input').setInputFiles(portrait);
	await part(page, 'judge').waitFor();
	expect(await option(page, fastId).isChecked()).toBe(true);
	const [quick, thorough] = [await card(page, fastId).innerText(), await card(page, thoroughId).innerText()];
	const wrong = 'Genuine faces: (About|None) .+ were wrongly .+\n+Manipulated faces: .+';
	expect(quick).toMatch(new RegExp(`^Fast\n+${wrong}`));
	expect(thorough).toMatch(new RegExp(`^Thorough\n+about 3\\.5 times the work per face\n+${wrong}`));

	await option(page, fastId).focus();
	await page.keyboard.press('ArrowDown');
	expect(await option(page, thoroughId).isChecked()).toBe(true);
	await checkAppearance(page, 'chosen-judge');

	await page.reload();
	await part(page, 'file-input').setInputFiles(portrait);
	await part(page, 'judge').waitFor();
	expect(await option(page, thoroughId).isChecked(), 'kept').toBe(true);
	const report = await answer(page);
	expect(report.classifier).toMatchObject({ id: thoroughId, tier: 'thorough' });
	await page.getByText('Everything about this run').click();
	await page.getByText(`Thorough, ${thoroughId}`).waitFor();
	expect(errors, 'console').toEqual([]);
	await page.context().close();
});

it('a custom model appears in the same control; an uncalibrated one says so', async () => {
	const { page } = await visit(await browser.newPage(), service.url);
	await part(page, 'file-input').setInputFiles(portrait);
	await part(page, 'judge').waitFor();
	expect(await part(page, 'judge').locator('input').count()).toBe(3);
	expect(await card(page, 'logit-48').innerText()).toMatch(/a custom model of this service\n+.*never measured/);
	await card(page, 'logit-48').click();
	const report = await answer(page);
	expect(report).toMatchObject({
		classifier: { id: 'logit-48', tier: null },
		verdict: { reasons: expect.arrayContaining(['not-calibrated']) },
	});

	await page.goto(`${service.url}/#/about`);
	await page
		.getByRole('heading', { name: `Thorough: ${thoroughId}` })
		.first()
		.waitFor();
	await setLanguage(page, 'ar');
	expect(await faultsOf(page, 'ar')).toEqual([]);
	await page.close();
});
