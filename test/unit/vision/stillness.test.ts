import { expect, it } from 'vitest';
import { seededRandom } from '../../../function/statistics.ts';
import type { Frame } from '../../../function/values.ts';
import { Stillness } from '../../../function/vision/stillness.ts';

const side = 64;

/** The same picture with `noise` levels of noise, and a part that moves. */
function frames(count: number, { noise = 0, moves = 0 }): Frame[] {
	const random = seededRandom(1);
	return Array.from({ length: count }, (_, index) => ({
		...{ index, timeS: index, width: side, height: side },
		rgb: Uint8Array.from({ length: 3 * side * side }, (_, i) => {
			const x = Math.floor(i / 3) % side;
			const isMouth = x > 28 && x < 36 && Math.floor(i / 3 / side) === 40;
			return 100 + ((x * 3) % 60) + noise * (random() - 0.5) + (isMouth ? moves * (index % 2) : 0);
		}),
	}));
}
async function isStill(shown: readonly Frame[]) {
	const stillness = new Stillness();
	async function* source() {
		yield* shown;
	}
	for await (const _ of stillness.watch(source()));
	return stillness.isStill;
}

it('a repeated picture is still, even with codec noise', async () => {
	expect(await isStill(frames(10, {}))).toBe(true);
	expect(await isStill(frames(10, { noise: 8 }))).toBe(true);
});

it('a moving mouth is not still', async () => expect(await isStill(frames(10, { moves: 60 }))).toBe(false));

it('a few frames are not enough', async () => expect(await isStill(frames(3, {}))).toBe(false));
