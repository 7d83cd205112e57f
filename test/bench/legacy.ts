import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { runAnalysis } from '../../function/commands/run-analysis.ts';
import { planSchema } from '../../function/contract/plan.ts';
import { openEngine } from '../../function/open-engine.ts';
import { makeClip } from './clips.ts';
import { type Figure, figure, median, note, round, seconds } from './figure.ts';

const script = join(import.meta.dirname, 'legacy_steps.py');

/** How much longer the legacy application's own steps take than an analysis of the same file, both with models loaded. Its steps run once, because they take minutes. */
export async function benchLegacy({
	folder,
	quick,
	python,
}: {
	folder: string;
	quick: boolean;
	python: string;
}): Promise<Figure[]> {
	const frames = quick ? 20 : 100;
	const clips = [
		{ size: '1080p 10 s', file: makeClip(folder, 'hd-10s', 1920, 1080, 10, 30), atLeast: 100 },
		{ size: '640 x 480 30 s', file: makeClip(folder, 'sd-30s', 640, 480, 30, 25), atLeast: 20 },
	];
	const engine = await openEngine({ onNotice: note });
	const analyse = (file: string) =>
		runAnalysis(file, planSchema.parse({ frames }), engine.stages, new AbortController().signal);
	const figures: Figure[] = [];
	try {
		for (const { size, file, atLeast } of clips) {
			await analyse(file);
			const oursS: number[] = [];
			for (let run = 0; run < (quick ? 1 : 5); run++) oursS.push(await seconds(() => analyse(file)));
			note(`${size}: the legacy application's steps …`);
			const steps = JSON.parse(execFileSync(python, [script, file, String(frames)], { encoding: 'utf8' }));
			const { read, firstDetection, secondDetection, network } = steps;
			const legacyS = read + firstDetection + secondDetection + network;
			figures.push(
				figure(
					`legacy application, ${size}, N = ${frames}: times an analysis`,
					round(legacyS / median(oursS), 1),
					quick ? {} : { atLeast },
					{ legacyS: round(legacyS), oursS: round(median(oursS)), ...steps },
				),
			);
		}
	} finally {
		await engine.close();
	}
	return figures;
}
