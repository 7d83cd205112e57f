import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batch, prefetch } from '../../function/flow.ts';

async function* from<T>(items: readonly T[], log: string[] = []): AsyncGenerator<T, void> {
	try {
		for (const item of items) {
			log.push(`made ${item}`);
			yield item;
		}
	} finally {
		log.push('closed');
	}
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
	const found: T[] = [];
	for await (const item of items) found.push(item);
	return found;
}

describe('batch', () => {
	it('keeps order and loses nothing, whatever the sizes', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(fc.integer()), fc.integer({ min: 1, max: 9 }), async (items, size) => {
				const groups = await all(batch(from(items), size));
				expect(groups.flat()).toEqual(items);
				for (const group of groups.slice(0, -1)) expect(group).toHaveLength(size);
			}),
		);
	});

	it('gives the first items sooner', async () => {
		expect(await all(batch(from([1, 2, 3, 4, 5, 6]), 2, 1))).toEqual([[1], [2, 3], [4, 5], [6]]);
	});
});

describe('prefetch', () => {
	it('keeps order and loses nothing', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(fc.integer()), fc.integer({ min: 1, max: 9 }), async (items, ahead) => {
				expect(await all(prefetch(from(items), ahead))).toEqual(items);
			}),
		);
	});

	it('never reads further ahead than requested', async () => {
		const log: string[] = [];
		const items = prefetch(from([1, 2, 3, 4, 5, 6], log), 2);
		await items.next();
		await new Promise((resolve) => setTimeout(resolve, 5));
		expect(log).toEqual(['made 1', 'made 2', 'made 3']);
		await items.return();
	});

	it('closes the source when the reader leaves early', async () => {
		const log: string[] = [];
		for await (const item of prefetch(from([1, 2, 3, 4, 5], log), 2)) if (item === 2) break;
		expect(log.at(-1)).toBe('closed');
	});

	it('yields the items before an error, then throws it', async () => {
		async function* failing() {
			yield 1;
			throw new Error('broken');
		}
		const found: number[] = [];
		await expect(async () => {
			for await (const item of prefetch(failing(), 3)) found.push(item);
		}).rejects.toThrow('broken');
		expect(found).toEqual([1]);
	});
});
