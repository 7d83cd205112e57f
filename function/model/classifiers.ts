import type { Plan, Tier } from '../contract/plan.ts';
import { AnalysisError } from '../errors.ts';
import type { Calibrations } from '../verdict/calibration.ts';
import { type CustomModel, type CustomModels, readCustomModels } from './custom-models.ts';
import { readManifest } from './manifest.ts';
import type { Manifest, ModelEntryOf } from './manifest-schema.ts';
import type { Provider } from './session.ts';
import type { Spec } from './spec.ts';

/** A face classifier, shipped or custom. */
export type Classifier = Pick<
	CustomModel,
	'id' | 'file' | 'folder' | 'sha256' | 'bytes' | 'licence' | 'madeBy' | 'network' | 'hint'
> & {
	readonly kind: 'classifier';
	/** External weights of a shipped classifier; a custom one is a single file. */
	readonly weights: ModelEntryOf<'classifier'>['weights'];
	readonly spec: Spec;
	/** null if its error rates were never measured. */
	readonly calibration: Calibrations | null;
	readonly metrics: ModelEntryOf<'classifier'>['metrics'];
	/** Tier of a shipped classifier; null if it has none. */
	readonly tier: Tier | null;
	/** Id of the sequence model that reads a person's frames together; null if there is none. */
	readonly sequence: string | null;
	/** null if it was never measured. */
	readonly speed: ModelEntryOf<'classifier'>['speed'];
	/** Whether a user imported it. */
	readonly isCustom: boolean;
};

/** The shipped models with their folder, and the custom models. */
export type ModelLists = {
	readonly folder: string;
	readonly manifest: Manifest;
	readonly custom: CustomModels;
};

/** The lists, restricted to the allowed custom models: `all`, `none`, or comma-separated names. */
export function allowedLists(lists: ModelLists, allowed: string): ModelLists {
	if (allowed === 'all') return lists;
	const names = new Set(allowed.split(',').map((name) => name.trim()));
	return { ...lists, custom: { ...lists.custom, models: lists.custom.models.filter(({ id }) => names.has(id)) } };
}

/** Reads both lists; throws model-missing, model-damaged. */
export async function readModelLists(folder: string, customFolder: string): Promise<ModelLists> {
	const [manifest, custom] = await Promise.all([readManifest(folder), readCustomModels(customFolder)]);
	return { folder, manifest, custom };
}

/** All available classifiers, the shipped ones first. */
export function listClassifiers({ folder, manifest, custom }: ModelLists): Classifier[] {
	const shipped = manifest.files.filter((entry) => entry.kind === 'classifier');
	return [
		...shipped.map((entry) => ({ ...entry, folder, network: null, hint: null, isCustom: false })),
		...custom.models.map((model) => ({
			...model,
			kind: 'classifier' as const,
			weights: [],
			metrics: metricsOf(custom, model.sha256),
			tier: null,
			speed: null,
			sequence: null,
			isCustom: true,
		})),
	];
}

/** Metrics of a model that `unmask eval` measured on this machine. */
function metricsOf({ measurements }: CustomModels, sha256: string): Classifier['metrics'] {
	return measurements
		.filter((one) => one.sha256 === sha256)
		.map(({ set, n, auc, interval, measuredAt }) => ({
			...{ set, n, unit: 'files', auc, interval: interval ?? [0, 1] },
			note: `measured here on ${measuredAt.slice(0, 10)}${interval ? '' : ', no interval'}`,
		}));
}

/** The requested classifier: by name, by tier, or neither. */
export type Choice = Pick<Plan, 'model' | 'tier'>;

/** What decides if neither is requested. */
export type Defaults = {
	/** The tier to use; `auto` leaves it to `preferredClassifier`. */
	readonly tier: 'auto' | Tier;
	/** Where models run. */
	readonly provider: Provider;
};

/**
 * The requested classifier, or the default: the only place that decides. Throws model-unknown with the available names, tier-missing
 * with the available tiers, and usage if both a name and a tier are requested.
 */
export function resolveClassifier(lists: ModelLists, { model, tier }: Choice, defaults: Defaults): Classifier {
	if (model !== null && tier !== null)
		throw new AnalysisError('usage', 'request', 'A plan names a model or a tier, not both.');
	const all = listClassifiers(lists);
	const ofTier = tier ?? (defaults.tier === 'auto' ? null : defaults.tier);
	if (model === null && ofTier !== null) {
		const found = all.find((classifier) => classifier.tier === ofTier);
		if (found) return found;
		throw new AnalysisError(
			'tier-missing',
			'environment',
			`requested: ${ofTier}; installed: ${tiersOf(lists).join(', ') || 'none'}`,
		);
	}
	const wanted = model ?? preferredClassifier(lists, defaults.provider);
	const found = all.find((classifier) => classifier.id === wanted);
	if (found) return found;
	const known = all.map((classifier) => classifier.id).join(', ') || 'none';
	throw new AnalysisError('model-unknown', 'environment', `classifier ${wanted} is not listed; known: ${known}`);
}

/** All available tiers. */
export function tiersOf(lists: ModelLists): Tier[] {
	return listClassifiers(lists).flatMap(({ tier }) => tier ?? []);
}

/**
 * Name of the classifier to use if none is requested. Among the shipped ones that is the thorough one on a GPU, if it is installed,
 * else the manifest's default. A custom model replaces it if it is calibrated and has the best measured AUC on the newest set on
 * which the shipped one was measured as well. Claims in a file's name do not count.
 */
export function preferredClassifier(lists: ModelLists, provider: Provider): string {
	const { manifest, custom } = lists;
	const all = listClassifiers(lists);
	const thorough = provider === 'cuda' ? all.find(({ tier }) => tier === 'thorough') : undefined;
	const usual = thorough ?? all.find(({ id }) => id === manifest.defaultClassifier);
	if (!usual) return manifest.defaultClassifier;
	const newest = custom.measurements
		.filter(({ sha256 }) => sha256 === usual.sha256)
		.toSorted((a, b) => b.measuredAt.localeCompare(a.measuredAt))[0];
	if (!newest) return usual.id;
	const aucOn = ({ sha256 }: Classifier) =>
		custom.measurements.find((one) => one.sha256 === sha256 && one.setSha256 === newest.setSha256)?.auc ?? -1;
	const candidates = [usual, ...all.filter(({ isCustom, calibration }) => isCustom && calibration !== null)];
	const [best = usual] = candidates.toSorted((a, b) => aucOn(b) - aucOn(a) || Number(a.isCustom) - Number(b.isCustom));
	return best.id;
}
