import { AnalysisError } from '../errors.ts';
import type { Frame } from '../values.ts';
import type { Detect } from '../vision/detect-faces.ts';
import type { Classify } from './classify.ts';
import type { Placement, Provider } from './session.ts';

/** Batch sizes on a GPU; every run is padded to one of them, because cuDNN searches for the fastest algorithm again at each new shape. */
export const gpuCrops = [8, 32] as const;

/** Turns whatever `work` throws into provider-missing: a GPU without free memory or without cuDNN cannot run the models. */
export async function onGpu(work: () => Promise<unknown>): Promise<void> {
	try {
		await work();
	} catch (cause) {
		const detail = cause instanceof AnalysisError ? cause.detail : String(cause);
		throw new AnalysisError('provider-missing', 'environment', detail, { cause });
	}
}

/** Runs the detector once with the shape that analyses use, so that cuDNN chooses its algorithms before the first request. */
export async function warmUpDetector(detect: Detect): Promise<void> {
	const frame: Frame = { index: 0, timeS: 0, width: 320, height: 320, rgb: new Uint8Array(320 * 320 * 3).fill(110) };
	await detect(frame, { side: 256, margin: 0, minScore: 0.5 });
}

/** The same for a classifier of crops of `size` px. */
export async function warmUpClassifier(classify: Classify, size: number): Promise<void> {
	for (const count of gpuCrops) await classify(Array.from({ length: count }, () => new Float32Array(3 * size * size)));
}

/** Smallest share of a graph's operators that the GPU has to run; shapes, box arithmetic and non-maximum suppression may stay on the CPU. */
const MIN_GPU_SHARE = 0.5;

/** Sums up the placements; throws provider-missing if a graph ran mostly on the CPU. */
export function checkPlacement(graphs: readonly Placement[]): Placement {
	for (const { cpu, cuda } of graphs)
		if (!(cuda / (cpu + cuda) >= MIN_GPU_SHARE))
			throw new AnalysisError('provider-missing', 'environment', `CUDA ran ${cuda} of ${cpu + cuda} operators`);
	const sum = (provider: Provider) => graphs.reduce((total, placement) => total + placement[provider], 0);
	return { cpu: sum('cpu'), cuda: sum('cuda') };
}
