import { planSchema } from '../../function/contract/plan.ts';
import type { Report } from '../../function/contract/report.ts';
import { loadBuilt } from './built.ts';
import { joinClips, makeClip } from './clips.ts';
import { type Figure, figure, median, note, round } from './figure.ts';

/** The cost of the second pass: clips with and without it, alternately. Uses the given files, or a genuine minute and one whose last five seconds are manipulated. */
export async function benchRefine({
	folder,
	quick,
	files,
}: {
	folder: string;
	quick: boolean;
	files: readonly string[];
}): Promise<Figure[]> {
	const clips = files.length > 0 ? files : madeClips(folder);
	const { openEngine, runAnalysis } = await loadBuilt();
	const engine = await openEngine({ onNotice: note });
	const analyse = async (clip: string, refine: 'none' | 'auto') => {
		const started = performance.now();
		const plan = planSchema.parse({ refine });
		const report = await runAnalysis(clip, plan, engine.stages, new AbortController().signal);
		return { report, wallS: (performance.now() - started) / 1000 };
	};
	const figures: Figure[] = [];
	for (const clip of clips) {
		await analyse(clip, 'none');
		const pairs: { ratio: number; added: number; onceS: number }[] = [];
		for (let run = 0; run < (quick ? 1 : 5); run++) {
			const once = await analyse(clip, 'none');
			const twice = await analyse(clip, 'auto');
			pairs.push({ ratio: twice.wallS / once.wallS, added: facesOfSecondPassIn(twice.report), onceS: once.wallS });
		}
		const ratios = pairs.map(({ ratio }) => ratio);
		const facesOfSecondPass = pairs[0]?.added ?? 0;
		figures.push(
			figure(
				`${clip.split('/').at(-1)}: time / time without the second pass`,
				round(median(ratios)),
				facesOfSecondPass > 0 ? { atMost: 1.4 } : {},
				{
					facesOfSecondPass,
					range: ratios.map((ratio) => round(ratio)),
					onceS: round(median(pairs.map((pair) => pair.onceS))),
				},
			),
		);
	}
	await engine.close();
	return figures;
}

const facesOfSecondPassIn = ({ tracks }: Report) =>
	tracks.flatMap(({ faces }) => faces.filter(({ secondPass }) => secondPass)).length;

function madeClips(folder: string): string[] {
	const size = [640, 480] as const;
	const genuine = makeClip(folder, 'sd-55s', ...size, 55, 25);
	const manipulated = makeClip(folder, 'sd-5s-manipulated', ...size, 5, 25, 'a-blended.jpg');
	return [genuine, joinClips(folder, 'sd-partly-manipulated', [genuine, manipulated])];
}
