import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { type FaceEntry, type Report, reportSchema } from '../../function/contract/report.ts';
import { pageClip } from '../e2e/page/clips.ts';
import {
	analyse,
	choosePlace,
	idShown,
	openBrowser,
	part,
	setDepth,
	storedReport,
	visit,
} from '../e2e/page/harness.ts';
import { type RunningService, startService } from '../tools/start-service.ts';
import { type Figure, figure, note, round, seconds } from './figure.ts';

/** How far the browser may differ from the service (docs/decisions/059). */
const mostProbability = 0.02;
const mostPx = 1;
/** Memory that a phone has for a tab, MB. */
const mostMb = 400;

/** Compares the same files in the service and in a browser on the same machine; without FILEs, it uses a generated clip. */
export async function* benchBrowser(files: readonly string[], depth = '10'): AsyncGenerator<Figure, void> {
	const [service, browser] = await Promise.all([startService(), openBrowser()]);
	try {
		for (const file of files.length > 0 ? files : [await pageClip('ab.mp4')])
			yield* await compare(service, browser, file, depth);
	} finally {
		await browser.close();
		await service.stop();
	}
}

async function compare(service: RunningService, browser: Browser, file: string, depth: string): Promise<Figure[]> {
	const name = basename(file);
	note(`${name} …`);
	const { page: served } = await visit(await browser.newPage(), service.url);
	const serverS = await seconds(async () => {
		await analyse(served, [file], depth);
		await part(served, 'verdict').waitFor({ timeout: 400_000 });
	});
	const expected = reportSchema.parse(await storedReport(service, await idShown(served)));
	await served.close();

	const { page } = await visit(await browser.newPage(), service.url);
	const bytes = countBytes(page);
	await part(page, 'file-input').setInputFiles([file]);
	await setDepth(page, depth);
	await choosePlace(page, 'device');
	let report: Report | null = null;
	const peakMb = watchMemory(page);
	const deviceS = await seconds(async () => {
		await part(page, 'start-analysis').click();
		await page.locator('[data-testid="verdict"], [data-testid="problem"]').first().waitFor({ timeout: 400_000 });
	});
	if ((await part(page, 'verdict').count()) > 0) report = await saved(page);
	const code = report ? null : await part(page, 'problem').first().getAttribute('data-code');
	const megabytes = await peakMb();
	await page.close();
	if (!report) return [figure(`${name}: analysed in the browser`, 0, { atLeast: 1 }, { code })];
	const { px, compared } = facesApart(expected, report);
	const faces = [expected, report].map(({ coverage }) => coverage.facesFound);
	const apart = Math.abs((report.verdict.fakeProbability ?? 0) - (expected.verdict.fakeProbability ?? 0));
	return [
		figure(
			`${name}: same outcome`,
			Number(report.verdict.outcome === expected.verdict.outcome),
			{ atLeast: 1 },
			{
				outcomes: [expected.verdict.outcome, report.verdict.outcome],
			},
		),
		figure(`${name}: difference of the probability`, round(apart, 4), { atMost: mostProbability }),
		figure(`${name}: share of frames with faces that both analysed`, round(sharedTimes(expected, report), 2), {
			atLeast: 1,
		}),
		figure(
			`${name}: difference of face boxes in the same frame, px`,
			round(px, 2),
			{ atMost: mostPx },
			{ compared, faces },
		),
		figure(
			`${name}: time in the browser / time in the service`,
			round(deviceS / serverS, 2),
			{},
			{
				seconds: [serverS, deviceS].map((value) => round(value, 1)),
			},
		),
		figure(`${name}: memory of the page's process, MB`, megabytes, { atMost: mostMb }),
		figure(`${name}: bytes fetched, MB`, round(bytes() / 1e6, 1), {}),
	];
}

async function saved(page: Page): Promise<Report> {
	const [download] = await Promise.all([page.waitForEvent('download'), part(page, 'download-json').click()]);
	return reportSchema.parse(JSON.parse(await readFile(await download.path(), 'utf8')));
}

/**
 * The largest distance between edges of a face and of the nearest face in the same frame, px, and how many faces of the first report have one: a
 * service that has met damage analyses other frames.
 */
function facesApart(a: Report, b: Report): { readonly px: number; readonly compared: number } {
	const [own, others] = [a, b].map(({ tracks }) =>
		tracks.flatMap(({ faces }) => faces.map(({ timeS, box }) => ({ timeS, box }))),
	) as [Placed[], Placed[]];
	const apart = own.flatMap(({ timeS, box }) => {
		const near = others
			.filter((other) => Math.abs(other.timeS - timeS) < sameFrameS)
			.map((other) =>
				Math.max(...(['x', 'y', 'width', 'height'] as const).map((k) => Math.abs(other.box[k] - box[k]))),
			);
		return near.length > 0 ? [Math.min(...near)] : [];
	});
	return { px: Math.max(0, ...apart), compared: apart.length };
}

type Placed = Pick<FaceEntry, 'timeS' | 'box'>;

/** The times at which both reports have a face, as a share of all times at which either has one. */
function sharedTimes(a: Report, b: Report): number {
	const [own, others] = [a, b].map(({ tracks }) => [
		...new Set(tracks.flatMap(({ faces }) => faces.map(({ timeS }) => timeS))),
	]) as [number[], number[]];
	const shared = own.filter((timeS) => others.some((other) => Math.abs(other - timeS) < sameFrameS)).length;
	const all = own.length + others.length - shared;
	return all === 0 ? 1 : shared / all;
}

/** Times of the same frame differ by less than this, which is less than half a frame at 60 frames per second. */
const sameFrameS = 0.008;

/** Bytes that the page and its workers have fetched from the network. */
function countBytes(page: Page): () => number {
	let sum = 0;
	page.on('response', (response) => {
		sum += Number(response.headers()['content-length'] ?? 0);
	});
	return () => sum;
}

/** The highest memory until the returned function is called, MB: Chromium resets the kernel's own maximum now and then. */
function watchMemory(page: Page): () => Promise<number> {
	let highest = Number.NaN;
	const look = async () => {
		const megabytes = await memory(page).catch(() => Number.NaN);
		if (!Number.isNaN(megabytes)) highest = Math.max(megabytes, highest || 0);
	};
	const timer = setInterval(look, 250);
	return async () => {
		clearInterval(timer);
		await look();
		return highest;
	};
}

/** Resident memory of the process that shows the page and runs its workers, MB; NaN without /proc. */
async function memory(page: Page): Promise<number> {
	const session = await page.context().browser()?.newBrowserCDPSession();
	const { processInfo } = (await session?.send('SystemInfo.getProcessInfo')) ?? { processInfo: [] };
	await session?.detach();
	const sizes = await Promise.all(
		processInfo
			.filter(({ type }) => type === 'renderer')
			.map(async ({ id }) => {
				const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
				return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024;
			}),
	);
	return Math.round(Math.max(...sizes));
}
