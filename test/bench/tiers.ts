import { customModelsFolder, parseConfig } from '../../function/config.ts';
import { listClassifiers, readModelLists } from '../../function/model/classifiers.ts';
import type { OpenClassifier } from '../../function/model/model-host.ts';
import { openModels } from '../../function/model/open-models.ts';
import { type Figure, figure, median, note, round } from './figure.ts';

/** Faces per second that the large network should reach on two cores. */
const leastOnTwoCores = 4;

/**
 * Faces per second of each installed tier, timed in turn so that all see the same noise, and how much longer the thorough tier takes per face: with the
 * cores that an analysis leaves to the classifier (the others find faces meanwhile), and with all of them.
 */
export async function benchTiers({ quick, cores }: { quick: boolean; cores: number }): Promise<Figure[]> {
	const own = Math.max(1, Math.floor(cores / 2));
	const figures: Figure[] = [];
	// each of the two model threads gets half of the threads that are set
	for (const used of own === cores ? [own] : [own, cores]) figures.push(...(await withCores(2 * used, used, quick)));
	return figures;
}

async function withCores(threads: number, used: number, quick: boolean): Promise<Figure[]> {
	const config = parseConfig();
	const lists = await readModelLists(config.UNMASK_MODELS, customModelsFolder(config));
	const [fast, ...others] = listClassifiers(lists).filter(({ tier }) => tier !== null);
	if (!fast) return [];
	const choice = { model: fast.id, tier: null };
	const opened = await openModels({ lists, choice, provider: config.UNMASK_PROVIDER, threads, onNotice: note });
	try {
		const models = [opened.chosen];
		for (const { id } of others) models.push(await opened.open({ model: id, tier: null }));
		const where = opened.provider === 'cuda' ? 'on the GPU' : `on ${used} ${used === 1 ? 'core' : 'cores'}`;
		note(`tiers ${where} …`);
		const speeds: number[][] = models.map(() => []);
		for (let turn = 0; turn < (quick ? 2 : 7); turn++)
			for (const [i, one] of models.entries()) speeds[i]?.push(await facesASecond(one, quick ? 0.5 : 1.5));
		const medians = speeds.map(median);
		const figures = models.map(({ classifier, cropsPerRun }, i) =>
			figure(
				`${classifier.tier} (${classifier.id}): faces per second ${where}, ${cropsPerRun} together`,
				round(medians[i] ?? Number.NaN, 1),
				classifier.tier === 'thorough' && used >= 2 ? { atLeast: leastOnTwoCores } : {},
				{ range: [Math.min, Math.max].map((of) => round(of(...(speeds[i] ?? [])), 1)) },
			),
		);
		const ratios = (speeds[0] ?? []).map((speed, turn) => speed / (speeds[1]?.[turn] ?? Number.NaN));
		if (models.length > 1)
			figures.push(figure(`time per face, thorough / fast, ${where}`, round(median(ratios), 2), {}));
		return figures;
	} finally {
		await opened.close();
	}
}

/** Measures for `forS` seconds after a warm-up, on meaningless pictures, because the speed of a network does not depend on its input. */
async function facesASecond({ classify, crop, cropsPerRun }: OpenClassifier, forS: number): Promise<number> {
	const crops = Array.from({ length: cropsPerRun }, () => new Float32Array(3 * crop.size ** 2).fill(0.4));
	await classify(crops);
	const startMs = performance.now();
	let faces = 0;
	for (; performance.now() - startMs < forS * 1000; faces += cropsPerRun) await classify(crops);
	return (1000 * faces) / (performance.now() - startMs);
}
