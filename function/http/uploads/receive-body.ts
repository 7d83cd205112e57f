import type { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { AnalysisError } from '../../errors.ts';

/**
 * Pipes the body of a request into `sink`. Throws `upload-interrupted` if the connection ends early or `signal` aborts, and `request-slow` after
 * `idleMs` without a byte; everything received by then is in the sink. The connection stays open for a response.
 */
export async function receiveBody(
	request: Readable,
	sink: Writable,
	{ idleMs, signal }: { readonly idleMs: number; readonly signal: AbortSignal },
): Promise<void> {
	let reason: AnalysisError | null = null;
	const stop = (error: AnalysisError) => {
		reason ??= error;
		request.unpipe(sink);
		sink.end();
	};
	const onClose = () => stop(new AnalysisError('upload-interrupted', 'upload'));
	const onAbort = () => stop(new AnalysisError('upload-interrupted', 'upload', 'another request replaced this one'));
	const idle = setTimeout(() => stop(new AnalysisError('request-slow', 'upload')), idleMs);
	const onData = () => void idle.refresh();
	const onEnd = () => request.off('close', onClose);

	request.once('end', onEnd).once('close', onClose).on('data', onData);
	signal.addEventListener('abort', onAbort);
	try {
		request.pipe(sink);
		if (signal.aborted) onAbort();
		else if (request.destroyed && !request.readableEnded) onClose();
		await finished(sink);
	} finally {
		clearTimeout(idle);
		signal.removeEventListener('abort', onAbort);
		request.off('end', onEnd).off('close', onClose).off('data', onData);
		request.unpipe(sink);
	}
	if (reason) throw reason;
}
