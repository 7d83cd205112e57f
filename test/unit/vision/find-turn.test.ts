import { expect, it } from 'vitest';
import type { DetectedFrame, Frame } from '../../../function/values.ts';
import { TurnFinder, turnFrame } from '../../../function/vision/find-turn.ts';

/** 3 x 2 px, numbered row by row in their red. */
const frame = (index = 0): Frame => ({
	...{ index, timeS: index, width: 3, height: 2 },
	rgb: Uint8Array.from({ length: 18 }, (_, i) => (i % 3 === 0 ? i / 3 : 0)),
});
const reds = ({ rgb }: Frame) => [...rgb].filter((_, i) => i % 3 === 0);
const face = { box: { x: 0, y: 0, width: 1, height: 1 }, score: 0.9 };

async function* detected(facesAt: number | null, found = face): AsyncGenerator<DetectedFrame, void> {
	for (let index = 0; index < 40; index++) yield { frame: frame(index), faces: index === facesAt ? [found] : [] };
}
async function turnOf(facesAt: number | null, isFace: (frame: Frame) => boolean) {
	const finder = new TurnFinder(async (turned) => (isFace(turned) ? [face] : []));
	for await (const _ of finder.watch(detected(facesAt)));
	return finder.find();
}

it('turns clockwise', () => {
	expect(reds(turnFrame(frame(), 90))).toEqual([3, 0, 4, 1, 5, 2]);
	expect(reds(turnFrame(frame(), 180))).toEqual([5, 4, 3, 2, 1, 0]);
	expect(reds(turnFrame(frame(), 270))).toEqual([2, 5, 1, 4, 0, 3]);
});

it('finds the turn that shows a face, where there was none', async () => {
	for (const turnDeg of [90, 180, 270] as const) {
		const wanted = reds(turnFrame(frame(), turnDeg)).join();
		expect(await turnOf(null, (turned) => reds(turned).join() === wanted)).toBe(turnDeg);
	}
	expect(await turnOf(null, () => false)).toBeNull();
});

it('does not turn where there was a face', async () => {
	expect(await turnOf(7, () => true)).toBeNull();
});

it('turns where the faces were doubtful and are much clearer turned, the clearest way', async () => {
	const turnWith = async (scores: Record<number, number>) => {
		const finder = new TurnFinder(async (turned, { minScore }) =>
			[90, 180, 270]
				.filter((turnDeg) => reds(turnFrame(frame(), turnDeg as 90)).join() === reds(turned).join())
				.map((turnDeg) => ({ ...face, score: scores[turnDeg] ?? 0 }))
				.filter(({ score }) => score >= minScore),
		);
		for await (const _ of finder.watch(detected(0, { ...face, score: 0.6 })));
		return finder.find();
	};
	expect(await turnWith({ 90: 0.89, 270: 0.93 })).toBe(270);
	expect(await turnWith({ 90: 0.85 })).toBeNull();
});
