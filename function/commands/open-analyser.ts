import { parseConfig } from '../config.ts';
import type { Plan } from '../contract/plan.ts';
import type { Report } from '../contract/report.ts';
import type { AnalyseFile } from '../jobs/analyse-file.ts';
import type { Classifier } from '../model/classifiers.ts';
import { readManifest } from '../model/manifest.ts';
import type { Provider } from '../model/session.ts';
import { openEngine } from '../open-engine.ts';
import { openSigner } from '../signature/sign-report.ts';
import { runAnalysis } from './run-analysis.ts';

/** Analyses the files of a command; opened once. */
export type Analyser = {
	readonly analyseFile: AnalyseFile;
	readonly provenance: Pick<Report, 'tool' | 'models' | 'provider'>;
	/** Everything a result depends on besides file and plan: version, provider, digests, calibration. */
	readonly identity: string;
	/** The classifier in use. */
	readonly model: Pick<Classifier, 'id' | 'sha256' | 'isCustom'>;
	close(): Promise<void>;
};

/** Opens the analyser for a plan. */
export type OpenAnalyser = (
	plan: Plan,
	options: {
		provider: 'auto' | Provider | undefined;
		isUncalibrated?: boolean;
		/** Whether reports include what a file says about its origin; default true. */
		readsProvenance?: boolean;
		onNotice: (text: string) => void;
	},
) => Promise<Analyser>;

/** Finds ffmpeg and loads the models that the plan needs. Throws AnalysisError of stage `environment`. */
export const openAnalyser: OpenAnalyser = async (plan, { provider, isUncalibrated, readsProvenance, onNotice }) => {
	const signer = await openSigner(parseConfig(), {
		onStampFailure: (why) => onNotice(`The report has no time stamp: ${why}`),
	});
	const engine = await openEngine({ choice: plan, provider, isUncalibrated, readsProvenance, onNotice });
	const { provenance } = engine.stages;
	const used = new Set(provenance.models.map((model) => model.sha256));
	const { files } = await readManifest(parseConfig().UNMASK_MODELS);
	const { isCustom, sha256, spec, calibration } = engine.model;
	const settings = files
		.filter((entry) => used.has(entry.sha256))
		.map((entry) => ({ ...entry, metrics: [], licence: '', madeBy: '' })); // descriptions of a model do not change results
	const custom = isCustom ? [sha256, spec, calibration] : [];
	return {
		analyseFile: (file, signal, how = {}) =>
			runAnalysis(file, how.plan ?? plan, engine.stages, signal, { ...how, ...(signer && { sign: signer.sign }) }),
		provenance,
		identity: JSON.stringify([provenance.tool.version, provenance.provider, settings, ...custom]),
		model: engine.model,
		close: engine.close,
	};
};
