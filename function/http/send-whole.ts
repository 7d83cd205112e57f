import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** Emitted by an answer that is on its way as a whole, before it is ended. */
export const sent = Symbol('sent');

/** How much of a body that nobody wants is read and thrown away, and for how long. */
const limitBytes = 64 * 1024 ** 2;
const limitMs = 10_000;
/** A sender that pauses for so long has seen its answer, or never will. */
const idleMs = 1000;

/**
 * Sends a whole answer. Where the request has not arrived whole, its rest is read and thrown away before the connection is closed: a sender
 * that does not listen before it has sent all would see a reset in place of the answer.
 */
export function sendWhole(
	req: IncomingMessage,
	res: ServerResponse,
	status: number,
	headers: OutgoingHttpHeaders,
	body: Buffer = Buffer.alloc(0),
): void {
	const whole = { ...headers, 'content-length': body.length, 'cache-control': 'no-store' };
	if (req.complete) return void res.writeHead(status, whole).end(body);
	res.writeHead(status, { ...whole, connection: 'close' });
	res.flushHeaders();
	res.write(body, (error) => error || res.emit(sent));
	void restArrived(req).then(() => res.end());
}

function restArrived(req: IncomingMessage): Promise<void> {
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
