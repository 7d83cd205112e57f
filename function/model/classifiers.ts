import type { Plan, Tier } from '../contract/plan.ts';
import { AnalysisError } from '../errors.ts';
import type { Calibrations } from '../verdict/calibration.ts';
import { findModel, type Manifest, type ModelEntryOf, readManifest } from './manifest.ts';
import { type OwnManifest, type OwnModel, readOwnModels } from './own-models.ts';
import type { Provider } from './session.ts';
import type { Spec } from './spec.ts';

/** A face classifier, the program's own or one that a user brought. */
export type Classifier = Pick<
	OwnModel,
	'id' | 'file' | 'sha256' | 'bytes' | 'licence' | 'madeBy' | 'network' | 'hint'
> & {
	readonly kind: 'classifier';
	/** Folder of its file. */
	readonly folder: string;
	readonly spec: Spec;
	/** null = its errors were never measured. */
	readonly calibration: Calibrations | null;
	readonly metrics: ModelEntryOf<'classifier'>['metrics'];
	/** Of the program's own ones; null = none. */
	readonly tier: Tier | null;
	/** null = nobody measured it. */
	readonly speed: ModelEntryOf<'classifier'>['speed'];
	/** Whether a user brought it. */
	readonly isOwn: boolean;
};

/** Both lists of models and the folders that they are of. */
export type ModelLists = {
	readonly folder: string;
	readonly manifest: Manifest;
	readonly ownFolder: string;
	readonly own: OwnManifest;
};

/** The lists with those of the user's models alone that are allowed: `all`, `none`, or names parted by commas. */
export function allowedLists(lists: ModelLists, allowed: string): ModelLists {
	if (allowed === 'all') return lists;
	const names = new Set(allowed.split(',').map((name) => name.trim()));
	return { ...lists, own: { ...lists.own, models: lists.own.models.filter(({ id }) => names.has(id)) } };
}

/** Reads both lists; throws model-missing, model-damaged. */
export async function readModelLists(folder: string, ownFolder: string): Promise<ModelLists> {
	const [manifest, own] = await Promise.all([readManifest(folder), readOwnModels(ownFolder)]);
	return { folder, manifest, ownFolder, own };
}

/** Every classifier that there is, the program's first. */
export function listClassifiers({ folder, manifest, ownFolder, own }: ModelLists): Classifier[] {
	const shipped = manifest.files.filter((entry) => entry.kind === 'classifier');
	return [
		...shipped.map((entry) => shippedClassifier(folder, manifest, entry)),
		...own.models.map((model) => ({
			...model,
			kind: 'classifier' as const,
			folder: ownFolder,
			metrics: metricsOf(own, model.sha256),
			tier: null,
			speed: null,
			isOwn: true,
		})),
	];
}

/** What `unmask eval` measured of a model here. */
function metricsOf({ measurements }: OwnManifest, sha256: string): Classifier['metrics'] {
	return measurements
		.filter((one) => one.sha256 === sha256)
		.map(({ set, n, auc, interval, measuredAt }) => ({
			...{ set, n, unit: 'files', auc, interval: interval ?? [0, 1] },
			note: `measured here on ${measuredAt.slice(0, 10)}${interval ? '' : ', no interval'}`,
		}));
}

/** Which classifier is asked for: one by its name, the program's own of a tier, or neither. */
export type Choice = Pick<Plan, 'model' | 'tier'>;

/** What decides where neither is asked for. */
export type Usual = {
	/** A tier that is always taken; `auto` = what `preferredClassifier` says. */
	readonly tier: 'auto' | Tier;
	/** Where models run. */
	readonly provider: Provider;
};

/** The classifier that is asked for; throws model-unknown with the names there are, tier-missing with the tiers, and usage where a name and a tier are asked for. */
export function chooseClassifier(lists: ModelLists, { model, tier }: Choice, usual: Usual): Classifier {
	if (model !== null && tier !== null)
		throw new AnalysisError('usage', 'request', 'A plan names a model or a tier, not both.');
	const all = listClassifiers(lists);
	const ofTier = tier ?? (usual.tier === 'auto' ? null : usual.tier);
	if (model === null && ofTier !== null) {
		const found = all.find((classifier) => classifier.tier === ofTier);
		if (found) return found;
		throw new AnalysisError(
			'tier-missing',
			'environment',
			`asked for: ${ofTier}; there is: ${tiersOf(lists).join(', ') || 'none'}`,
		);
	}
	const wanted = model ?? preferredClassifier(lists, usual.provider);
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
 * Name of the classifier that is taken where nothing is asked for. Of the program's own that is the thorough one on a GPU, where it is installed,
 * else the manifest's default. A user's model takes its place where it has the best measured AUC on the newest set on which the program's was
 * measured, too, and can give an answer. What a file's name claims counts for nothing.
 */
export function preferredClassifier(lists: ModelLists, provider: Provider): string {
	const { manifest, own } = lists;
	const all = listClassifiers(lists);
	const thorough = provider === 'cuda' ? all.find(({ tier }) => tier === 'thorough') : undefined;
	const usual = thorough ?? all.find(({ id }) => id === manifest.defaultClassifier);
	if (!usual) return manifest.defaultClassifier;
	const newest = own.measurements
		.filter(({ sha256 }) => sha256 === usual.sha256)
		.toSorted((a, b) => b.measuredAt.localeCompare(a.measuredAt))[0];
	if (!newest) return usual.id;
	const aucOn = ({ sha256 }: Classifier) =>
		own.measurements.find((one) => one.sha256 === sha256 && one.setSha256 === newest.setSha256)?.auc ?? -1;
	const able = [usual, ...all.filter(({ isOwn, calibration }) => isOwn && calibration !== null)];
	const [best = usual] = able.toSorted((a, b) => aucOn(b) - aucOn(a) || Number(a.isOwn) - Number(b.isOwn));
	return best.id;
}

/** What models/training makes: graph `crops` -> `frame_logit`, `cam`. */
function shippedClassifier(folder: string, manifest: Manifest, entry: ModelEntryOf<'classifier'>): Classifier {
	const { crop, margin, mirrored, ...rest } = entry;
	const { size } = findModel(manifest, 'crop', crop);
	return {
		...rest,
		folder,
		network: null,
		hint: null,
		isOwn: false,
		spec: {
			crop: { margin, shape: 'square', size, resize: 'roi-align' },
			input: { name: 'crops', layout: 'nchw', colours: 'rgb', range: 'unit', mean: [0, 0, 0], std: [1, 1, 1] },
			output: { name: 'frame_logit', kind: 'logit', fake: 1 },
			heatMap: { name: 'cam', kind: 'share' },
			mirrored,
			frames: 'trimmed-mean',
			people: 'everybody',
			source: entry.madeBy,
		},
	};
}
