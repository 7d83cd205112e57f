import { describe, expect, it } from 'vitest';
import type { Face, Frame } from '../../function/values.ts';
import { type DetectionPass, detectFaces } from '../../function/vision/detect-faces.ts';

const face = (x: number, score = 0.9, width = 100): Face => ({ box: { x, y: 50, width, height: width }, score });

async function* clip(count: number, stepS: number): AsyncGenerator<Frame, void> {
	for (let index = 0; index < count; index++)
		yield { index, timeS: index * stepS, width: 640, height: 480, rgb: new Uint8Array(0) };
}

/** Runs the stage on an invented clip; `see` stands in for the detector. */
async function detect(count: number, stepS: number, see: (frame: Frame, by: 'detector' | number) => Face[]) {
	const passes: { index: number; by: 'detector' | number }[] = [];
	const frames = [];
	const pass = async (frame: Frame, options: DetectionPass) => {
		const by = 'finder' in options ? options.finder : 'detector';
		passes.push({ index: frame.index, by });
		return see(frame, by).filter((found) => found.score >= options.minScore);
	};
	for await (const frame of detectFaces(clip(count, stepS), pass)) frames.push(frame);
	return { frames, passes, ofFinder: passes.filter(({ by }) => by !== 'detector') };
}

describe('detectFaces', () => {
	it('yields every frame once, in order, and runs on fewer frames than are sampled', async () => {
		const { frames, passes } = await detect(100, 0.1, () => [face(100)]);
		expect(frames.map((frame) => frame.frame.index)).toEqual(Array.from({ length: 100 }, (_, i) => i));
		expect(new Set(passes.map(({ index }) => index)).size).toBeLessThan(40);
	});

	it('always runs on the first and the last frame, so that all others can be interpolated', async () => {
		const { frames } = await detect(23, 0.1, () => [face(100)]);
		expect(frames[0]?.faces).toHaveLength(1);
		expect(frames.at(-1)?.faces).toHaveLength(1);
	});

	it('runs on every frame if samples are far apart', async () => {
		const { frames } = await detect(10, 5, () => [face(100)]);
		expect(frames.every((frame) => frame.faces !== null)).toBe(true);
	});

	it('adds faces that only the finder sees, and keeps it running while there are any', async () => {
		const { frames, passes } = await detect(12, 1, (_, by) =>
			by === 640 ? [face(103), face(400, 0.9, 20)] : by === 'detector' ? [face(100)] : [],
		);
		expect(frames.every((frame) => frame.faces?.length === 2)).toBe(true);
		expect(passes.filter(({ by }) => by === 640)).toHaveLength(12);
	});

	it('searches for small faces at the size of the frame, at intervals and as long as there are any', async () => {
		const sides: number[] = [];
		const sees = (small: boolean) => async (_: Frame, pass: DetectionPass) => {
			if ('finder' in pass) sides.push(pass.finder);
			return 'finder' in pass ? (small ? [face(100, 0.9, 40)] : []) : [face(400)];
		};
		const large = (async function* () {
			for await (const frame of clip(3, 1)) yield { ...frame, width: 1920, height: 1080 };
		})();
		for await (const _ of detectFaces(large, sees(true)));
		expect(sides).toEqual([1280, 1280, 1280]);
	});

	it('checks a doubtful face again in its surroundings if the frame has any', async () => {
		const doubtful = face(300, 0.4, 50);
		const parts: [width: number, rgb: number | undefined][] = [];
		const found = async (again: number, width = 1920, height = 1080) => {
			const frame = { index: 0, timeS: 0, width, height, rgb: new Uint8Array(3 * width * height) };
			// the upper left pixel of the surroundings of 300 x 300 px: (300 + 25 - 150, 0)
			frame.rgb[3 * 175] = 99;
			const pass = async (of: Frame, options: DetectionPass) => {
				if (!('finder' in options)) return [];
				if (of === frame)
					return options.finder === 160 ? [] : [doubtful].filter((one) => one.score >= options.minScore);
				parts.push([of.width, of.rgb[0]]);
				return [{ ...face(125, again, 50) }].filter((one) => one.score >= options.minScore);
			};
			for await (const { faces } of detectFaces(
				(async function* () {
					yield frame;
				})(),
				pass,
			))
				return faces;
			return null;
		};
		expect(await found(0.9)).toMatchObject([doubtful]);
		expect(await found(0.7)).toMatchObject([]);
		expect(parts).toMatchObject([
			[300, 99],
			[300, 99],
		]);
		expect(await found(0.9, 256, 256)).toMatchObject([]);
		expect(parts).toHaveLength(2);
	});

	it('runs the finder only occasionally if it adds no faces', async () => {
		const { ofFinder } = await detect(24, 1, () => [face(100)]);
		expect(ofFinder.length).toBeLessThanOrEqual(3);
	});

	it('runs the finder on every frame of a clip in which the detector finds no face', async () => {
		const { frames } = await detect(6, 1, ({ index }, by) => (by === 640 && index >= 3 ? [face(100)] : []));
		expect(frames.map(({ faces }) => faces?.length)).toEqual([0, 0, 0, 1, 1, 1]);
	});

	it('runs the finder on every frame if frames are far apart', async () => {
		const { ofFinder } = await detect(10, 5, () => [face(100)]);
		expect(ofFinder).toHaveLength(10);
	});

	it('requires a higher score of a new face than of a known one', async () => {
		const { frames } = await detect(3, 1, ({ index }) =>
			index === 1 ? [face(102, 0.35), face(400, 0.35)] : [face(100)],
		);
		expect(frames[1]?.faces).toEqual([face(102, 0.35)]);
	});

	it('requires that both networks see a doubtful new face', async () => {
		const seenBy = async (networks: ('detector' | number)[]) => {
			const { frames } = await detect(2, 1, (_, by) => (by !== 160 && networks.includes(by) ? [face(100, 0.65)] : []));
			return frames[0]?.faces?.length;
		};
		expect(await seenBy(['detector', 640])).toBe(1);
		expect(await seenBy(['detector'])).toBe(0);
		expect(await seenBy([640])).toBe(0);
	});

	it('uses the higher score of the two networks, and keeps the score of the finder', async () => {
		const { frames } = await detect(2, 1, (_, by) => (by === 'detector' ? [face(100, 0.79)] : [face(100, 0.94)]));
		expect(frames[0]?.faces).toMatchObject([{ ...face(100, 0.94), finderScore: 0.94 }]);
	});

	it('finds a face that fills the picture with a pass for large faces', async () => {
		const { frames } = await detect(6, 1, (_, by) => (by === 160 ? [face(10, 0.9, 400)] : []));
		expect(frames.every((frame) => frame.faces?.length === 1)).toBe(true);
	});

	it('does not mistake part of a large face for a face', async () => {
		const { frames } = await detect(2, 1, (_, by) =>
			by === 640 ? [face(150, 0.95, 120)] : by === 'detector' ? [face(100, 0.95, 400)] : [],
		);
		expect(frames[0]?.faces).toMatchObject([face(100, 0.95, 400)]);
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
