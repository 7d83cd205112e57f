import { z } from 'zod';
import { planSchema, tierSchema } from './plan.ts';
import { provenanceSchema } from './provenance.ts';

/** A number of 0..1. */
export const ratio = z.number().min(0).max(1);
/** Lower and upper end. */
export const interval = z.tuple([z.number(), z.number()]);

/** A rectangle in px of the upright frame; x and y are its top left corner and may lie outside of the frame. */
export const boxSchema = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });
export type Box = Readonly<z.infer<typeof boxSchema>>;

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
	'face-covered',
	'not-photographic',
	'too-few-frames',
	'near-threshold',
	'wide-interval',
	'tracks-disagree',
	'segments-disagree',
	'not-stable',
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
	/** How sure it is that most of the face is covered, as by a mask or a hand; left out in reports of versions that did not look. */
	covered: ratio.optional(),
	/** How sure it is that the face is drawn or painted. */
	drawn: ratio.optional(),
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
	/** The logit after the sequence model, which counts in place of `logit`; left out where none read this frame. */
	sequenceLogit: z.number().optional(),
	/** Of the logit that counts; calibrated where the report says isCalibrated, 0..1, 1 = fake. */
	fakeProbability: ratio,
	quality: qualitySchema,
	/** Whether the face was good enough to count; otherwise why not. */
	excluded: reasonSchema.nullable(),
	/** Of the second pass, which looks closer where the first was in doubt; such a face counts for stretches, and for a person seen too briefly. */
	secondPass: z.literal(true).optional(),
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

/** A part of a person's time with one answer. */
export const segmentSchema = z.object({
	startS: z.number(),
	endS: z.number(),
	/** `not-applicable` where no face of this person was judged. */
	outcome: outcomeSchema,
	/** Calibrated, of the segment's faces; of all faces between the stretches that stand out, where it is not one of them. */
	fakeProbability: ratio.nullable(),
	/** Trimmed mean of the same faces' logits. */
	logit: z.number().nullable(),
	facesJudged: z.number().int(),
});
export type Segment = Readonly<z.infer<typeof segmentSchema>>;

/** One person followed through the clip, judged alone. */
export const trackReportSchema = z.object({
	trackId: z.number().int(),
	outcome: outcomeSchema,
	reasons: z.array(reasonSchema),
	/** Calibrated probability that this face was manipulated, 0..1, of the most suspicious stretch where one decided; null when not judged. */
	fakeProbability: ratio.nullable(),
	/** 95 % bootstrap interval of fakeProbability over the track's frames; null where fewer than 4 faces count. */
	interval: interval.nullable(),
	/** Trimmed mean of the logits of the faces that count, or of those of the stretch that decided; null when none does. */
	logit: z.number().nullable(),
	startS: z.number(),
	endS: z.number(),
	facesJudged: z.number().int(),
	/** The track's time in order, without a hole; empty in reports from before there were segments. */
	segments: z.array(segmentSchema).default([]),
	/** What the sequence model did with this person; left out where the classifier has none. */
	sequence: z
		.object({
			/** Windows of frames that it read. */
			windows: z.number().int(),
			/** Why some or all frames keep the classifier's logit; null = none does. */
			skipped: z.enum(['too-few-frames', 'not-finite']).nullable(),
		})
		.optional(),
	faces: z.array(faceEntrySchema),
	moments: z.array(momentSchema),
});
export type TrackReport = Readonly<z.infer<typeof trackReportSchema>>;

/** What is particular about a file, machine-readable: what was passed over, repaired or chosen, so that nothing is left out in silence. */
export const fileNoteSchema = z.object({
	code: z.enum([
		/** The header states another length (`seconds`) than the packets have; the packets were believed. */
		'header-differs',
		/** Times jump; the frames were counted and given new times. */
		'times-repaired',
		/** The picture stands still for most of the length; frames were taken by their number. */
		'times-with-gaps',
		/** `frames` frames that the file holds are hidden by its edit list and were not looked at. */
		'hidden-by-edit-list',
		/** `frames` frames that the file's index lists are missing: its end was cut off. */
		'end-missing',
		/** Counting the packets took too long, the header was believed. */
		'packets-not-counted',
		/** One of `streams` video streams was taken; `name` is why: default, most-frames, largest, first. */
		'stream-chosen',
		/** The picture was mirrored to stand as it is meant to. */
		'mirrored',
		/** No face was found as the file says to hold it, so it was turned by `degrees` more, clockwise. */
		'turned',
		/** High dynamic range (`name`) was mapped to BT.709. */
		'tone-mapped',
		/** It was not, as `name` tells: this ffmpeg has no zscale (no-zscale), or the format has no base layer (dolby-vision). */
		'not-tone-mapped',
		/** The file holds `frames` further pictures (pages, or frames of an animation) that were not looked at. */
		'pictures-left-out',
		/** The picture has a video inside, as motion photos have; that was not looked at. */
		'video-left-out',
		/** The second pass ended early, after `frames` frames, by the error `name`; the first is whole. */
		'second-pass-stopped',
	]),
	frames: z.number().int().optional(),
	seconds: z.number().optional(),
	streams: z.number().int().optional(),
	degrees: z.number().int().optional(),
	name: z.string().optional(),
});
export type FileNote = Readonly<z.infer<typeof fileNoteSchema>>;

/** A stretch of the video, seconds from its start. */
export const spanSchema = z.object({ startS: z.number(), endS: z.number() });
export type Span = Readonly<z.infer<typeof spanSchema>>;

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
	/** Which part of the clip the frames were taken from: spread over the whole of it, or one after the other from the start. */
	part: z.enum(['whole', 'start']).default('whole'),
	/** Whether seeking gave corrupt pictures, so that the file was decoded from the start instead. */
	fellBackToLinear: z.boolean(),
	firstFrameS: z.number().nullable(),
	lastFrameS: z.number().nullable(),
	/** Length of the video as its header states it, seconds; null where it states none that can be. */
	headerS: z.number().nullable().default(null),
	/** Length by the packets of the stream that was decoded, seconds; null for pictures and where packets tell no time. */
	packetsS: z.number().nullable().default(null),
	notes: z.array(fileNoteSchema).default([]),
	/** The only part that was looked at, where the plan asked for one; null = the whole file. */
	span: spanSchema.nullable().default(null),
	/** Where a second pass looked closer, and the frames that it sampled besides; null where none was needed. */
	secondPass: z
		.object({ frames: z.number().int(), spans: z.array(z.object({ startS: z.number(), endS: z.number() })) })
		.nullable()
		.default(null),
});
export type Coverage = Readonly<z.infer<typeof coverageSchema>>;

/** What a copy of a part of the video went through; `none` is the part as it was. */
export const changeSchema = z.enum(['none', 'crf-28', 'crf-36', 'half-size', 'blur']);
export type Change = z.infer<typeof changeSchema>;

/** How the answer about the deciding person moves when a part of the video is re-encoded, shrunk or blurred. */
export const stabilitySchema = z.object({
	/** The part of the video, seconds. */
	startS: z.number(),
	endS: z.number(),
	/** The same person in each copy; `not-applicable` where they are not found or not good enough to judge. */
	copies: z.array(
		z.object({
			change: changeSchema,
			outcome: outcomeSchema,
			fakeProbability: ratio.nullable(),
			logit: z.number().nullable(),
		}),
	),
	/** The changes that the verdict does not survive; null where the part as it was has another one than the video, so that nothing can be told. */
	lost: z.array(changeSchema).nullable(),
	/** Code of the error, where the copies could not be made or read; they are left out then. */
	failed: z.string().nullable(),
});
export type Stability = Readonly<z.infer<typeof stabilitySchema>>;

/** A measured error rate with its sample. */
export const errorRateSchema = z.object({
	rate: ratio,
	n: z.number().int(),
	interval,
	/** What it was measured on. */
	set: z.string(),
});
export type ErrorRate = Readonly<z.infer<typeof errorRateSchema>>;

const count = z.number().int();

/** What `sentence` says, as data: a client words it in its own language. */
export const headlineSchema = z.discriminatedUnion('key', [
	/** Strong signs in `fakes` of `total` faces, strongest at `spans` (at most three; `more` = there are others). */
	z.object({ key: z.literal('fake'), fakes: count, total: count, spans: z.array(spanSchema), more: z.boolean() }),
	/** No signs in `faces` of `total`; `span` is where the only face is seen, null with several. */
	z.object({ key: z.literal('real'), faces: count, total: count, span: spanSchema.nullable() }),
	/** Most of the frames are damaged. */
	z.object({ key: z.literal('decode-errors') }),
	/** The error rates of the classifier were never measured. */
	z.object({ key: z.literal('not-calibrated') }),
	/** Too few frames with a good enough face; `frames` of the only face, null with several. */
	z.object({ key: z.literal('too-few-frames'), frames: count.nullable() }),
	/** The face at `span` shows strong signs in too few frames, while `cleared` others show none. */
	z.object({ key: z.literal('brief'), span: spanSchema, cleared: count }),
	/** The frames of the face at `span` disagree; `cleared` others show no signs. */
	z.object({ key: z.literal('wide-interval'), span: spanSchema, total: count, cleared: count }),
	/** The score of the face at `span` falls between the thresholds; `cleared` others show no signs. */
	z.object({ key: z.literal('near-threshold'), span: spanSchema, total: count, cleared: count }),
	z.object({ key: z.literal('no-face') }),
	/** All `total` faces are too small; the largest is `largestPx` high. */
	z.object({ key: z.literal('too-small'), total: count, largestPx: count }),
	/** None of `total` faces is good enough, for these reasons. */
	z.object({ key: z.literal('too-poor'), total: count, reasons: z.array(reasonSchema) }),
]);
export type Headline = Readonly<z.infer<typeof headlineSchema>>;

/** How many of `n` clips of known origin score higher. */
const higherSchema = z.object({ higher: count, n: count });

/** The answer for the whole video: that of its most suspicious credible track. */
export const verdictSchema = z.object({
	outcome: outcomeSchema,
	reasons: z.array(reasonSchema),
	fakeProbability: ratio.nullable(),
	interval: interval.nullable(),
	/** The track that decided; null when none could. */
	trackId: z.number().int().nullable(),
	/** The manipulated stretches that were found inside of otherwise unsuspicious tracks, in order of time. */
	segments: z.array(segmentSchema.extend({ trackId: z.number().int() })).default([]),
	/**
	 * Where the score stands among clips of sources and generators that the classifier never saw: how many genuine and how many manipulated ones
	 * score higher. Null for stills, for a stretch, where nothing was judged, and of models without such clips.
	 */
	reference: z.object({ genuine: higherSchema, manipulated: higherSchema }).nullable().default(null),
	/** The answer in plain words, in the language that was asked for; English unless another one was. */
	sentence: z.string(),
	/** The same as data; null in reports of versions that wrote none. */
	headline: headlineSchema.nullable().default(null),
});
export type Verdict = Readonly<z.infer<typeof verdictSchema>>;

/** When an authority had seen the signature (RFC 3161). */
export const reportTimeStampSchema = z.object({
	/** The authority's token over the text of `jws`, DER in base64. */
	token: z.string(),
	/** The time in it, ISO 8601, UTC. */
	at: z.string(),
});
export type ReportTimeStamp = Readonly<z.infer<typeof reportTimeStampSchema>>;

/** Who signed a report, and what belongs to the signed text besides the report. */
export const reportSignatureSchema = z.object({
	/** Detached JWS (RFC 7515, appendix F) over the canonical form of the report (RFC 8785). */
	jws: z.string(),
	/** The public key that it was signed with, a JWK (RFC 8037); `kid` is its thumbprint. Whose it is, has to be known from elsewhere. */
	key: z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), kid: z.string() }),
	/** What the signer calls itself; null = nothing. */
	signer: z.string().nullable(),
	/** ISO 8601, UTC, by the signer's clock. */
	signedAt: z.string(),
	/** SHA-256 of each key face's JPEG, in the order of the report. */
	pictures: z.array(z.string()),
	/** The verdict's sentence by language: a report may be read in any of them. */
	sentences: z.record(z.string(), z.string()),
	/** Stamp of an authority; null = none was asked, or it did not answer. */
	timeStamp: reportTimeStampSchema.nullable().default(null),
});
export type ReportSignature = Readonly<z.infer<typeof reportSignatureSchema>>;

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
	/** Whether the verdict survives changes of the file; null where that was not asked for, or nobody was judged. */
	stability: stabilitySchema.nullable().default(null),
	/** Where the file says that it comes from; null in reports of versions that did not read it, and where that was not asked for. */
	provenance: provenanceSchema.nullable().default(null),
	/** How often the classifier is wrong, from its model card. */
	errorRates: z.object({ falseAlarm: errorRateSchema.nullable(), missed: errorRateSchema.nullable() }),
	/** fakeProbability above and below which an answer is likely-fake or likely-real; 1 and 0, which no score passes, without calibration. */
	thresholds: z.object({ likelyFakeAbove: ratio, likelyRealBelow: ratio }),
	/** Whether the classifier's errors were measured on files of this kind; otherwise fakeProbability is its own number and every answer is uncertain. */
	isCalibrated: z.boolean().default(true),
	/** log-odds of fakeProbability = (logit - offset) / temperature, also for the values of heat maps; null in reports of versions that wrote none. */
	calibration: z.object({ temperature: z.number(), offset: z.number() }).nullable().default(null),
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
	/** What ran it: Node and ffmpeg, or the browser in which it was made. */
	environment: z.object({
		node: z.string().optional(),
		onnxruntime: z.string(),
		ffmpeg: z.string().optional(),
		browser: z.string().optional(),
	}),
	/** Wall seconds. */
	timings: z.object({ totalS: z.number(), firstFaceS: z.number().nullable() }),
	/** Left out where nobody signed it. */
	signature: reportSignatureSchema.optional(),
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

/** What is stored under an analysis' id: its report, or the failure that trying again would meet again, or that of a job. */
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

/** A job that has not ended; `owner` is the instance that works on it, until `leaseUntil` unless it renews that. */
export const jobRecordSchema = z.object({
	schema: z.literal('unmask-job/1'),
	createdAt: z.string(),
	fileName: z.string(),
	owner: z.string(),
	leaseUntil: z.string(),
});
export type JobRecord = Readonly<z.infer<typeof jobRecordSchema>>;

/** What stands in the place of a result: it, or the record of the job that is to give it. */
export type StoredEntry = StoredResult | JobRecord;
