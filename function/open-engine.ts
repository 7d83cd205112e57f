import { availableParallelism } from 'node:os';
import { customModelsFolder, gpuEnvironment, parseConfig } from './config.ts';
import type { Tier } from './contract/plan.ts';
import { createStages } from './create-stages.ts';
import { checkNvdec } from './media/check-nvdec.ts';
import { findFfmpeg } from './media/find-ffmpeg.ts';
import {
	allowedLists,
	type Choice,
	type Classifier,
	listClassifiers,
	readModelLists,
	tiersOf,
} from './model/classifiers.ts';
import type { OpenClassifier } from './model/model-host.ts';
import { openModels } from './model/open-models.ts';
import type { Provider } from './model/session.ts';
import type { Stages } from './pipeline.ts';

/** Options that a command sets; the rest comes from the environment. */
export type EngineOptions = {
	/** Which classifier; default: the one that the settings and the provider select. */
	readonly choice?: Choice;
	readonly provider?: 'auto' | Provider | undefined;
	/** Whether to ignore the calibration and return the model's raw scores. */
	readonly isUncalibrated?: boolean | undefined;
	/** Whether the files are known to be complete, as those of a store are. */
	readonly filesAreWhole?: boolean;
	/** Whether reports include the provenance of a file; default true. */
	readonly readsProvenance?: boolean | undefined;
	/** Whether a missing ffmpeg may be installed; default true. */
	readonly installs?: boolean;
	/** Called when something is being installed. */
	readonly onNotice: (text: string) => void;
};

/** The stages of one classifier; the caller closes them. */
export type OpenStages = { readonly stages: Stages; close(): Promise<void> };

/** Everything needed to analyse videos, opened once; `close` frees the models. */
export type Engine = {
	readonly stages: Stages;
	/** The classifier in use. */
	readonly model: Classifier;
	/** Ids of all available classifiers. */
	readonly classifiers: readonly string[];
	/** All available tiers. */
	readonly tiers: readonly Tier[];
	/** Opens the stages of the requested classifier, or of the one in use if none is requested; the caller closes them. Throws AnalysisError of stage `environment`. */
	open(choice: Choice): Promise<OpenStages>;
	close(): Promise<void>;
};

/** Finds ffmpeg and loads the models in parallel; throws AnalysisError of stage `environment`. */
export async function openEngine({
	choice = { model: null, tier: null },
	provider,
	filesAreWhole = false,
	isUncalibrated = false,
	readsProvenance = true,
	installs = true,
	onNotice,
}: EngineOptions): Promise<Engine> {
	const config = parseConfig();
	const reading = readModelLists(config.UNMASK_MODELS, customModelsFolder(config)).then((lists) =>
		allowedLists(lists, config.UNMASK_ALLOWED_MODELS),
	);
	const loading = reading.then((lists) =>
		openModels({
			lists,
			choice,
			defaultTier: config.UNMASK_TIER,
			isUncalibrated,
			provider: provider ?? config.UNMASK_PROVIDER,
			threads: config.UNMASK_THREADS || availableParallelism(),
			onNotice,
		}),
	);
	const { FFMPEG_PATH: ffmpegPath, PATH: searchPath } = config;
	const finding = findFfmpeg({ ffmpegPath, searchPath, install: installs, onNotice });
	const [tools, models] = await Promise.all([finding, loading]).catch((error: unknown) => {
		loading.then(({ close }) => close()).catch(() => {}); // if ffmpeg is missing, nothing else closes them
		throw error;
	});
	const lists = await reading;
	const mayUseGpu = models.provider === 'cuda' && config.UNMASK_DECODER === 'auto';
	const nvdec = mayUseGpu && (await checkNvdec(tools, gpuEnvironment())) ? gpuEnvironment() : null;
	const stagesOf = (open: OpenClassifier) =>
		createStages(open, { ...tools, nvdec }, { isWhole: filesAreWhole, readsProvenance });
	return {
		stages: stagesOf(models.chosen),
		model: models.chosen.classifier,
		classifiers: listClassifiers(lists).map(({ id }) => id),
		tiers: tiersOf(lists),
		async open(requested) {
			const open = await models.open(requested);
			return { stages: stagesOf(open), close: open.close };
		},
		close: models.close,
	};
}
