import type { Models } from '../../function/contract/service.ts';
import { describeClassifier, describeErrorRates, notClassifier } from '../../function/verdict/describe-classifier.ts';
import { fetchManifest } from './fetch-models.ts';
import { modelsOfFastTier } from './open-models.ts';

/** The answer that a service would give for the models next to the page at `base`. Throws model-missing, model-damaged. */
export async function staticModels(base: string): Promise<Models> {
	const manifest = await fetchManifest(base);
	const { classifier } = modelsOfFastTier(manifest);
	const listed = manifest.files.filter(({ kind }) => kind !== 'classifier' && kind !== 'sequence');
	return {
		models: [...listed, classifier].map((entry) => {
			const { id, kind, sha256, bytes: sizeBytes, licence, madeBy, metrics } = entry;
			const about = { id, kind, isDefault: entry === classifier, sha256, sizeBytes, licence, madeBy, metrics };
			if (entry.kind !== 'classifier') return { ...about, ...notClassifier };
			return { ...about, isOwn: false, tier: entry.tier, speed: entry.speed, ...describeClassifier(entry.calibration) };
		}),
		errorRates: describeErrorRates(classifier.calibration),
	};
}
