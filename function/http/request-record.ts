import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { ErrorCode } from '../errors.ts';
import { faultText } from './log.ts';
import type { Metrics } from './metrics.ts';

/** What is known of one request by the time that it ends; handlers fill it in. */
export type RequestRecord = {
	readonly requestId: string;
	/** Pattern of the path, never the path itself. */
	route: string;
	/** Id of the upload or analysis; eight digits of it are logged. */
	analysisId: string | null;
	/** Code of the problem that was answered. */
	code: ErrorCode | null;
	/** What was thrown, where it is not the client's fault. */
	fault: Error | null;
};

/** Begins the record of a request: sets `x-request-id`, and logs and counts it when its answer has ended or its client has left. */
export function recordRequest(
	req: IncomingMessage,
	res: ServerResponse,
	{ log, metrics }: { readonly log: Logger; readonly metrics: Metrics },
	route = 'none',
): RequestRecord {
	const begun = performance.now();
	const record: RequestRecord = {
		requestId: randomBytes(8).toString('hex'),
		route,
		analysisId: null,
		code: null,
		fault: null,
	};
	res.setHeader('x-request-id', record.requestId);
	res.on('error', () => {}); // the client left while it was written to; 'close' tells
	const { socket } = req;
	const writtenBefore = socket.bytesWritten;
	let isTaken = false;
	res.once('finish', () => {
		isTaken = !socket.destroyed; // it also comes when the connection was cut with the answer still in it
	});
	res.once('close', () => {
		const ms = performance.now() - begun;
		const status = isTaken ? res.statusCode : 499;
		metrics.requests.inc({ method: knownMethod(req.method), route: record.route, status });
		metrics.requestSeconds.observe({ route: record.route }, ms / 1000);
		const { requestId, analysisId, code, fault } = record;
		log[quietRoutes.has(record.route) && fault === null ? 'debug' : status >= 500 ? 'error' : 'info'](
			{
				requestId,
				method: knownMethod(req.method),
				route: record.route,
				status,
				ms: Math.round(ms),
				bytes: socket.bytesWritten - writtenBefore,
				...(analysisId !== null && { analysis: analysisId.slice(0, 8) }),
				...(code !== null && { code }),
				...(fault !== null && { fault: faultText(fault) }),
			},
			'request',
		);
	});
	return record;
}

/** Probes and scrapes come every few seconds. */
const quietRoutes: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']);

/** A label of few values, whatever is sent. */
const knownMethod = (method = '') => (methods.has(method) ? method : 'other');
