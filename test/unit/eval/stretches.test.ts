import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { iouOf, measureStretches, type TimedItem } from '../../../function/eval/stretches.ts';

const span = (startS: number, endS: number) => ({ startS, endS });
const found = (startS: number, endS: number, logit = 3) => ({ startS, endS, logit });
const item = (truth: TimedItem['truth'], stretches: TimedItem['found'], wholeIsFound: boolean | null = null) => ({
	truth,
	found: stretches,
	wholeIsFound,
});

describe('measureStretches', () => {
	it('is null if no manipulated part is known', () => {
		expect(measureStretches([item([], [found(1, 2)])])).toBeNull();
	});

	it('counts exact matches', () => {
		const measures = measureStretches([item([span(55, 60)], [found(55, 60)]), item([], [])]);
		expect(measures).toMatchObject({ videos: 1, stretches: 1, meanIou: 1, byLengthWhereWholeIsFound: null });
		expect(measures?.averagePrecision).toEqual([
			{ iou: 0.5, value: 1 },
			{ iou: 0.75, value: 1 },
		]);
		expect(measures?.byLength).toMatchObject([{ uptoS: 5, found: { count: 1, n: 1 }, withinASecond: { count: 1 } }]);
	});

	it('a stretch found too long counts for one IoU and not for the other', () => {
		const measures = measureStretches([item([span(10, 15)], [found(8, 16)])]);
		expect(measures?.meanIou).toBeCloseTo(5 / 8);
		expect(measures?.averagePrecision.map(({ value }) => value)).toEqual([1, 0]);
		expect(measures?.byLength[0]).toMatchObject({ found: { count: 1 }, withinASecond: { count: 0 } });
	});

	it('a false stretch costs precision if it ranks above a hit, and nothing if it ranks below all hits', () => {
		const ap = (logit: number) => {
			const items = [item([span(0, 5)], [found(0, 5, 3)]), item([], [found(20, 30, logit)])];
			return measureStretches(items)?.averagePrecision[0]?.value;
		};
		expect(ap(5)).toBe(0.5);
		expect(ap(1)).toBe(1);
	});

	it('a found stretch matches one manipulated stretch; a second one over the same is false', () => {
		const measures = measureStretches([
			item([span(0, 10), span(20, 30)], [found(0, 10, 5), found(0, 9, 4), found(20, 30, 3)]),
		]);
		expect(measures?.averagePrecision[0]?.value).toBeCloseTo((1 + 2 / 3) / 2);
	});

	it('groups by length with tolerance for whole-frame cuts, and separates manipulations that are found as a whole', () => {
		const items = [0.98, 2.04, 5, 40].flatMap((length) => [
			item([span(1, 1 + length)], [found(1, 1 + length)], true),
			item([span(1, 1 + length)], [], false),
		]);
		const measures = measureStretches(items);
		expect(measures?.byLength.map(({ uptoS, found }) => [uptoS, found.count, found.n])).toEqual([
			[1, 1, 2],
			[2, 1, 2],
			[5, 1, 2],
			[null, 1, 2],
		]);
		expect(measures?.byLengthWhereWholeIsFound?.every(({ found }) => found.rate === 1)).toBe(true);
	});
});

it('the intersection over union of spans is that of the time they cover', () => {
	const spans = fc.array(
		fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 20 })).map(([startS, length]) => span(startS, startS + length)),
		{ maxLength: 6 },
	);
	const moments = (list: readonly { startS: number; endS: number }[]) =>
		new Set(list.flatMap(({ startS, endS }) => Array.from({ length: endS - startS }, (_, i) => startS + i)));
	fc.assert(
		fc.property(spans, spans, (a, b) => {
			const [inA, inB] = [moments(a), moments(b)];
			const both = [...inA].filter((moment) => inB.has(moment)).length;
			const either = new Set([...inA, ...inB]).size;
			expect(iouOf(a, b)).toBeCloseTo(either === 0 ? 1 : both / either);
		}),
		{ endOnFailure: true },
	);
});
