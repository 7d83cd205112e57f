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
import { isCudaInstalled, type Placement, type Provider, type Runtime, type Session, startRuntime } from './session.ts';
import type { Spec } from './spec.ts';

/** Every model that an analysis needs, loaded once and kept. */
export type Models = {
	readonly provider: Provider;
	/** How many operators of the detector and the classifier ran where, counted after loading on a GPU; null on the CPU. */
	readonly placement: Placement | null;
	/** Crops that one run of the classifier takes at most. */
	readonly cropsARun: number;
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
	/** Told why no GPU is used where CUDA is installed. */
	readonly onNotice?: (text: string) => void;
};

/** Crops of one run: more gain nothing on a CPU and hold memory (about 8 MB a crop) in a crowd. */
const CPU_CROPS = 8;
/** On a GPU every run is filled up to one of these: cuDNN looks for the fastest way again at each new shape. */
const GPU_CROPS = [8, 32] as const;

/** A graph that is opened: its bytes are read, and checked, when it is its turn. */
type Graph = Pick<ModelEntry, 'id' | 'kind' | 'sha256'> & { readonly read: () => Promise<Uint8Array> };

/**
 * Reads, checks and opens all models; throws model-missing, model-damaged, model-unknown, model-unfit, model-failed. Asked for `cuda` it throws
 * provider-missing where the GPU does not run the graphs; asked for `auto` it tells why and takes the CPU.
 */
export async function loadModels(options: LoadOptions): Promise<Models> {
	if (options.provider !== 'auto') return loadOn(options.provider, options);
	if (!isCudaInstalled()) return loadOn('cpu', options);
	try {
		return await loadOn('cuda', options);
	} catch (error) {
		if (!(error instanceof AnalysisError && error.code === 'provider-missing')) throw error;
		options.onNotice?.(`No GPU is used, the models run on the CPU: ${error.detail}`);
		return loadOn('cpu', options);
	}
}

async function loadOn(provider: Provider, options: LoadOptions): Promise<Models> {
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
		const sessions = await openAll(runtimes, [seeing, scoring], provider, options.threads);
		const [detectorSession, identityCropSession, identitySession, cropSession, classifierSession, own] = sessions;
		if (!detectorSession || !cropSession || !classifierSession || !identityCropSession || !identitySession)
			throw new AnalysisError('internal', 'environment', 'a session is missing');
		const describe = createDescriber(identitySession, identityCrop.size);
		const cropForIdentity = createCropper(identityCropSession, identityCrop.size);
		const cropForQuality = createCropper(cropSession, baseCrop.size);
		const { resize, size } = classifier.spec.crop;
		const cropsLikePillow = Object.assign(cutLikePillow(size), { size });
		const isGpu = provider === 'cuda';
		const detect = createDetector(detectorSession);
		const classify = createClassifier(classifierSession, classifier.spec, isGpu ? GPU_CROPS : null);
		if (isGpu) await warmUp(detect, classify, size);
		return {
			provider,
			placement: isGpu ? checkPlacement([await detectorSession.endTrace(), await classifierSession.endTrace()]) : null,
			cropsARun: isGpu ? Math.max(...GPU_CROPS) : CPU_CROPS,
			detect,
			crop: resize === 'pillow' ? cropsLikePillow : own ? createCropper(own, size) : cropForQuality,
			cropForQuality,
			classify,
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
		await tryClassifier(await runtime.open(name, bytes, { provider: 'cpu', threads: 1 }), spec);
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

/** Opens each group of models in the runtime of its place; sessions come in order of the graphs. */
async function openAll(
	runtimes: readonly Runtime[],
	groups: readonly (readonly Graph[])[],
	provider: Provider,
	cores: number,
): Promise<Session[]> {
	const threads = Math.max(1, Math.floor(cores / runtimes.length));
	const openGroup = async (runtime: Runtime, i: number) => {
		const own: Session[] = [];
		for (const { id, kind, read } of groups[i] ?? []) {
			const traced = provider === 'cuda' && (kind === 'detector' || kind === 'classifier');
			own.push(await runtime.open(id, await read(), { provider, threads, traced }));
		}
		return own;
	};
	if (provider === 'cpu') return (await Promise.all(runtimes.map(openGroup))).flat();
	// one after the other, so that a machine without a GPU is told once
	const sessions: Session[] = [];
	for (const [i, runtime] of runtimes.entries()) sessions.push(...(await openGroup(runtime, i)));
	return sessions;
}

/** One run of every shape that analyses have: cuDNN makes its choices now and not in front of a visitor. Throws provider-missing. */
async function warmUp(detect: Detect, classify: Classify, size: number): Promise<void> {
	const frame: Frame = { index: 0, timeS: 0, width: 320, height: 320, rgb: new Uint8Array(320 * 320 * 3).fill(110) };
	try {
		for (const side of [256, 512] as const) await detect(frame, { side, margin: 0, minScore: 0.5 });
		for (const count of GPU_CROPS)
			await classify(Array.from({ length: count }, () => new Float32Array(3 * size * size)));
	} catch (cause) {
		// a GPU that cannot run the models is none: without memory left, or without cuDNN
		const detail = cause instanceof AnalysisError ? cause.detail : String(cause);
		throw new AnalysisError('provider-missing', 'environment', detail, { cause });
	}
}

/** Least share of a graph's operators that the GPU has to run; what the CPU may keep is shapes, box arithmetic and the suppression of doubles. */
const LEAST_SHARE = 0.5;

/** The sum of what ran where; throws provider-missing where a graph ran mostly on the CPU. */
export function checkPlacement(graphs: readonly Placement[]): Placement {
	for (const { cpu, cuda } of graphs)
		if (!(cuda / (cpu + cuda) >= LEAST_SHARE))
			throw new AnalysisError('provider-missing', 'environment', `CUDA ran ${cuda} of ${cpu + cuda} operators`);
	const sum = (provider: Provider) => graphs.reduce((total, placement) => total + placement[provider], 0);
	return { cpu: sum('cpu'), cuda: sum('cuda') };
}
