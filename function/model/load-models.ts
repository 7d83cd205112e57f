import { createHash } from 'node:crypto';
import type { Box } from '../contract/report.ts';
import { AnalysisError } from '../errors.ts';
import type { Frame } from '../values.ts';
import { squareBox } from '../vision/geometry.ts';
import { type Choice, type Classifier, chooseClassifier, type ModelLists, type Usual } from './classifiers.ts';
import { type Classify, createClassifier, tryClassifier } from './classify.ts';
import { baseCropSize, cropGraphOfSize } from './crop-graph.ts';
import { hasExternalData } from './external-data.ts';
import { findModel, type Manifest, type ModelEntry, type ModelEntryOf, readModel } from './manifest.ts';
import { type Crop, createCropper, createDescriber, createDetector, type Detect } from './operators.ts';
import { cutLikePillow } from './preprocess/resize-pillow.ts';
import {
	isCudaInstalled,
	type OpenOptions,
	type Placement,
	type Provider,
	type Runtime,
	type Session,
	startRuntime,
} from './session.ts';
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
	/** The same with another classifier, which is opened beside this one; all else is shared. Throws model-missing, model-damaged, model-unfit, model-failed, provider-missing. */
	also(classifier: Classifier): Promise<Models>;
	/** Frees everything, whichever classifier it was opened for. */
	close(): Promise<void>;
};

/** Where and what to load. */
export type LoadOptions = ModelLists & {
	readonly choice: Choice;
	/** Which tier is taken where nothing is asked for; default `auto`. */
	readonly usualTier?: Usual['tier'];
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
 * Reads, checks and opens all models; throws model-missing, model-damaged, model-unknown, tier-missing, model-unfit, model-failed. Asked for `cuda` it throws
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
	const { manifest, folder, choice, usualTier = 'auto', isUncalibrated } = options;
	const found = chooseClassifier(options, choice, { tier: usualTier, provider });
	const identity = findModel(manifest, 'identity');
	const identityCrop = findModel(manifest, 'crop', identity.crop);
	const detector = findModel(manifest, 'detector');
	const baseCrop = baseCropOf(manifest);
	const isGpu = provider === 'cuda';
	const graph = (entry: ModelEntry): Graph => ({ ...entry, read: () => readModel(folder, entry) });
	// Two threads: one finds and recognises faces while the other cuts and scores those of the frames before.
	const [seeing, scoring] = [startRuntime(), startRuntime()];
	const threads = Math.max(1, Math.floor(options.threads / 2));
	const open = (runtime: Runtime, graphs: readonly Graph[]) => openGraphs(runtime, graphs, { provider, threads });
	const close = async () => {
		await Promise.all([seeing.close(), scoring.close()]);
	};

	const openShared = async () => {
		const graphs = [detector, identityCrop, identity, baseCrop].map(graph);
		const [[detectorSession, identityCropSession, identitySession], [cropSession]] = await inTurn(isGpu, [
			() => open(seeing, graphs.slice(0, 3)),
			() => open(scoring, graphs.slice(3)),
		]);
		if (!detectorSession || !identityCropSession || !identitySession || !cropSession) throw sessionMissing();
		const describe = createDescriber(identitySession, identityCrop.size);
		const cropForIdentity = createCropper(identityCropSession, identityCrop.size);
		const detect = createDetector(detectorSession);
		if (isGpu) await onGpu(() => warmUpDetector(detect));
		return {
			provider,
			cropsARun: isGpu ? Math.max(...GPU_CROPS) : CPU_CROPS,
			detect,
			detectorPlacement: isGpu ? await detectorSession.endTrace() : null,
			cropForQuality: createCropper(cropSession, baseCrop.size),
			identify: async (frame: Frame, box: Box) => {
				const [pixels] = await cropForIdentity(frame, [squareBox(box, identity.margin)]);
				return describe(pixels as Float32Array);
			},
			entries: graphs,
		};
	};

	const openClassifier = async (classifier: Classifier) => {
		const ownCrop = await cropGraph(classifier.spec.crop, options, baseCrop);
		const graphs: Graph[] = [
			{ ...classifier, read: () => readModel(classifier.folder, classifier) },
			...(ownCrop ? [ownCrop] : []),
		];
		const [session, own] = await open(scoring, graphs);
		if (!session) throw sessionMissing();
		const { resize, size } = classifier.spec.crop;
		const classify = createClassifier(session, classifier.spec, isGpu ? GPU_CROPS : null);
		if (isGpu) await onGpu(() => warmUpClassifier(classify, size));
		return {
			classifier: isUncalibrated ? { ...classifier, calibration: null } : classifier,
			classify,
			placement: isGpu ? await session.endTrace() : null,
			ownCrop:
				resize === 'pillow' ? Object.assign(cutLikePillow(size), { size }) : own ? createCropper(own, size) : null,
			entries: graphs,
		};
	};

	const opening = async () => {
		const [shared, first] = await inTurn(isGpu, [openShared, () => openClassifier(found)]);
		const { detectorPlacement, ...rest } = shared;
		const modelsWith = ({ ownCrop, placement, entries, ...own }: typeof first): Models => ({
			...rest,
			...own,
			placement: detectorPlacement && placement && checkPlacement([detectorPlacement, placement]),
			crop: ownCrop ?? shared.cropForQuality,
			entries: [...shared.entries, ...entries].map(({ id, kind, sha256 }) => ({ id, kind, sha256 })),
			also: async (classifier) => modelsWith(await openClassifier(classifier)),
			close,
		});
		return modelsWith(first);
	};
	return opening().catch(async (error: unknown) => {
		await close();
		throw error;
	});
}

const sessionMissing = () => new AnalysisError('internal', 'environment', 'a session is missing');

/**
 * Opens a classifier alone and runs a picture through it; throws model-missing, model-damaged, model-failed, model-unfit. `bytes` are
 * checked by nobody yet.
 */
export async function checkModel(bytes: Uint8Array, name: string, spec: Spec): Promise<void> {
	if (hasExternalData(bytes))
		throw new AnalysisError(
			'model-unfit',
			'environment',
			'its weights lie in a file beside it; export it into one file, as by torch.onnx.export(..., external_data=False)',
		);
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

/** The crop of another size than the one that is there anyway, as the manifest lists it or made of that one; null where that one will do, or where no graph cuts. */
async function cropGraph(
	{ size, resize }: Spec['crop'],
	{ folder, manifest }: Pick<ModelLists, 'folder' | 'manifest'>,
	base: ModelEntryOf<'crop'>,
): Promise<Graph | null> {
	if (resize !== 'roi-align' || size === base.size) return null;
	const listed = manifest.files.find((entry) => entry.kind === 'crop' && entry.size === size);
	if (listed) return { ...listed, read: () => readModel(folder, listed) };
	const bytes = cropGraphOfSize(await readModel(folder, base), size);
	const sha256 = createHash('sha256').update(bytes).digest('hex');
	return { id: `face-crop-${size}`, kind: 'crop', sha256, read: async () => bytes };
}

/** Opens graphs one after another; those that were open are freed where one cannot be. */
async function openGraphs(
	runtime: Runtime,
	graphs: readonly Graph[],
	options: Omit<OpenOptions, 'traced'>,
): Promise<Session[]> {
	const sessions: Session[] = [];
	try {
		for (const { id, kind, read } of graphs) {
			const traced = options.provider === 'cuda' && (kind === 'detector' || kind === 'classifier');
			sessions.push(await runtime.open(id, await read(), { ...options, traced }));
		}
	} catch (error) {
		for (const session of sessions) await session.close().catch(() => {});
		throw error;
	}
	return sessions;
}

/** Both at a time on a CPU; on a GPU one after the other, so that a machine without one is told once. */
async function inTurn<A, B>(isGpu: boolean, [first, second]: [() => Promise<A>, () => Promise<B>]): Promise<[A, B]> {
	if (!isGpu) return Promise.all([first(), second()]);
	const before = await first();
	return [before, await second()];
}

/** A GPU that cannot run the models is none, without memory left or without cuDNN: whatever the work throws becomes provider-missing. */
async function onGpu(work: () => Promise<unknown>): Promise<void> {
	try {
		await work();
	} catch (cause) {
		const detail = cause instanceof AnalysisError ? cause.detail : String(cause);
		throw new AnalysisError('provider-missing', 'environment', detail, { cause });
	}
}

/** One run of every shape that analyses have: cuDNN makes its choices now and not in front of a visitor. */
async function warmUpDetector(detect: Detect): Promise<void> {
	const frame: Frame = { index: 0, timeS: 0, width: 320, height: 320, rgb: new Uint8Array(320 * 320 * 3).fill(110) };
	for (const side of [256, 512] as const) await detect(frame, { side, margin: 0, minScore: 0.5 });
}

/** The same for a classifier of crops of `size` px. */
async function warmUpClassifier(classify: Classify, size: number): Promise<void> {
	for (const count of GPU_CROPS) await classify(Array.from({ length: count }, () => new Float32Array(3 * size * size)));
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
