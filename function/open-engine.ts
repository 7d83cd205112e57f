import { availableParallelism } from 'node:os';
import { gpuEnvironment, ownModelsFolder, parseConfig } from './config.ts';
import { createStages } from './create-stages.ts';
import { checkNvdec } from './media/check-nvdec.ts';
import { findFfmpeg } from './media/find-ffmpeg.ts';
import { allowedLists, type Classifier, listClassifiers, readModelLists } from './model/classifiers.ts';
import { loadModels } from './model/load-models.ts';
import type { Provider } from './model/session.ts';
import type { Stages } from './pipeline.ts';

/** What a command chooses; the rest comes from the environment. */
export type EngineOptions = {
	readonly model: string | null;
	readonly provider?: 'auto' | Provider | undefined;
	/** Whether the model's own numbers are wanted, as if nobody had calibrated it. */
	readonly isUncalibrated?: boolean | undefined;
	/** Whether the files are known to be complete, as a store's are. */
	readonly filesAreWhole?: boolean;
	/** Whether a missing ffmpeg may be installed; default true. */
	readonly installs?: boolean;
	/** Told when something is being installed. */
	readonly onNotice: (text: string) => void;
};

/** Everything that analyses videos, opened once; `close` frees the models. */
export type Engine = {
	readonly stages: Stages;
	/** Id of the classifier in use, and all that is known of it. */
	readonly classifier: string;
	readonly model: Classifier;
	/** Ids of all that there are. */
	readonly classifiers: readonly string[];
	close(): Promise<void>;
};

/** Finds ffmpeg and loads the models, side by side; throws AnalysisError of stage `environment`. */
export async function openEngine({
	model,
	provider,
	filesAreWhole = false,
	isUncalibrated = false,
	installs = true,
	onNotice,
}: EngineOptions): Promise<Engine> {
	const config = parseConfig();
	const reading = readModelLists(config.UNMASK_MODELS, ownModelsFolder(config)).then((lists) =>
		allowedLists(lists, config.UNMASK_ALLOWED_MODELS),
	);
	const loading = reading.then((lists) =>
		loadModels({
			...lists,
			classifier: model,
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
	const classifiers = listClassifiers(await reading).map(({ id }) => id);
	const mayUseGpu = models.provider === 'cuda' && config.UNMASK_DECODER === 'auto';
	const nvdec = mayUseGpu && (await checkNvdec(tools, gpuEnvironment())) ? gpuEnvironment() : null;
	const stages = createStages(models, { ...tools, nvdec }, { isWhole: filesAreWhole });
	const { classifier, close } = models;
	return { stages, classifier: classifier.id, model: classifier, classifiers, close };
}
