import { z } from 'zod';

/** Schemas and types of everything that leaves or enters the program: plan, events, report. All that the page may import. */

const ratio = z.number().min(0).max(1);
const interval = z.tuple([z.number(), z.number()]);

/** A rectangle in px of the upright frame; x and y are its top left corner and may lie outside of the frame. */
export const boxSchema = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });
export type Box = Readonly<z.infer<typeof boxSchema>>;

/** How much work a face is worth: `fast` on any CPU, `thorough` with a larger network that is wrong less often. */
export const tierSchema = z.enum(['fast', 'thorough']);
export type Tier = z.infer<typeof tierSchema>;

/** Frames a second that `frames: 'all'` stands for. */
export const allHz = 5;

/** What to analyse of a video and how. */
export const planSchema = z.object({
	/** Frames to sample, 1..1000, or `all` = 5 a second. */
	frames: z.union([z.number().int().min(1).max(1000), z.literal('all')]).default(40),
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
	/** Whether the picture of every scored face is sent along with its `face` event, for whoever watches; the report is the same. */
	crops: z.boolean().default(false),
	/** Longest video accepted, in seconds. */
	maxDurationS: z
		.number()
		.positive()
		.default(4 * 3600),
});
export type Plan = Readonly<z.infer<typeof planSchema>>;

/** What a file is, as measured; unknown is null, never 0. Sizes are of the upright picture with square pixels. */
export const videoInfoSchema = z.object({
	container: z.string(),
	codec: z.string(),
	kind: z.enum(['video', 'image']),
	durationS: z.number().nullable(),
	width: z.number().int(),
	height: z.number().int(),
	fps: z.number().nullable(),
	rotationDeg: z.number(),
	sizeBytes: z.number().int(),
	sha256: z.string(),
});
export type VideoInfo = Readonly<z.infer<typeof videoInfoSchema>>;

/** The four answers. */
export const outcomeSchema = z.enum(['likely-fake', 'likely-real', 'uncertain', 'not-applicable']);
export type Outcome = z.infer<typeof outcomeSchema>;

/** Why an answer is `uncertain` or `not-applicable`, machine-readable. */
export const reasonSchema = z.enum([
	'no-face',
	'face-too-small',
	'face-too-blurred',
	'face-outside-picture',
	'too-few-frames',
	'near-threshold',
	'wide-interval',
	'tracks-disagree',
	'still-image',
	'decode-errors',
	'not-calibrated',
	'not-main-face',
]);
export type Reason = z.infer<typeof reasonSchema>;

/** Quality of one face: size of its longer side in px of the picture as it was analysed (at most 1920 px a side), blur (variance of the Laplacian at crop size, 0..), brightness 0..1, share of the box outside the picture 0..1. */
export const qualitySchema = z.object({
	sizePx: z.number(),
	sharpness: z.number(),
	brightness: ratio,
	outside: ratio,
});
export type Quality = Readonly<z.infer<typeof qualitySchema>>;

/** Where in a face the score comes from: `values` are logits of a `height` x `width` grid, row by row; their mean is the face's logit. */
export const heatMapSchema = z.object({
	width: z.number().int(),
	height: z.number().int(),
	values: z.array(z.number()),
});
export type HeatMap = Readonly<z.infer<typeof heatMapSchema>>;

/** One face of one sampled frame with its score. */
export const faceEntrySchema = z.object({
	frameIndex: z.number().int(),
	timeS: z.number(),
	box: boxSchema,
	/** The detector's score 0..1; null where the box was interpolated between two detections. */
	score: ratio.nullable(),
	/** Raw output of the classifier; positive = fake. */
	logit: z.number(),
	/** Calibrated where the report says isCalibrated, 0..1, 1 = fake. */
	fakeProbability: ratio,
	quality: qualitySchema,
	/** Whether the face was good enough to count; otherwise why not. */
	excluded: reasonSchema.nullable(),
});
export type FaceEntry = Readonly<z.infer<typeof faceEntrySchema>>;

/** One telling moment of a track: the crop as a base64 JPEG and its heat map. */
export const momentSchema = z.object({
	timeS: z.number(),
	frameIndex: z.number().int(),
	logit: z.number(),
	fakeProbability: ratio,
	/** The square of the frame that the crop shows, px of the frame. */
	cropBox: boxSchema,
	cropJpegBase64: z.string(),
	heatMap: heatMapSchema.nullable(),
});
export type Moment = Readonly<z.infer<typeof momentSchema>>;

/** One person followed through the clip, judged alone. */
export const trackReportSchema = z.object({
	trackId: z.number().int(),
	outcome: outcomeSchema,
	reasons: z.array(reasonSchema),
	/** Calibrated probability that this face was manipulated, 0..1; null when not judged. */
	fakeProbability: ratio.nullable(),
	/** 95 % bootstrap interval of fakeProbability over the track's frames; null where fewer than 4 faces count. */
	interval: interval.nullable(),
	/** Trimmed mean of the logits of the faces that count; null when none does. */
	logit: z.number().nullable(),
	startS: z.number(),
	endS: z.number(),
	facesJudged: z.number().int(),
	faces: z.array(faceEntrySchema),
	moments: z.array(momentSchema),
});
export type TrackReport = Readonly<z.infer<typeof trackReportSchema>>;

/** What was looked at and what was not. */
export const coverageSchema = z.object({
	/** Frames that the plan asked for; null when that hangs on an unknown duration. */
	framesRequested: z.number().int().nullable(),
	framesSampled: z.number().int(),
	framesCorrupt: z.number().int(),
	framesWithoutFace: z.number().int(),
	facesFound: z.number().int(),
	facesExcluded: z.partialRecord(reasonSchema, z.number().int()),
	sampling: z.enum(['linear', 'key-frames', 'image']),
	/** Whether seeking gave corrupt pictures, so that the file was decoded from the start instead. */
	fellBackToLinear: z.boolean(),
	firstFrameS: z.number().nullable(),
	lastFrameS: z.number().nullable(),
});
export type Coverage = Readonly<z.infer<typeof coverageSchema>>;

/** A measured error rate with its sample. */
export const errorRateSchema = z.object({
	rate: ratio,
	n: z.number().int(),
	interval,
	/** What it was measured on. */
	set: z.string(),
});
export type ErrorRate = Readonly<z.infer<typeof errorRateSchema>>;

/** The answer for the whole video: that of its most suspicious credible track. */
export const verdictSchema = z.object({
	outcome: outcomeSchema,
	reasons: z.array(reasonSchema),
	fakeProbability: ratio.nullable(),
	interval: interval.nullable(),
	/** The track that decided; null when none could. */
	trackId: z.number().int().nullable(),
	/** The answer in plain words. */
	sentence: z.string(),
});
export type Verdict = Readonly<z.infer<typeof verdictSchema>>;

/** Everything about one analysis, enough to repeat it; only `timings` and `createdAt` differ between two runs. */
export const reportSchema = z.object({
	schema: z.literal('unmask-report/1'),
	tool: z.object({ name: z.literal('unmask'), version: z.string() }),
	/** ISO 8601, UTC. */
	createdAt: z.string(),
	fileName: z.string(),
	video: videoInfoSchema,
	plan: planSchema,
	verdict: verdictSchema,
	tracks: z.array(trackReportSchema),
	coverage: coverageSchema,
	/** How often the classifier is wrong, from its model card. */
	errorRates: z.object({ falseAlarm: errorRateSchema.nullable(), missed: errorRateSchema.nullable() }),
	/** fakeProbability above and below which an answer is likely-fake or likely-real; 1 and 0, which no score passes, without calibration. */
	thresholds: z.object({ likelyFakeAbove: ratio, likelyRealBelow: ratio }),
	/** Whether the classifier's errors were measured on files of this kind; otherwise fakeProbability is its own number and every answer is uncertain. */
	isCalibrated: z.boolean().default(true),
	/** What the classifier can tell; null in reports of before there was another one than the program's own. */
	classifier: z
		.object({
			id: z.string(),
			/** The older application's network, or null. */
			network: z.string().nullable(),
			/** Which tier of the program's own classifiers it is; null for other models and in earlier reports. */
			tier: tierSchema.nullable().default(null),
			/** Whether it tells where in a face its score comes from. */
			hasHeatMap: z.boolean(),
		})
		.nullable()
		.default(null),
	/** How a model of the older application was read; null for every other model. */
	older: z
		.object({
			mode: z.enum(['seed', 'trained', 'robust']),
			/** What the older application would have shown, and what it called confidence, per cent; not this program's answer, and null where it is judged as any other model. */
			said: z.object({ label: z.enum(['REAL', 'FAKE']), percent: z.number() }).nullable(),
		})
		.nullable()
		.default(null),
	models: z.array(z.object({ id: z.string(), kind: z.string(), sha256: z.string() })),
	provider: z.string(),
	environment: z.object({ node: z.string(), onnxruntime: z.string(), ffmpeg: z.string() }),
	/** Wall seconds. */
	timings: z.object({ totalS: z.number(), firstFaceS: z.number().nullable() }),
});
export type Report = Readonly<z.infer<typeof reportSchema>>;

/** A failure as it is told to the outside. */
export const failureSchema = z.object({
	code: z.string(),
	stage: z.string(),
	message: z.string(),
	retryable: z.boolean(),
});
export type Failure = Readonly<z.infer<typeof failureSchema>>;

/** What an analysis tells while it runs; a stream ends with `report` or `failed`, anything else is an error to its reader. */
export const analysisEventSchema = z.discriminatedUnion('type', [
	z.object({ type: z.literal('video'), fileName: z.string(), video: videoInfoSchema }),
	z.object({
		type: z.literal('progress'),
		framesDone: z.number().int(),
		framesTotal: z.number().int().nullable(),
		faces: z.number().int(),
	}),
	z.object({
		type: z.literal('face'),
		trackId: z.number().int(),
		face: faceEntrySchema,
		/** The crop that was scored as a base64 JPEG, 96 px; null unless the plan asks for crops. */
		cropJpegBase64: z.string().nullable(),
	}),
	z.object({ type: z.literal('moment'), trackId: z.number().int(), moment: momentSchema }),
	z.object({ type: z.literal('report'), report: reportSchema }),
	z.object({ type: z.literal('failed'), fileName: z.string(), error: failureSchema }),
]);
export type AnalysisEvent = Readonly<z.infer<typeof analysisEventSchema>>;

/** Name of an upload and of its analysis: 128 random bits, 32 hexadecimal digits. */
export const idSchema = z.string().regex(/^[0-9a-f]{32}$/);

/** What a client says of a file before it sends it. */
export const uploadRequestSchema = z.strictObject({
	/** Shown in the report; never part of a path. */
	fileName: z
		.string()
		.min(1)
		.max(255)
		// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
		.regex(/^[^\u0000-\u001f\u007f/\\]+$/),
	sizeBytes: z.number().int().positive(),
	/** A video's or picture's media type, as a browser tells it. */
	contentType: z
		.string()
		.max(100)
		.regex(/^(video|image)\/[a-z0-9.+-]+$|^application\/(mp4|mxf|ogg|octet-stream)$/),
});
export type UploadRequest = Readonly<z.infer<typeof uploadRequestSchema>>;

/** Where and how to send the bytes. */
export const uploadTicketSchema = z.object({
	id: idSchema,
	upload: z.object({
		method: z.literal('PUT'),
		/** Signed: bound to the id, size, type and time. */
		url: z.string(),
		/** To be sent with every request to `url`. */
		headers: z.record(z.string(), z.string()),
		/**
		 * Whether the bytes may come in parts, by the protocol of Google Cloud Storage's resumable uploads: parts of a multiple of 256 KiB with
		 * `Content-Range: bytes A-B/SIZE`, answered 308 with `Range: bytes=0-B`; and one with an asterisk in place of A-B asks how far it got.
		 */
		resumable: z.boolean(),
		/** ISO 8601, UTC. */
		expiresAt: z.string(),
	}),
});
export type UploadTicket = Readonly<z.infer<typeof uploadTicketSchema>>;

/** The plan as it comes over the wire, with a model or a tier, not both; what is longer than the service's limit is refused. */
export const wirePlanSchema = z
	.strictObject({
		frames: z.union([z.number().int().min(10).max(100), z.literal('all')]).default(40),
		mode: planSchema.shape.mode,
		heatMaps: planSchema.shape.heatMaps,
		crops: planSchema.shape.crops,
		model: planSchema.shape.model,
		tier: planSchema.shape.tier,
	})
	.refine(({ model, tier }) => model === null || tier === null, {
		message: 'a plan names a model or a tier, not both',
		path: ['tier'],
	});
export type WirePlan = Readonly<z.infer<typeof wirePlanSchema>>;

/** What is stored under an analysis' id: its report, or the failure that trying again would meet again. */
export const storedResultSchema = z.discriminatedUnion('schema', [
	reportSchema,
	z.object({
		schema: z.literal('unmask-failure/1'),
		createdAt: z.string(),
		fileName: z.string(),
		error: failureSchema,
	}),
]);
export type StoredResult = Readonly<z.infer<typeof storedResultSchema>>;

/** What to analyse and how. */
export const analysisRequestSchema = z.strictObject({
	uploadId: idSchema,
	plan: wirePlanSchema.prefault({}),
	/** Whether the upload stays until it expires, so that it can be analysed again; otherwise it is deleted when the report is stored. */
	keepUpload: z.boolean().default(false),
});
export type AnalysisRequest = Readonly<z.infer<typeof analysisRequestSchema>>;

/** What the service tells besides the pipeline's events; `accepted` comes first, `queued` while others are before it (position 1 = next). */
export const serviceEventSchema = z.discriminatedUnion('type', [
	z.object({ type: z.literal('accepted'), id: idSchema }),
	z.object({ type: z.literal('queued'), position: z.number().int().min(1) }),
	...analysisEventSchema.options,
]);
export type ServiceEvent = Readonly<z.infer<typeof serviceEventSchema>>;

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
	/** Seconds until an upload that nobody analysed, and until a stored report, is deleted; null = kept. */
	retention: z.object({ uploadS: z.number(), reportS: z.number().nullable() }),
	/** Median wall seconds a sampled frame took in this instance's last analyses; null before the first. */
	secondsAFrame: z.number().nullable(),
	/** The same for each classifier that judged any of them. */
	secondsAFrameByModel: z.record(z.string(), z.number()),
});
export type Service = Readonly<z.infer<typeof serviceSchema>>;

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
