import { parseConfig } from '../../function/config.ts';
import { planSchema } from '../../function/contract/plan.ts';
import { createInference } from '../../function/worker/inference.ts';

/** Analyses the given file and prints `running` once that is under way; the test then kills it. */
const [path = ''] = process.argv.slice(2);
const inference = createInference({ config: parseConfig() });
const plan = planSchema.parse({ frames: 1000 });
for await (const event of inference.analyse({ path, fileName: 'a.mp4', plan }, new AbortController().signal))
	if (event.type === 'progress') process.stdout.write('running\n');
