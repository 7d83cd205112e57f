import { z } from 'zod';
import { errorRateSchema, type Report, type VideoInfo } from '../contract/report.ts';
import { sigmoid } from '../statistics.ts';

const thresholdsSchema = z
	.object({
		likelyFakeAbove: z.number().min(0).max(1),
		likelyRealBelow: z.number().min(0).max(1),
		falseAlarm: errorRateSchema.nullable(),
		missed: errorRateSchema.nullable(),
		/** Videos only: how far a stretch stands out from the rest of its track, in logits, and how often a genuine clip has one; null = not measured. */
		stretch: z
			.object({
				contrast: z.number().positive(),
				clarity: z.number().min(0).max(1).nullable().optional(),
				falseStretch: errorRateSchema.nullable(),
			})
			.nullable()
			.default(null),
		/** Videos only: fakeProbability of each clip that set the thresholds. Their sources and generators were never trained on; null = not kept. */
		reference: z
			.object({ genuine: z.array(z.number()), manipulated: z.array(z.number()) })
			.nullable()
			.default(null),
	})
	.refine(({ likelyRealBelow, likelyFakeAbove }) => likelyRealBelow <= likelyFakeAbove, {
		message: 'likelyRealBelow must not be above likelyFakeAbove',
		path: ['likelyRealBelow'],
	});

/**
 * How a classifier's raw logit becomes a probability and an answer, as in the manifest; thresholds are in fakeProbability. Stills and videos
 * have separate thresholds because the mean over a clip scatters less than a single picture does. `falseAlarm` is how often a genuine face is
 * called likely-fake, `missed` is how often a manipulated one is called likely-real.
 */
export const calibrationSchema = z.object({
	temperature: z.number().positive(),
	offset: z.number(),
	image: thresholdsSchema,
	video: thresholdsSchema,
	/** What temperature, offset and thresholds were fitted on. */
	source: z.string(),
});
/** The calibration of a custom model, which may have been measured on stills or videos only. */
export const customCalibrationSchema = calibrationSchema.extend({
	image: thresholdsSchema.nullable(),
	video: thresholdsSchema.nullable(),
});
/** The calibration of a classifier for stills and videos; null = not measured. */
export type Calibrations = Readonly<z.infer<typeof customCalibrationSchema>>;
/** The calibration that applies to one video or one still. */
export type Calibration = Readonly<Pick<Calibrations, 'temperature' | 'offset'> & z.infer<typeof thresholdsSchema>>;

/** The part of a classifier's calibration that applies to this kind of file; null if nothing was measured for it. */
export function calibrationFor(kind: VideoInfo['kind'], calibrations: Calibrations | null): Calibration | null {
	const thresholds = calibrations?.[kind];
	return calibrations && thresholds
		? { temperature: calibrations.temperature, offset: calibrations.offset, ...thresholds }
		: null;
}

/** The thresholds and error rates as they appear in a report. */
export function rulesOf(calibration: z.infer<typeof thresholdsSchema>): Pick<Report, 'thresholds' | 'errorRates'> {
	const { likelyFakeAbove, likelyRealBelow, falseAlarm, missed } = calibration;
	return { thresholds: { likelyFakeAbove, likelyRealBelow }, errorRates: { falseAlarm, missed } };
}

/** Used when nothing was measured: the plain sigmoid of the logit, and thresholds that no score passes. */
export const uncalibrated: Calibration = {
	temperature: 1,
	offset: 0,
	likelyFakeAbove: 1,
	likelyRealBelow: 0,
	falseAlarm: null,
	missed: null,
	stretch: null,
	reference: null,
};

/** The calibrated probability 0..1 (1 = fake) of a raw logit: sigmoid((logit - offset) / temperature), i.e. Platt scaling with the slope given as a temperature. */
export function fakeProbabilityFromLogit(
	logit: number,
	calibration: Pick<Calibration, 'temperature' | 'offset'>,
): number {
	return sigmoid((logit - calibration.offset) / calibration.temperature);
}
