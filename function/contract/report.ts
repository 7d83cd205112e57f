import { z } from 'zod';
import { planSchema, tierSchema } from './plan.ts';
import { provenanceSchema } from './provenance.ts';

/** A number from 0 to 1. */
export const ratio = z.number().min(0).max(1);
/** Lower and upper end. */
export const interval = z.tuple([z.number(), z.number()]);

/** A rectangle in px of the upright frame; x and y are its top left corner and may lie outside the frame. */
export const boxSchema = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });
export type Box = Readonly<z.infer<typeof boxSchema>>;

/** Measured properties of a file; unknown is null, never 0. Sizes are those of the upright picture with square pixels. */
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

/** Quality of one face: size of its longer side in px of the analysed picture (at most 1920 px per side), sharpness (variance of the Laplacian at crop size, 0..), brightness 0..1, share of the box outside the picture 0..1. */
export const qualitySchema = z.object({
	sizePx: z.number(),
	sharpness: z.number(),
	brightness: ratio,
	outside: ratio,
	/** Confidence that most of the face is covered, for example by a mask or a hand; left out in reports from versions that did not check. */
	covered: ratio.optional(),
	/** Confidence that the face is drawn or painted. */
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
	/** The detector's score 0..1; null if the box was interpolated between two detections. */
	score: ratio.nullable(),
	/** Raw output of the classifier; positive = fake. */
	logit: z.number(),
	/** The logit after the sequence model, which counts instead of `logit`; left out if the sequence model did not read this frame. */
	sequenceLogit: z.number().optional(),
	/** From the logit that counts, 0..1, 1 = fake; calibrated if the report says isCalibrated. */
	fakeProbability: ratio,
	quality: qualitySchema,
	/** null if the face was good enough to count; otherwise why not. */
	excluded: reasonSchema.nullable(),
	/** From the second pass, which samples more closely where the first was in doubt. Such a face counts for stretches, and for a person seen too briefly. */
	secondPass: z.literal(true).optional(),
});
export type FaceEntry = Readonly<z.infer<typeof faceEntrySchema>>;

/** One key moment of a track: the crop as a base64 JPEG and its heat map. */
export const momentSchema = z.object({
	timeS: z.number(),
	frameIndex: z.number().int(),
	logit: z.number(),
	fakeProbability: ratio,
	/** The square that the crop shows, in px of the frame. */
	cropBox: boxSchema,
	cropJpegBase64: z.string(),
	heatMap: heatMapSchema.nullable(),
});
export type Moment = Readonly<z.infer<typeof momentSchema>>;

/** A part of a person's time with one answer. */
export const segmentSchema = z.object({
	startS: z.number(),
	endS: z.number(),
	/** `not-applicable` if no face of this person was judged. */
	outcome: outcomeSchema,
	/** Calibrated, from the segment's faces; outside the stretches that stand out, from all faces between them. */
	fakeProbability: ratio.nullable(),
	/** Trimmed mean of the same faces' logits. */
	logit: z.number().nullable(),
	facesJudged: z.number().int(),
});
export type Segment = Readonly<z.infer<typeof segmentSchema>>;

/** One person tracked through the clip and judged separately. */
export const trackReportSchema = z.object({
	trackId: z.number().int(),
	outcome: outcomeSchema,
	reasons: z.array(reasonSchema),
	/** Calibrated probability 0..1 that this face was manipulated, from the most suspicious stretch if one decided; null if not judged. */
	fakeProbability: ratio.nullable(),
	/** 95 % bootstrap interval of fakeProbability over the track's frames; null if fewer than 4 faces count. */
	interval: interval.nullable(),
	/** Trimmed mean of the logits that count, or of those of the stretch that decided; null if there are none. */
	logit: z.number().nullable(),
	startS: z.number(),
	endS: z.number(),
	facesJudged: z.number().int(),
	/** The track's time in order, without gaps; empty in reports from before there were segments. */
	segments: z.array(segmentSchema).default([]),
	/** What the sequence model did with this person; left out if the classifier has none. */
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

/** A peculiarity of the file, machine-readable: whatever was skipped, repaired or chosen, so that nothing is left out silently. */
export const fileNoteSchema = z.object({
	code: z.enum([
		/** The header states a different length (`seconds`) from the packets; the packets were used. */
		'header-differs',
		/** Timestamps jump; the frames were counted and given new ones. */
		'times-repaired',
		/** The picture stands still for most of the length; frames were sampled by number. */
		'times-with-gaps',
		/** `frames` frames of the file are hidden by its edit list and were not analysed. */
		'hidden-by-edit-list',
		/** The file's edit list would hide every frame, so it was ignored, and all were analysed. */
		'edit-list-ignored',
		/** `frames` frames listed in the file's index are missing: its end was cut off. */
		'end-missing',
		/** Counting the packets took too long; the header was used. */
		'packets-not-counted',
		/** One of `streams` video streams was chosen; `name` is why: default, most-frames, largest, first. */
		'stream-chosen',
		/** The frames are stored as two fields of different times, which were made into whole frames. */
		'deinterlaced',
		/** The picture was mirrored to its intended orientation. */
		'mirrored',
		/** No face was found in the file's own orientation, so it was rotated by another `degrees`, clockwise. */
		'turned',
		/** High dynamic range (`name`) was mapped to BT.709. */
		'tone-mapped',
		/** It was not mapped, because `name`: this ffmpeg has no zscale (no-zscale), or the format has no base layer (dolby-vision). */
		'not-tone-mapped',
		/** The file holds `frames` more pictures (pages, or frames of an animation) that were not analysed. */
		'pictures-left-out',
		/** The picture contains a video, as motion photos do; it was not analysed. */
		'video-left-out',
		/** Behind its first video, the file goes on with another one (`bytes` long), as after joining files byte by byte; it was not analysed. */
		'rest-left-out',
		/** The picture is an animation, of which only the first frame was analysed. */
		'animation-left-out',
		/** The size or shape of the picture changes within the video; every frame was shown whole in a common size. */
		'size-changes',
		/** The second pass stopped early, after `frames` frames, with the error `name`; the first is complete. */
		'second-pass-stopped',
	]),
	frames: z.number().int().optional(),
	seconds: z.number().optional(),
	streams: z.number().int().optional(),
	degrees: z.number().int().optional(),
	bytes: z.number().int().optional(),
	name: z.string().optional(),
});
export type FileNote = Readonly<z.infer<typeof fileNoteSchema>>;

/** A time span of the video, seconds from its start. */
export const spanSchema = z.object({ startS: z.number(), endS: z.number() });
export type Span = Readonly<z.infer<typeof spanSchema>>;

/** What was analysed and what was not. */
export const coverageSchema = z.object({
	/** Frames that the plan asked for; null if that depends on an unknown duration. */
	framesRequested: z.number().int().nullable(),
	framesSampled: z.number().int(),
	framesCorrupt: z.number().int(),
	framesWithoutFace: z.number().int(),
	facesFound: z.number().int(),
	facesExcluded: z.partialRecord(reasonSchema, z.number().int()),
	sampling: z.enum(['linear', 'key-frames', 'image']),
	/** Where the frames were taken from: spread over the whole clip, or consecutive from the start. */
	part: z.enum(['whole', 'start']).default('whole'),
	/** Whether seeking gave corrupt pictures, so the file was decoded from the start instead. */
	fellBackToLinear: z.boolean(),
	firstFrameS: z.number().nullable(),
	lastFrameS: z.number().nullable(),
	/** Length of the video according to its header, in seconds; null if it states none or an impossible one. */
	headerS: z.number().nullable().default(null),
	/** Length according to the packets of the decoded stream, in seconds; null for pictures and if packets have no timestamps. */
	packetsS: z.number().nullable().default(null),
	notes: z.array(fileNoteSchema).default([]),
	/** The only part that was analysed, if the plan asked for one; null = the whole file. */
	span: spanSchema.nullable().default(null),
	/** Where the second pass looked, and how many frames it added; null if it was not needed. */
	secondPass: z
		.object({ frames: z.number().int(), spans: z.array(z.object({ startS: z.number(), endS: z.number() })) })
		.nullable()
		.default(null),
});
export type Coverage = Readonly<z.infer<typeof coverageSchema>>;

/** What was done to a copy of a part of the video; `none` = unchanged. */
export const changeSchema = z.enum(['none', 'crf-28', 'crf-36', 'half-size', 'blur']);
export type Change = z.infer<typeof changeSchema>;

/** How the answer for the deciding person changes when a part of the video is re-encoded, downscaled or blurred. */
export const stabilitySchema = z.object({
	/** The part of the video, in seconds. */
	startS: z.number(),
	endS: z.number(),
	/** The same person in each copy; `not-applicable` if they are not found or not good enough to judge. */
	copies: z.array(
		z.object({
			change: changeSchema,
			outcome: outcomeSchema,
			fakeProbability: ratio.nullable(),
			logit: z.number().nullable(),
		}),
	),
	/** The changes that the verdict does not survive; null if even the unchanged part gives a different verdict from the video, so nothing follows. */
	lost: z.array(changeSchema).nullable(),
	/** Error code if the copies could not be made or read; they are left out then. */
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

/** The content of `sentence` as data, so that clients can phrase it in their own language. */
export const headlineSchema = z.discriminatedUnion('key', [
	/** Strong signs in `fakes` of `total` faces, strongest at `spans` (at most three; `more` = there are others). */
	z.object({ key: z.literal('fake'), fakes: count, total: count, spans: z.array(spanSchema), more: z.boolean() }),
	/** No signs in `faces` of `total`; `span` is where the only face is seen, null if there are several. */
	z.object({ key: z.literal('real'), faces: count, total: count, span: spanSchema.nullable() }),
	/** Most of the frames are damaged. */
	z.object({ key: z.literal('decode-errors') }),
	/** The error rates of the classifier were never measured. */
	z.object({ key: z.literal('not-calibrated') }),
	/** Too few frames with a good enough face; `frames` counts those of the only face, null if there are several. */
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
	/** None of the `total` faces is good enough, for these reasons. */
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
	/** The track that decided; null if none did. */
	trackId: z.number().int().nullable(),
	/** The manipulated stretches within otherwise unsuspicious tracks, in chronological order. */
	segments: z.array(segmentSchema.extend({ trackId: z.number().int() })).default([]),
	/**
	 * How the score compares with clips whose sources and generators the classifier never saw: how many genuine and how many manipulated ones
	 * score higher. Null for stills, for a stretch, if nothing was judged, and for models without such clips.
	 */
	reference: z.object({ genuine: higherSchema, manipulated: higherSchema }).nullable().default(null),
	/** The answer in plain words, in the requested language; English by default. */
	sentence: z.string(),
	/** The same as data; null in reports from versions that did not write it. */
	headline: headlineSchema.nullable().default(null),
});
export type Verdict = Readonly<z.infer<typeof verdictSchema>>;

/** Proof that the signature existed at a time, from a time-stamp authority (RFC 3161). */
export const reportTimeStampSchema = z.object({
	/** The authority's token over the text of `jws`, DER in base64. */
	token: z.string(),
	/** The time in the token, ISO 8601, UTC. */
	at: z.string(),
});
export type ReportTimeStamp = Readonly<z.infer<typeof reportTimeStampSchema>>;

/** Who signed a report, and what the signed text covers besides the report. */
export const reportSignatureSchema = z.object({
	/** Detached JWS (RFC 7515, appendix F) over the canonical form of the report (RFC 8785). */
	jws: z.string(),
	/** The public key of the signature, a JWK (RFC 8037); `kid` is its thumbprint. The report cannot prove whose key it is. */
	key: z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), kid: z.string() }),
	/** The signer's name for itself; null = none. */
	signer: z.string().nullable(),
	/** ISO 8601, UTC, by the signer's clock. */
	signedAt: z.string(),
	/** SHA-256 of each key face's JPEG, in the order of the report. */
	pictures: z.array(z.string()),
	/** The verdict's sentence in every language, so that a report can be read in any of them. */
	sentences: z.record(z.string(), z.string()),
	/** The authority's time stamp; null = not requested, or the authority did not respond. */
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
	/** Whether the verdict survives changes to the file; null if not requested, or if nobody was judged. */
	stability: stabilitySchema.nullable().default(null),
	/** What the file says about its origin; null if not requested, and in reports from versions that did not read it. */
	provenance: provenanceSchema.nullable().default(null),
	/** The classifier's error rates, from its model card. */
	errorRates: z.object({ falseAlarm: errorRateSchema.nullable(), missed: errorRateSchema.nullable() }),
	/** fakeProbability above and below which an answer is likely-fake or likely-real. Without calibration they are 1 and 0, which no score passes. */
	thresholds: z.object({ likelyFakeAbove: ratio, likelyRealBelow: ratio }),
	/** Whether the classifier's error rates were measured on this kind of file. If not, fakeProbability is the raw sigmoid and every answer is uncertain. */
	isCalibrated: z.boolean().default(true),
	/** log-odds of fakeProbability = (logit - offset) / temperature, also for heat map values; null in reports from versions that did not write it. */
	calibration: z.object({ temperature: z.number(), offset: z.number() }).nullable().default(null),
	/** What the classifier can do; null in reports from before there was more than one. */
	classifier: z
		.object({
			id: z.string(),
			/** The legacy application's network, or null. */
			network: z.string().nullable(),
			/** The tier of a built-in classifier; null for other models and in earlier reports. */
			tier: tierSchema.nullable().default(null),
			/** Whether it shows where in a face its score comes from. */
			hasHeatMap: z.boolean(),
		})
		.nullable()
		.default(null),
	/** How a legacy model was run; null for every other model. */
	older: z
		.object({
			mode: z.enum(['seed', 'trained', 'robust']),
			/** What the legacy application would have shown, and what it called confidence, in per cent. It is not this program's answer; null if the model is judged like any other. */
			said: z.object({ label: z.enum(['REAL', 'FAKE']), percent: z.number() }).nullable(),
		})
		.nullable()
		.default(null),
	models: z.array(z.object({ id: z.string(), kind: z.string(), sha256: z.string() })),
	provider: z.string(),
	/** What ran the analysis: Node and ffmpeg, or the browser. */
	environment: z.object({
		node: z.string().optional(),
		onnxruntime: z.string(),
		ffmpeg: z.string().optional(),
		browser: z.string().optional(),
	}),
	/** Wall-clock seconds. */
	timings: z.object({ totalS: z.number(), firstFaceS: z.number().nullable() }),
	/** Left out if the report is not signed. */
	signature: reportSignatureSchema.optional(),
});
export type Report = Readonly<z.infer<typeof reportSchema>>;

/** A failure as reported to clients. */
export const failureSchema = z.object({
	code: z.string(),
	stage: z.string(),
	message: z.string(),
	retryable: z.boolean(),
});
export type Failure = Readonly<z.infer<typeof failureSchema>>;

/** What is stored under an analysis' id: its report, or a failure that is permanent or ended a job. */
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

/** A job that has not ended; `owner` is the instance that works on it, until `leaseUntil` unless it renews the lease. */
export const jobRecordSchema = z.object({
	schema: z.literal('unmask-job/1'),
	createdAt: z.string(),
	fileName: z.string(),
	owner: z.string(),
	leaseUntil: z.string(),
});
export type JobRecord = Readonly<z.infer<typeof jobRecordSchema>>;

/** What is stored under an id: the result, or the record of the job that will produce it. */
export type StoredEntry = StoredResult | JobRecord;
