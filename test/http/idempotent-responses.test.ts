import { expect, test } from 'vitest';
import { createIdempotentResponses } from '../../function/http/idempotent-responses.ts';

const counter = () => {
	let n = 0;
	return async () => ++n;
};

test('an expired response is replaced, also for another request', async () => {
	let now = 0;
	const responses = createIdempotentResponses<number>(
		9,
		() => 10,
		() => now,
	);
	const make = counter();
	expect(await responses.getOrCreate('me', 'key', 'a', make)).toBe(1);
	now = 9;
	expect(await responses.getOrCreate('me', 'key', 'a', make)).toBe(1);
	now = 10;
	expect(await responses.getOrCreate('me', 'key', 'b', make)).toBe(2);
});

test('the least recently used response is forgotten first', async () => {
	const responses = createIdempotentResponses<number>(2, () => Number.POSITIVE_INFINITY);
	const make = counter();
	const ask = (key: string) => responses.getOrCreate('me', key, 'a', make);
	expect([await ask('x'), await ask('y'), await ask('x'), await ask('z')]).toEqual([1, 2, 1, 3]);
	expect([await ask('x'), await ask('y')]).toEqual([1, 4]);
});

test('a failure is not kept', async () => {
	const responses = createIdempotentResponses<number>(2, () => Number.POSITIVE_INFINITY);
	await expect(responses.getOrCreate('me', 'key', 'a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
	expect(await responses.getOrCreate('me', 'key', 'b', counter())).toBe(1);
});
