import type { Models } from '../contract.ts';
import { findModel, readManifest } from '../model/manifest.ts';
import { rulesOf } from '../verdict/calibration.ts';

/** What GET /v1/models tells of the program's models; throws model-missing, model-damaged. */
export async function readModels(folder: string): Promise<Models> {
	const manifest = await readManifest(folder);
	const { calibration } = findModel(manifest, 'classifier', manifest.defaultClassifier);
	return {
		models: manifest.files.map((entry) => ({
			id: entry.id,
			kind: entry.kind,
			isDefault: entry.id === manifest.defaultClassifier,
			sha256: entry.sha256,
			sizeBytes: entry.bytes,
			licence: entry.licence,
			madeBy: entry.madeBy,
			thresholds:
				entry.kind === 'classifier'
					? { image: rulesOf(entry.calibration.image).thresholds, video: rulesOf(entry.calibration.video).thresholds }
					: null,
			metrics: entry.metrics,
		})),
		errorRates: { image: rulesOf(calibration.image).errorRates, video: rulesOf(calibration.video).errorRates },
	};
}
