import { z } from 'zod';
import { idSchema } from './upload.ts';

/** How much work to spend per face: `fast` runs on any CPU, `thorough` uses a larger network that is wrong less often. */
export const tierSchema = z.enum(['fast', 'thorough']);
export type Tier = z.infer<typeof tierSchema>;

/** Frames per second that `frames: 'all'` stands for. */
export const allHz = 5;

/** Which part of a video to analyse, and how. */
export const planSchema = z.object({
	/** Frames to sample, 1..1000, or `all` = 5 per second. */
	// an enum with one value: Python generators misread a constant inside a union
	frames: z.union([z.number().int().min(1).max(1000), z.enum(['all'])]).default(40),
	/** Frames that a second pass may add where the first is in doubt: a number, `auto` = as many as the first, or `none`. */
	refine: z.union([z.enum(['auto', 'none']), z.number().int().min(1).max(1000)]).default('auto'),
	/**
	 * `whole` spreads the frames over the clip; `first` takes the first consecutive frames. The other modes are for legacy models: `seed` repeats
	 * the legacy application (first frames, one face or the whole frame, the last frame decides), `trained` averages the same frames as in
	 * training, `robust` = `whole`.
	 */
	mode: z.enum(['whole', 'first', 'seed', 'trained', 'robust']).default('whole'),
	/** Whether the report includes heat maps. */
	heatMaps: z.boolean().default(true),
	/** Classifier by name; null = chosen by `tier`. */
	model: z.string().nullable().default(null),
	/** The built-in classifier of that tier, if `model` is unset; null = the default: thorough on a GPU, otherwise fast. */
	tier: tierSchema.nullable().default(null),
	/** Whether a few seconds of a video are analysed again after re-encoding, downscaling to half size and blurring, to see whether the verdict survives. */
	stability: z.boolean().default(false),
	/** Whether each `face` event includes the crop of the face, for live viewers; the report is the same. */
	crops: z.boolean().default(false),
	/** Start and end of the part to analyse, in seconds from the start of the file; null = start or end of the file. */
	fromS: z.number().min(0).nullable().default(null),
	toS: z.number().positive().nullable().default(null),
	/** Longest video that is accepted, in seconds. */
	maxDurationS: z
		.number()
		.positive()
		.default(4 * 3600),
});
export type Plan = Readonly<z.infer<typeof planSchema>>;

/** The plan as sent over the wire, with a model or a tier but not both; videos longer than the service's limit are refused. */
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
		message: 'the part must end after it begins',
		path: ['toS'],
	})
	.refine(({ model, tier }) => model === null || tier === null, {
		message: 'give a model or a tier, not both',
		path: ['tier'],
	});
export type WirePlan = Readonly<z.infer<typeof wirePlanSchema>>;
/** The same as a client sends it: omitted fields have defaults. */
export type WirePlanInput = Readonly<z.input<typeof wirePlanSchema>>;

/** What to analyse, and how. */
export const analysisRequestSchema = z.strictObject({
	uploadId: idSchema,
	plan: wirePlanSchema.prefault({}),
	/** Whether the upload is kept until it expires, so that it can be analysed again; otherwise it is deleted once the report is stored. If several requests share an analysis, the latest one decides. */
	keepUpload: z.boolean().default(false),
	/** Whether the report is kept until it is deleted or expires. Otherwise nothing of the analysis is kept, however it ends. Its events are the only output, so it cannot be a job. */
	keepReport: z.boolean().default(true),
	/** Whether to respond at once and run the analysis as a job, without a reader; same as the header `Prefer: respond-async`. */
	async: z.boolean().optional(),
	/** Where to send a signed POST (Standard Webhooks) when the analysis has ended; makes it a job. */
	webhook: z.strictObject({ url: z.string().min(1).max(2000) }).optional(),
});

/** Why the request's options contradict each other; null = they do not. */
export function contradiction({
	keepReport,
	keepUpload,
	async,
	webhook,
}: Omit<AnalysisRequest, 'uploadId' | 'plan'>): string | null {
	if (keepReport) return null;
	if (async || webhook)
		return 'keepReport: the report of a job must be kept, because it is read after the job has ended';
	return keepUpload ? 'keepUpload: nothing is kept if keepReport is false' : null;
}
export type AnalysisRequest = Readonly<z.infer<typeof analysisRequestSchema>>;
/** The same as a client sends it: omitted fields have defaults. */
export type AnalysisRequestInput = Readonly<z.input<typeof analysisRequestSchema>>;

/** The same as a form that includes the file (RFC 7578); every other field is JSON. */
export const analysisFormSchema = analysisRequestSchema
	.omit({ uploadId: true })
	.extend({ file: z.string().meta({ contentMediaType: 'application/octet-stream' }) });
