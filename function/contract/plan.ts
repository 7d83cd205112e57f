import { z } from 'zod';
import { idSchema } from './upload.ts';

/** How much work a face is worth: `fast` on any CPU, `thorough` with a larger network that is wrong less often. */
export const tierSchema = z.enum(['fast', 'thorough']);
export type Tier = z.infer<typeof tierSchema>;

/** Frames a second that `frames: 'all'` stands for. */
export const allHz = 5;

/** What to analyse of a video and how. */
export const planSchema = z.object({
	/** Frames to sample, 1..1000, or `all` = 5 a second. */
	// an enum of one: generated Python reads a constant of a union wrongly
	frames: z.union([z.number().int().min(1).max(1000), z.enum(['all'])]).default(40),
	/** Frames that a second pass may add where the first is in doubt: so many, `auto` = as many as the first, `none`. */
	refine: z.union([z.enum(['auto', 'none']), z.number().int().min(1).max(1000)]).default('auto'),
	/**
	 * `whole` spreads the frames over the clip; `first` takes the first consecutive ones. The others are for models of the older application:
	 * `seed` repeats it (first frames, one face or the whole frame, the last frame decides), `trained` averages the same frames as in its
	 * training, `robust` = `whole`.
	 */
	mode: z.enum(['whole', 'first', 'seed', 'trained', 'robust']).default('whole'),
	/** Whether heat maps are put into the report. */
	heatMaps: z.boolean().default(true),
	/** Classifier by its name; null = by `tier`. */
	model: z.string().nullable().default(null),
	/** The program's own classifier of that tier, where no `model` is named; null = the usual one: thorough on a GPU, else fast. */
	tier: tierSchema.nullable().default(null),
	/** Whether some seconds of a video are judged again after re-encoding, at half size and blurred, to see whether the verdict survives. */
	stability: z.boolean().default(false),
	/** Whether the picture of every scored face is sent along with its `face` event, for whoever watches; the report is the same. */
	crops: z.boolean().default(false),
	/** Where the part to be analysed begins and ends, seconds from the start of the file; null = its start, its end. */
	fromS: z.number().min(0).nullable().default(null),
	toS: z.number().positive().nullable().default(null),
	/** Longest video accepted, in seconds. */
	maxDurationS: z
		.number()
		.positive()
		.default(4 * 3600),
});
export type Plan = Readonly<z.infer<typeof planSchema>>;

/** The plan as it comes over the wire, with a model or a tier, not both; what is longer than the service's limit is refused. */
export const wirePlanSchema = z
	.strictObject({
		frames: z.union([z.number().int().min(10).max(100), z.enum(['all'])]).default(40),
		refine: planSchema.shape.refine,
		mode: planSchema.shape.mode,
		heatMaps: planSchema.shape.heatMaps,
		stability: planSchema.shape.stability,
		crops: planSchema.shape.crops,
		model: planSchema.shape.model,
		tier: planSchema.shape.tier,
		fromS: planSchema.shape.fromS,
		toS: planSchema.shape.toS,
	})
	.refine(({ fromS, toS }) => toS === null || toS > (fromS ?? 0), {
		message: 'the part ends before it begins',
		path: ['toS'],
	})
	.refine(({ model, tier }) => model === null || tier === null, {
		message: 'a plan names a model or a tier, not both',
		path: ['tier'],
	});
export type WirePlan = Readonly<z.infer<typeof wirePlanSchema>>;
/** The same as a client may send it: what it leaves out has a default. */
export type WirePlanInput = Readonly<z.input<typeof wirePlanSchema>>;

/** What to analyse and how. */
export const analysisRequestSchema = z.strictObject({
	uploadId: idSchema,
	plan: wirePlanSchema.prefault({}),
	/** Whether the upload stays until it expires, so that it can be analysed again; otherwise it is deleted when the report is stored. Of several requests for one analysis, the latest decides. */
	keepUpload: z.boolean().default(false),
	/** Whether the report stays until it is deleted or expires. Otherwise nothing of the analysis is kept, whatever its end: its events are all there is, so it cannot be a job. */
	keepReport: z.boolean().default(true),
	/** Whether the answer comes at once and the analysis goes on without a reader, as a job; the header `Prefer: respond-async` says the same. */
	async: z.boolean().optional(),
	/** Who is told when it has ended, by a signed POST (Standard Webhooks); it is a job then. */
	webhook: z.strictObject({ url: z.string().min(1).max(2000) }).optional(),
});

/** What a request asks for that cannot be had together; null = nothing. */
export function contradiction({
	keepReport,
	keepUpload,
	async,
	webhook,
}: Omit<AnalysisRequest, 'uploadId' | 'plan'>): string | null {
	if (keepReport) return null;
	if (async || webhook) return 'keepReport: a job is read when it has ended, so its report has to be kept';
	return keepUpload ? 'keepUpload: nothing is kept where keepReport is false' : null;
}
export type AnalysisRequest = Readonly<z.infer<typeof analysisRequestSchema>>;
/** The same as a client may send it: what it leaves out has a default. */
export type AnalysisRequestInput = Readonly<z.input<typeof analysisRequestSchema>>;

/** The same as a form that brings its file (RFC 7578); every other field is JSON. */
export const analysisFormSchema = analysisRequestSchema
	.omit({ uploadId: true })
	.extend({ file: z.string().meta({ contentMediaType: 'application/octet-stream' }) });
