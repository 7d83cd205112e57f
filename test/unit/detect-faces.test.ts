import { describe, expect, it } from 'vitest';
import type { Face, Frame } from '../../function/values.ts';
import { detectFaces } from '../../function/vision/detect-faces.ts';

type Options = { side: 256 | 512; margin: number; minScore: number };

const face = (x: number, score = 0.9, width = 100): Face => ({ box: { x, y: 50, width, height: width }, score });

async function* clip(count: number, stepS: number): AsyncGenerator<Frame, void> {
	for (let index = 0; index < count; index++)
		yield { index, timeS: index * stepS, width: 640, height: 480, rgb: new Uint8Array(0) };
}

/** Runs the stage over a made-up clip; `see` plays the detector. */
async function detect(count: number, stepS: number, see: (frame: Frame, options: Options) => Face[]) {
	const looks: (Options & { index: number })[] = [];
	const frames = [];
	const look = async (frame: Frame, options: Options) => {
		looks.push({ index: frame.index, ...options });
		return see(frame, options).filter((found) => found.score >= options.minScore);
	};
	for await (const frame of detectFaces(clip(count, stepS), look)) frames.push(frame);
	return { frames, looks };
}

describe('detectFaces', () => {
	it('gives every frame once, in order, and runs on fewer of them than are sampled', async () => {
		const { frames, looks } = await detect(100, 0.1, () => [face(100)]);
		expect(frames.map((frame) => frame.frame.index)).toEqual(Array.from({ length: 100 }, (_, i) => i));
		expect(new Set(looks.map((look) => look.index)).size).toBeLessThan(40);
	});

	it('always looks at the first and the last frame, so that all between can be interpolated', async () => {
		const { frames } = await detect(23, 0.1, () => [face(100)]);
		expect(frames[0]?.faces).toHaveLength(1);
		expect(frames.at(-1)?.faces).toHaveLength(1);
	});

	it('looks at every frame where samples are far apart', async () => {
		const { frames } = await detect(10, 5, () => [face(100)]);
		expect(frames.every((frame) => frame.faces !== null)).toBe(true);
	});

	it('adds the small faces that only the close look finds, and keeps looking closely while there are any', async () => {
		const { frames, looks } = await detect(12, 1, (_, { side }) =>
			side === 512 ? [face(100), face(400, 0.9, 20)] : [face(103)],
		);
		expect(frames.every((frame) => frame.faces?.length === 2)).toBe(true);
		expect(looks.filter((look) => look.side === 512)).toHaveLength(12);
	});

	it('looks closely only now and then when that finds nothing more', async () => {
		const { looks } = await detect(24, 1, () => [face(100)]);
		expect(looks.filter((look) => look.side === 512).length).toBeLessThanOrEqual(3);
	});

	it('wants a good score of a new face and less of one that was there before', async () => {
		const { frames } = await detect(3, 1, ({ index }) =>
			index === 1 ? [face(102, 0.35), face(400, 0.35)] : [face(100)],
		);
		expect(frames[1]?.faces).toEqual([face(102, 0.35)]);
	});

	it('wants a doubtful new face seen by both looks', async () => {
		const seenBy = async (sides: number[]) => {
			const { frames } = await detect(2, 1, (_, { side, margin }) =>
				margin === 0 && sides.includes(side) ? [face(100, 0.65)] : [],
			);
			return frames[0]?.faces?.length;
		};
		expect(await seenBy([256, 512])).toBe(1);
		expect(await seenBy([256])).toBe(0);
		expect(await seenBy([512])).toBe(0);
	});

	it('tries a border for pictures that a face fills, and keeps to it once it helps', async () => {
		const { frames, looks } = await detect(6, 1, (_, { margin }) => (margin > 0 ? [face(10, 0.9, 400)] : []));
		expect(frames.every((frame) => frame.faces?.length === 1)).toBe(true);
		expect(looks.filter((look) => look.margin === 0)).toHaveLength(2);
	});

	it('does not pay for the border on each frame of a clip that has no face', async () => {
		const { looks } = await detect(40, 1, () => []);
		expect(looks.filter((look) => look.margin > 0).length).toBeLessThanOrEqual(5);
	});

	it('closes its source when the reader leaves', async () => {
		let closed = false;
		async function* watched() {
			try {
				yield* clip(10, 1);
			} finally {
				closed = true;
			}
		}
		for await (const _ of detectFaces(watched(), async () => [])) break;
		expect(closed).toBe(true);
	});
});
