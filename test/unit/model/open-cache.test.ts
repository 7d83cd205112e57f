import { describe, expect, it } from 'vitest';
import { OpenCache } from '../../../function/model/open-cache.ts';

/** Values that log when they are opened and closed. */
function loggingOpener() {
	const log: string[] = [];
	const open = (name: string) => async () => {
		log.push(`open ${name}`);
		return { name, close: async () => void log.push(`close ${name}`) };
	};
	return { log, open };
}

describe('a cache of open values', () => {
	it('shares open values and closes the least recently used beyond its capacity', async () => {
		const { log, open } = loggingOpener();
		const cache = new OpenCache(2);
		const use = async (name: string) => (await cache.acquire(name, open(name))).release();
		for (const name of ['a', 'b', 'a', 'c', 'a', 'b']) await use(name);
		expect(log).toEqual(['open a', 'open b', 'open c', 'close b', 'open b', 'close c']);
		expect(cache.size).toBe(2);
	});

	it('never closes a value in use, but closes it once its last user releases it', async () => {
		const { log, open } = loggingOpener();
		const cache = new OpenCache(1);
		const [a, again, b] = await Promise.all(['a', 'a', 'b'].map((name) => cache.acquire(name, open(name))));
		expect([a?.value, log]).toEqual([again?.value, ['open a', 'open b']]);
		await a?.release();
		await a?.release(); // a second release has no effect
		await b?.release();
		expect(log.slice(2)).toEqual(['close b']);
		await again?.release();
		expect([log.slice(2), cache.size]).toEqual([['close b'], 1]);
	});

	it('does not keep a value that failed to open, so that it is tried again', async () => {
		const { log, open } = loggingOpener();
		const cache = new OpenCache(1);
		const fail = async () => {
			throw new Error('no');
		};
		const both = await Promise.allSettled([cache.acquire('a', fail), cache.acquire('a', open('a'))]);
		expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
		expect(cache.size).toBe(0);
		await cache.acquire('a', open('a'));
		expect(log).toEqual(['open a']);
	});
});
