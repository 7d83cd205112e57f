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
	/** Of a shipped one; a custom one is one file. */
	readonly weights: ModelEntryOf<'classifier'>['weights'];
	readonly spec: Spec;
	/** null = its errors were never measured. */
	readonly calibration: Calibrations | null;
	readonly metrics: ModelEntryOf<'classifier'>['metrics'];
	/** Of the shipped ones; null = none. */
	readonly tier: Tier | null;
	/** Id of the sequence model that reads its frames together; null = none does. */
	readonly sequence: string | null;
	/** null = nobody measured it. */
	readonly speed: ModelEntryOf<'classifier'>['speed'];
	/** Whether a user added it. */
	readonly isCustom: boolean;
};

/** The shipped models with their folder, and the custom ones. */
export type ModelLists = {
	readonly folder: string;
	readonly manifest: Manifest;
	readonly custom: CustomModels;
};

/** The lists with only those custom models that are allowed: `all`, `none`, or comma-separated names. */
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

/** Every classifier that there is, the shipped ones first. */
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

/** What `unmask eval` measured of a model here. */
function metricsOf({ measurements }: CustomModels, sha256: string): Classifier['metrics'] {
	return measurements
		.filter((one) => one.sha256 === sha256)
		.map(({ set, n, auc, interval, measuredAt }) => ({
			...{ set, n, unit: 'files', auc, interval: interval ?? [0, 1] },
			note: `measured here on ${measuredAt.slice(0, 10)}${interval ? '' : ', no interval'}`,
		}));
}

/** Which classifier is asked for: one by its name, the shipped one of a tier, or neither. */
export type Choice = Pick<Plan, 'model' | 'tier'>;

/** What decides where neither is asked for. */
export type Defaults = {
	/** A tier that is always taken; `auto` = what `preferredClassifier` says. */
	readonly tier: 'auto' | Tier;
	/** Where models run. */
	readonly provider: Provider;
};

/**
 * The classifier that is asked for, or the default one: the only place that decides. Throws model-unknown with the names there are, tier-missing
 * with the tiers there are, and usage where both a name and a tier are asked for.
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
			`asked for: ${ofTier}; there is: ${tiersOf(lists).join(', ') || 'none'}`,
		);
	}
	const wanted = model ?? preferredClassifier(lists, defaults.provider);
	const found = all.find((classifier) => classifier.id === wanted);
	if (found) return found;
	const known = all.map((classifier) => classifier.id).join(', ') || 'none';
	throw new AnalysisError('model-unknown', 'environment', `classifier ${wanted} is not listed; known: ${known}`);
}

/** The tiers that there are. */
export function tiersOf(lists: ModelLists): Tier[] {
	return listClassifiers(lists).flatMap(({ tier }) => tier ?? []);
}

/**
 * Name of the classifier that is taken where nothing is asked for. Among the shipped ones that is the thorough one on a GPU, where it is installed,
 * else the manifest's default. A custom model takes its place where it is calibrated and has the best measured AUC on the newest set on which the
 * shipped one was measured, too. What a file's name claims counts for nothing.
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
	const able = [usual, ...all.filter(({ isCustom, calibration }) => isCustom && calibration !== null)];
	const [best = usual] = able.toSorted((a, b) => aucOn(b) - aucOn(a) || Number(a.isCustom) - Number(b.isCustom));
	return best.id;
}
