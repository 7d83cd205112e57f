import { expect, it } from 'vitest';
import { Offline, type OfflineCache } from '../../spa/lib/offline.svelte.ts';

/** An offline cache under the test's control. */
function fakeCache(parts: Partial<OfflineCache> = {}) {
	const callbacks = { newer: () => {} };
	const cache: OfflineCache = {
		async begin(onNewer) {
			callbacks.newer = onNewer;
		},
		keepAll: async (onBytes) => onBytes(1, 2),
		isKept: async () => false,
		...parts,
	};
	return { offline: new Offline(cache), callbacks };
}

it('offers to store the page, and says when it is stored', async () => {
	const { offline } = fakeCache();
	await offline.begin();
	expect(offline.state).toBe('asleep');
	const keeping = offline.keepAll();
	expect(offline).toMatchObject({ state: 'loading', loaded: { done: 1, total: 2 } });
	await keeping;
	expect(offline).toMatchObject({ state: 'ready', loaded: null });
});

it('is ready at once if everything is stored, and silent if nothing can be stored', async () => {
	const { offline } = fakeCache({ isKept: async () => true });
	await offline.begin();
	expect(offline.state).toBe('ready');
	const without = new Offline(null);
	await without.begin();
	await without.keepAll();
	expect(without.state).toBe('unable');
	const blocked = fakeCache({ begin: () => Promise.reject(new Error('blocked')) }).offline;
	await blocked.begin();
	expect(blocked.state).toBe('unable');
});

it('says so if there is no space, and tries again on request', async () => {
	let attempts = 0;
	const keepAll = async () => {
		if (++attempts === 1) throw new Error('no room');
	};
	const { offline } = fakeCache({ keepAll });
	await offline.begin();
	await offline.keepAll();
	expect(offline.state).toBe('failed');
	await offline.keepAll();
	expect(offline.state).toBe('ready');
});

it('announces a newer version of the page', async () => {
	const { offline, callbacks } = fakeCache();
	await offline.begin();
	expect(offline.isNewer).toBe(false);
	callbacks.newer();
	expect(offline.isNewer).toBe(true);
});
