import { expect, test } from 'vitest';
import { CoverWatch } from '../../function/vision/cover-watch.ts';

/** A watch whose crops contain their own readings, and a list of the crops that it has read. */
function watched() {
	const read: number[] = [];
	const watch = new CoverWatch(async (crops) =>
		crops.map(([covered = 0, drawn = 0]) => {
			read.push(covered);
			return { covered, drawn };
		}),
	);
	const at = async (timeS: number, ...people: [trackId: number, covered: number, drawn?: number][]) =>
		(
			await watch.of(
				timeS,
				people.map(([trackId]) => ({ trackId })),
				people.map(([, covered, drawn = 0]) => Float32Array.of(covered, drawn)),
			)
		).map(({ covered }) => covered);
	return { at, read };
}

test('a person is read when first seen and then once per second, as long as there is no doubt', async () => {
	const { at, read } = watched();
	for (let step = 0; step < 10; step++) await at(step / 5, [1, 0]);
	expect(read).toHaveLength(2);
	await at(2, [1, 0], [2, 0]);
	expect(read).toHaveLength(4);
});

test('a doubtful person is read in every frame', async () => {
	const { at, read } = watched();
	for (let step = 0; step < 10; step++) await at(step / 5, [1, 0.2]);
	expect(read).toHaveLength(10);
});

test('one wrong reading excludes nobody, neither at first nor later', async () => {
	const { at } = watched();
	expect(await at(0, [1, 0.75], [2, 0])).toEqual([0.75, 0]);
	expect(await at(1, [1, 0.0625], [2, 0])).toEqual([0.0625, 0]);
	for (const timeS of [2, 3, 4]) await at(timeS, [1, 0], [2, 0]);
	expect(await at(5, [1, 1], [2, 1])).toEqual([0, 0]);
	expect(await at(6, [1, 1], [2, 0])).toEqual([0, 0]);
});

test('a mask counts after three of five readings and survives one missed frame, but not its removal', async () => {
	const { at } = watched();
	for (const timeS of [0, 1, 2, 3, 4]) expect(await at(timeS, [1, 0])).toEqual([0]);
	for (const timeS of [5, 6]) expect(await at(timeS, [1, 1])).toEqual([0]);
	for (const timeS of [7, 8]) expect(await at(timeS, [1, 1])).toEqual([1]);
	expect(await at(9, [1, 0.25])).toEqual([1]);
	for (const timeS of [10, 11]) await at(timeS, [1, 0]);
	expect(await at(12, [1, 0])).toEqual([0]);
});

test('a person is read in every frame while a stored reading is in doubt', async () => {
	const { at, read } = watched();
	await at(0, [1, 1]);
	for (let step = 1; step < 20; step++) await at(step / 10, [1, 0]);
	expect(read).toHaveLength(1 + 5 + 1);
});

test('each face keeps its own readings', async () => {
	const { at } = watched();
	expect(await at(0, [7, 0.25], [3, 0.75])).toEqual([0.25, 0.75]);
	expect(await at(0.2, [3, 0.75], [9, 0], [7, 0.25])).toEqual([0.75, 0, 0.25]);
});

test('if most faces of a crowd are drawn, all are; not with few faces or too small a share of drawings', async () => {
	const drawnIn = async (...values: number[]) => {
		const watch = new CoverWatch(async (crops) => crops.map(([drawn = 0]) => ({ covered: 0, drawn })));
		const faces = values.map((_, trackId) => ({ trackId }));
		const found = await watch.of(
			0,
			faces,
			values.map((value) => Float32Array.of(value)),
		);
		return found.map(({ drawn }) => Math.round(100 * drawn) / 100);
	};
	expect(await drawnIn(0.9, 0.8, 0.9, 0.1, 0.9, 0.9)).toEqual([0.9, 0.9, 0.9, 0.9, 0.9, 0.9]);
	expect(await drawnIn(0.9, 0.9, 0.1)).toEqual([0.9, 0.9, 0.1]);
	expect(await drawnIn(0.9, 0.9, 0.9, 0.1, 0.1, 0.1)).toEqual([0.9, 0.9, 0.9, 0.1, 0.1, 0.1]);
});
