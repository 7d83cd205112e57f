import type { Box } from '../contract/report.ts';
import type { Frame } from '../values.ts';
import type { ReadCover } from '../vision/cover-watch.ts';
import { squareBox } from '../vision/geometry.ts';
import type { Classifier, ModelLists } from './classifiers.ts';
import { type Classify, createClassifier, embeddingSize } from './classify.ts';
import { checkPlacement, gpuCrops, onGpu, warmUpClassifier, warmUpDetector } from './gpu.ts';
import { closeSessions, type Graph, openGraphs, shippedGraph } from './graphs.ts';
import { readModel } from './manifest.ts';
import { findModel, type ModelEntry, type ModelEntryOf } from './manifest-schema.ts';
import { OpenCache } from './open-cache.ts';
import {
	type Crop,
	createCoverReader,
	createDescriber,
	createDetector,
	type Detect,
	qualityCropSize,
} from './operators.ts';
import { createCropper } from './preprocess/align-crop.ts';
import { cutLikePillow } from './preprocess/resize-pillow.ts';
import { createSequence, type Refine } from './sequence.ts';
import { type Placement, type Provider, type Runtime, startRuntime } from './session.ts';

/** What finds and recognises faces, opened once for all classifiers. */
type Vision = {
	readonly provider: Provider;
	/** Crops that one run of the classifier takes at most. */
	readonly cropsPerRun: number;
	readonly detect: Detect;
	/** Cuts what the quality of a face is measured on, whatever the classifier. */
	readonly cropForQuality: Crop;
	/** Tells covered and drawn faces from crops of `cropForQuality`. */
	readonly readCover: ReadCover;
	/** Identity descriptor [128] of the face in a box. */
	readonly identify: (frame: Frame, box: Box) => Promise<Float32Array>;
};

/** A file in use, for the report. */
type UsedModel = Pick<ModelEntry, 'id' | 'kind' | 'sha256'>;

/** A sequence model and how a track is cut for it. */
export type OpenSequence = { readonly refine: Refine; readonly rules: ModelEntryOf<'sequence'>['spec'] };

/** What one classifier adds. */
type Scoring = {
	readonly classify: Classify;
	/** Cuts what the classifier is fed. */
	readonly crop: Crop;
	readonly sequence: OpenSequence | null;
	readonly placement: Placement | null;
	readonly entries: readonly UsedModel[];
	close(): Promise<void>;
};

/** A classifier and everything that an analysis by it needs, until it is closed. */
export type OpenClassifier = Vision & {
	readonly classifier: Classifier;
	readonly classify: Classify;
	/** Cuts what the classifier is fed. */
	readonly crop: Crop;
	/** Reads a person's frames together; null = the classifier has no sequence model. */
	readonly sequence: OpenSequence | null;
	/** How many operators of the detector and the classifier ran where, counted after loading on a GPU; null on the CPU. */
	readonly placement: Placement | null;
	/** All files in use, for the report. */
	readonly entries: readonly UsedModel[];
	/** Gives it back; its sessions stay open for the next one until they are evicted. */
	close(): Promise<void>;
};

/** The models of this process: detector and identity, opened once, and the classifiers that were asked for last. */
export type ModelHost = {
	readonly provider: Provider;
	/**
	 * Opens a classifier, or shares the one that is open; nothing is left of one that cannot be opened. Throws model-missing, model-damaged,
	 * model-unfit, model-failed, and provider-missing where the GPU does not run the graphs.
	 */
	open(classifier: Classifier): Promise<OpenClassifier>;
	/** Ends both threads once what they compute is done; frees everything, whoever uses it. */
	close(): Promise<void>;
};

/** Where the models are and how they run. */
export type HostOptions = Pick<ModelLists, 'folder' | 'manifest'> & {
	readonly provider: Provider;
	/** Cores to use. */
	readonly threads: number;
	/** Classifiers that stay open. */
	readonly capacity?: number;
};

/** Both tiers and one custom model. */
const CAPACITY = 3;
/** Crops of one run: more gain nothing on a CPU and hold memory (about 8 MB a crop) in a crowd. */
const CPU_CROPS = 8;

/** Starts the threads and begins to open what every classifier needs. */
export function startModelHost(options: HostOptions): ModelHost {
	const { provider, capacity = CAPACITY } = options;
	// Two threads: one finds and recognises faces while the other cuts and scores those of the frames before.
	const [seeing, scoring] = [startRuntime(), startRuntime()];
	const cache = new OpenCache<Scoring>(capacity);
	const shared = openVision(seeing, scoring, options);
	shared.catch(() => {}); // whoever opens a classifier is told
	return {
		provider,
		async open(classifier) {
			if (provider === 'cuda') await shared; // one after the other, so that a machine without a GPU is told once
			const { id, sha256 } = classifier;
			const taking = cache.take(`${id} ${sha256}`, () => openScoring(scoring, classifier, options));
			const [vision, taken] = await Promise.allSettled([shared, taking]);
			if (taken.status === 'rejected') throw vision.status === 'rejected' ? vision.reason : taken.reason;
			const { value, release } = taken.value;
			try {
				if (vision.status === 'rejected') throw vision.reason;
				return together(vision.value, classifier, value, release);
			} catch (error) {
				await release();
				throw error;
			}
		},
		async close() {
			await Promise.all([seeing.close(), scoring.close()]);
		},
	};
}

type SharedVision = Awaited<ReturnType<typeof openVision>>;

function together(shared: SharedVision, classifier: Classifier, own: Scoring, close: () => Promise<void>) {
	const { vision, placement, entries } = shared;
	return {
		...vision,
		classifier,
		classify: own.classify,
		crop: own.crop,
		sequence: own.sequence,
		placement: placement && own.placement && checkPlacement([placement, own.placement]),
		entries: [...entries, ...own.entries],
		close,
	};
}

const usedModel = ({ id, kind, sha256 }: Graph): UsedModel => ({ id, kind, sha256 });

async function openVision(seeing: Runtime, scoring: Runtime, { folder, manifest, provider, threads }: HostOptions) {
	const identity = findModel(manifest, 'identity');
	const identityCrop = findModel(manifest, 'crop', identity.crop);
	const isGpu = provider === 'cuda';
	const finding = {
		detector: shippedGraph(folder, findModel(manifest, 'detector')),
		finder: shippedGraph(folder, findModel(manifest, 'finder')),
		identity: shippedGraph(folder, identity),
	};
	const reading = { cover: shippedGraph(folder, findModel(manifest, 'cover')) };
	const how = { provider, threads: threadsEach(threads) };
	const openFinding = () => openGraphs(seeing, finding, how);
	const openReading = () => openGraphs(scoring, reading, how);
	const [found, { cover }] = isGpu
		? [await openFinding(), await openReading()]
		: await Promise.all([openFinding(), openReading()]);
	const describe = createDescriber(found.identity, identityCrop.size);
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
	const entries = [...Object.values(finding), ...Object.values(reading)].map(usedModel);
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
