import { type Config, ownModelsFolder } from '../config.ts';
import type { Models, VideoInfo } from '../contract.ts';
import { allowedLists, findClassifier, listClassifiers, readModelLists } from '../model/classifiers.ts';
import { type Calibrations, calibrationFor, rulesOf, uncalibrated } from '../verdict/calibration.ts';

/** What GET /v1/models tells of the program's models and of those that the operator offers besides; throws model-missing, model-damaged. */
export async function readModels(config: Config): Promise<Models> {
	const all = await readModelLists(config.UNMASK_MODELS, ownModelsFolder(config));
	const lists = allowedLists(all, config.UNMASK_OFFER_MODELS);
	const usual = findClassifier(lists, null);
	const others = lists.manifest.files.filter((entry) => entry.kind !== 'classifier');
	return {
		models: [...others, ...listClassifiers(lists)].map((entry) => ({
			id: entry.id,
			kind: entry.kind,
			isDefault: entry.id === usual.id,
			isOwn: entry.kind === 'classifier' && entry.isOwn,
			sha256: entry.sha256,
			sizeBytes: entry.bytes,
			licence: entry.licence,
			madeBy: entry.madeBy,
			thresholds: entry.kind === 'classifier' ? ofBoth((kind) => rules(kind, entry.calibration).thresholds) : null,
			metrics: entry.metrics,
		})),
		errorRates: ofBoth((kind) => rules(kind, usual.calibration).errorRates),
	};
}

const rules = (kind: VideoInfo['kind'], calibrations: Calibrations | null) =>
	rulesOf(calibrationFor(kind, calibrations) ?? uncalibrated);

const ofBoth = <T>(of: (kind: VideoInfo['kind']) => T) => ({ image: of('image'), video: of('video') });
