import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorCode } from '../errors.ts';
import type { Trace } from '../worker/trace.ts';
import type { Instance } from './instance.ts';
import { faultText, traceFields } from './log.ts';
import { flushed } from './send-response.ts';
import { traceOfRequest } from './trace-of-request.ts';

/** What is known about one request; handlers fill it in. */
export type RequestRecord = {
	readonly requestId: string;
	readonly trace: Trace;
	/** Path pattern, never the path itself. */
	route: string;
	/** Id of the upload or analysis; its first eight digits are logged. */
	analysisId: string | null;
	/** Code of the problem in the response. */
	code: ErrorCode | null;
	/** The error, if it is not the client's fault. */
	fault: Error | null;
	/** Resolves when the record is complete. If a client leaves, the connection closes before the interrupted handler fails. */
	settled: Promise<void>;
};

/** The parts of an instance that a record needs. */
type Observers = Pick<Instance, 'log' | 'metrics' | 'spans' | 'config'>;

/** Starts the record of a request: sets `x-request-id`, and logs, counts and traces the request once the response has ended or the client has left. */
export function recordRequest(
	req: IncomingMessage,
	res: ServerResponse,
	observers: Observers,
	route = 'none',
): RequestRecord {
	const startMs = performance.now();
	const record: RequestRecord = {
		requestId: randomBytes(8).toString('hex'),
		trace: traceOfRequest(req),
		route,
		analysisId: null,
		code: null,
		fault: null,
		settled: Promise.resolve(),
	};
	res.setHeader('x-request-id', record.requestId);
	res.on('error', () => {}); // the client left during a write; 'close' follows
	const { socket } = req;
	const writtenBefore = socket.bytesWritten;
	let isDelivered = false;
	const markDelivered = () => {
		isDelivered = !socket.destroyed; // 'finish' is also emitted if the connection was cut before the response was flushed
	};
	res.once('finish', markDelivered).once(flushed, markDelivered);
	res.once('close', () => {
		const status = isDelivered ? res.statusCode : 499;
		const bytes = socket.bytesWritten - writtenBefore;
		const ended = { record, method: knownMethod(req.method), status, bytes, ms: performance.now() - startMs };
		record.settled.then(() => report(ended, observers));
	});
	return record;
}

type Ended = {
	readonly record: RequestRecord;
	readonly method: string;
	readonly status: number;
	readonly bytes: number;
	readonly ms: number;
};

function report({ record, method, status, bytes, ms }: Ended, { log, metrics, spans, config }: Observers): void {
	const { requestId, trace, route, analysisId, code, fault } = record;
	metrics.requests.inc({ method, route, status });
	metrics.requestSeconds.observe({ route }, ms / 1000);
	if (code !== null) metrics.problems.inc({ code });
	const isQuiet = quietRoutes.has(route);
	log[isQuiet && fault === null ? 'debug' : status >= 500 ? 'error' : 'info'](
		{
			httpRequest: {
				requestMethod: method,
				requestUrl: route,
				status,
				responseSize: `${bytes}`,
				latency: `${(ms / 1000).toFixed(3)}s`,
			},
			requestId,
			...traceFields(trace, config.GOOGLE_CLOUD_PROJECT),
			...(analysisId !== null && { analysis: analysisId.slice(0, 8) }),
			...(code !== null && { code }),
			...(fault !== null && { fault: faultText(fault) }),
		},
		'request',
	);
	if (isQuiet) return;
	const endMs = Date.now();
	spans?.add({
		trace,
		name: `${method} ${route}`,
		kind: 'server',
		startMs: endMs - ms,
		endMs,
		attributes: { 'http.request.method': method, 'http.route': route, 'http.response.status_code': status },
		error: status >= 500 ? (code ?? `${status}`) : null, // a 4xx is not a server error (semantic conventions for HTTP)
	});
}

/** Routes of probes and scrapes, which come every few seconds. */
const quietRoutes: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']);

/** Keeps the number of label values small, whatever clients send. */
const knownMethod = (method = '') => (methods.has(method) ? method : 'other');
