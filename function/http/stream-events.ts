import type { ServerResponse } from 'node:http';
import type { Language } from '../answer/languages.ts';
import { eventIn } from '../answer/report-in.ts';
import type { ServiceEvent } from '../contract/events.ts';
import type { Report } from '../contract/report.ts';
import { AnalysisError, errorTable, toAnalysisError } from '../errors.ts';

/** The two formats of an event stream. */
const formats = {
	// html.spec.whatwg.org/multipage/server-sent-events.html: a line that begins with a colon is a comment
	'text/event-stream': {
		write: (event: ServiceEvent) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`,
		keepAlive: ': still here\n\n',
	},
	'application/x-ndjson': {
		write: (event: ServiceEvent) => `${JSON.stringify(event)}\n`,
		keepAlive: '\n',
	},
} as const;

/** Media type of an event stream. */
export type StreamType = keyof typeof formats;

type Events = AsyncGenerator<ServiceEvent, void>;

/**
 * Writes every event as it comes, and a keep-alive every `keepAliveMs` for the proxies. Stops if the client leaves, or accepts nothing for four
 * times `keepAliveMs`. A stream that is still being read always ends with `report` or `failed`.
 */
export async function streamEvents(
	events: Events,
	res: ServerResponse,
	{ type, keepAliveMs, language }: { type: StreamType; keepAliveMs: number; language: Language },
): Promise<void> {
	const { write, keepAlive } = formats[type];
	res.writeHead(200, { 'content-type': type, 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
	res.flushHeaders();
	const timer = setInterval(() => res.writableNeedDrain || res.write(keepAlive), keepAliveMs);
	res.setTimeout(4 * keepAliveMs, () => res.destroy()); // every byte that the client accepts restarts this timeout
	try {
		let last: ServiceEvent | null = null;
		for await (const event of untilClosed(events, res)) {
			last = event;
			if (!res.write(write(eventIn(language, event)))) await drained(res);
		}
		if (last?.type !== 'report' && last?.type !== 'failed') res.write(write(failedEvent(null)));
	} catch (thrown) {
		res.write(write(failedEvent(thrown)));
	} finally {
		clearInterval(timer);
		res.end();
	}
}

/** The report or the failure that the events end with; null if the client left. */
export async function lastReport(
	events: Events,
	res: ServerResponse,
): Promise<Report | Extract<ServiceEvent, { type: 'failed' }>['error'] | null> {
	for await (const event of untilClosed(events, res)) {
		if (event.type === 'report') return event.report;
		if (event.type === 'failed') return event.error;
	}
	if (res.closed) return null;
	throw new AnalysisError('internal', 'request', 'the events ended without a report or a failure');
}

/**
 * The events until the client leaves. Then the generator ends at once, even while it waits for its next event. Racing each event against a single
 * `close` promise would keep every event in memory until the end.
 */
async function* untilClosed(events: Events, res: ServerResponse): Events {
	const leave = () => void events.return().catch(() => {});
	res.once('close', leave);
	try {
		if (res.closed) return;
		for await (const event of events) {
			if (res.closed) return;
			yield event;
		}
	} finally {
		res.off('close', leave);
	}
}

function failedEvent(thrown: unknown): ServiceEvent {
	const { code, stage, retryable } = toAnalysisError(thrown, 'request');
	const message = errorTable[code].sentence;
	return { type: 'failed', fileName: '', error: { code, stage, message, retryable } };
}

/** Resolves when the response can take more data, or is closed. */
function drained(res: ServerResponse): Promise<void> {
	return new Promise((resolve) => {
		const done = () => {
			res.off('drain', done).off('close', done);
			resolve();
		};
		res.on('drain', done).on('close', done);
		if (res.closed) done();
	});
}
