import type { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { AnalysisError } from '../../errors.ts';

/**
 * Pours the body of a request into `sink`. Throws `upload-interrupted` when the connection ends before the body or `signal` is aborted and
 * `request-slow` when `idleMs` pass without a byte; what had arrived is in the sink by then. The connection stays open for an answer.
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
	const onAbort = () => stop(new AnalysisError('upload-interrupted', 'upload', 'another request took its place'));
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
