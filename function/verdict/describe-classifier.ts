import type { VideoInfo } from '../contract/report.ts';
import type { Models } from '../contract/service.ts';
import { type Calibrations, calibrationFor, rulesOf, uncalibrated } from './calibration.ts';
import { reliabilityBins } from './reliability.ts';

const rules = (kind: VideoInfo['kind'], calibrations: Calibrations | null) =>
	rulesOf(calibrationFor(kind, calibrations) ?? uncalibrated);

const ofBoth = <T>(of: (kind: VideoInfo['kind']) => T) => ({ image: of('image'), video: of('video') });

/** How often a classifier is wrong, on stills and on videos. */
export const describeErrorRates = (calibrations: Calibrations | null): Models['errorRates'] =>
	ofBoth((kind) => rules(kind, calibrations).errorRates);

/** The calibration fields of a model card; used by the service and by the page when it runs without one. */
export function describeClassifier(
	calibrations: Calibrations | null,
): Pick<Models['models'][number], 'thresholds' | 'errorRates' | 'reliability'> {
	const reference = calibrations?.video?.reference ?? null;
	return {
		thresholds: ofBoth((kind) => rules(kind, calibrations).thresholds),
		errorRates: describeErrorRates(calibrations),
		reliability: reference && describeReliability(reference),
	};
}

/** Known videos by probability, in ten bins of equal width; empty bins are left out. */
function describeReliability({
	genuine,
	manipulated,
}: NonNullable<NonNullable<Calibrations['video']>['reference']>): Models['models'][number]['reliability'] {
	const judged = [
		...genuine.map((probability) => ({ fake: false, probability })),
		...manipulated.map((probability) => ({ fake: true, probability })),
	];
	return reliabilityBins(judged, 10).flatMap(({ meanProbability, n, fakes }) =>
		meanProbability === null ? [] : [{ meanProbability, n, manipulated: fakes }],
	);
}

/** The same fields for a model that is not a classifier. */
export const notClassifier = {
	isOwn: false,
	tier: null,
	speed: null,
	thresholds: null,
	errorRates: null,
	reliability: null,
} as const;
