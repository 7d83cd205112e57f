import type { ServiceEvent } from '../contract/events.ts';
import type { AnalysisRequestInput } from '../contract/plan.ts';
import { hashText } from './hash.ts';
import { growingPauseMs, type Machine, pauseForNetwork } from './machine.ts';
import { isAbort, type ProblemError, toProblemError } from './problem-error.ts';
import type { Api } from './service-api.ts';
import { waitForReport } from './wait-for-report.ts';

/**
 * The service's events, and changes of the connection: `reconnecting` before each pause, `reconnected` when events arrive again, and `restarted` if
 * they differ from the earlier ones, so that anything built from those must start over with the next event.
 */
export type FollowEvent =
	| ServiceEvent
	| { readonly type: 'reconnecting'; readonly code: string; readonly attempt: number; readonly pauseMs: number }
	| { readonly type: 'reconnected' }
	| { readonly type: 'restarted' };

/** Maximum number of consecutive attempts without an event while online: about a minute of pauses. Then the stored report is read instead. */
const maxAttempts = 8;

/** Pause before retrying if the service is busy and sends no Retry-After, seconds. */
const busyPauseS = 5;

/** Refusals that pass once there is capacity; retried for as long as the reader wants. */
const busyCodes = new Set(['queue-full', 'rate-limited', 'not-ready', 'shutting-down']);

type Connection = Pick<Machine, 'isOnline' | 'onConnection' | 'pause'>;

/**
 * Follows an analysis to its `report` or `failed`, over as many connections as needed. After an interruption, the request is sent again, the service
 * replays the events, and those already seen are dropped. If that fails too, the stored report is read. Rejects with ProblemError, or with an
 * AbortError if `signal` aborts.
 */
export async function* followAnalysis(
	api: Pick<Api, 'stream' | 'readAnalysis'>,
	request: AnalysisRequestInput,
	machine: Connection,
	signal?: AbortSignal,
): AsyncGenerator<FollowEvent, void> {
	const seen: string[] = [];
	for (let [connection, attempt] = [0, 0]; ; connection++) {
		try {
			for await (const event of dropSeen(api.stream(request, signal), seen, connection > 0)) {
				attempt = 0;
				yield event;
				if (isEnd(event)) return;
			}
			return; // a stream ends with an end event or throws
		} catch (thrown) {
			if (isAbort(thrown)) throw thrown;
			const fault = toProblemError(thrown);
			const isBusy = busyCodes.has(fault.code);
			if (!isBusy && (!fault.retryable || (++attempt > maxAttempts && machine.isOnline()))) {
				if (connection === 0) throw fault;
				yield await storedEnd(api, request.uploadId, fault, machine, signal);
				return;
			}
			const askedMs = 1000 * (fault.retryAfterS ?? (isBusy ? busyPauseS : 0));
			const pauseMs = Math.max(askedMs, growingPauseMs(Math.max(0, attempt - 1)));
			yield { type: 'reconnecting', code: fault.code, attempt, pauseMs };
			await pauseForNetwork(machine, pauseMs, signal);
		}
	}
}

/**
 * The events of one connection without those already seen; `seen` contains a hash of each and is updated. A replay contains neither pictures of faces
 * nor moments; a moment may be repeated without harm.
 */
async function* dropSeen(
	events: AsyncIterable<ServiceEvent>,
	seen: string[],
	isReplay: boolean,
): AsyncGenerator<FollowEvent, void> {
	let dropped: ServiceEvent[] | null = isReplay ? [] : null; // null = not a replay, or the replay is over
	let announced = !isReplay;
	for await (const event of events) {
		if (event.type === 'accepted' || event.type === 'queued') {
			if (event.type === 'queued' || !isReplay) yield event;
			continue;
		}
		if (!announced) yield { type: 'reconnected' };
		announced = true;
		if (event.type === 'moment') {
			yield event;
			continue;
		}
		const hash = hashText(JSON.stringify('cropJpegBase64' in event ? { ...event, cropJpegBase64: null } : event));
		if (dropped && seen[dropped.length] === hash) {
			dropped.push(event);
			continue;
		}
		if (dropped && dropped.length < seen.length && !isEnd(event)) {
			yield { type: 'restarted' };
			seen.length = dropped.length;
			yield* dropped;
		}
		dropped = null;
		seen.push(hash);
		yield event;
	}
}

async function storedEnd(
	api: Pick<Api, 'readAnalysis'>,
	id: string,
	fault: ProblemError,
	machine: Connection,
	signal: AbortSignal | undefined,
): Promise<ServiceEvent> {
	try {
		return { type: 'report', report: await waitForReport(api, id, machine, { signal }) };
	} catch (thrown) {
		if (isAbort(thrown)) throw thrown;
		const stored = toProblemError(thrown);
		throw stored.retryable || stored.code === 'report-not-found' ? fault : stored; // the analysis failed, or there is nothing new
	}
}

const isEnd = (event: FollowEvent) => event.type === 'report' || event.type === 'failed';
