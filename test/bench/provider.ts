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

/** How far a face's logit on the GPU may lie from that on the CPU: the graphs are the same, the order of the sums is not. */
const LOGIT_TOLERANCE = 0.05;

const portraits = ['a.jpg', 'a-blended.jpg', 'b.jpg', 'c.jpg'].map((name) =>
	join(packageRoot(), 'test/fixtures/portraits', name),
);

type Scored = { readonly reports: readonly Report[]; readonly logits: readonly number[] };

/**
 * Looks a second of the detector, faces a second of the classifier, and videos a minute, on each provider that is here; and, where there is a GPU,
 * whether it gives the CPU's verdicts and logits.
 */
export async function benchProviders({ folder, quick, threads }: { folder: string; quick: boolean; threads: number }) {
	const figures: Figure[] = [];
	const tell = (what: string, measured: number, aim = {}, details = {}) => {
		figures.push(figure(what, measured, aim, details));
	};
	const providers: readonly Provider[] = isCudaInstalled() ? ['cpu', 'cuda'] : ['cpu'];
	if (!isCudaInstalled()) note('CUDA is not installed with onnxruntime here: nothing was measured on a GPU.');
	const scored = new Map<Provider, Scored>();
	for (const provider of providers) {
		note(`${provider} …`);
		const opened = await load(provider, threads);
		const models = opened.usual;
		for (const [what, value] of await speedsOf(models, quick ? 1 : 5)) tell(`${provider}: ${what}`, round(value));
		if (models.placement) note(`operators: ${models.placement.cuda} on the GPU, ${models.placement.cpu} on the CPU`);
		await opened.close();
		const { videosAMinute, ...answers } = await analyseSeveral(provider, folder, quick ? 2 : 8);
		scored.set(provider, answers);
		for (const [jobs, value] of videosAMinute)
			tell(`${provider}: videos a minute, 10 s of 1080p, ${jobs} at a time`, round(value));
	}
	const [cpu, cuda] = [scored.get('cpu'), scored.get('cuda')];
	if (cpu && cuda) {
		const largest = Math.max(...cpu.logits.map((logit, i) => Math.abs(logit - (cuda.logits[i] ?? Number.NaN))));
		tell('largest difference of a logit, GPU against CPU', round(largest, 4), { atMost: LOGIT_TOLERANCE });
		const others = cpu.reports.filter((report, i) => report.verdict.outcome !== cuda.reports[i]?.verdict.outcome);
		tell('verdicts that differ between GPU and CPU', others.length, { atMost: 0 });
	}
	return figures;
}

async function load(provider: Provider, threads: number): Promise<OpenModels> {
	const config = parseConfig();
	const lists = await readModelLists(config.UNMASK_MODELS, customModelsFolder(config));
	return openModels({ lists, choice: { model: null, tier: null }, provider, threads });
}

/** Pictures without meaning: what a network computes does not depend on what it sees. */
async function speedsOf(
	{ detect, classify, crop, cropsPerRun }: OpenClassifier,
	forS: number,
): Promise<[string, number][]> {
	const frame: Frame = { index: 0, timeS: 0, width: 1920, height: 1080, rgb: new Uint8Array(1920 * 1080 * 3).fill(99) };
	const crops = Array.from({ length: cropsPerRun }, () => new Float32Array(3 * crop.size ** 2).fill(0.4));
	const faces = async (count: number) => (await aSecond(forS, () => classify(crops.slice(0, count)))) * count;
	return [
		[
			'looks of the detector a second, 1080p at 256 px',
			await aSecond(forS, () => detect(frame, { side: 256, margin: 0, minScore: 0.5 })),
		],
		[
			'looks of the detector a second, 1080p at 512 px',
			await aSecond(forS, () => detect(frame, { side: 512, margin: 0, minScore: 0.5 })),
		],
		['faces of the classifier a second, one by one', await faces(1)],
		[`faces of the classifier a second, ${cropsPerRun} together`, await faces(cropsPerRun)],
	];
}

/** How often some work is done in a second, over so many seconds after a first time. */
async function aSecond(forS: number, work: () => Promise<unknown>): Promise<number> {
	await work();
	const startMs = performance.now();
	let count = 0;
	for (; performance.now() - startMs < forS * 1000; count++) await work();
	return (1000 * count) / (performance.now() - startMs);
}

/** Videos a minute by the number of them at a time, and the answers for one clip and some portraits. */
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
