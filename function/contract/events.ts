import { z } from 'zod';
import {
	faceEntrySchema,
	failureSchema,
	momentSchema,
	reportSchema,
	segmentSchema,
	videoInfoSchema,
} from './report.ts';
import { idSchema } from './upload.ts';

/** The events of a running analysis. The stream ends with `report` or `failed`; any other end is an error for the reader. */
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
		/** The scored crop as a base64 JPEG, 96 px; null unless the plan asks for crops. */
		cropJpegBase64: z.string().nullable(),
	}),
	/** A part of a person's time with its answer, sent once all faces are judged; ordered by person and time. */
	z.object({ type: z.literal('segment'), trackId: z.number().int(), segment: segmentSchema }),
	z.object({ type: z.literal('moment'), trackId: z.number().int(), moment: momentSchema }),
	z.object({ type: z.literal('report'), report: reportSchema }),
	z.object({ type: z.literal('failed'), fileName: z.string(), error: failureSchema }),
]);
export type AnalysisEvent = Readonly<z.infer<typeof analysisEventSchema>>;

/** The pipeline's events plus those of the service: `accepted` comes first, `queued` follows while others are ahead (position 1 = next). */
export const serviceEventSchema = z.discriminatedUnion('type', [
	z.object({ type: z.literal('accepted'), id: idSchema }),
	z.object({ type: z.literal('queued'), position: z.number().int().min(1) }),
	...analysisEventSchema.options,
]);
export type ServiceEvent = Readonly<z.infer<typeof serviceEventSchema>>;
