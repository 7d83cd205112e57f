import { type Config, customModelsFolder } from '../config.ts';
import type { Models } from '../contract/service.ts';
import {
	allowedLists,
	listClassifiers,
	type ModelLists,
	readModelLists,
	resolveClassifier,
} from '../model/classifiers.ts';
import { describeClassifier, describeErrorRates, notClassifier } from '../verdict/describe-classifier.ts';

/** Reads the built-in models and the custom models that the operator offers; throws model-missing, model-damaged. */
export async function readOfferedLists(config: Config): Promise<ModelLists> {
	const all = await readModelLists(config.UNMASK_MODELS, customModelsFolder(config));
	return allowedLists(all, config.UNMASK_OFFER_MODELS);
}

/** The response to GET /v1/models. While `provider` is null (unknown), the settings determine the default classifier. Throws tier-missing, model-unknown. */
export function describeModels(lists: ModelLists, config: Config, provider: string | null): Models {
	const isGpu = (provider ?? config.UNMASK_PROVIDER) === 'cuda';
	const noPreference = { model: null, tier: null };
	const defaultClassifier = resolveClassifier(lists, noPreference, {
		tier: config.UNMASK_TIER,
		provider: isGpu ? 'cuda' : 'cpu',
	});
	const otherFiles = lists.manifest.files.filter((entry) => entry.kind !== 'classifier');
	return {
		models: [...otherFiles, ...listClassifiers(lists)].map((entry) => {
			const { id, kind, sha256, licence, madeBy, metrics } = entry;
			const sizeBytes = [entry, ...entry.weights].reduce((sum, { bytes }) => sum + bytes, 0);
			const common = { id, kind, isDefault: id === defaultClassifier.id, sha256, sizeBytes, licence, madeBy, metrics };
			if (entry.kind !== 'classifier') return { ...common, ...notClassifier };
			const { isCustom: isOwn, tier, speed, calibration } = entry;
			return { ...common, isOwn, tier, speed, ...describeClassifier(calibration) };
		}),
		errorRates: describeErrorRates(defaultClassifier.calibration),
	};
}
