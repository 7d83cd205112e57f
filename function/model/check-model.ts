import { AnalysisError } from '../errors.ts';
import { tryClassifier } from './classify.ts';
import { hasExternalData } from './external-data.ts';
import { startRuntime } from './session.ts';
import type { Spec } from './spec.ts';

/** Opens a classifier on its own and runs a picture through it before it is added; throws model-failed, model-unfit. */
export async function checkModel(bytes: Uint8Array, name: string, spec: Spec): Promise<void> {
	if (hasExternalData(bytes))
		throw new AnalysisError(
			'model-unfit',
			'environment',
			'its weights are in a separate file; export it as one file, for example with torch.onnx.export(..., external_data=False)',
		);
	const runtime = startRuntime();
	try {
		await tryClassifier(await runtime.open(name, bytes, { provider: 'cpu', threads: 1 }), spec);
	} finally {
		await runtime.close();
	}
}
