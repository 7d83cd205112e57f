import { z } from 'zod';
import { tierSchema } from './plan.ts';
import { interval, ratio, reportSchema, reportSignatureSchema } from './report.ts';

/** A refusal by RFC 9457 (application/problem+json). */
export const problemSchema = z.object({
	/** `urn:unmask:problem:` and the code. */
	type: z.string(),
	/** The sentence of the code. */
	title: z.string(),
	status: z.number().int(),
	/** What was found in this case. */
	detail: z.string(),
	/** Stable; from the table of codes. */
	code: z.string(),
	/** Whether the same request can succeed later without a change. */
	retryable: z.boolean(),
	/** To find the request in the logs. */
	requestId: z.string(),
});
export type Problem = Readonly<z.infer<typeof problemSchema>>;

/** One measured AUC of a model, with its sample. */
export const metricSchema = z.object({
	set: z.string(),
	n: z.number().int(),
	/** What n counts. */
	unit: z.string(),
	auc: ratio,
	interval,
	note: z.string(),
});

/** How many faces a second a classifier judged, and on what machine that was measured (`npm run bench -- tiers`). */
export const speedSchema = z.object({ facesASecond: z.number().positive(), on: z.string() });

const ofBoth = <T extends z.ZodType>(schema: T) => z.object({ image: schema, video: schema });

/** GET /v1/models. */
export const modelsSchema = z.object({
	models: z.array(
		z.object({
			id: z.string(),
			kind: z.string(),
			/** The classifier that is taken when a plan names neither model nor tier. */
			isDefault: z.boolean(),
			/** The tier that a classifier is; null = it is asked for by its name. */
			tier: tierSchema.nullable(),
			/** Whether whoever runs the service brought it; otherwise it is the program's own. */
			isOwn: z.boolean(),
			sha256: z.string(),
			sizeBytes: z.number().int(),
			licence: z.string(),
			madeBy: z.string(),
			/** Of a classifier, for stills and for videos. */
			thresholds: ofBoth(reportSchema.shape.thresholds).nullable(),
			/** How often a classifier is wrong, on stills and on videos. */
			errorRates: ofBoth(reportSchema.shape.errorRates).nullable(),
			/** Known videos by their probability, rising, and how many of them are manipulated; null = not kept. */
			reliability: z
				.array(z.object({ meanProbability: ratio, n: z.number().int(), manipulated: z.number().int() }))
				.nullable(),
			/** null = nobody measured it. */
			speed: speedSchema.nullable(),
			metrics: z.array(metricSchema),
		}),
	),
	/** How often the default classifier is wrong, on stills and on videos. */
	errorRates: ofBoth(reportSchema.shape.errorRates),
});
export type Models = Readonly<z.infer<typeof modelsSchema>>;

/** GET /v1/service: what a client should know before it sends anything. */
export const serviceSchema = z.object({
	version: z.string(),
	limits: z.object({
		sizeBytes: z.number().int(),
		durationS: z.number(),
		/** Analyses at a time and how many may wait. */
		slots: z.number().int(),
		queue: z.number().int(),
	}),
	/** Whether requests need an API key (`Authorization: Bearer KEY`). */
	needsKey: z.boolean(),
	/** Whether it fetches files itself (POST /v1/uploads with `url`). */
	links: z.boolean(),
	/** Seconds until an upload that nobody analysed, and until a stored report, is deleted; null = kept. */
	retention: z.object({ uploadS: z.number(), reportS: z.number().nullable() }),
	/** Median wall seconds a sampled frame took in this instance's last analyses; null before the first. */
	secondsAFrame: z.number().nullable(),
	/** The same for each classifier that judged any of them. */
	secondsAFrameByModel: z.record(z.string(), z.number()),
});
export type Service = Readonly<z.infer<typeof serviceSchema>>;

/** GET /v1/webhooks/secret. */
export const webhookSecretSchema = z.object({
	/** `whsec_` and a key in base64; the signatures of the webhooks of this API key are made with it. */
	secret: z.string(),
});
export type WebhookSecret = Readonly<z.infer<typeof webhookSecretSchema>>;

/** GET /.well-known/jwks.json (RFC 7517): the keys that reports are signed with. */
export const keySetSchema = z.object({
	keys: z.array(reportSignatureSchema.shape.key.extend({ use: z.literal('sig'), alg: z.literal('EdDSA') })),
});
export type KeySet = Readonly<z.infer<typeof keySetSchema>>;

/** GET /readyz. */
export const readySchema = z.object({
	ready: z.boolean(),
	state: z.enum(['starting', 'ready', 'failed', 'stopping']),
	/** Where models run; null until they are loaded. */
	provider: z.string().nullable(),
	models: z.array(z.object({ id: z.string(), sha256: z.string() })),
	/**
	 * One made-up face through all models: whether the numbers were finite, and its milliseconds; null until it ran. `operators` counts which
	 * provider really ran the detector's and the classifier's on a GPU; null where models run on the CPU.
	 */
	selfTest: z
		.object({
			passed: z.boolean(),
			ms: z.number(),
			operators: z.object({ cpu: z.number().int(), cuda: z.number().int() }).nullable(),
		})
		.nullable(),
	store: z.enum(['disk', 'gcs']),
	/** Why it is not ready, in words; null when it is. */
	problem: z.string().nullable(),
	/** The stable code of `problem`. */
	code: z.string().nullable(),
});
export type Ready = Readonly<z.infer<typeof readySchema>>;
