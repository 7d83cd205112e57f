import { expect } from 'vitest';
import type { Machine } from '../../function/client/machine.ts';

/** A machine with a stopped clock and a network that the test switches. Pauses are recorded and end at once, or never while offline. */
export function testMachine(parts: Partial<Machine> = {}) {
	const listeners = new Set<(online: boolean) => void>();
	const pauses: number[] = [];
	const network = { online: true };
	const machine: Machine = {
		isOnline: () => network.online,
		onConnection(listen) {
			listeners.add(listen);
			return () => void listeners.delete(listen);
		},
		now: () => Date.UTC(2026, 10, 24),
		async pause(ms, signal) {
			pauses.push(ms);
			signal?.throwIfAborted();
			await new Promise<void>((resolve) => {
				if (network.online) setImmediate(resolve);
				signal?.addEventListener('abort', () => resolve());
			});
			signal?.throwIfAborted();
		},
		...parts,
	};
	const setOnline = (online: boolean) => {
		network.online = online;
		for (const listen of [...listeners]) listen(online);
	};
	return { machine, pauses, setOnline, listeners };
}

/** A promise and the function that resolves it. */
export function gate() {
	let open = () => {};
	const opened = new Promise<void>((resolve) => {
		open = resolve;
	});
	return { opened, open };
}

/** Polls until an expectation holds, however slow the machine is. */
export const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 15_000 });
