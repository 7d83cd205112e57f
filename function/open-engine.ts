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

/** What a command chooses; the rest comes from the environment. */
export type EngineOptions = {
	/** Which classifier; default: the usual one of settings and provider. */
	readonly choice?: Choice;
	readonly provider?: 'auto' | Provider | undefined;
	/** Whether the model's own numbers are wanted, as if nobody had calibrated it. */
	readonly isUncalibrated?: boolean | undefined;
	/** Whether the files are known to be complete, as a store's are. */
	readonly filesAreWhole?: boolean;
	/** Whether reports say where a file comes from; default true. */
	readonly readsProvenance?: boolean | undefined;
	/** Whether a missing ffmpeg may be installed; default true. */
	readonly installs?: boolean;
	/** Told when something is being installed. */
	readonly onNotice: (text: string) => void;
};

/** The stages of one classifier, until they are closed. */
export type OpenStages = { readonly stages: Stages; close(): Promise<void> };

/** Everything that analyses videos, opened once; `close` frees the models. */
export type Engine = {
	readonly stages: Stages;
	/** The classifier in use. */
	readonly model: Classifier;
	/** Ids of all classifiers and all tiers that there are. */
	readonly classifiers: readonly string[];
	readonly tiers: readonly Tier[];
	/** The stages with the classifier that a plan asks for, the one in use where it asks for nothing; whoever asked closes them. Throws AnalysisError of stage `environment`. */
	open(choice: Choice): Promise<OpenStages>;
	close(): Promise<void>;
};

/** Finds ffmpeg and loads the models, side by side; throws AnalysisError of stage `environment`. */
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
		loading.then(({ close }) => close()).catch(() => {}); // without ffmpeg nobody will close them
		throw error;
	});
	const lists = await reading;
	const mayUseGpu = models.provider === 'cuda' && config.UNMASK_DECODER === 'auto';
	const nvdec = mayUseGpu && (await checkNvdec(tools, gpuEnvironment())) ? gpuEnvironment() : null;
	const stagesOf = (open: OpenClassifier) =>
		createStages(
			open,
			{ ...tools, nvdec },
			{
				...{ isWhole: filesAreWhole, readsProvenance },
			},
		);
	return {
		stages: stagesOf(models.usual),
		model: models.usual.classifier,
		classifiers: listClassifiers(lists).map(({ id }) => id),
		tiers: tiersOf(lists),
		async open(asked) {
			const open = await models.open(asked);
			return { stages: stagesOf(open), close: open.close };
		},
		close: models.close,
	};
}
