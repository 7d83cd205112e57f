import type { Box } from '../contract.ts';
import { AnalysisError } from '../errors.ts';
import type { Frame } from '../values.ts';
import { squareBox } from '../vision/geometry.ts';
import { findModel, type Manifest, type ModelEntry, type ModelEntryOf, readModel } from './manifest.ts';
import {
	type Classify,
	type Crop,
	createClassifier,
	createCropper,
	createDescriber,
	createDetector,
	type Detect,
} from './operators.ts';
import { type Provider, type Runtime, type Session, startRuntime } from './session.ts';

/** Every model that an analysis needs, loaded once and kept. */
export type Models = {
	readonly provider: Provider;
	readonly detect: Detect;
	readonly crop: Crop;
	readonly classify: Classify;
	/** Identity descriptor [128] of the face in a box. */
	readonly identify: (frame: Frame, box: Box) => Promise<Float32Array>;
	readonly classifier: ModelEntryOf<'classifier'>;
	/** All files in use, for the report. */
	readonly entries: readonly ModelEntry[];
	close(): Promise<void>;
};

/** Where and what to load. */
export type LoadOptions = {
	readonly folder: string;
	readonly manifest: Manifest;
	/** Classifier id; null = the manifest's default. */
	readonly classifier: string | null;
	readonly provider: 'auto' | Provider;
	/** Threads a run; 0 = all cores. */
	readonly threads: number;
};

/** Reads, checks and opens all models; throws model-missing, model-damaged, model-unknown, model-failed, provider-missing. */
export async function loadModels(options: LoadOptions): Promise<Models> {
	const { manifest } = options;
	const classifier = findModel(manifest, 'classifier', options.classifier ?? manifest.defaultClassifier);
	const crop = findModel(manifest, 'crop', classifier.crop);
	const identity = findModel(manifest, 'identity');
	const identityCrop = findModel(manifest, 'crop', identity.crop);
	const detector = findModel(manifest, 'detector');
	const entries = [detector, crop, classifier, identityCrop, identity];

	const runtime = startRuntime();
	const { provider, sessions } = await openAll(runtime, entries, options).catch(async (error: unknown) => {
		await runtime.close();
		throw error;
	});
	const [detectorSession, cropSession, classifierSession, identityCropSession, identitySession] = sessions;
	if (!detectorSession || !cropSession || !classifierSession || !identityCropSession || !identitySession)
		throw new AnalysisError('internal', 'environment', 'a session is missing');
	const describe = createDescriber(identitySession, identityCrop.size);
	const cropForIdentity = createCropper(identityCropSession, identityCrop.size);
	return {
		provider,
		detect: createDetector(detectorSession),
		crop: createCropper(cropSession, crop.size),
		classify: createClassifier(classifierSession, crop.size),
		identify: async (frame, box) => {
			const [pixels] = await cropForIdentity(frame, [squareBox(box, identity.margin)]);
			return describe(pixels as Float32Array);
		},
		classifier,
		entries,
		close: runtime.close,
	};
}

async function openAll(runtime: Runtime, entries: readonly ModelEntry[], options: LoadOptions) {
	const provider = await chooseProvider(runtime, options);
	const sessions: Session[] = [];
	for (const entry of entries)
		sessions.push(await runtime.open(entry.id, await readModel(options.folder, entry), provider, options.threads));
	return { provider, sessions };
}

/** `auto` becomes CUDA if the smallest model opens on it, else the CPU. */
async function chooseProvider(runtime: Runtime, { provider, folder, manifest }: LoadOptions): Promise<Provider> {
	if (provider !== 'auto') return provider;
	const smallest = findModel(manifest, 'crop');
	try {
		const session = await runtime.open(smallest.id, await readModel(folder, smallest), 'cuda', 1);
		await session.close();
		return 'cuda';
	} catch (error) {
		if (error instanceof AnalysisError && error.code === 'provider-missing') return 'cpu';
		throw error;
	}
}
