import type { ServiceEvent } from '../../function/contract/events.ts';
import type { AnalysisRequest } from '../../function/contract/plan.ts';
import type { Api } from './api.ts';
import { type ApiError, isAbort, toApiError } from './api-error.ts';
import { hashText } from './hash.ts';
import { growingPauseMs, pauseForNetwork, type Surroundings } from './surroundings.ts';

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

type Needs = Pick<Surroundings, 'isOnline' | 'onConnection' | 'pause'>;

/**
 * An analysis to its `report` or `failed`, over as many connections as it takes: after a cut the same request is sent again, the service
 * replays its events, and those that were told already are dropped. When that fails too the stored report is asked for. Rejects with
 * ApiError, or with an AbortError when `signal` aborts.
 */
export async function* followAnalysis(
	api: Pick<Api, 'analyse' | 'getReport'>,
	request: AnalysisRequest,
	around: Needs,
	signal?: AbortSignal,
): AsyncGenerator<FollowEvent, void> {
	const told: string[] = [];
	for (let [connection, attempt] = [0, 0]; ; connection++) {
		try {
			for await (const event of dropTold(api.analyse(request, signal), told, connection > 0)) {
				attempt = 0;
				yield event;
				if (isEnd(event)) return;
			}
			return; // analyse ends with an end event or throws
		} catch (thrown) {
			if (isAbort(thrown)) throw thrown;
			const fault = toApiError(thrown);
			const isBusy = busyCodes.has(fault.code);
			if (!isBusy && (!fault.retryable || (++attempt > maxAttempts && around.isOnline()))) {
				if (connection === 0) throw fault;
				yield await storedEnd(api, request.uploadId, fault, signal);
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
	api: Pick<Api, 'getReport'>,
	id: string,
	fault: ApiError,
	signal?: AbortSignal,
): Promise<ServiceEvent> {
	try {
		const stored = await api.getReport(id, signal);
		return stored.schema === 'unmask-failure/1'
			? { type: 'failed', fileName: stored.fileName, error: stored.error }
			: { type: 'report', report: stored };
	} catch (thrown) {
		throw isAbort(thrown) ? thrown : fault;
	}
}

const isEnd = (event: FollowEvent) => event.type === 'report' || event.type === 'failed';
