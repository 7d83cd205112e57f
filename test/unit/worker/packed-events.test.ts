import { expect, test } from 'vitest';
import { PackedEvents } from '../../../function/worker/packed-events.ts';

test.each([0, 1, 255, 256, 257, 1000])('returns all of %i events from any index on', (length) => {
	const events = new PackedEvents();
	for (let k = 0; k < length; k++) events.push(k % 5 === 0 ? null : { type: 'queued', position: k });
	expect(events.length).toBe(length);
	for (const from of [0, 1, 254, 255, 256, 999].filter((number) => number < length)) {
		const positions: number[] = [];
		for (let at = from; at < length; ) {
			const some = events.read(at);
			expect(some.length).toBeGreaterThan(0);
			for (const event of some) if (event?.type === 'queued') positions.push(event.position);
			at += some.length;
		}
		const expected = Array.from({ length: length - from }, (_, i) => from + i).filter((k) => k % 5 !== 0);
		expect(positions).toEqual(expected);
	}
	expect(events.read(length)).toEqual([]);
});
