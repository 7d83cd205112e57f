import type { Box } from '../contract/report.ts';
import type { Frame } from '../values.ts';
import type { ReadCover } from '../vision/cover-watch.ts';
import type { Detect } from '../vision/detect-faces.ts';
import { squareBox } from '../vision/geometry.ts';
import type { Classifier, ModelLists } from './classifiers.ts';
import { type Classify, createClassifier, embeddingSize } from './classify.ts';
import { checkPlacement, gpuCrops, onGpu, warmUpClassifier, warmUpDetector } from './gpu.ts';
import { closeSessions, type Graph, openGraphs, shippedGraph } from './graphs.ts';
import { readModel } from './manifest.ts';
import { findModel, type ModelEntry, type ModelEntryOf } from './manifest-schema.ts';
import { OpenCache } from './open-cache.ts';
import { type Crop, createCoverReader, createDescriber, createDetector, qualityCropSize } from './operators.ts';
import { createCropper } from './preprocess/align-crop.ts';
import { cutLikePillow } from './preprocess/resize-pillow.ts';
import { createSequence, type Refine } from './sequence.ts';
import { type Placement, type Provider, type Runtime, startRuntime } from './session.ts';

/** Face detection and recognition, opened once for all classifiers. */
type Vision = {
	readonly provider: Provider;
	/** Most crops in one run of the classifier. */
	readonly cropsPerRun: number;
	readonly detect: Detect;
	/** Makes the crops that quality is measured on, for every classifier. */
	readonly cropForQuality: Crop;
	/** Recognises covered and drawn faces in crops of `cropForQuality`. */
	readonly readCover: ReadCover;
	/** Identity descriptor [128] of the face in a box. */
	readonly identify: (frame: Frame, box: Box) => Promise<Float32Array>;
};

/** A model in use, as listed in the report. */
type UsedModel = Pick<ModelEntry, 'id' | 'kind' | 'sha256'>;

/** A sequence model and how a track is split into windows for it. */
export type OpenSequence = { readonly refine: Refine; readonly rules: ModelEntryOf<'sequence'>['spec'] };

/** The part that is specific to a classifier. */
type Scoring = {
	readonly classify: Classify;
	/** Makes the crops for the classifier. */
	readonly crop: Crop;
	readonly sequence: OpenSequence | null;
	readonly placement: Placement | null;
	readonly entries: readonly UsedModel[];
	close(): Promise<void>;
};

/** A classifier and everything that an analysis with it needs; the caller closes it. */
export type OpenClassifier = Vision & {
	readonly classifier: Classifier;
	readonly classify: Classify;
	/** Makes the crops for the classifier. */
	readonly crop: Crop;
	/** Reads a person's frames together; null if the classifier has no sequence model. */
	readonly sequence: OpenSequence | null;
	/** Where the operators of the detector and the classifier ran, counted after loading on a GPU; null on the CPU. */
	readonly placement: Placement | null;
	/** All models in use, as listed in the report. */
	readonly entries: readonly UsedModel[];
	/** Releases the classifier; its sessions stay open for the next user until they are evicted. */
	close(): Promise<void>;
};

/** The models of this process: detection and identity models, opened once, and the most recently used classifiers. */
export type ModelHost = {
	readonly provider: Provider;
	/**
	 * Opens a classifier, or shares it if it is already open; a failure leaves nothing open. Throws model-missing, model-damaged,
	 * model-unfit, model-failed, and provider-missing if the GPU cannot run the graphs.
	 */
	open(classifier: Classifier): Promise<OpenClassifier>;
	/** Ends both threads after their current run and frees everything, even if it is in use. */
	close(): Promise<void>;
};

/** Where the models are and how they run. */
export type HostOptions = Pick<ModelLists, 'folder' | 'manifest'> & {
	readonly provider: Provider;
	/** Cores to use. */
	readonly threads: number;
	/** Number of classifiers that stay open. */
	readonly capacity?: number;
};

/** Enough for both tiers and one custom model. */
const CAPACITY = 3;
/** Crops per run on a CPU: more bring no speed and cost memory in a crowd (about 8 MB per crop). */
const CPU_CROPS = 8;

/** Starts the threads and begins to open the models that every classifier needs. */
export function startModelHost(options: HostOptions): ModelHost {
	const { provider, capacity = CAPACITY } = options;
	// two threads: one finds faces while the other recognises and scores those of earlier frames
	const [visionRuntime, scoringRuntime] = [startRuntime(), startRuntime()];
	const cache = new OpenCache<Scoring>(capacity);
	const shared = openVision(visionRuntime, scoringRuntime, options);
	shared.catch(() => {}); // thrown by `open`
	return {
		provider,
		async open(classifier) {
			if (provider === 'cuda') await shared; // in sequence, so that a machine without a GPU fails only once
			const { id, sha256 } = classifier;
			const acquiring = cache.acquire(`${id} ${sha256}`, () => openScoring(scoringRuntime, classifier, options));
			const [vision, acquired] = await Promise.allSettled([shared, acquiring]);
			if (acquired.status === 'rejected') throw vision.status === 'rejected' ? vision.reason : acquired.reason;
			const { value, release } = acquired.value;
			try {
				if (vision.status === 'rejected') throw vision.reason;
				return combine(vision.value, classifier, value, release);
			} catch (error) {
				await release();
				throw error;
			}
		},
		async close() {
			await Promise.all([visionRuntime.close(), scoringRuntime.close()]);
		},
	};
}

type SharedVision = Awaited<ReturnType<typeof openVision>>;

function combine(shared: SharedVision, classifier: Classifier, scoring: Scoring, close: () => Promise<void>) {
	const { vision, placement, entries } = shared;
	return {
		...vision,
		classifier,
		classify: scoring.classify,
		crop: scoring.crop,
		sequence: scoring.sequence,
		placement: placement && scoring.placement && checkPlacement([placement, scoring.placement]),
		entries: [...entries, ...scoring.entries],
		close,
	};
}

const usedModel = ({ id, kind, sha256 }: Graph): UsedModel => ({ id, kind, sha256 });

async function openVision(
	visionRuntime: Runtime,
	scoringRuntime: Runtime,
	{ folder, manifest, provider, threads }: HostOptions,
) {
	const identity = findModel(manifest, 'identity');
	const identityCrop = findModel(manifest, 'crop', identity.crop);
	const isGpu = provider === 'cuda';
	const visionGraphs = {
		detector: shippedGraph(folder, findModel(manifest, 'detector')),
		finder: shippedGraph(folder, findModel(manifest, 'finder')),
	};
	// where frames are far apart, finding and recognising faces take about the same time as scoring them
	const faceGraphs = {
		identity: shippedGraph(folder, identity),
		cover: shippedGraph(folder, findModel(manifest, 'cover')),
	};
	const sessionOptions = { provider, threads: threadsEach(threads) };
	const openVisionGraphs = () => openGraphs(visionRuntime, visionGraphs, sessionOptions);
	const openFaceGraphs = () => openGraphs(scoringRuntime, faceGraphs, sessionOptions);
	const [found, { identity: identifier, cover }] = isGpu
		? [await openVisionGraphs(), await openFaceGraphs()]
		: await Promise.all([openVisionGraphs(), openFaceGraphs()]);
	const describe = createDescriber(identifier, identityCrop.size);
	const cropForIdentity = createCropper(identityCrop.size);
	const detect = createDetector(found.detector, found.finder);
	if (isGpu) await onGpu(() => warmUpDetector(detect));
	const vision: Vision = {
		provider,
		cropsPerRun: isGpu ? Math.max(...gpuCrops) : CPU_CROPS,
		detect,
		cropForQuality: createCropper(qualityCropSize),
		readCover: createCoverReader(cover, qualityCropSize),
		identify: async (frame, box) => {
			const [pixels] = await cropForIdentity(frame, [squareBox(box, identity.margin)]);
			return describe(pixels as Float32Array);
		},
	};
	const entries = [...Object.values(visionGraphs), ...Object.values(faceGraphs)].map(usedModel);
	return { vision, placement: isGpu ? await found.detector.endTrace() : null, entries };
}

async function openScoring(runtime: Runtime, classifier: Classifier, options: HostOptions): Promise<Scoring> {
	const { folder, manifest, provider, threads } = options;
	const { spec } = classifier;
	const { resize, size } = spec.crop;
	const isGpu = provider === 'cuda';
	const sequence = classifier.sequence === null ? null : findModel(manifest, 'sequence', classifier.sequence);
	const graphs = {
		classifier: { ...classifier, read: () => readModel(classifier.folder, classifier) },
		sequence: sequence && shippedGraph(folder, sequence),
	};
	const sessions = await openGraphs(runtime, graphs, { provider, threads: threadsEach(threads) });
	const close = () => closeSessions(Object.values(sessions));
	try {
		const counts = isGpu ? gpuCrops : null;
		const classify = createClassifier(sessions.classifier, spec, { counts, embeds: sequence !== null });
		if (isGpu) await onGpu(() => warmUpClassifier(classify, size));
		return {
			classify,
			crop: resize === 'pillow' ? Object.assign(cutLikePillow(size), { size }) : createCropper(size),
			sequence: sequence &&
				sessions.sequence && {
					refine: createSequence(sessions.sequence, embeddingSize(sessions.classifier, spec)),
					rules: sequence.spec,
				},
			placement: isGpu ? await sessions.classifier.endTrace() : null,
			entries: [graphs.classifier, graphs.sequence].filter((graph) => graph !== null).map(usedModel),
			close,
		};
	} catch (error) {
		await close();
		throw error;
	}
}

const threadsEach = (threads: number) => Math.max(1, Math.floor(threads / 2));
