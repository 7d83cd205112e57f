import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../function/config.ts';
import { type Classifier, listClassifiers, type ModelLists, readModelLists } from '../../function/model/classifiers.ts';
import { type ModelHost, startModelHost } from '../../function/model/model-host.ts';

/** Everything opened is closed again: evicted sessions, failed openings, threads. */

let lists: ModelLists;
let fast: Classifier;
let host: ModelHost;

beforeAll(async () => {
	lists = await readModelLists(join(packageRoot(), 'models'), join(tmpdir(), 'unmask-no-models'));
	fast = listClassifiers(lists).find(({ tier }) => tier === 'fast') as Classifier;
	host = startModelHost({ ...lists, provider: 'cpu', threads: 2, capacity: 2 });
});
afterAll(() => host.close());

const withId = (id: string, change: Partial<Classifier['spec']> = {}): Classifier => ({
	...fast,
	id,
	spec: { ...fast.spec, ...change },
});
setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');
/** Resident memory after garbage collection. */
const megabytes = () => {
	collect();
	return process.memoryUsage.rss() / 1e6;
};

describe('a host of models', () => {
	it('shares an open classifier and closes the least recently used one', async () => {
		const [a, again] = await Promise.all([host.open(withId('a')), host.open(withId('a'))]);
		expect(again?.classify).toBe(a?.classify);
		await a?.close();
		await again?.close();
		for (const id of ['b', 'c']) await (await host.open(withId(id))).close();
		const crops = [new Float32Array(3 * 224 * 224)];
		await expect(a?.classify(crops)).rejects.toMatchObject({ code: 'model-failed' });
		const anew = await host.open(withId('a'));
		await expect(anew.classify(crops)).resolves.toHaveLength(1);
		await anew.close();
	});

	it('leaks nothing from 100 classifiers that could not be opened', async () => {
		const unfit = withId('unfit', { output: { name: 'no such output', kind: 'logit', fake: 1 } });
		const damaged = { ...withId('damaged'), sha256: '0'.repeat(64) };
		const fail = async (times: number) => {
			for (let i = 0; i < times; i++) {
				await expect(host.open(unfit)).rejects.toMatchObject({ code: 'model-unfit' });
				if (i % 10 === 0) await expect(host.open(damaged)).rejects.toMatchObject({ code: 'model-damaged' });
			}
		};
		await fail(10);
		// a leak grows in every round, uncollected garbage does not
		const growth: number[] = [];
		while (growth.length < 4 && !growth.some((round) => round < 20)) {
			const before = megabytes();
			await fail(100);
			growth.push(megabytes() - before);
		}
		expect(Math.min(...growth)).toBeLessThan(20);
	}, 240_000);

	it('leaves no thread behind when closed, and opens nothing afterwards', async () => {
		const threads = async () => (await readdir('/proc/self/task').catch(() => [])).length;
		const before = await threads();
		const other = startModelHost({ ...lists, provider: 'cpu', threads: 2 });
		await other.open(fast);
		await other.close();
		expect(await threads()).toBeLessThanOrEqual(before);
		await expect(other.open(withId('later'))).rejects.toMatchObject({ code: 'model-failed' });
	});
});
