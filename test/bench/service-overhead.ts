import { runAnalysis } from '../../function/commands/run-analysis.ts';
import { planSchema } from '../../function/contract/plan.ts';
import { openEngine } from '../../function/open-engine.ts';
import { makeClip } from './clips.ts';
import { figure, median, note, round, seconds } from './figure.ts';
import type { ServiceBench } from './service-bench.ts';
import { analyse, upload } from './service-client.ts';

/** Compares an analysis over HTTP, without the upload, with the bare pipeline in a process with loaded models, alternately on the same file. */
export async function benchOverhead({ service: { url }, folder, quick, report }: ServiceBench): Promise<void> {
	const file = makeClip(folder, 'sd-30s', 640, 480, 30, 25);
	const engine = await openEngine({ onNotice: note });
	const plan = { frames: 100 };
	const bare = () => runAnalysis(file, planSchema.parse(plan), engine.stages, new AbortController().signal);
	const bareS: number[] = [];
	const serviceS: number[] = [];
	try {
		for (let run = -1; run < (quick ? 1 : 5); run++) {
			const id = await upload(url, file);
			const alone = await seconds(bare);
			const served = await seconds(() => analyse(url, id, plan));
			if (run < 0) continue; // warms up
			bareS.push(alone);
			serviceS.push(served);
		}
	} finally {
		await engine.close();
	}
	const ratios = serviceS.map((s, i) => s / (bareS[i] as number));
	report(
		figure(
			'analysis by the service / bare pipeline, N = 100',
			round(median(ratios), 3),
			{ atMost: 1.05 },
			{
				serviceS: round(median(serviceS)),
				bareS: round(median(bareS)),
				ratioRange: [round(Math.min(...ratios)), round(Math.max(...ratios))],
			},
		),
	);
}
