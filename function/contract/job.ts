import { z } from 'zod';
import { idSchema } from './upload.ts';

/** An annotated copy that is being drawn; replaced by the video once it is done. */
export const annotatedCopySchema = z.object({
	id: idSchema,
	state: z.literal('drawing'),
	/** How much is drawn, 0..1. */
	share: z.number().min(0).max(1),
});

/** A running or queued analysis that nobody waits for; replaced by its report, or by the problem it failed with. */
export const jobSchema = z.object({
	id: idSchema,
	/** `queued` = others are ahead of it. */
	state: z.enum(['queued', 'running']),
	/** Position in the queue, 1 = next; null while it runs. */
	position: z.number().int().min(1).nullable(),
	/** Progress so far; null before the first frame, and while another instance runs the job. */
	progress: z
		.object({ framesDone: z.number().int(), framesTotal: z.number().int().nullable(), faces: z.number().int() })
		.nullable(),
});
export type Job = Readonly<z.infer<typeof jobSchema>>;
