import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** Emitted by a response when its whole body is flushed, before it ends. */
export const flushed = Symbol('flushed');

/** How much of an unwanted request body is read and discarded, and for how long. */
const limitBytes = 64 * 1024 ** 2;
const limitMs = 10_000;
/** After a pause of this length, the sender has seen the response or never will. */
const idleMs = 1000;

/**
 * Sends a complete response. If part of the request is still arriving, the rest is read and discarded before the connection is closed. Otherwise a
 * client that sends everything before it reads would see a connection reset instead of the response.
 */
export function sendResponse(
	req: IncomingMessage,
	res: ServerResponse,
	status: number,
	headers: OutgoingHttpHeaders,
	body: Buffer = Buffer.alloc(0),
): void {
	const responseHeaders = { ...headers, 'content-length': body.length, 'cache-control': 'no-store' };
	if (req.complete) return void res.writeHead(status, responseHeaders).end(body);
	res.writeHead(status, { ...responseHeaders, connection: 'close' });
	res.flushHeaders();
	res.write(body, (error) => error || res.emit(flushed));
	void discardRest(req).then(() => res.end());
}

function discardRest(req: IncomingMessage): Promise<void> {
	if (req.destroyed) return Promise.resolve();
	return new Promise((resolve) => {
		let bytes = 0;
		const late = setTimeout(done, limitMs);
		const idle = setTimeout(done, idleMs);
		function done() {
			clearTimeout(late);
			clearTimeout(idle);
			req.off('data', onData).off('end', done).off('close', done);
			resolve();
		}
		function onData(chunk: Buffer) {
			bytes += chunk.length;
			idle.refresh();
			if (bytes > limitBytes) done();
		}
		req.on('data', onData).once('end', done).once('close', done).resume();
	});
}
