import { expect, it } from 'vitest';
import { Buffers } from '../../../spa/device/buffers.ts';

it('gives memory of the same size again, and no other', () => {
	const buffers = new Buffers();
	const [first, second] = [buffers.acquire(6), buffers.acquire(6)];
	expect(second.buffer).not.toBe(first.buffer);
	buffers.release(first);
	expect(buffers.acquire(4)).toHaveLength(4);
	expect(buffers.acquire(6)).toBe(first);
	expect(buffers.acquire(6)).not.toBe(first);
});
