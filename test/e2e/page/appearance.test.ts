import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { packageRoot } from '../../../function/config.ts';
import type { Report } from '../../../function/contract/report.ts';
import { type RunningService, startService } from '../../tools/start-service.ts';
import { type Painter, sampleReports } from '../../unit/sample-report.ts';
import { checkAppearance, checkPrint, faultsOf, setLanguage } from './appearance.ts';
import { largeClip, longClip, noVideo, type PageClip, pageClip } from './clips.ts';
import { analyse, drop, freeze, openBrowser, part, problem, sentShare, setNetwork, visit, wait } from './harness.ts';
import { seek } from './overlay.ts';

/** Every state of the page, checked as in appearance.ts. */

let service: RunningService;
let browser: Browser;
let page: Page;

beforeAll(async () => {
	[service, browser] = await Promise.all([
		startService({ env: { UNMASK_SLOTS: '1', UNMASK_QUEUE: '1' } }),
		openBrowser(),
	]);
});
afterEach(() => page?.context().close());
afterAll(async () => {
	await browser?.close();
	await service?.stop();
});

const open = async () => {
	page = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage();
	await visit(page, service.url);
};

const answered = async (clip: PageClip, depth = '20') => {
	await open();
	await analyse(page, [await pageClip(clip)], depth);
	await part(page, 'verdict').waitFor();
	await seek(page, 1);
};

it('detects faults', async () => {
	await open();
	await setLanguage(page, 'ar');
	await page.evaluate(
		`document.body.insertAdjacentHTML('beforeend', '<img src="icon.svg" width="5000"><p>Choose files</p>')`,
	);
	const faults = await faultsOf(page, 'ar');
	for (const fault of [/^scrolls sideways/, /^not translated: choose/, /^image-alt/])
		expect(faults).toContainEqual(expect.stringMatching(fault));
});

it('start', async () => {
	await open();
	await checkAppearance(page, 'start');
});

it('start, on a touch screen', async () => {
	page = await (await browser.newContext({ reducedMotion: 'reduce', hasTouch: true, isMobile: true })).newPage();
	await visit(page, service.url);
	await page.getByText('Record with the camera').waitFor();
	await checkAppearance(page, 'start-touch', { fullPage: false });
});

it('chosen and refused files', async () => {
	await open();
	await drop(page, await pageClip('demo-1.mp4'), await noVideo());
	await part(page, 'start-analysis').waitFor();
	await problem(page, 'not-a-video').waitFor();
	await checkAppearance(page, 'chosen');
});

it('upload: paused, and without a network', async () => {
	await open();
	await setNetwork(page, { bytesPerS: 500_000 });
	await analyse(page, [await largeClip()]);
	await expect.poll(() => sentShare(page), wait).toBeGreaterThan(0.02);
	await part(page, 'pause').click();
	await part(page, 'resume').waitFor();
	await checkAppearance(page, 'upload-paused');
	await part(page, 'resume').click();
	await setNetwork(page, { offline: true });
	await page.locator('[data-state="interrupted"]').waitFor();
	await checkAppearance(page, 'upload-interrupted');
	await setNetwork(page, {});
	await part(page, 'cancel').click();
});

it('faces while they are scored, a place in the queue, a full queue, several files, and a crash of the models', async () => {
	await open();
	await analyse(page, [await longClip()], 'all');
	await expect.poll(() => part(page, 'face-crop').count(), wait).toBeGreaterThan(3);
	const thawed = freeze(service);
	await checkAppearance(page, 'watch');
	thawed();
	const another = async (...clips: PageClip[]) => {
		const other = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage();
		await visit(other, service.url);
		await analyse(other, await Promise.all(clips.map(pageClip)));
		return other;
	};
	const second = await another('b1.webm', 'a1.webm');
	await part(second, 'queue-position').waitFor();
	await checkAppearance(second, 'queue');
	const third = await another('b1.webm');
	await problem(third, 'queue-full').waitFor();
	await checkAppearance(third, 'queue-full');
	await Promise.all([second, third].map((other) => other.context().close()));
	for (const pid of service.childPids()) process.kill(pid, 'SIGKILL');
	await problem(page, 'inference-died').waitFor();
	await checkAppearance(page, 'failed');
});

/** Opens a report stored at the service, with photographs of the faces. */
async function stored(make: (paint: Painter) => Promise<Report>): Promise<void> {
	const id = randomBytes(16).toString('hex');
	await mkdir(join(service.data, 'results'), { recursive: true });
	await writeFile(join(service.data, 'results', `${id}.json`), JSON.stringify(await make(await photographs())));
	await open();
	await page.goto(`${service.url}/#/analysis/${id}`);
	await part(page, 'verdict').waitFor();
}

async function photographs(): Promise<Painter> {
	const size = 150;
	const faces = await Promise.all(
		['b', 'a-blended', 'c'].map(async (name) => {
			const file = join(packageRoot(), 'test/fixtures/portraits', `${name}.jpg`);
			const rgb = await sharp(file).resize(size, size).removeAlpha().raw().toBuffer();
			const plane = size * size;
			return Float32Array.from(
				{ length: 3 * plane },
				(_, i) => (rgb[3 * (i % plane) + Math.floor(i / plane)] ?? 0) / 255,
			);
		}),
	);
	return (trackId) => ({ size, pixels: faces[(trackId - 1) % faces.length] as Float32Array });
}

it('answer: strong signs, in one of three people', async () => {
	await stored(sampleReports.fake);
	await checkAppearance(page, 'answer-strong-signs');
	await checkPrint(page);
});

it('answer: strong signs in a part of the video', async () => {
	await stored(sampleReports.partial);
	await part(page, 'stretches').waitFor();
	await checkAppearance(page, 'answer-stretches');
});

it('answer: no signs', async () => {
	await stored(sampleReports.real);
	await checkAppearance(page, 'answer-no-signs');
});

it('answer: between the thresholds', async () => {
	await answered('demo-1.mp4');
	await checkAppearance(page, 'answer-uncertain');
});

it('answer: a picture', async () => {
	await open();
	await analyse(page, [join(packageRoot(), 'test/fixtures/portraits/a.jpg')]);
	await part(page, 'verdict').waitFor();
	await checkAppearance(page, 'answer-picture');
});

it('answer: two people; then a visit without the file, the history, and the end', async () => {
	await answered('ab.mp4');
	await checkAppearance(page, 'answer-two-people');
	await page.reload();
	await part(page, 'verdict').waitFor();
	await checkAppearance(page, 'answer-stored');
	await page.goto(`${service.url}/#/history`);
	await part(page, 'history-delete').click();
	await checkAppearance(page, 'history-delete-asked');
	await page.keyboard.press('Escape');
	await page.goBack();
	await part(page, 'delete-now').click();
	await part(page, 'delete-confirm').waitFor();
	await checkAppearance(page, 'delete-asked');
	await part(page, 'delete-confirm').click();
	await page.getByText('Deleted.').first().waitFor();
	await checkAppearance(page, 'deleted');
});

it('a service that needs a key and has no model', async () => {
	const models = await mkdtemp(join(tmpdir(), 'unmask-no-models-'));
	const env = { UNMASK_MODELS: models, UNMASK_API_KEY_HASHES: createHash('sha256').update('right').digest('hex') };
	const bare = await startService({ env, untilReady: false });
	try {
		page = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage();
		await page.goto(bare.url);
		await part(page, 'key').waitFor();
		await checkAppearance(page, 'key');
		await part(page, 'key').fill('wrong');
		await page.keyboard.press('Enter');
		await page.getByText('does not know this key').waitFor();
		await checkAppearance(page, 'key-wrong');
		await part(page, 'key').fill('right');
		await page.keyboard.press('Enter');
		await problem(page, 'model-missing').waitFor();
		await part(page, 'drop-target').waitFor();
		await checkAppearance(page, 'model-missing');
		await page.goto(`${bare.url}/#/about`);
		await page.getByText('cannot be read right now').waitFor();
		await checkAppearance(page, 'about-without-model');
	} finally {
		await bare.stop();
		await rm(models, { recursive: true });
	}
});

it('answer: no face', async () => {
	await answered('n0.webm');
	await checkAppearance(page, 'answer-no-face');
});

it('answer: a face that is too small; history', async () => {
	await answered('s40.webm');
	await checkAppearance(page, 'answer-too-small');
	await page.goto(`${service.url}/#/history`);
	await part(page, 'history-item').waitFor();
	await checkAppearance(page, 'history');
});

it('about, an empty history, an unknown page, an unknown report', async () => {
	await open();
	for (const [state, hash] of [
		['about', '#/about'],
		['history-empty', '#/history'],
		['unknown-page', '#/no/such/page'],
		['unknown-report', `#/analysis/${'0'.repeat(32)}`],
	] as const) {
		await page.goto(`${service.url}/${hash}`);
		await page.getByRole('heading', { level: 1 }).waitFor();
		await checkAppearance(page, state);
	}
});

it('offline', async () => {
	await open();
	await setNetwork(page, { offline: true });
	await problem(page, 'offline').waitFor();
	await checkAppearance(page, 'offline');
});

it('the service is down', async () => {
	await open();
	await service.stop('SIGKILL');
	await part(page, 'file-input').setInputFiles(await pageClip('b1.webm'));
	await part(page, 'start-analysis').click();
	await problem(page, 'service-unreachable').waitFor();
	await checkAppearance(page, 'service-down');
});
