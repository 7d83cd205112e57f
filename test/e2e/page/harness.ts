import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Browser, type CDPSession, chromium, type Locator, type Page } from 'playwright-core';
import type { Report } from '../../../function/contract/report.ts';
import { findChromium } from '../../tools/find-chromium.ts';
import type { RunningService } from '../../tools/start-service.ts';

/** Longest wait for a state of the page; the machine may be busy. */
const patienceMs = 60_000;

/** For `expect.poll`. */
export const wait = { timeout: patienceMs, interval: 100 };

/** Debian's Chromium, headless. */
export async function openBrowser(): Promise<Browser> {
	const browser = await chromium.launch({
		executablePath: await findChromium(),
		args: ['--no-sandbox', '--disable-dev-shm-usage', '--autoplay-policy=no-user-gesture-required'],
	});
	const newPage = browser.newPage.bind(browser);
	// a test cannot watch or change the answers of a service worker; offline.test.ts has a context with one
	browser.newPage = (options) => newPage({ serviceWorkers: 'block', ...options });
	return browser;
}

/** What a page did unseen: errors in its console, and requests to other origins. */
export type Visit = { readonly page: Page; readonly errors: string[]; readonly foreign: string[] };

/** Loads the page and watches it from its first request. */
export async function visit(page: Page, url: string): Promise<Visit> {
	page.setDefaultTimeout(patienceMs);
	const { origin } = new URL(url);
	const errors: string[] = [];
	const foreign: string[] = [];
	page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
	page.on('pageerror', (error) => errors.push(String(error)));
	page.on('request', (request) => {
		const target = new URL(request.url());
		if (/^https?:$/.test(target.protocol) && target.origin !== origin) foreign.push(request.url());
	});
	await page.goto(url);
	await part(page, 'drop-target').waitFor();
	return { page, errors, foreign };
}

/** The network conditions of a page. */
export type Network = {
	readonly offline?: boolean;
	/** Upload speed in bytes per second; unlimited if unset. */
	readonly bytesPerS?: number;
};

const sessions = new WeakMap<Page, Promise<CDPSession>>();

/** Changes the network of a page. */
export async function setNetwork(page: Page, { offline = false, bytesPerS = -1 }: Network): Promise<void> {
	const session = await (sessions.get(page) ?? page.context().newCDPSession(page));
	sessions.set(page, Promise.resolve(session));
	await session.send('Network.enable');
	await session.send('Network.emulateNetworkConditions', {
		offline,
		latency: 0,
		downloadThroughput: -1,
		uploadThroughput: bytesPerS,
	});
}

/** A part of the page by its data-testid. */
export const part = (page: Page, id: string): Locator => page.getByTestId(id);

/** The shown problem, by its code. */
export const problem = (page: Page, code: string): Locator =>
	page.locator(`[data-testid="problem"][data-code="${code}"]`).first();

/** Share of the file that has been sent according to the page, 0..1. */
export const sentShare = (page: Page): Promise<number> =>
	part(page, 'upload-progress')
		.locator('progress')
		.evaluate((bar) => bar.value);

/** Drops files on the drop target like a mouse user. */
export const drop = (page: Page, ...paths: readonly string[]): Promise<void> => transfer(page, 'drop', paths);

/** Pastes a file from the clipboard. */
export const paste = (page: Page, path: string): Promise<void> => transfer(page, 'paste', [path]);

async function transfer(page: Page, how: 'drop' | 'paste', paths: readonly string[]): Promise<void> {
	const files = await Promise.all(
		paths.map(async (path) => ({ name: basename(path), base64: (await readFile(path)).toString('base64') })),
	);
	await part(page, 'drop-target').evaluate(
		(target, { how, files }) => {
			const { ClipboardEvent, DataTransfer, DragEvent, File } = target.ownerDocument.defaultView;
			const types: Record<string, string> = { mp4: 'video/mp4', webm: 'video/webm' };
			const data = new DataTransfer();
			for (const { name, base64 } of files) {
				const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
				const type = types[name.split('.').at(-1) ?? ''] ?? '';
				data.items.add(new File([bytes], name, { type, lastModified: 1_600_000_000_000 }));
			}
			const options = { bubbles: true, cancelable: true };
			if (how === 'paste') target.dispatchEvent(new ClipboardEvent('paste', { ...options, clipboardData: data }));
			else
				for (const type of ['dragenter', 'dragover', 'drop'])
					target.dispatchEvent(new DragEvent(type, { ...options, dataTransfer: data }));
		},
		{ how, files },
	);
}

/** Chooses files through the file input, sets the number of frames, and starts. */
export async function analyse(page: Page, paths: readonly string[], depth = '10'): Promise<void> {
	await part(page, 'file-input').setInputFiles([...paths]);
	await setDepth(page, depth);
	await part(page, 'start-analysis').click();
}

/** Chooses the number of frames. */
export async function setDepth(page: Page, depth: string): Promise<void> {
	const choice = part(page, 'depth')
		.locator('label')
		.filter({ has: page.locator(`input[value="${depth}"]`) });
	await choice.click();
}

/** Chooses where the files are analysed. */
export async function choosePlace(page: Page, place: 'server' | 'device'): Promise<void> {
	const choice = part(page, 'place')
		.locator('label')
		.filter({ has: page.locator(`input[value="${place}"]`) });
	await choice.click();
}

/** Freezes a service with its models until the returned function is called, so that the page does not change. */
export function freeze(service: RunningService): () => void {
	const pids = [service.pid, ...service.childPids()];
	for (const pid of pids) process.kill(pid, 'SIGSTOP');
	return () => {
		for (const pid of pids) process.kill(pid, 'SIGCONT');
	};
}

/** A stored report from the service's API; null if there is none. */
export async function storedReport(service: RunningService, id: string): Promise<Report | null> {
	const response = await fetch(`${service.url}/v1/analyses/${id}`);
	if (response.status === 404) return null;
	if (!response.ok) throw new Error(`GET ${response.url}: ${response.status}`);
	return (await response.json()) as Report;
}

/** Ids of the uploads in a service's folder. */
export const uploads = async ({ data }: RunningService): Promise<string[]> => {
	const names = await readdir(join(data, 'uploads')).catch(() => []);
	return names.flatMap((name) => /[0-9a-f]{32}/.exec(name)?.[0] ?? []);
};

/** The id of the analysis that the page shows, from its address. */
export async function idShown(page: Page): Promise<string> {
	await page.waitForURL(/[0-9a-f]{32}/);
	return /[0-9a-f]{32}/.exec(page.url())?.[0] as string;
}

/** Bytes of JavaScript in a first load, gzipped as by a host, and the number of files. */
export async function firstLoadScript(browser: Browser, url: string): Promise<{ bytes: number; files: number }> {
	const page = await browser.newPage();
	const scripts: Promise<Buffer>[] = [];
	page.on('response', (response) => {
		if (response.request().resourceType() === 'script') scripts.push(response.body());
	});
	await page.goto(url, { waitUntil: 'networkidle' });
	const bodies = await Promise.all(scripts);
	await page.close();
	return { bytes: bodies.reduce((sum, body) => sum + gzipSync(body).length, 0), files: bodies.length };
}
