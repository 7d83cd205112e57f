import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CDPSession, Page } from 'playwright-core';
import sharp from 'sharp';
import { packageRoot } from '../../function/config.ts';
import type { ServiceEvent } from '../../function/contract/events.ts';
import type { Report } from '../../function/contract/report.ts';
import { openBrowser, part } from '../e2e/page/harness.ts';
import { plainFace, sampleReport } from '../unit/sample-report.ts';
import { video } from '../unit/verdict-samples.ts';
import { type Figure, figure, median, note, quantile, round } from './figure.ts';
import { type PageServer, type Stream, startPageServer } from './page-server.ts';

/** Faces in all, and those of the first and of the last part whose cost is compared. */
const faces = 10_000;
const partFaces = 1000;
const people = 4;
const frames = faces / people;
/** Faces per second that arrive: what the fast tier scores on two cores (`npm run bench -- tiers`). */
const facesASecond = 250;
/** An example of the page itself; the faces are spread over its length, so that the player jumps with them. */
const clip = join(packageRoot(), 'spa/examples/genuine.mp4');
const clipS = 6;
const patienceMs = 600_000;
/** How much more one of the last 1,000 faces may cost than one of the first: the drawing of a person grows up to a fixed number of points. */
const mostGrowth = 1.5;
/** 60 frames per second, with some room for the clock. */
const mostMs = 17;

/** Records the time of every frame that the page draws; a string, because the program that runs this file names functions by a helper that pages lack. */
const recordFrames = `(() => {
	const times = [];
	window.benchFrames = times;
	const step = (at) => { if (window.benchFrames === times) { times.push(at); requestAnimationFrame(step); } };
	requestAnimationFrame(step);
})()`;
/** Scrolls down and up through the page at 2,400 px a second for some seconds. */
const scroll = `new Promise((resolve) => {
	const start = performance.now();
	const step = (at) => {
		const [goneS, room] = [(at - start) / 1000, document.documentElement.scrollHeight - innerHeight];
		const way = (2400 * goneS) % (2 * room);
		scrollTo(0, way < room ? way : 2 * room - way);
		if (goneS < 5) requestAnimationFrame(step); else resolve();
	};
	requestAnimationFrame(step);
})`;

/**
 * Follows an analysis of 10,000 faces with the built page in Chromium: what a face costs at the beginning and at the end, how smoothly the page draws
 * meanwhile and while its answer is scrolled, and how large it gets. Costs are the processor's time of the page's main thread, which other programs
 * on the machine do not lengthen; the times between frames are real time, and they do.
 */
export async function* benchPage(): AsyncGenerator<Figure, void> {
	note(`${faces} faces of ${people} people, ${facesASecond} a second …`);
	const report = await longReport();
	const [server, browser] = await Promise.all([startPageServer(report), openBrowser()]);
	try {
		const page = await browser.newPage();
		page.setDefaultTimeout(patienceMs);
		yield* await follow(page, server, report);
	} finally {
		await browser.close();
		await server.close();
	}
}

async function follow(page: Page, server: PageServer, report: Report): Promise<Figure[]> {
	await page.goto(server.url);
	await part(page, 'drop-target').waitFor();
	const idle = await drawn(page, () => sleep(5000));
	const gauge = await openGauge(page);
	await part(page, 'file-input').setInputFiles([clip]);
	await part(page, 'start-analysis').click();
	const stream = await server.asked;
	await stream.send([{ type: 'video', fileName: report.fileName, video: report.video }]);
	const events = await eventsOf(report);
	const perPart = partFaces / people;
	const sizes = [await gauge()];
	const arriving = await drawn(page, async () => {
		for (const [from, to] of [
			[0, perPart],
			[perPart, frames - perPart],
			[frames - perPart, frames],
		] as const) {
			await sendAtPace(stream, events.slice(from, to));
			await page.waitForFunction(`document.querySelector('.progress progress')?.value === ${to / frames}`, null, {
				polling: 100,
			});
			sizes.push(await gauge());
		}
	});
	const { tracks } = report;
	await stream.send(
		tracks.flatMap(({ trackId, moments }) =>
			moments.map((moment): ServiceEvent => ({ type: 'moment', trackId, moment })),
		),
	);
	await stream.send([{ type: 'report', report }]);
	stream.end();
	await part(page, 'verdict').waitFor();
	const scrolled = await drawn(page, () => page.evaluate(scroll));
	return figuresOf({ idle, arriving, scrolled }, sizes, await gauge());
}

/** How often the page drew, and the processors' time of all of Chromium per frame: if that is short, waiting made the frames late. */
type Drawn = {
	readonly medianMs: number;
	readonly p95Ms: number;
	readonly frames: number;
	readonly computedMsPerFrame: number;
};

function figuresOf(
	{ idle, arriving, scrolled }: Readonly<Record<'idle' | 'arriving' | 'scrolled', Drawn>>,
	sizes: readonly Size[],
	answer: Size,
): Figure[] {
	const [begun, early, late, last] = sizes as [Size, Size, Size, Size];
	const msPerFace = (from: Size, to: Size) => (1000 * (to.busyS - from.restedS)) / partFaces;
	const [firstMs, lastMs] = [msPerFace(begun, early), msPerFace(late, last)];
	const framesOf = (what: string, { medianMs, ...details }: Drawn, aim = {}) =>
		figure(`page: time between frames ${what}, median, ms`, round(medianMs, 1), aim, details);
	const elements = { empty: begun.elements, early: early.elements, last: last.elements, answer: answer.elements };
	return [
		figure('page: time per face of the first 1,000, ms', round(firstMs, 2), {}),
		figure('page: time per face of the last 1,000, ms', round(lastMs, 2), {}),
		figure('page: the last 1,000 faces / the first', round(lastMs / firstMs), { atMost: mostGrowth }),
		framesOf('before anything happens', idle),
		framesOf('while faces arrive', arriving, { atMost: mostMs }),
		framesOf('while the answer is scrolled', scrolled, { atMost: mostMs }),
		figure(
			'page: elements with 10,000 faces / with 1,000',
			round(last.elements / early.elements),
			{ atMost: 1.1 },
			elements,
		),
		figure(
			'page: memory of its script with 10,000 faces, MB',
			round(last.heapMb, 1),
			{},
			{
				empty: round(begun.heapMb, 1),
				early: round(early.heapMb, 1),
				answer: round(answer.heapMb, 1),
			},
		),
	];
}

/** How the page draws while some work is done. */
async function drawn(page: Page, work: () => Promise<unknown>): Promise<Drawn> {
	const beforeS = await computedS(page);
	await page.evaluate(recordFrames);
	await work();
	const times = await page.evaluate<number[]>('window.benchFrames.splice(0)');
	const spentS = (await computedS(page)) - beforeS;
	const gaps = times.slice(1).map((time, i) => time - (times[i] as number));
	return {
		medianMs: median(gaps),
		p95Ms: round(quantile(gaps, 0.95), 1),
		frames: gaps.length,
		computedMsPerFrame: round((1000 * spentS) / gaps.length, 1),
	};
}

/** Seconds that all processes of the browser have computed. */
async function computedS(page: Page): Promise<number> {
	const session = await page.context().browser()?.newBrowserCDPSession();
	const { processInfo } = (await session?.send('SystemInfo.getProcessInfo')) ?? { processInfo: [] };
	return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

/** The page's size, and the seconds for which its main thread has computed before and after memory was collected for this. */
type Size = { readonly busyS: number; readonly restedS: number; readonly elements: number; readonly heapMb: number };

async function openGauge(page: Page): Promise<() => Promise<Size>> {
	const session = await page.context().newCDPSession(page);
	await session.send('Performance.enable', { timeDomain: 'threadTicks' });
	return async () => {
		const busyS = await metric(session, 'TaskDuration');
		await session.send('HeapProfiler.collectGarbage');
		const elements = await page.evaluate<number>('document.querySelectorAll("*").length');
		const heapMb = (await metric(session, 'JSHeapUsedSize')) / 1e6;
		return { busyS, elements, heapMb, restedS: await metric(session, 'TaskDuration') };
	};
}

async function metric(session: CDPSession, name: string): Promise<number> {
	const { metrics } = await session.send('Performance.getMetrics');
	return metrics.find((one) => one.name === name)?.value ?? Number.NaN;
}

async function sendAtPace(stream: Stream, events: readonly (readonly ServiceEvent[])[]): Promise<void> {
	const startMs = performance.now();
	for (const [i, frame] of events.entries()) {
		const dueMs = startMs + (1000 * i * people) / facesASecond;
		if (dueMs > performance.now()) await sleep(dueMs - performance.now());
		await stream.send(frame);
	}
}

/** A report as a run makes it, of four people whose faces are in every frame. */
function longReport(): Promise<Report> {
	const logits = (trackId: number) =>
		Array.from({ length: frames }, (_, i) => 2 * Math.sin(i / 40 + trackId) + Math.sin(1.7 * i) - 1);
	const painted = Array.from({ length: people }, (_, i) => plainFace(i + 1, 0));
	return sampleReport({
		people: Array.from({ length: people }, (_, i) => ({ logits: logits(i) })),
		info: { ...video, durationS: clipS, width: 640, height: 640, fps: frames / clipS },
		paint: (trackId) => painted[trackId - 1] as ReturnType<typeof plainFace>,
		stepS: clipS / frames,
	});
}

/** The events of each frame, with crops of the size and kind that the service sends. */
async function eventsOf({ tracks }: Report): Promise<ServiceEvent[][]> {
	const pictures = await Promise.all(['a', 'a-blended', 'b', 'c'].map(cropOf));
	return Array.from({ length: frames }, (_, i) => [
		{ type: 'progress', framesDone: i + 1, framesTotal: frames, faces: (i + 1) * people },
		...tracks.flatMap(({ trackId, faces: entries }, k): ServiceEvent[] => {
			const [face, picture] = [entries[i], pictures[k % pictures.length]];
			if (!face || !picture) return [];
			const own = Buffer.from(`${trackId}.${i}`); // bytes after a picture's end change its address, so that each is decoded
			return [{ type: 'face', trackId, face, cropJpegBase64: Buffer.concat([picture, own]).toString('base64') }];
		}),
	]);
}

const cropOf = (name: string): Promise<Buffer> =>
	sharp(join(packageRoot(), `test/fixtures/portraits/${name}.jpg`))
		.resize(96, 96)
		.jpeg({ quality: 80 })
		.toBuffer();
