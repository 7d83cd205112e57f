import { z } from 'zod';
import { outcomeSchema, type Report, reasonSchema, spanSchema } from '../contract/report.ts';
import type { AnalysisError } from '../errors.ts';
import type { EvalItem } from './list-items.ts';
import { foundStretches } from './stretches.ts';

/** What became of one item, as it is kept on disk. */
export const itemOutcomeSchema = z.object({
	/** `scored` counts in every measure, `unscored` was analysed and has no probability, `failed` could not be analysed. */
	status: z.enum(['scored', 'unscored', 'failed']),
	outcome: outcomeSchema.nullable(),
	reasons: z.array(reasonSchema),
	/** Whether it is a still or a video, by its bytes; null where the analysis failed. */
	kind: z.enum(['image', 'video']).nullable(),
	/** Of the video's verdict, 0..1, 1 = fake; null unless scored. */
	fakeProbability: z.number().min(0).max(1).nullable(),
	/** The raw logit behind it, which tells scores apart that the probability rounds to 1; null unless scored. */
	logit: z.number().nullable(),
	/** The parts of the video that were called manipulated. */
	stretches: z.array(spanSchema.extend({ logit: z.number() })),
	/** Faces found in all sampled frames; null where the analysis failed. */
	facesFound: z.number().int().nullable(),
	framesSampled: z.number().int().nullable(),
	tracks: z.number().int().nullable(),
	/** Wall seconds of the analysis; null where it failed. */
	totalS: z.number().nullable(),
	error: z.object({ code: z.string(), message: z.string(), retryable: z.boolean() }).nullable(),
});
export type ItemOutcome = Readonly<z.infer<typeof itemOutcomeSchema>>;

/** An item with what became of it. */
export type ItemResult = EvalItem & ItemOutcome;

/** An item's score for ranking is the logit of the person that decides; a verdict of not-applicable or without a probability gives none. */
export function outcomeOfReport(report: Report): ItemOutcome {
	const { verdict, coverage, tracks, timings, video } = report;
	const logit = tracks.find(({ trackId }) => trackId === verdict.trackId)?.logit ?? null;
	const isScored = logit !== null && verdict.fakeProbability !== null && verdict.outcome !== 'not-applicable';
	return {
		status: isScored ? 'scored' : 'unscored',
		outcome: verdict.outcome,
		reasons: verdict.reasons,
		kind: video.kind,
		fakeProbability: isScored ? verdict.fakeProbability : null,
		logit: isScored ? logit : null,
		stretches: video.kind === 'video' ? foundStretches(report) : [],
		facesFound: coverage.facesFound,
		framesSampled: coverage.framesSampled,
		tracks: tracks.length,
		totalS: timings.totalS,
		error: null,
	};
}

/** A file that could not be analysed is data, told apart and never given a score. */
export function outcomeOfFailure({ code, message, retryable }: AnalysisError): ItemOutcome {
	return {
		status: 'failed',
		outcome: null,
		reasons: [],
		kind: null,
		fakeProbability: null,
		logit: null,
		stretches: [],
		facesFound: null,
		framesSampled: null,
		tracks: null,
		totalS: null,
		error: { code, message, retryable },
	};
}
