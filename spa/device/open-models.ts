import { AnalysisError } from '../../function/errors.ts';
import { type Classify, createClassifier } from '../../function/model/classify.ts';
import { baseCropSize } from '../../function/model/crop-graph.ts';
import { findModel, type Manifest, type ModelEntry, type ModelEntryOf } from '../../function/model/manifest-schema.ts';
import {
	type Crop,
	createCoverReader,
	createCropper,
	createDescriber,
	createDetector,
	type Detect,
} from '../../function/model/operators.ts';
import type { Session } from '../../function/model/session.ts';
import type { ReadCover } from '../../function/vision/cover-watch.ts';
import { squareBox } from '../../function/vision/geometry.ts';
import type { Identify } from '../../function/vision/people.ts';
import { fetchManifest, fetchModels, type OnBytes } from './fetch-models.ts';
import { openSession, prepareRuntime } from './runtime.ts';

/** Everything that an analysis in this browser needs of the models. */
export type DeviceModels = {
	readonly classifier: ModelEntryOf<'classifier'>;
	readonly detect: Detect;
	readonly identify: Identify;
	/** Cuts what the classifier is fed. */
	readonly crop: Crop;
	/** Cuts what the quality of a face is measured on. */
	readonly cropForQuality: Crop;
	/** Tells covered and drawn faces from crops of `cropForQuality`. */
	readonly readCover: ReadCover;
	readonly classify: Classify;
	readonly entries: readonly Pick<ModelEntry, 'id' | 'kind' | 'sha256'>[];
};

/** Fetches, checks and opens the fast tier; `base` is where the models are. Throws model-missing, model-damaged, model-failed, model-unfit. */
export async function openDeviceModels(base: string, onBytes: OnBytes): Promise<DeviceModels> {
	prepareRuntime();
	const entries = modelsOfFastTier(await fetchManifest(base));
	const { classifier, identity } = entries;
	const listed = Object.values(entries);
	const opened: Session[] = [];
	for await (const bytes of fetchModels(base, listed, onBytes))
		opened.push(await openSession((listed[opened.length] as ModelEntry).id, bytes));
	const names = Object.keys(entries) as (keyof typeof entries)[];
	const sessions = Object.fromEntries(names.map((name, i) => [name, opened[i]])) as Record<
		keyof typeof entries,
		Session
	>;
	return {
		classifier,
		detect: createDetector(sessions.detector, sessions.finder),
		identify: createIdentify(identity, sessions.identity, sessions.identityCrop, entries.identityCrop.size),
		crop: createCropper(sessions.crop, entries.crop.size),
		cropForQuality: createCropper(sessions.qualityCrop, entries.qualityCrop.size),
		readCover: createCoverReader(sessions.cover, entries.qualityCrop.size),
		classify: createClassifier(sessions.classifier, classifier.spec),
		entries: listed.map(({ id, kind, sha256 }) => ({ id, kind, sha256 })),
	};
}

/** Describes faces by the identity model and its crops of `size` px. */
export function createIdentify(
	{ margin }: Pick<ModelEntryOf<'identity'>, 'margin'>,
	identity: Session,
	crop: Session,
	size: number,
): Identify {
	const describe = createDescriber(identity, size);
	const cut = createCropper(crop, size);
	return async (frame, box) => {
		const [pixels] = await cut(frame, [squareBox(box, margin)]);
		return describe(pixels as Float32Array);
	};
}

/** The models that an analysis in this browser needs, by what they do. */
export function modelsOfFastTier(manifest: Manifest) {
	const classifier = findModel(manifest, 'classifier', manifest.defaultClassifier);
	const identity = findModel(manifest, 'identity');
	return {
		detector: findModel(manifest, 'detector'),
		finder: findModel(manifest, 'finder'),
		identityCrop: findModel(manifest, 'crop', identity.crop),
		identity,
		qualityCrop: cropOf(manifest, baseCropSize),
		cover: findModel(manifest, 'cover'),
		crop: cropOf(manifest, classifier.spec.crop.size),
		classifier,
	};
}

function cropOf({ files }: Manifest, size: number): ModelEntryOf<'crop'> {
	const found = files.find((entry) => entry.kind === 'crop' && entry.size === size);
	if (found?.kind === 'crop') return found;
	throw new AnalysisError('model-missing', 'environment', `a crop of ${size} px`);
}
