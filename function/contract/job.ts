import { z } from 'zod';
import { idSchema } from './upload.ts';

/** An annotated copy that is being drawn; the video takes the place of this. */
export const annotatedCopySchema = z.object({
	id: idSchema,
	state: z.literal('drawing'),
	/** How much of it is drawn, 0..1. */
	share: z.number().min(0).max(1),
});

/** An analysis that is not waited for and has not ended; its report, or the problem it failed with, takes the place of this. */
export const jobSchema = z.object({
	id: idSchema,
	/** `queued` = others are before it. */
	state: z.enum(['queued', 'running']),
	/** Place in the queue, 1 = next; null while it runs. */
	position: z.number().int().min(1).nullable(),
	/** How far it got; null before its first frame, and where another instance runs it. */
	progress: z
		.object({ framesDone: z.number().int(), framesTotal: z.number().int().nullable(), faces: z.number().int() })
		.nullable(),
});
export type Job = Readonly<z.infer<typeof jobSchema>>;
