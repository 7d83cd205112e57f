import type { VideoInfo } from '../contract/report.ts';
import type { Models } from '../contract/service.ts';
import { type Calibrations, calibrationFor, rulesOf, uncalibrated } from './calibration.ts';
import { reliabilityBins } from './reliability.ts';

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
		reliability: reference && reliabilityTold(reference),
	};
}

/** Known videos by their probability, in ten equal parts; a part without any is left out. */
function reliabilityTold({
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

/** The same fields of a model that judges nothing. */
export const notClassifier = {
	isOwn: false,
	tier: null,
	speed: null,
	thresholds: null,
	errorRates: null,
	reliability: null,
} as const;
