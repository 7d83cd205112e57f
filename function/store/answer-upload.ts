import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Problem } from '../contract/service.ts';
import { type AnalysisError, errorTable } from '../errors.ts';

/** Bytes of a refused body that are read and thrown away, so that a sender that does not listen before it has sent all can hear the answer. */
const lingerBytes = 64 * 1024 ** 2;
const lingerMs = 10_000;

/** Lets pages of the allowed origins read the answers (https://fetch.spec.whatwg.org/#http-cors-protocol). */
export function allowOrigin(request: IncomingMessage, response: ServerResponse, origins: readonly string[]): void {
	response.appendHeader('Vary', 'Origin');
	const origin = request.headers.origin;
	if (!origin || !origins.includes(origin)) return;
	response.setHeader('Access-Control-Allow-Origin', origin);
	response.setHeader('Access-Control-Expose-Headers', 'Range, Content-Type, X-Request-Id');
}

/** Answers the question that a browser asks before it sends to another origin. */
export function answerPreflight(response: ServerResponse): void {
	if (response.hasHeader('Access-Control-Allow-Origin')) {
		response.setHeader('Access-Control-Allow-Methods', 'PUT');
		response.setHeader('Access-Control-Allow-Headers', 'Content-Type, Content-Range');
		response.setHeader('Access-Control-Max-Age', '3600');
	}
	response.writeHead(204, { Allow: 'PUT, OPTIONS' }).end();
}

/** 308 with the bytes that have arrived; without `Range` when none has. */
export function answerProgress(request: IncomingMessage, response: ServerResponse, receivedBytes: number): void {
	const range = receivedBytes > 0 ? { Range: `bytes=0-${receivedBytes - 1}` } : {};
	response.writeHead(308, { ...range, 'Content-Length': 0, 'Cache-Control': 'no-store' }).end();
	linger(request);
}

/** 200 with what arrived: the upload is complete. */
export function answerComplete(
	request: IncomingMessage,
	response: ServerResponse,
	upload: { readonly id: string; readonly sizeBytes: number; readonly sha256: string | null },
): void {
	send(response, 200, 'application/json', upload);
	linger(request);
}

/** The refusal as RFC 9457 has it; the connection stays open for a short while, or closes if the sender was too slow. */
export function answerProblem(request: IncomingMessage, response: ServerResponse, error: AnalysisError): void {
	if (response.headersSent || response.destroyed) return void response.destroy();
	const { status, sentence } = errorTable[error.code];
	const given = response.getHeader('X-Request-Id');
	const problem: Problem = {
		type: `urn:unmask:problem:${error.code}`,
		title: sentence,
		status,
		detail: (status < 500 && error.detail) || sentence, // the insides of this machine are for the log only
		code: error.code,
		retryable: error.retryable,
		requestId: typeof given === 'string' ? given : randomUUID(),
	};
	response.setHeader('X-Request-Id', problem.requestId);
	if (error.code === 'method-not-allowed') response.setHeader('Allow', 'PUT, OPTIONS');
	if (error.code === 'request-slow') response.setHeader('Connection', 'close');
	send(response, status, 'application/problem+json', problem);
	linger(request);
}

function send(response: ServerResponse, status: number, type: string, value: object): void {
	const body = Buffer.from(JSON.stringify(value));
	const headers = { 'Content-Type': type, 'Content-Length': body.length, 'Cache-Control': 'no-store' };
	response.setHeader('X-Content-Type-Options', 'nosniff');
	response.writeHead(status, headers).end(body);
}

/** Reads on what a sender still sends after its answer, up to a limit; then the connection is cut. */
function linger(request: IncomingMessage): void {
	if (request.complete || request.destroyed) return;
	let bytes = 0;
	const cut = () => request.destroy();
	const timer = setTimeout(cut, lingerMs).unref();
	request.once('close', () => clearTimeout(timer)).once('end', () => clearTimeout(timer));
	request.on('data', (chunk: Buffer) => {
		bytes += chunk.length;
		if (bytes > lingerBytes) cut();
	});
	request.resume();
}
