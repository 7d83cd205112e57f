import type { ServiceEvent } from '../contract/events.ts';
import type { AnalysisRequestInput } from '../contract/plan.ts';
import { hashText } from './hash.ts';
import { growingPauseMs, type Machine, pauseForNetwork } from './machine.ts';
import { isAbort, type ProblemError, toProblemError } from './problem-error.ts';
import type { Api } from './service-api.ts';
import { waitForReport } from './wait-for-report.ts';

/**
 * The service's events, and what happened to the connection: `reconnecting` before each pause, `reconnected` when events come again, and
 * `restarted` when they differ from those told before, so that what was built from them begins anew with the next one.
 */
export type FollowEvent =
	| ServiceEvent
	| { readonly type: 'reconnecting'; readonly code: string; readonly attempt: number; readonly pauseMs: number }
	| { readonly type: 'reconnected' }
	| { readonly type: 'restarted' };

/** Attempts in a row without an event (as long as there is a network), after which the stored report is asked for: about a minute of pauses. */
const maxAttempts = 8;

/** Seconds to wait for a place when the service does not say how long. */
const busyPauseS = 5;

/** Refusals that end when a place becomes free; they are waited for as long as the reader wants. */
const busyCodes = new Set(['queue-full', 'rate-limited', 'not-ready', 'shutting-down']);

type Needs = Pick<Machine, 'isOnline' | 'onConnection' | 'pause'>;

/**
 * An analysis to its `report` or `failed`, over as many connections as it takes: after a cut the same request is sent again, the service
 * replays its events, and those that were told already are dropped. When that fails too the stored report is asked for. Rejects with
 * ProblemError, or with an AbortError when `signal` aborts.
 */
export async function* followAnalysis(
	api: Pick<Api, 'stream' | 'readAnalysis'>,
	request: AnalysisRequestInput,
	around: Needs,
	signal?: AbortSignal,
): AsyncGenerator<FollowEvent, void> {
	const told: string[] = [];
	for (let [connection, attempt] = [0, 0]; ; connection++) {
		try {
			for await (const event of dropTold(api.stream(request, signal), told, connection > 0)) {
				attempt = 0;
				yield event;
				if (isEnd(event)) return;
			}
			return; // analyse ends with an end event or throws
		} catch (thrown) {
			if (isAbort(thrown)) throw thrown;
			const fault = toProblemError(thrown);
			const isBusy = busyCodes.has(fault.code);
			if (!isBusy && (!fault.retryable || (++attempt > maxAttempts && around.isOnline()))) {
				if (connection === 0) throw fault;
				yield await storedEnd(api, request.uploadId, fault, around, signal);
				return;
			}
			const askedMs = 1000 * (fault.retryAfterS ?? (isBusy ? busyPauseS : 0));
			const pauseMs = Math.max(askedMs, growingPauseMs(Math.max(0, attempt - 1)));
			yield { type: 'reconnecting', code: fault.code, attempt, pauseMs };
			await pauseForNetwork(around, pauseMs, signal);
		}
	}
}

/**
 * The events of one connection without those that earlier ones told; `told` holds a hash of each and is kept up to date. A replay has neither
 * the pictures of faces nor moments, which change nothing when they come twice.
 */
async function* dropTold(
	events: AsyncIterable<ServiceEvent>,
	told: string[],
	isAgain: boolean,
): AsyncGenerator<FollowEvent, void> {
	let dropped: ServiceEvent[] | null = isAgain ? [] : null; // null = no replay, or it is over
	let announced = !isAgain;
	for await (const event of events) {
		if (event.type === 'accepted' || event.type === 'queued') {
			if (event.type === 'queued' || !isAgain) yield event;
			continue;
		}
		if (!announced) yield { type: 'reconnected' };
		announced = true;
		if (event.type === 'moment') {
			yield event;
			continue;
		}
		const hash = hashText(JSON.stringify('cropJpegBase64' in event ? { ...event, cropJpegBase64: null } : event));
		if (dropped && told[dropped.length] === hash) {
			dropped.push(event);
			continue;
		}
		if (dropped && dropped.length < told.length && !isEnd(event)) {
			yield { type: 'restarted' };
			told.length = dropped.length;
			yield* dropped;
		}
		dropped = null;
		told.push(hash);
		yield event;
	}
}

async function storedEnd(
	api: Pick<Api, 'readAnalysis'>,
	id: string,
	fault: ProblemError,
	machine: Needs,
	signal: AbortSignal | undefined,
): Promise<ServiceEvent> {
	try {
		return { type: 'report', report: await waitForReport(api, id, machine, { signal }) };
	} catch (thrown) {
		if (isAbort(thrown)) throw thrown;
		const stored = toProblemError(thrown);
		throw stored.retryable || stored.code === 'report-not-found' ? fault : stored; // what it failed with, or nothing new
	}
}

const isEnd = (event: FollowEvent) => event.type === 'report' || event.type === 'failed';
