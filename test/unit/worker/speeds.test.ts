import { expect, test } from 'vitest';
import { Speeds } from '../../../function/worker/speeds.ts';
import { sampleReport } from '../sample-report.ts';

const report = await sampleReport({ people: [{ logits: [1, 2, 3] }] });
const took = (secondsAFrame: number, id = 'one') => ({
	timings: { totalS: 60 * secondsAFrame, firstFaceS: null },
	coverage: { ...report.coverage, framesSampled: 60 },
	classifier: { id, network: null, tier: null, hasHeatMap: true },
});

test('the median over all and for each model; null before the first', () => {
	const speeds = new Speeds();
	expect([speeds.median(), speeds.medianByModel()]).toEqual([null, {}]);
	for (const seconds of [1, 100, 2]) speeds.add(took(seconds));
	speeds.add({ ...took(3), classifier: null });
	speeds.add(took(50, 'two'));
	expect(speeds.median()).toBe(3);
	expect(speeds.medianByModel()).toEqual({ one: 2, two: 50 });
});

test('only the latest count', () => {
	const speeds = new Speeds();
	for (let k = 0; k < 20; k++) speeds.add(took(100, 'old'));
	for (let k = 0; k < 20; k++) speeds.add(took(1));
	expect([speeds.median(), speeds.medianByModel()]).toEqual([1, { one: 1 }]);
});
