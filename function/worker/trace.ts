import { randomBytes } from 'node:crypto';

/** One step of a trace: the ids of W3C Trace Context (w3.org/TR/trace-context), hexadecimal. */
export type Trace = {
	/** 32 digits; the same for all that one request brings about. */
	readonly traceId: string;
	/** 16 digits; this step. */
	readonly spanId: string;
	/** 16 digits; the step that brought it about, here or at the sender's; null = none. */
	readonly parentId: string | null;
	/** Whether whoever began the trace wants its steps to be recorded. */
	readonly isSampled: boolean;
};

/** A new step of a trace. */
export const newStep = (traceId: string, parentId: string | null, isSampled: boolean): Trace => ({
	traceId,
	spanId: randomBytes(8).toString('hex'),
	parentId,
	isSampled,
});

/** A step that another one brings about. */
export const stepWithin = ({ traceId, spanId, isSampled }: Trace): Trace => newStep(traceId, spanId, isSampled);
