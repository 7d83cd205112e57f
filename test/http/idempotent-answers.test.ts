import { expect, test } from 'vitest';
import { createIdempotentAnswers } from '../../function/http/idempotent-answers.ts';

const counter = () => {
	let n = 0;
	return async () => ++n;
};

test('an answer that has expired is made anew, also for another request', async () => {
	let now = 0;
	const answers = createIdempotentAnswers<number>(
		9,
		() => 10,
		() => now,
	);
	const make = counter();
	expect(await answers.answer('me', 'key', 'a', make)).toBe(1);
	now = 9;
	expect(await answers.answer('me', 'key', 'a', make)).toBe(1);
	now = 10;
	expect(await answers.answer('me', 'key', 'b', make)).toBe(2);
});

test('the least recently asked for is forgotten first', async () => {
	const answers = createIdempotentAnswers<number>(2, () => Number.POSITIVE_INFINITY);
	const make = counter();
	const ask = (key: string) => answers.answer('me', key, 'a', make);
	expect([await ask('x'), await ask('y'), await ask('x'), await ask('z')]).toEqual([1, 2, 1, 3]);
	expect([await ask('x'), await ask('y')]).toEqual([1, 4]);
});

test('a failure is not kept', async () => {
	const answers = createIdempotentAnswers<number>(2, () => Number.POSITIVE_INFINITY);
	await expect(answers.answer('me', 'key', 'a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
	expect(await answers.answer('me', 'key', 'b', counter())).toBe(1);
});
