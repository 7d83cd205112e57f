import { AnalysisError } from '../errors.ts';
import { type Choice, type Classifier, type Defaults, type ModelLists, resolveClassifier } from './classifiers.ts';
import { type ModelHost, type OpenClassifier, startModelHost } from './model-host.ts';
import { isCudaInstalled, type Provider } from './session.ts';

/** What to open and where. */
export type OpenModelsOptions = {
	readonly lists: ModelLists;
	readonly choice: Choice;
	/** Tier to use if none is requested; default `auto`. */
	readonly defaultTier?: Defaults['tier'];
	/** Whether to ignore calibrations. */
	readonly isUncalibrated?: boolean;
	/** `auto` = CUDA if it works, else the CPU. */
	readonly provider: 'auto' | Provider;
	/** Cores to use. */
	readonly threads: number;
	/** Called with the reason if CUDA is installed but the GPU is not used. */
	readonly onNotice?: (text: string) => void;
};

/** The models of an engine. */
export type OpenModels = {
	readonly provider: Provider;
	/** The chosen classifier, open until `close`. */
	readonly chosen: OpenClassifier;
	/** Opens the requested classifier, or the chosen one if none is requested; the caller closes it. Throws what `resolveClassifier` and opening throw. */
	open(choice: Choice): Promise<OpenClassifier>;
	/** Frees everything. */
	close(): Promise<void>;
};

/**
 * Starts a host on the provider and opens the chosen classifier. Throws model-missing, model-damaged, model-unknown, tier-missing,
 * model-unfit, model-failed. If the GPU cannot run the graphs, `cuda` throws provider-missing; `auto` calls `onNotice` and uses the CPU.
 */
export async function openModels(options: OpenModelsOptions): Promise<OpenModels> {
	if (options.provider !== 'auto') return openOn(options.provider, options);
	if (!isCudaInstalled()) return openOn('cpu', options);
	try {
		return await openOn('cuda', options);
	} catch (error) {
		if (!(error instanceof AnalysisError && error.code === 'provider-missing')) throw error;
		options.onNotice?.(`The models run on the CPU because the GPU cannot be used: ${error.detail}`);
		return openOn('cpu', options);
	}
}

async function openOn(provider: Provider, options: OpenModelsOptions): Promise<OpenModels> {
	const { lists, choice, defaultTier = 'auto', threads, isUncalibrated } = options;
	const resolve = (requested: Choice): Classifier => {
		const found = resolveClassifier(lists, requested, { tier: defaultTier, provider });
		return isUncalibrated ? { ...found, calibration: null } : found;
	};
	const classifier = resolve(choice);
	const host: ModelHost = startModelHost({ ...lists, provider, threads });
	try {
		const chosen = await host.open(classifier);
		return {
			provider,
			chosen,
			open: async (requested) =>
				host.open(requested.model === null && requested.tier === null ? classifier : resolve(requested)),
			close: host.close,
		};
	} catch (error) {
		await host.close();
		throw error;
	}
}
