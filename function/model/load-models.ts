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
	/** Cores to use. */
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
	// Two threads: one finds and recognises faces while the other cuts and scores those of the frames before.
	const seeing = [detector, identityCrop, identity];
	const scoring = [crop, classifier];
	const runtimes = [startRuntime(), startRuntime()] as const;
	const close = async () => {
		await Promise.all(runtimes.map((runtime) => runtime.close()));
	};
	const opened = await openAll(runtimes, [seeing, scoring], options).catch(async (error: unknown) => {
		await close();
		throw error;
	});
	const [detectorSession, identityCropSession, identitySession, cropSession, classifierSession] = opened.sessions;
	if (!detectorSession || !cropSession || !classifierSession || !identityCropSession || !identitySession)
		throw new AnalysisError('internal', 'environment', 'a session is missing');
	const describe = createDescriber(identitySession, identityCrop.size);
	const cropForIdentity = createCropper(identityCropSession, identityCrop.size);
	return {
		provider: opened.provider,
		detect: createDetector(detectorSession),
		crop: createCropper(cropSession, crop.size),
		classify: createClassifier(classifierSession, crop.size),
		identify: async (frame, box) => {
			const [pixels] = await cropForIdentity(frame, [squareBox(box, identity.margin)]);
			return describe(pixels as Float32Array);
		},
		classifier,
		entries: [...seeing, ...scoring],
		close,
	};
}

/** Opens each group of models in the runtime of its place, the groups side by side; sessions come in order of the entries. */
async function openAll(runtimes: readonly Runtime[], groups: readonly (readonly ModelEntry[])[], options: LoadOptions) {
	const provider = await chooseProvider(runtimes[0] as Runtime, options);
	const threads = Math.max(1, Math.floor(options.threads / runtimes.length));
	const sessions = await Promise.all(
		runtimes.map(async (runtime, i) => {
			const own: Session[] = [];
			for (const entry of groups[i] ?? [])
				own.push(await runtime.open(entry.id, await readModel(options.folder, entry), provider, threads));
			return own;
		}),
	);
	return { provider, sessions: sessions.flat() };
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
