import { z } from 'zod';
import { tierSchema } from './plan.ts';
import { interval, ratio, reportSchema, reportSignatureSchema } from './report.ts';

/** A rejected request, per RFC 9457 (application/problem+json). */
export const problemSchema = z.object({
	/** `urn:unmask:problem:` followed by the code. */
	type: z.string(),
	/** The sentence for this code. */
	title: z.string(),
	status: z.number().int(),
	/** What went wrong in this case. */
	detail: z.string(),
	/** Stable code, from the error table. */
	code: z.string(),
	/** Whether the same request can succeed later unchanged. */
	retryable: z.boolean(),
	/** Identifies the request in the logs. */
	requestId: z.string(),
});
export type Problem = Readonly<z.infer<typeof problemSchema>>;

/** A measured AUC of a model, with its sample. */
export const metricSchema = z.object({
	set: z.string(),
	n: z.number().int(),
	/** What n counts. */
	unit: z.string(),
	auc: ratio,
	interval,
	note: z.string(),
});

/** How many faces per second a classifier scored, and on which machine (`npm run bench -- tiers`). */
export const speedSchema = z.object({ facesASecond: z.number().positive(), on: z.string() });

const ofBoth = <T extends z.ZodType>(schema: T) => z.object({ image: schema, video: schema });

/** GET /v1/models. */
export const modelsSchema = z.object({
	models: z.array(
		z.object({
			id: z.string(),
			kind: z.string(),
			/** The classifier that is used when a plan sets neither model nor tier. */
			isDefault: z.boolean(),
			/** The tier of a built-in classifier; null = it is selected by name. */
			tier: tierSchema.nullable(),
			/** Whether it is a custom model added by the operator; otherwise it is built in. */
			isOwn: z.boolean(),
			sha256: z.string(),
			sizeBytes: z.number().int(),
			licence: z.string(),
			madeBy: z.string(),
			/** Classifiers only: for stills and for videos. */
			thresholds: ofBoth(reportSchema.shape.thresholds).nullable(),
			/** A classifier's error rates on stills and on videos. */
			errorRates: ofBoth(reportSchema.shape.errorRates).nullable(),
			/** Known videos by ascending probability, and how many of them are manipulated; null = not kept. */
			reliability: z
				.array(z.object({ meanProbability: ratio, n: z.number().int(), manipulated: z.number().int() }))
				.nullable(),
			/** null = not measured. */
			speed: speedSchema.nullable(),
			metrics: z.array(metricSchema),
		}),
	),
	/** The default classifier's error rates on stills and on videos. */
	errorRates: ofBoth(reportSchema.shape.errorRates),
});
export type Models = Readonly<z.infer<typeof modelsSchema>>;

/** GET /v1/service: what a client should know before it sends anything. */
export const serviceSchema = z.object({
	version: z.string(),
	limits: z.object({
		sizeBytes: z.number().int(),
		durationS: z.number(),
		/** Concurrent analyses, and how many more may wait. */
		slots: z.number().int(),
		queue: z.number().int(),
	}),
	/** Whether requests need an API key (`Authorization: Bearer KEY`). */
	needsKey: z.boolean(),
	/** Whether the service can fetch files by link (POST /v1/uploads with `url`). */
	links: z.boolean(),
	/** Seconds until an unused upload, and a stored report, are deleted; null = kept. */
	retention: z.object({ uploadS: z.number(), reportS: z.number().nullable() }),
	/** Median wall-clock seconds per sampled frame in this instance's recent analyses; null before the first. */
	secondsAFrame: z.number().nullable(),
	/** The same for each classifier used in them. */
	secondsAFrameByModel: z.record(z.string(), z.number()),
});
export type Service = Readonly<z.infer<typeof serviceSchema>>;

/** GET /v1/webhooks/secret. */
export const webhookSecretSchema = z.object({
	/** `whsec_` and a base64 key, which signs the webhooks of this API key. */
	secret: z.string(),
});
export type WebhookSecret = Readonly<z.infer<typeof webhookSecretSchema>>;

/** GET /.well-known/jwks.json (RFC 7517): the keys that sign reports. */
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
	 * One synthetic face run through all models: whether the outputs were finite, and the milliseconds it took; null until it has run. `operators`
	 * counts which provider ran the operators of the detector and the classifier on a GPU; null if models run on the CPU.
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
