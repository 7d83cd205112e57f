import type { IncomingMessage } from 'node:http';
import { AnalysisError } from '../errors.ts';

/** How much of a body is taken and how long its arrival may take. */
export type BodyLimits = { readonly limitBytes: number; readonly timeoutMs: number };

/** Largest body of a request to the API, bytes. */
export const apiBodyBytes = 64 * 1024;

/** The whole body; throws body-too-large (at once where the length is announced), request-slow, or `cancelled` when the connection broke. */
export function readBody(
	req: IncomingMessage & { rawBody?: Buffer },
	{ limitBytes, timeoutMs }: BodyLimits,
): Promise<Buffer> {
	const tooLarge = () => new AnalysisError('body-too-large', 'request', `${limitBytes} bytes are taken`);
	if (Number(req.headers['content-length'] ?? 0) > limitBytes) return Promise.reject(tooLarge());
	if (req.rawBody) return req.rawBody.length > limitBytes ? Promise.reject(tooLarge()) : Promise.resolve(req.rawBody);
	return new Promise((resolve, reject) => {
		const chunks: Buffer[] = [];
		let size = 0;
		const settle = (error: AnalysisError | null) => {
			clearTimeout(timer);
			req.off('data', onData).off('end', onEnd).off('error', onBroken).off('close', onBroken);
			if (error === null) return resolve(Buffer.concat(chunks));
			req.on('error', () => {}); // whatever still goes wrong with it, it is refused already
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
