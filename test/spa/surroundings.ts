import { expect } from 'vitest';
import type { KeyValueStore, Surroundings } from '../../spa/lib/surroundings.ts';

/** A browser's storage in memory; `roomChars` = how much fits, as a quota. */
export function memoryStore(
	roomChars = Number.POSITIVE_INFINITY,
): KeyValueStore & { readonly values: Map<string, string> } {
	const values = new Map<string, string>();
	return {
		values,
		getItem: (key) => values.get(key) ?? null,
		setItem(key, value) {
			const others = [...values].reduce((sum, [name, text]) => sum + (name === key ? 0 : text.length), 0);
			if (others + value.length > roomChars) throw new DOMException('full', 'QuotaExceededError');
			values.set(key, value);
		},
		removeItem: (key) => void values.delete(key),
	};
}

/** A machine whose clock stands, whose pauses are written down and over at once, without a network never, and whose network the test switches. */
export function testSurroundings(parts: Partial<Surroundings> = {}) {
	const listeners = new Set<(online: boolean) => void>();
	const pauses: number[] = [];
	const network = { online: true };
	const around: Surroundings = {
		storage: memoryStore(),
		tabStorage: memoryStore(),
		send: () => Promise.reject(new Error('nothing is sent in this test')),
		isOnline: () => network.online,
		onConnection(listen) {
			listeners.add(listen);
			return () => void listeners.delete(listen);
		},
		now: () => Date.UTC(2026, 10, 24),
		async pause(ms, signal) {
			pauses.push(ms);
			signal?.throwIfAborted();
			await new Promise((resolve) => {
				if (network.online) setImmediate(resolve);
				signal?.addEventListener('abort', resolve);
			});
			signal?.throwIfAborted();
		},
		...parts,
	};
	const setOnline = (online: boolean) => {
		network.online = online;
		for (const listen of [...listeners]) listen(online);
	};
	return { around, pauses, setOnline, listeners };
}

/** A promise and what settles it. */
export function gate() {
	let open = () => {};
	const opened = new Promise<void>((resolve) => {
		open = resolve;
	});
	return { opened, open };
}

/** What will be so soon, however slow the machine is. */
export const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 15_000 });
