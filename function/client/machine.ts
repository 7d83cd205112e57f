/** What the client needs of the machine around it, so that tests can put their own in place. */
export type Machine = {
	/** Whether there is a network at all, to tell `offline` from `service-unreachable`. */
	readonly isOnline: () => boolean;
	/** Calls `listen` whenever the network comes or goes, until the returned function is called. */
	readonly onConnection: (listen: (online: boolean) => void) => () => void;
	/** Milliseconds since 1970. */
	readonly now: () => number;
	/** Resolves after `ms`; rejects with an AbortError when `signal` aborts. */
	readonly pause: (ms: number, signal?: AbortSignal) => Promise<void>;
};

/** The machine that this runs on; Node does not tell when its network comes or goes, so there it counts as online. */
export const thisMachine: Machine = {
	isOnline: () => (globalThis as { navigator?: { onLine?: boolean } }).navigator?.onLine !== false,
	onConnection(listen) {
		const page = globalThis as Partial<EventTarget>;
		if (!page.addEventListener || !page.removeEventListener) return () => {};
		const change = () => listen(this.isOnline());
		const names = ['online', 'offline'];
		for (const name of names) page.addEventListener(name, change);
		return () => {
			for (const name of names) page.removeEventListener?.(name, change);
		};
	},
	now: () => Date.now(),
	pause,
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

/** Growing pauses in ms: half a second, doubled with each attempt (0, 1, ...), at most half a minute. */
export const growingPauseMs = (attempt: number) => Math.min(30_000, 500 * 2 ** attempt);

const abortError = () => new DOMException('stopped', 'AbortError');
