import { z } from 'zod';
import { errorRateSchema, type Report, type VideoInfo } from '../contract/report.ts';
import { sigmoid } from '../statistics.ts';

const limitsSchema = z
	.object({
		likelyFakeAbove: z.number().min(0).max(1),
		likelyRealBelow: z.number().min(0).max(1),
		falseAlarm: errorRateSchema.nullable(),
		missed: errorRateSchema.nullable(),
		/** Of videos: how far a stretch stands out from the rest of its track, logits, and how often a genuine clip has any; null = not measured. */
		stretch: z
			.object({
				contrast: z.number().positive(),
				clarity: z.number().min(0).max(1).nullable().optional(),
				falseStretch: errorRateSchema.nullable(),
			})
			.nullable()
			.default(null),
		/** Of videos: fakeProbability of each clip by which the limits were set, whose sources and generators were never trained on; null = not kept. */
		reference: z
			.object({ genuine: z.array(z.number()), manipulated: z.array(z.number()) })
			.nullable()
			.default(null),
	})
	.refine((limits) => limits.likelyRealBelow <= limits.likelyFakeAbove, {
		message: 'likelyRealBelow must not be above likelyFakeAbove',
		path: ['likelyRealBelow'],
	});

/**
 * How a classifier's raw logit becomes a probability and an answer, as the manifest lists it; the limits are fakeProbability. A still picture and
 * a video have limits of their own: the mean over a clip scatters less than one picture does. `falseAlarm` is how often a genuine face is
 * called likely-fake, `missed` how often a manipulated one is called likely-real.
 */
export const calibrationSchema = z.object({
	temperature: z.number().positive(),
	offset: z.number(),
	image: limitsSchema,
	video: limitsSchema,
	/** What temperature, offset and limits were fitted on. */
	source: z.string(),
});
/** The same of a model that a user measured, on stills alone or on videos alone, perhaps. */
export const customCalibrationSchema = calibrationSchema.extend({
	image: limitsSchema.nullable(),
	video: limitsSchema.nullable(),
});
/** The calibration of a classifier for stills and videos; null = not measured. */
export type Calibrations = Readonly<z.infer<typeof customCalibrationSchema>>;
/** What one video, or one still, is judged by. */
export type Calibration = Readonly<Pick<Calibrations, 'temperature' | 'offset'> & z.infer<typeof limitsSchema>>;

/** The part of a classifier's calibration that holds for a kind of file; null where nothing was measured for it. */
export function calibrationFor(kind: VideoInfo['kind'], calibrations: Calibrations | null): Calibration | null {
	const limits = calibrations?.[kind];
	return calibrations && limits
		? { temperature: calibrations.temperature, offset: calibrations.offset, ...limits }
		: null;
}

/** The limits and error rates as a report tells them. */
export function rulesOf(limits: z.infer<typeof limitsSchema>): Pick<Report, 'thresholds' | 'errorRates'> {
	const { likelyFakeAbove, likelyRealBelow, falseAlarm, missed } = limits;
	return { thresholds: { likelyFakeAbove, likelyRealBelow }, errorRates: { falseAlarm, missed } };
}

/** Stands in for what was never measured: the logit's own sigmoid, and limits that no score passes. */
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

/** The calibrated probability 0..1 (1 = fake) of a raw logit: sigmoid((logit - offset) / temperature), Platt scaling with the slope as a temperature. */
export function fakeProbabilityFromLogit(
	logit: number,
	calibration: Pick<Calibration, 'temperature' | 'offset'>,
): number {
	return sigmoid((logit - calibration.offset) / calibration.temperature);
}
