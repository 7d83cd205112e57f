import { describe, expect, it } from 'vitest';
import { OpenCache } from '../../../function/model/open-cache.ts';

/** Values that note when they are opened and closed. */
function notingOpener() {
	const log: string[] = [];
	const open = (name: string) => async () => {
		log.push(`open ${name}`);
		return { name, close: async () => void log.push(`close ${name}`) };
	};
	return { log, open };
}

describe('a cache of what is open', () => {
	it('shares what is open and closes the least recently used beyond its capacity', async () => {
		const { log, open } = notingOpener();
		const cache = new OpenCache(2);
		const use = async (name: string) => (await cache.take(name, open(name))).release();
		for (const name of ['a', 'b', 'a', 'c', 'a', 'b']) await use(name);
		expect(log).toEqual(['open a', 'open b', 'open c', 'close b', 'open b', 'close c']);
		expect(cache.size).toBe(2);
	});

	it('never closes what somebody uses, but as soon as the last one gives it back', async () => {
		const { log, open } = notingOpener();
		const cache = new OpenCache(1);
		const [a, again, b] = await Promise.all(['a', 'a', 'b'].map((name) => cache.take(name, open(name))));
		expect([a?.value, log]).toEqual([again?.value, ['open a', 'open b']]);
		await a?.release();
		await a?.release(); // a second time counts for nothing
		await b?.release();
		expect(log.slice(2)).toEqual(['close b']);
		await again?.release();
		expect([log.slice(2), cache.size]).toEqual([['close b'], 1]);
	});

	it('forgets what could not be opened, so that it is tried again', async () => {
		const { log, open } = notingOpener();
		const cache = new OpenCache(1);
		const fail = async () => {
			throw new Error('no');
		};
		const both = await Promise.allSettled([cache.take('a', fail), cache.take('a', open('a'))]);
		expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
		expect(cache.size).toBe(0);
		await cache.take('a', open('a'));
		expect(log).toEqual(['open a']);
	});
});
