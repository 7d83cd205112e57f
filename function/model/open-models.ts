import { AnalysisError } from '../errors.ts';
import { type Choice, type Classifier, type Defaults, type ModelLists, resolveClassifier } from './classifiers.ts';
import { type ModelHost, type OpenClassifier, startModelHost } from './model-host.ts';
import { isCudaInstalled, type Provider } from './session.ts';

/** What to open and where. */
export type OpenModelsOptions = {
	readonly lists: ModelLists;
	readonly choice: Choice;
	/** Which tier is taken where nothing is asked for; default `auto`. */
	readonly defaultTier?: Defaults['tier'];
	/** Whether calibrations are left out. */
	readonly isUncalibrated?: boolean;
	/** `auto` = CUDA where it works, else the CPU. */
	readonly provider: 'auto' | Provider;
	/** Cores to use. */
	readonly threads: number;
	/** Told why no GPU is used where CUDA is installed. */
	readonly onNotice?: (text: string) => void;
};

/** The models of an engine: a host, and the classifier in use. */
export type OpenModels = {
	readonly provider: Provider;
	/** The classifier that was chosen, open until `close`. */
	readonly usual: OpenClassifier;
	/** The classifier that is asked for, or the usual one; whoever asked closes it. Throws what `resolveClassifier` and opening throw. */
	open(choice: Choice): Promise<OpenClassifier>;
	/** Frees everything. */
	close(): Promise<void>;
};

/**
 * Starts a host on the provider and opens the classifier that is chosen there. Throws model-missing, model-damaged, model-unknown, tier-missing,
 * model-unfit, model-failed. Asked for `cuda` it throws provider-missing where the GPU does not run the graphs; asked for `auto` it gives notice
 * and takes the CPU.
 */
export async function openModels(options: OpenModelsOptions): Promise<OpenModels> {
	if (options.provider !== 'auto') return openOn(options.provider, options);
	if (!isCudaInstalled()) return openOn('cpu', options);
	try {
		return await openOn('cuda', options);
	} catch (error) {
		if (!(error instanceof AnalysisError && error.code === 'provider-missing')) throw error;
		options.onNotice?.(`No GPU is used, the models run on the CPU: ${error.detail}`);
		return openOn('cpu', options);
	}
}

async function openOn(provider: Provider, options: OpenModelsOptions): Promise<OpenModels> {
	const { lists, choice, defaultTier = 'auto', threads, isUncalibrated } = options;
	const resolve = (asked: Choice): Classifier => {
		const classifier = resolveClassifier(lists, asked, { tier: defaultTier, provider });
		return isUncalibrated ? { ...classifier, calibration: null } : classifier;
	};
	const chosen = resolve(choice);
	const host: ModelHost = startModelHost({ ...lists, provider, threads });
	try {
		const usual = await host.open(chosen);
		return {
			provider,
			usual,
			open: async (asked) => host.open(asked.model === null && asked.tier === null ? chosen : resolve(asked)),
			close: host.close,
		};
	} catch (error) {
		await host.close();
		throw error;
	}
}
