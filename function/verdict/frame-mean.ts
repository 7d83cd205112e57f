import { logOdds, sigmoid } from '../statistics.ts';
import { trimmedMean, trimmedMeanInterval } from './trimmed-mean.ts';

/** How the scores of a person's frames are combined. The first is our own; published detectors and the legacy application use the others. */
export const frameMeans = ['trimmed-mean', 'mean', 'mean-probability', 'last'] as const;
export type FrameMean = (typeof frameMeans)[number];

/** A person's logit from those of their frames in chronological order; null if there are none. */
export function frameMean(logits: readonly number[], how: FrameMean): number | null {
	if (how === 'last') return logits.at(-1) ?? null;
	if (how === 'trimmed-mean') return trimmedMean(logits);
	if (how === 'mean') return trimmedMean(logits, 0);
	const mean = trimmedMean(logits.map(sigmoid), 0);
	return mean === null ? null : logOdds(mean);
}

/** Its 95 % interval, see trimmed-mean.ts; null with fewer than two frames, and for `last`. */
export function frameMeanInterval(logits: readonly number[], how: FrameMean): [number, number] | null {
	if (how === 'last') return null;
	if (how === 'trimmed-mean') return trimmedMeanInterval(logits);
	if (how === 'mean') return trimmedMeanInterval(logits, 0);
	const interval = trimmedMeanInterval(logits.map(sigmoid), 0);
	return interval && [logOdds(interval[0]), logOdds(interval[1])];
}
