import type { VideoInfo } from '../contract/report.ts';
import type { Models } from '../contract/service.ts';
import { type Calibrations, calibrationFor, rulesOf, uncalibrated } from './calibration.ts';
import { reliabilityOf } from './reliability.ts';

const rules = (kind: VideoInfo['kind'], calibrations: Calibrations | null) =>
	rulesOf(calibrationFor(kind, calibrations) ?? uncalibrated);

const ofBoth = <T>(of: (kind: VideoInfo['kind']) => T) => ({ image: of('image'), video: of('video') });

/** How often a classifier is wrong, on stills and on videos. */
export const errorRatesTold = (calibrations: Calibrations | null): Models['errorRates'] =>
	ofBoth((kind) => rules(kind, calibrations).errorRates);

/** What a model card tells of how a classifier's scores are read; the service and a page without one tell the same. */
export function rulesTold(
	calibrations: Calibrations | null,
): Pick<Models['models'][number], 'thresholds' | 'errorRates' | 'reliability'> {
	const reference = calibrations?.video?.reference ?? null;
	return {
		thresholds: ofBoth((kind) => rules(kind, calibrations).thresholds),
		errorRates: errorRatesTold(calibrations),
		reliability: reference && reliabilityOf(reference),
	};
}

/** The same fields of a model that judges nothing. */
export const notClassifier = {
	isOwn: false,
	tier: null,
	speed: null,
	thresholds: null,
	errorRates: null,
	reliability: null,
} as const;
