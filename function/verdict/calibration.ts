import { z } from 'zod';
import { errorRateSchema } from '../contract.ts';

/**
 * How a classifier's raw logit becomes a probability and an answer, as the manifest lists it; the thresholds are fakeProbability.
 * `falseAlarm` is how often a genuine face is called likely-fake, `missed` how often a manipulated one is called likely-real.
 */
export const calibrationSchema = z
	.object({
		temperature: z.number().positive(),
		offset: z.number(),
		likelyFakeAbove: z.number().min(0).max(1),
		likelyRealBelow: z.number().min(0).max(1),
		falseAlarm: errorRateSchema.nullable(),
		missed: errorRateSchema.nullable(),
		/** What temperature, offset and thresholds were fitted on. */
		source: z.string(),
	})
	.refine((c) => c.likelyRealBelow <= c.likelyFakeAbove, {
		message: 'likelyRealBelow must not be above likelyFakeAbove',
		path: ['likelyRealBelow'],
	});
export type Calibration = Readonly<z.infer<typeof calibrationSchema>>;

/** The calibrated probability 0..1 (1 = fake) of a raw logit: sigmoid((logit - offset) / temperature), Platt scaling with the slope as a temperature. */
export function fakeProbabilityFromLogit(
	logit: number,
	calibration: Pick<Calibration, 'temperature' | 'offset'>,
): number {
	return 1 / (1 + Math.exp(-(logit - calibration.offset) / calibration.temperature));
}
