import { fetchManifest, fetchModels, type OnBytes } from './fetch-models.ts';
import { modelsOfFastTier } from './open-models.ts';

/** Fetches, checks and caches the models of the fast tier without opening them. Throws model-missing, model-damaged. */
export async function cacheModels(base: string, onBytes: OnBytes): Promise<void> {
	const models = fetchModels(base, Object.values(modelsOfFastTier(await fetchManifest(base))), onBytes);
	for await (const _ of models); // fetching caches them
}
