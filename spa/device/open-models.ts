import { type Classify, createClassifier } from '../../function/model/classify.ts';
import { findModel, type Manifest, type ModelEntry, type ModelEntryOf } from '../../function/model/manifest-schema.ts';
import {
	type Crop,
	createCoverReader,
	createDescriber,
	createDetector,
	qualityCropSize,
} from '../../function/model/operators.ts';
import { createCropper } from '../../function/model/preprocess/align-crop.ts';
import type { Session } from '../../function/model/session.ts';
import type { ReadCover } from '../../function/vision/cover-watch.ts';
import type { Detect } from '../../function/vision/detect-faces.ts';
import { squareBox } from '../../function/vision/geometry.ts';
import type { Identify } from '../../function/vision/people.ts';
import { fetchManifest, fetchModels, type OnBytes } from './fetch-models.ts';
import { openSession, prepareRuntime } from './runtime.ts';

/** Everything an analysis in this browser needs from the models. */
export type DeviceModels = {
	readonly classifier: ModelEntryOf<'classifier'>;
	readonly detect: Detect;
	readonly identify: Identify;
	/** Cuts the classifier's input. */
	readonly crop: Crop;
	/** Cuts the crop on which a face's quality is measured. */
	readonly cropForQuality: Crop;
	/** Detects covered and drawn faces in crops of `cropForQuality`. */
	readonly readCover: ReadCover;
	readonly classify: Classify;
	readonly entries: readonly Pick<ModelEntry, 'id' | 'kind' | 'sha256'>[];
};

/** Fetches, checks and opens the fast tier; `base` is the folder of the models. Throws model-missing, model-damaged, model-failed, model-unfit. */
export async function openDeviceModels(base: string, onBytes: OnBytes): Promise<DeviceModels> {
	prepareRuntime();
	const manifest = await fetchManifest(base);
	const entries = modelsOfFastTier(manifest);
	const { classifier, identity } = entries;
	const identityCrop = findModel(manifest, 'crop', identity.crop);
	const listed = Object.values(entries);
	const opened: Session[] = [];
	for await (const bytes of fetchModels(base, listed, onBytes)) {
		const { id, kind } = listed[opened.length] as ModelEntry;
		opened.push(await openSession(id, bytes, kind === 'identity'));
	}
	const names = Object.keys(entries) as (keyof typeof entries)[];
	const sessions = Object.fromEntries(names.map((name, i) => [name, opened[i]])) as Record<
		keyof typeof entries,
		Session
	>;
	return {
		classifier,
		detect: createDetector(sessions.detector, sessions.finder),
		identify: createIdentify(identity, sessions.identity, identityCrop.size),
		crop: createCropper(classifier.spec.crop.size),
		cropForQuality: createCropper(qualityCropSize),
		readCover: createCoverReader(sessions.cover, qualityCropSize),
		classify: createClassifier(sessions.classifier, classifier.spec),
		entries: listed.map(({ id, kind, sha256 }) => ({ id, kind, sha256 })),
	};
}

/** Computes face embeddings with the identity model, from crops of `size` px. */
export function createIdentify(
	{ margin }: Pick<ModelEntryOf<'identity'>, 'margin'>,
	identity: Session,
	size: number,
): Identify {
	const describe = createDescriber(identity, size);
	const cut = createCropper(size);
	return async (frame, box) => {
		const [pixels] = await cut(frame, [squareBox(box, margin)]);
		return describe(pixels as Float32Array);
	};
}

/** The models that an analysis in this browser needs, by role. */
export function modelsOfFastTier(manifest: Manifest) {
	return {
		detector: findModel(manifest, 'detector'),
		finder: findModel(manifest, 'finder'),
		identity: findModel(manifest, 'identity'),
		cover: findModel(manifest, 'cover'),
		classifier: findModel(manifest, 'classifier', manifest.defaultClassifier),
	};
}
