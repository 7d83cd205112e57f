import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../function/config.ts';
import { listClassifiers, readModelLists } from '../../function/model/classifiers.ts';
import type { OpenClassifier } from '../../function/model/model-host.ts';
import { openModels } from '../../function/model/open-models.ts';
import { SequenceReader } from '../../function/verdict/sequence.ts';
import { makeSequenceModels } from '../tools/sequence-models.ts';
import { type Figure, figure, note, round, seconds } from './figure.ts';

/** Frames of one person in an hour, at the five per second of `--frames all`. */
const framesAnHour = 3600 * 5;

/**
 * Frames per second through the sequence model, its time relative to the classifier's for the same faces, and the memory for an hour of one person.
 * If no classifier in the manifest has a sequence model, the tests' small one is used.
 */
export async function benchSequence({ quick, cores }: { quick: boolean; cores: number }): Promise<Figure[]> {
	const folder = await mkdtemp(join(tmpdir(), 'unmask-bench-sequence-'));
	try {
		const { UNMASK_MODELS } = parseConfig();
		const shipped = await readModelLists(UNMASK_MODELS, join(folder, 'no-custom'));
		const hasOne = listClassifiers(shipped).some(({ sequence }) => sequence !== null);
		if (!hasOne) note('No classifier in the manifest has a sequence model: using the small one of the tests.');
		const models = hasOne ? UNMASK_MODELS : await makeSequenceModels(join(folder, 'models'), 'gated');
		const lists = await readModelLists(models, join(folder, 'no-custom'));
		const model = listClassifiers(lists).find(({ sequence }) => sequence !== null);
		const choice = { model: model?.id ?? null, tier: null };
		const opened = await openModels({ lists, choice, provider: 'cpu', threads: cores });
		try {
			return await measure(opened.chosen, quick ? framesAnHour / 10 : framesAnHour);
		} finally {
			await opened.close();
		}
	} finally {
		await rm(folder, { recursive: true });
	}
}

async function measure({ sequence, classifier, classify, crop, cropsPerRun }: OpenClassifier, frames: number) {
	if (!sequence) return [];
	const crops = Array.from({ length: cropsPerRun }, () => new Float32Array(3 * crop.size ** 2).fill(0.4));
	const [first] = await classify(crops);
	const runs = 12;
	const classifyS = await seconds(async () => {
		for (let i = 0; i < runs; i++) await classify(crops);
	});
	const aFaceS = classifyS / (runs * cropsPerRun);
	const embedding = first?.embedding ?? new Float32Array(0);
	const read = async (count: number) => {
		const reader = new SequenceReader(sequence.refine, sequence.rules);
		for (let i = 0; i < count; i++)
			await reader.add({ trackId: 1, frameIndex: i, timeS: i / 5, logit: i % 3, embedding: embedding.slice() });
		await reader.finish();
	};
	await read(2 * sequence.rules.window);
	const before = process.memoryUsage.rss();
	const readS = await seconds(() => read(frames));
	const grownMb = (process.memoryUsage.rss() - before) / 1e6;
	const what = `${classifier.sequence}, windows of ${sequence.rules.window}`;
	return [
		figure(`sequence model (${what}): frames per second`, round(frames / readS), {}),
		figure(
			`sequence model: % of the classifier's time for the same faces`,
			round((100 * readS) / (frames * aFaceS), 1),
			{ atMost: 10 },
		),
		figure(`sequence model: memory for ${frames} frames of one person, MB`, round(grownMb), { atMost: 100 }),
	];
}
