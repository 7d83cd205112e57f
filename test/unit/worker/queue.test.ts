import { expect, test } from 'vitest';
import { Queue } from '../../../function/worker/queue.ts';

/** A queue whose members end at the test's command. */
function setUp(slots: number, limit: number) {
	const moves: string[] = [];
	const ends = new Map<string, () => void>();
	const queue = new Queue<string>({
		slots,
		limit,
		run: (member) => new Promise((resolve) => ends.set(member, resolve)),
		onMove: (member, position) => moves.push(`${member}${position ?? ''}`),
	});
	const end = async (member: string) => {
		ends.get(member)?.();
		await queue.ended(member);
	};
	return { queue, moves, end };
}

test('runs as many members as there are slots, in order, and reports position changes', async () => {
	const { queue, moves, end } = setUp(2, 2);
	for (const member of ['a', 'b', 'c', 'd']) queue.add(member);
	expect([queue.running, queue.waiting]).toEqual([
		['a', 'b'],
		['c', 'd'],
	]);
	moves.length = 0;
	await end('b');
	expect(queue.running).toEqual(['a', 'c']);
	expect(moves).toEqual(['c', 'd1']);
});

test('is full when all slots and waiting places are taken', async () => {
	const { queue, end } = setUp(1, 1);
	queue.add('a');
	expect(queue.isFull).toBe(false);
	queue.add('b');
	expect(queue.isFull).toBe(true);
	await end('a');
	expect(queue.isFull).toBe(false);
});

test('removes only waiting members', async () => {
	const { queue, moves } = setUp(1, 3);
	for (const member of ['a', 'b', 'c']) queue.add(member);
	moves.length = 0;
	expect([queue.remove('a'), queue.remove('x'), queue.remove('b')]).toEqual([false, false, true]);
	expect([queue.running, queue.waiting, moves]).toEqual([['a'], ['c'], ['c1']]);
	await queue.ended('c'); // resolves at once, as it is not running
});
