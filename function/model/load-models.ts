import { createHash } from 'node:crypto';
import type { Box } from '../contract.ts';
import { AnalysisError } from '../errors.ts';
import type { Frame } from '../values.ts';
import { squareBox } from '../vision/geometry.ts';
import { cutLikePillow } from '../vision/resize-pillow.ts';
import { type Classifier, findClassifier, type ModelLists } from './classifiers.ts';
import { type Classify, createClassifier, tryClassifier } from './classify.ts';
import { baseCropSize, cropGraphOfSize } from './crop-graph.ts';
import { findModel, type Manifest, type ModelEntry, type ModelEntryOf, readModel } from './manifest.ts';
import { type Crop, createCropper, createDescriber, createDetector, type Detect } from './operators.ts';
import { type Provider, type Runtime, type Session, startRuntime } from './session.ts';
import type { Spec } from './spec.ts';

/** Every model that an analysis needs, loaded once and kept. */
export type Models = {
	readonly provider: Provider;
	readonly detect: Detect;
	/** Cuts what the classifier is given. */
	readonly crop: Crop;
	/** Cuts what the quality of a face is measured on, whatever the classifier. */
	readonly cropForQuality: Crop;
	readonly classify: Classify;
	/** Identity descriptor [128] of the face in a box. */
	readonly identify: (frame: Frame, box: Box) => Promise<Float32Array>;
	readonly classifier: Classifier;
	/** All files in use, for the report. */
	readonly entries: readonly Pick<ModelEntry, 'id' | 'kind' | 'sha256'>[];
	close(): Promise<void>;
};

/** Where and what to load. */
export type LoadOptions = ModelLists & {
	/** Classifier id; null = the one that is taken where none is named. */
	readonly classifier: string | null;
	/** Whether its calibration is left out. */
	readonly isUncalibrated?: boolean;
	readonly provider: 'auto' | Provider;
	/** Cores to use. */
	readonly threads: number;
};

/** A graph that is opened: its bytes are read, and checked, when it is its turn. */
type Graph = Pick<ModelEntry, 'id' | 'kind' | 'sha256'> & { readonly read: () => Promise<Uint8Array> };

/** Reads, checks and opens all models; throws model-missing, model-damaged, model-unknown, model-unfit, model-failed, provider-missing. */
export async function loadModels(options: LoadOptions): Promise<Models> {
	const { manifest, folder } = options;
	const found = findClassifier(options, options.classifier);
	const classifier = options.isUncalibrated ? { ...found, calibration: null } : found;
	const identity = findModel(manifest, 'identity');
	const identityCrop = findModel(manifest, 'crop', identity.crop);
	const detector = findModel(manifest, 'detector');
	const baseCrop = baseCropOf(manifest);
	const ownCrop = await cropGraph(classifier.spec.crop, folder, baseCrop);
	const graph = (entry: ModelEntry): Graph => ({ ...entry, read: () => readModel(folder, entry) });
	// Two threads: one finds and recognises faces while the other cuts and scores those of the frames before.
	const seeing = [detector, identityCrop, identity].map(graph);
	const scoring: Graph[] = [
		graph(baseCrop),
		{ ...classifier, read: () => readModel(classifier.folder, classifier) },
		...(ownCrop ? [ownCrop] : []),
	];
	const runtimes = [startRuntime(), startRuntime()] as const;
	const close = async () => {
		await Promise.all(runtimes.map((runtime) => runtime.close()));
	};
	const opening = async () => {
		const { provider, sessions } = await openAll(runtimes, [seeing, scoring], options);
		const [detectorSession, identityCropSession, identitySession, cropSession, classifierSession, own] = sessions;
		if (!detectorSession || !cropSession || !classifierSession || !identityCropSession || !identitySession)
			throw new AnalysisError('internal', 'environment', 'a session is missing');
		const describe = createDescriber(identitySession, identityCrop.size);
		const cropForIdentity = createCropper(identityCropSession, identityCrop.size);
		const cropForQuality = createCropper(cropSession, baseCrop.size);
		const { resize, size } = classifier.spec.crop;
		const cropsLikePillow = Object.assign(cutLikePillow(size), { size });
		return {
			provider,
			detect: createDetector(detectorSession),
			crop: resize === 'pillow' ? cropsLikePillow : own ? createCropper(own, size) : cropForQuality,
			cropForQuality,
			classify: createClassifier(classifierSession, classifier.spec),
			identify: async (frame: Frame, box: Box) => {
				const [pixels] = await cropForIdentity(frame, [squareBox(box, identity.margin)]);
				return describe(pixels as Float32Array);
			},
			classifier,
			entries: [...seeing, ...scoring].map(({ id, kind, sha256 }) => ({ id, kind, sha256 })),
			close,
		};
	};
	return opening().catch(async (error: unknown) => {
		await close();
		throw error;
	});
}

/**
 * Opens a classifier alone and runs a picture through it; throws model-missing, model-damaged, model-failed, model-unfit. `bytes` are
 * checked by nobody yet.
 */
export async function checkModel(bytes: Uint8Array, name: string, spec: Spec): Promise<void> {
	const runtime = startRuntime();
	try {
		await tryClassifier(await runtime.open(name, bytes, 'cpu', 1), spec);
	} finally {
		await runtime.close();
	}
}

function baseCropOf(manifest: Manifest): ModelEntryOf<'crop'> {
	const found = manifest.files.find((entry) => entry.kind === 'crop' && entry.size === baseCropSize);
	if (found?.kind === 'crop') return found;
	throw new AnalysisError('model-missing', 'environment', `a crop of ${baseCropSize} px`);
}

/** The crop of another size than the one that is there anyway; null where that one will do, or where no graph cuts. */
async function cropGraph(
	{ size, resize }: Spec['crop'],
	folder: string,
	base: ModelEntryOf<'crop'>,
): Promise<Graph | null> {
	if (resize !== 'roi-align' || size === base.size) return null;
	const bytes = cropGraphOfSize(await readModel(folder, base), size);
	const sha256 = createHash('sha256').update(bytes).digest('hex');
	return { id: `face-crop-${size}`, kind: 'crop', sha256, read: async () => bytes };
}

/** Opens each group of models in the runtime of its place, the groups side by side; sessions come in order of the graphs. */
async function openAll(runtimes: readonly Runtime[], groups: readonly (readonly Graph[])[], options: LoadOptions) {
	const provider = await chooseProvider(runtimes[0] as Runtime, options);
	const threads = Math.max(1, Math.floor(options.threads / runtimes.length));
	const sessions = await Promise.all(
		runtimes.map(async (runtime, i) => {
			const own: Session[] = [];
			for (const { id, read } of groups[i] ?? []) own.push(await runtime.open(id, await read(), provider, threads));
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
