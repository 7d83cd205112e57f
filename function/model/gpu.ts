import { AnalysisError } from '../errors.ts';
import type { Frame } from '../values.ts';
import type { Classify } from './classify.ts';
import type { Detect } from './operators.ts';
import type { Placement, Provider } from './session.ts';

/** On a GPU every run is filled up to one of these: cuDNN looks for the fastest way again at each new shape. */
export const gpuCrops = [8, 32] as const;

/** A GPU that cannot run the models is none, without memory left or without cuDNN: whatever the work throws becomes provider-missing. */
export async function onGpu(work: () => Promise<unknown>): Promise<void> {
	try {
		await work();
	} catch (cause) {
		const detail = cause instanceof AnalysisError ? cause.detail : String(cause);
		throw new AnalysisError('provider-missing', 'environment', detail, { cause });
	}
}

/** One run of the shape that analyses have: cuDNN makes its choices now and not in front of a visitor. */
export async function warmUpDetector(detect: Detect): Promise<void> {
	const frame: Frame = { index: 0, timeS: 0, width: 320, height: 320, rgb: new Uint8Array(320 * 320 * 3).fill(110) };
	await detect(frame, { side: 256, margin: 0, minScore: 0.5 });
}

/** The same for a classifier of crops of `size` px. */
export async function warmUpClassifier(classify: Classify, size: number): Promise<void> {
	for (const count of gpuCrops) await classify(Array.from({ length: count }, () => new Float32Array(3 * size * size)));
}

/** Least share of a graph's operators that the GPU has to run; what the CPU may keep is shapes, box arithmetic and the suppression of doubles. */
const LEAST_SHARE = 0.5;

/** The sum of what ran where; throws provider-missing where a graph ran mostly on the CPU. */
export function checkPlacement(graphs: readonly Placement[]): Placement {
	for (const { cpu, cuda } of graphs)
		if (!(cuda / (cpu + cuda) >= LEAST_SHARE))
			throw new AnalysisError('provider-missing', 'environment', `CUDA ran ${cuda} of ${cpu + cuda} operators`);
	const sum = (provider: Provider) => graphs.reduce((total, placement) => total + placement[provider], 0);
	return { cpu: sum('cpu'), cuda: sum('cuda') };
}
