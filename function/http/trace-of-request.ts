import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { newSpan, type Trace } from '../worker/trace.ts';

/** The span of a request, from `traceparent` (w3.org/TR/trace-context) or Google's older `x-cloud-trace-context`; starts a new trace if there is neither. */
export function traceOfRequest({ headers }: IncomingMessage): Trace {
	const w3c = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-|$)/.exec(one(headers.traceparent));
	if (w3c && /[1-9a-f]/.test(w3c[1] as string) && /[1-9a-f]/.test(w3c[2] as string))
		return newSpan(w3c[1] as string, w3c[2] as string, (Number.parseInt(w3c[3] as string, 16) & 1) === 1);
	const google = /^([0-9a-f]{32})(?:\/(\d{1,20}))?(?:;o=(\d))?/i.exec(one(headers['x-cloud-trace-context']));
	if (google) {
		const parent = BigInt.asUintN(64, BigInt(google[2] ?? 0));
		const parentId = parent === 0n ? null : parent.toString(16).padStart(16, '0');
		return newSpan((google[1] as string).toLowerCase(), parentId, google[3] === '1');
	}
	return newSpan(randomBytes(16).toString('hex'), null, true);
}

const one = (header: string | string[] | undefined) => (Array.isArray(header) ? (header[0] ?? '') : (header ?? ''));
