/** What the client needs from its environment; tests can replace it. */
export type Machine = {
	/** Whether there is a network, to distinguish `offline` from `service-unreachable`. */
	readonly isOnline: () => boolean;
	/** Calls `listen` whenever the network comes or goes; the returned function stops it. */
	readonly onConnection: (listen: (online: boolean) => void) => () => void;
	/** Milliseconds since 1970. */
	readonly now: () => number;
	/** Resolves after `ms`; rejects with an AbortError if `signal` aborts. */
	readonly pause: (ms: number, signal?: AbortSignal) => Promise<void>;
};

const isOnline = () => (globalThis as { navigator?: { onLine?: boolean } }).navigator?.onLine !== false;

/** This machine. Node does not report network changes, so there it always counts as online. */
export const thisMachine: Machine = {
	isOnline,
	onConnection(listen) {
		const page = globalThis as Partial<EventTarget>;
		if (!page.addEventListener || !page.removeEventListener) return () => {};
		const change = () => listen(isOnline());
		const names = ['online', 'offline'];
		for (const name of names) page.addEventListener(name, change);
		return () => {
			for (const name of names) page.removeEventListener?.(name, change);
		};
	},
	now: () => Date.now(),
	pause,
};

/** Resolves after `ms`; rejects with an AbortError if `signal` aborts. */
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

/** Minimum pause while offline, milliseconds. Attempts continue, because a service on the same machine needs no network. */
const offlinePauseMs = 10_000;

/** Resolves after `ms`, or as soon as the network comes back; rejects with an AbortError if `signal` aborts. */
export async function pauseForNetwork(
	{ isOnline, onConnection, pause }: Pick<Machine, 'isOnline' | 'onConnection' | 'pause'>,
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

/** Exponential backoff, milliseconds: half a second, doubled with each attempt (0, 1, ...), at most half a minute. */
export const growingPauseMs = (attempt: number) => Math.min(30_000, 500 * 2 ** attempt);

const abortError = () => new DOMException('stopped', 'AbortError');
