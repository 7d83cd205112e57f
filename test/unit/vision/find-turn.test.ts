import { expect, it } from 'vitest';
import type { DetectedFrame, Frame } from '../../../function/values.ts';
import { TurnFinder, turnFrame } from '../../../function/vision/find-turn.ts';

/** 3 x 2 px, numbered row by row in the red channel. */
const frame = (index = 0): Frame => ({
	...{ index, timeS: index, width: 3, height: 2 },
	rgb: Uint8Array.from({ length: 18 }, (_, i) => (i % 3 === 0 ? i / 3 : 0)),
});
const reds = ({ rgb }: Frame) => [...rgb].filter((_, i) => i % 3 === 0);
const face = { box: { x: 0, y: 0, width: 1, height: 1 }, score: 0.9, finderScore: 0.9 };

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

it('finds the turn that shows a face if there was none', async () => {
	for (const turnDeg of [90, 180, 270] as const) {
		const wanted = reds(turnFrame(frame(), turnDeg)).join();
		expect(await turnOf(null, (turned) => reds(turned).join() === wanted)).toBe(turnDeg);
	}
	expect(await turnOf(null, () => false)).toBeNull();
});

it('does not turn if there was a face', async () => {
	expect(await turnOf(7, () => true)).toBeNull();
});

it('keeps no frames once it has looked for a turn', async () => {
	let detections = 0;
	const finder = new TurnFinder(async () => {
		detections++;
		return [];
	});
	for await (const _ of finder.watch(detected(null)));
	await finder.find();
	expect(detections).toBeGreaterThan(0);
	detections = 0;
	for await (const _ of finder.watch(detected(null)));
	await finder.find();
	expect(detections).toBe(0);
});

it('picks the clearest turn if faces are much clearer turned', async () => {
	const turnWith = async (unturned: number, scores: Record<number, number>) => {
		const finder = new TurnFinder(async (held, { minScore }) =>
			[0, 90, 180, 270]
				.filter((turnDeg) => reds(turnDeg ? turnFrame(frame(), turnDeg as 90) : frame()).join() === reds(held).join())
				.map((turnDeg) => ({ ...face, score: scores[turnDeg] ?? 0 }))
				.filter(({ score }) => score >= minScore),
		);
		for await (const _ of finder.watch(detected(0, { ...face, score: 0.96, finderScore: unturned })));
		return finder.find();
	};
	expect(await turnWith(0.6, { 90: 0.89, 270: 0.93 })).toBe(270);
	expect(await turnWith(0.6, { 90: 0.85 })).toBeNull();
	// a large sideways face: the detector scores it .84, the finder .80
	expect(await turnWith(0.84, { 0: 0.8, 90: 0.88, 270: 0.95 })).toBe(270);
	// a face that is doubtful in every orientation
	expect(await turnWith(0.84, { 0: 0.85, 180: 0.9 })).toBeNull();
	// a clearly upright face is not checked again
	expect(await turnWith(0.97, { 0: 0.8, 180: 0.95 })).toBeNull();
});
