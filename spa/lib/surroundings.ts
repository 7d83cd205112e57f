import type { SendBytes } from './send-bytes.ts';

/** Where small things are kept: localStorage, sessionStorage, or a map in a test. `setItem` throws when there is no room. */
export type KeyValueStore = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** What the state classes need of the machine around them, so that tests can put their own in place. */
export type Surroundings = {
	readonly storage: KeyValueStore;
	/** Lasts as long as the tab: for the API key. */
	readonly tabStorage: KeyValueStore;
	readonly send: SendBytes;
	readonly isOnline: () => boolean;
	/** Calls `listen` whenever the network comes or goes, until the returned function is called. */
	readonly onConnection: (listen: (online: boolean) => void) => () => void;
	/** Milliseconds since 1970. */
	readonly now: () => number;
	/** Resolves after `ms`; rejects with an AbortError when `signal` aborts. */
	readonly pause: (ms: number, signal?: AbortSignal) => Promise<void>;
};

/** Resolves after `ms`; rejects with an AbortError when `signal` aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
	return new Promise((resolve, reject) => {
		if (signal?.aborted) return reject(abortError());
		const stop = () => {
			clearTimeout(timer);
			reject(abortError());
		};
		const timer = setTimeout(() => {
			signal?.removeEventListener('abort', stop);
			resolve();
		}, ms);
		signal?.addEventListener('abort', stop, { once: true });
	});
}

/** Without a network it is tried this often all the same, ms: a service on this very machine needs none. */
const offlinePauseMs = 10_000;

/** Resolves after `ms`, or as soon as the network comes back; rejects with an AbortError when `signal` aborts. */
export async function pauseForNetwork(
	{ isOnline, onConnection, pause }: Pick<Surroundings, 'isOnline' | 'onConnection' | 'pause'>,
	ms: number,
	signal?: AbortSignal,
): Promise<void> {
	signal?.throwIfAborted();
	const early = new AbortController();
	const end = () => early.abort();
	const leave = onConnection((online) => online && end());
	signal?.addEventListener('abort', end);
	try {
		await pause(isOnline() ? ms : Math.max(ms, offlinePauseMs), early.signal);
	} catch (thrown) {
		if (!early.signal.aborted) throw thrown;
	} finally {
		leave();
		signal?.removeEventListener('abort', end);
	}
	signal?.throwIfAborted();
}

/** Growing pauses in ms: half a second, doubled with each attempt (0, 1, ...), at most half a minute. */
export const growingPauseMs = (attempt: number) => Math.min(30_000, 500 * 2 ** attempt);

const abortError = () => new DOMException('stopped', 'AbortError');
