import { availableParallelism } from 'node:os';
import { gpuEnvironment, ownModelsFolder, parseConfig } from './config.ts';
import type { Tier } from './contract/plan.ts';
import { createStages } from './create-stages.ts';
import { checkNvdec } from './media/check-nvdec.ts';
import { findFfmpeg } from './media/find-ffmpeg.ts';
import {
	allowedLists,
	type Choice,
	type Classifier,
	chooseClassifier,
	listClassifiers,
	readModelLists,
	tiersOf,
} from './model/classifiers.ts';
import { loadModels, type Models } from './model/load-models.ts';
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
	/** Whether a missing ffmpeg may be installed; default true. */
	readonly installs?: boolean;
	/** Told when something is being installed. */
	readonly onNotice: (text: string) => void;
};

/** Everything that analyses videos, opened once; `close` frees the models. */
export type Engine = {
	readonly stages: Stages;
	/** The classifier in use. */
	readonly model: Classifier;
	/** Ids of all classifiers and all tiers that there are. */
	readonly classifiers: readonly string[];
	readonly tiers: readonly Tier[];
	/** The stages with the classifier that a plan asks for, the one in use where it asks for nothing; opened when first asked for, and kept. Throws AnalysisError of stage `environment`. */
	stagesFor(choice: Choice): Promise<Stages>;
	close(): Promise<void>;
};

/** Finds ffmpeg and loads the models, side by side; throws AnalysisError of stage `environment`. */
export async function openEngine({
	choice = { model: null, tier: null },
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
			choice,
			usualTier: config.UNMASK_TIER,
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
	const stagesOver = (some: Models) => createStages(some, { ...tools, nvdec }, { isWhole: filesAreWhole });
	const { id: usual } = models.classifier;
	const opened = new Map([[usual, Promise.resolve(stagesOver(models))]]);
	return {
		stages: stagesOver(models),
		model: models.classifier,
		classifiers: listClassifiers(lists).map(({ id }) => id),
		tiers: tiersOf(lists),
		async stagesFor({ model, tier }) {
			const asked = { model: model === null && tier === null ? usual : model, tier };
			const classifier = chooseClassifier(lists, asked, { tier: 'auto', provider: models.provider });
			const { id } = classifier;
			const opening = opened.get(id) ?? models.also(classifier).then(stagesOver);
			opened.set(id, opening);
			opening.catch(() => opened.delete(id)); // tried again when it is asked for again
			return opening;
		},
		close: models.close,
	};
}
