/** Runs work exclusively per name: aborts any work running under that name, waits for it to end, then starts. */
export type ExclusiveRunner = {
	<T>(name: string, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
	/** Aborts all work and resolves when it has ended. */
	stopAll(): Promise<void>;
};

type Running = { readonly abort: AbortController; readonly ended: Promise<void> };

export function createExclusiveRunner(): ExclusiveRunner {
	const running = new Map<string, Running>();

	async function run<T>(name: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
		for (let before = running.get(name); before; before = running.get(name)) await stop(before);
		const abort = new AbortController();
		const result = work(abort.signal).finally(() => running.delete(name));
		const ended = result.then(
			() => {},
			() => {},
		);
		running.set(name, { abort, ended });
		return result;
	}

	return Object.assign(run, {
		stopAll: async () => void (await Promise.all([...running.values()].map(stop))),
	});
}

async function stop(work: Running): Promise<void> {
	work.abort.abort();
	await work.ended;
}
