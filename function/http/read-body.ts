import type { IncomingMessage } from 'node:http';
import { AnalysisError } from '../errors.ts';

/** Maximum size of a body, and the time limit for its arrival. */
export type BodyLimits = { readonly limitBytes: number; readonly timeoutMs: number };

/** Maximum body size of an API request, bytes. */
export const apiBodyBytes = 64 * 1024;

/** Reads the whole body; throws body-too-large (at once if the length is announced), request-slow, or `cancelled` if the connection breaks. */
export function readBody(
	req: IncomingMessage & { rawBody?: Buffer },
	{ limitBytes, timeoutMs }: BodyLimits,
): Promise<Buffer> {
	const tooLarge = () => new AnalysisError('body-too-large', 'request', `the limit is ${limitBytes} bytes`);
	if (Number(req.headers['content-length'] ?? 0) > limitBytes) return Promise.reject(tooLarge());
	if (req.rawBody) return req.rawBody.length > limitBytes ? Promise.reject(tooLarge()) : Promise.resolve(req.rawBody);
	return new Promise((resolve, reject) => {
		const chunks: Buffer[] = [];
		let size = 0;
		const settle = (error: AnalysisError | null) => {
			clearTimeout(timer);
			req.off('data', onData).off('end', onEnd).off('error', onBroken).off('close', onBroken);
			if (error === null) return resolve(Buffer.concat(chunks));
			req.on('error', () => {}); // already refused, so later errors do not matter
			reject(error);
		};
		const onData = (chunk: Buffer) => {
			size += chunk.length;
			chunks.push(chunk);
			if (size > limitBytes) settle(tooLarge());
		};
		const onEnd = () => settle(null);
		const onBroken = () => settle(new AnalysisError('cancelled', 'request'));
		const timer = setTimeout(() => settle(new AnalysisError('request-slow', 'request')), timeoutMs);
		req.on('data', onData).on('end', onEnd).on('error', onBroken).on('close', onBroken);
	});
}
