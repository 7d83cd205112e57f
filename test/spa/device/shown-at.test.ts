import { expect, it } from 'vitest';
import { shownAt } from '../../../spa/device/open-file.ts';

/** Frames of a tenth of a second that record whether they were closed. */
async function* frames(count: number, made: { timestamp: number; isClosed: boolean; close(): void }[]) {
	for (let i = 0; i < count; i++) {
		const frame = {
			timestamp: i / 10,
			isClosed: false,
			close() {
				this.isClosed = true;
			},
		};
		made.push(frame);
		yield frame;
	}
}

async function take(count: number, wanted: readonly number[], most = Number.POSITIVE_INFINITY) {
	const made: Parameters<typeof frames>[1] = [];
	const taken: number[] = [];
	for await (const frame of shownAt(frames(count, made), wanted)) {
		taken.push(frame.timestamp);
		frame.close();
		if (taken.length === most) break;
	}
	return { taken, open: made.filter(({ isClosed }) => !isClosed).length, made: made.length };
}

it('yields the frame shown at each time, once, and closes all others', async () => {
	expect(await take(10, [0.05, 0.31, 0.35, 0.7])).toEqual({ taken: [0, 0.3, 0.7], open: 0, made: 9 });
});

it('yields the last frame for times after it, and the first for times before it', async () => {
	expect(await take(3, [-1, 5])).toEqual({ taken: [0, 0.2], open: 0, made: 3 });
	expect(await take(1, [0.5])).toEqual({ taken: [0], open: 0, made: 1 });
	expect((await take(0, [0.5])).taken).toEqual([]);
});

it('leaves nothing open if the caller stops early', async () => {
	expect((await take(10, [0.1, 0.5], 1)).open).toBe(0);
});
