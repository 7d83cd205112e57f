import { z } from 'zod';
import { outcomeSchema, type Report, reasonSchema, spanSchema } from '../contract/report.ts';
import type { AnalysisError } from '../errors.ts';
import type { EvalItem } from './list-items.ts';
import { foundStretches } from './stretches.ts';

/** The outcome of one item, as stored on disk. */
export const itemOutcomeSchema = z.object({
	/** `scored` counts in every measure, `unscored` was analysed but has no probability, `failed` could not be analysed. */
	status: z.enum(['scored', 'unscored', 'failed']),
	outcome: outcomeSchema.nullable(),
	reasons: z.array(reasonSchema),
	/** Still or video, judging by the bytes; null if the analysis failed. */
	kind: z.enum(['image', 'video']).nullable(),
	/** From the video's verdict, 0..1, 1 = fake; null unless scored. */
	fakeProbability: z.number().min(0).max(1).nullable(),
	/** The raw logit behind it, which distinguishes scores whose probability rounds to 1; null unless scored. */
	logit: z.number().nullable(),
	/** The parts of the video that were called manipulated. */
	stretches: z.array(spanSchema.extend({ logit: z.number() })),
	/** Faces found in all sampled frames; null if the analysis failed. */
	facesFound: z.number().int().nullable(),
	framesSampled: z.number().int().nullable(),
	tracks: z.number().int().nullable(),
	/** Wall-clock seconds of the analysis; null if it failed. */
	totalS: z.number().nullable(),
	error: z.object({ code: z.string(), message: z.string(), retryable: z.boolean() }).nullable(),
});
export type ItemOutcome = Readonly<z.infer<typeof itemOutcomeSchema>>;

/** An item with its outcome. */
export type ItemResult = EvalItem & ItemOutcome;

/** An item's ranking score is the logit of the deciding person; there is none if the verdict is not-applicable or has no probability. */
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

/** A file that could not be analysed is kept as a failure and never gets a score. */
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
