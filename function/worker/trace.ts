import { randomBytes } from 'node:crypto';

/** A span in a trace: the hexadecimal ids of W3C Trace Context (w3.org/TR/trace-context). */
export type Trace = {
	/** 32 digits; shared by everything that one request causes. */
	readonly traceId: string;
	/** 16 digits; this span. */
	readonly spanId: string;
	/** 16 digits; the parent span, local or remote; null = none. */
	readonly parentId: string | null;
	/** Whether the originator of the trace wants it recorded. */
	readonly isSampled: boolean;
};

/** Creates a span in a trace. */
export const newSpan = (traceId: string, parentId: string | null, isSampled: boolean): Trace => ({
	traceId,
	spanId: randomBytes(8).toString('hex'),
	parentId,
	isSampled,
});

/** Creates a child span. */
export const childSpan = ({ traceId, spanId, isSampled }: Trace): Trace => newSpan(traceId, spanId, isSampled);
