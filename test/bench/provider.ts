import { join } from 'node:path';
import { runAnalysis } from '../../function/commands/run-analysis.ts';
import { customModelsFolder, packageRoot, parseConfig } from '../../function/config.ts';
import type { AnalysisEvent } from '../../function/contract/events.ts';
import { planSchema } from '../../function/contract/plan.ts';
import type { Report } from '../../function/contract/report.ts';
import { readModelLists } from '../../function/model/classifiers.ts';
import type { OpenClassifier } from '../../function/model/model-host.ts';
import { type OpenModels, openModels } from '../../function/model/open-models.ts';
import { isCudaInstalled, type Provider } from '../../function/model/session.ts';
import { openEngine } from '../../function/open-engine.ts';
import type { Frame } from '../../function/values.ts';
import { makeClip } from './clips.ts';
import { type Figure, figure, note, round, seconds } from './figure.ts';

/** How far a face's logit on the GPU may differ from that on the CPU: the graphs are the same, but the order of the sums is not. */
const LOGIT_TOLERANCE = 0.05;

const portraits = ['a.jpg', 'a-blended.jpg', 'b.jpg', 'c.jpg'].map((name) =>
	join(packageRoot(), 'test/fixtures/portraits', name),
);

type Scored = { readonly reports: readonly Report[]; readonly logits: readonly number[] };

/**
 * Detection passes per second, classified faces per second and videos per minute, on each available provider; and, if there is a GPU, whether it
 * gives the CPU's verdicts and logits.
 */
export async function benchProviders({ folder, quick, threads }: { folder: string; quick: boolean; threads: number }) {
	const figures: Figure[] = [];
	const add = (what: string, measured: number, aim = {}, details = {}) => {
		figures.push(figure(what, measured, aim, details));
	};
	const providers: readonly Provider[] = isCudaInstalled() ? ['cpu', 'cuda'] : ['cpu'];
	if (!isCudaInstalled()) note('onnxruntime has no CUDA here: nothing was measured on a GPU.');
	const scored = new Map<Provider, Scored>();
	for (const provider of providers) {
		note(`${provider} …`);
		const opened = await load(provider, threads);
		const models = opened.chosen;
		for (const [what, value] of await speedsOf(models, quick ? 1 : 5)) add(`${provider}: ${what}`, round(value));
		if (models.placement) note(`operators: ${models.placement.cuda} on the GPU, ${models.placement.cpu} on the CPU`);
		await opened.close();
		const { videosAMinute, ...answers } = await analyseSeveral(provider, folder, quick ? 2 : 8);
		scored.set(provider, answers);
		for (const [jobs, value] of videosAMinute)
			add(`${provider}: videos per minute, 10 s of 1080p, ${jobs} at a time`, round(value));
	}
	const [cpu, cuda] = [scored.get('cpu'), scored.get('cuda')];
	if (cpu && cuda) {
		const largest = Math.max(...cpu.logits.map((logit, i) => Math.abs(logit - (cuda.logits[i] ?? Number.NaN))));
		add('largest difference of a logit between GPU and CPU', round(largest, 4), { atMost: LOGIT_TOLERANCE });
		const others = cpu.reports.filter((report, i) => report.verdict.outcome !== cuda.reports[i]?.verdict.outcome);
		add('verdicts that differ between GPU and CPU', others.length, { atMost: 0 });
	}
	return figures;
}

async function load(provider: Provider, threads: number): Promise<OpenModels> {
	const config = parseConfig();
	const lists = await readModelLists(config.UNMASK_MODELS, customModelsFolder(config));
	return openModels({ lists, choice: { model: null, tier: null }, provider, threads });
}

/** Uses meaningless pictures, because the speed of a network does not depend on its input. */
async function speedsOf(
	{ detect, classify, crop, cropsPerRun }: OpenClassifier,
	forS: number,
): Promise<[string, number][]> {
	const frame: Frame = { index: 0, timeS: 0, width: 1920, height: 1080, rgb: new Uint8Array(1920 * 1080 * 3).fill(99) };
	const crops = Array.from({ length: cropsPerRun }, () => new Float32Array(3 * crop.size ** 2).fill(0.4));
	const faces = async (count: number) => (await aSecond(forS, () => classify(crops.slice(0, count)))) * count;
	return [
		[
			'detection passes per second, 1080p at 256 px',
			await aSecond(forS, () => detect(frame, { side: 256, margin: 0, minScore: 0.5 })),
		],
		[
			'detection passes per second, 1080p at 512 px',
			await aSecond(forS, () => detect(frame, { side: 512, margin: 0, minScore: 0.5 })),
		],
		['classified faces per second, one by one', await faces(1)],
		[`classified faces per second, ${cropsPerRun} together`, await faces(cropsPerRun)],
	];
}

/** How often some work is done per second, measured over `forS` seconds after a warm-up. */
async function aSecond(forS: number, work: () => Promise<unknown>): Promise<number> {
	await work();
	const startMs = performance.now();
	let count = 0;
	for (; performance.now() - startMs < forS * 1000; count++) await work();
	return (1000 * count) / (performance.now() - startMs);
}

/** Videos per minute by the number of concurrent analyses, and the reports of one clip and some portraits. */
async function analyseSeveral(provider: Provider, folder: string, count: number) {
	const clip = makeClip(folder, 'hd-10s', 1920, 1080, 10, 30);
	const engine = await openEngine({ provider, onNotice: note });
	const logits: number[] = [];
	const analyse = (file: string, onEvent?: (event: AnalysisEvent) => void) =>
		runAnalysis(
			file,
			planSchema.parse({ frames: 100 }),
			engine.stages,
			new AbortController().signal,
			onEvent ? { onEvent } : {},
		);
	try {
		const reports: Report[] = [];
		for (const file of [clip, ...portraits])
			reports.push(await analyse(file, (event) => void (event.type === 'face' && logits.push(event.face.logit))));
		const videosAMinute: [number, number][] = [];
		for (const jobs of [1, 2, 4]) {
			const rounds = Math.ceil(count / jobs);
			const s = await seconds(async () => {
				for (let i = 0; i < rounds; i++) await Promise.all(Array.from({ length: jobs }, () => analyse(clip)));
			});
			videosAMinute.push([jobs, (60 * rounds * jobs) / s]);
		}
		return { reports, logits, videosAMinute };
	} finally {
		await engine.close();
	}
}
