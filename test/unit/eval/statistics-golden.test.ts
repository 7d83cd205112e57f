import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { aucInterval } from '../../../function/eval/bootstrap.ts';
import {
	auc,
	equalErrorRate,
	expectedCalibrationError,
	type RocPoint,
	rateOf,
	rocCurve,
} from '../../../function/eval/metrics.ts';
import { seededRandom } from '../../../function/statistics.ts';
import { reliabilityBins } from '../../../function/verdict/reliability.ts';

type Golden = {
	replicates: number;
	seed: number;
	uniform: number[];
	cases: {
		label: number[];
		score: number[];
		probability: number[];
		group: string[];
		expected: { auc: number; interval: [number, number] | null; equalErrorRate: number; calibrationError: number };
	}[];
	rates: { count: number; n: number; interval: [number, number] }[];
};

/** The training kit's results for the same items; its own tests read this file too. */
const golden: Golden = JSON.parse(readFileSync(new URL('../../goldens/statistics.json', import.meta.url), 'utf8'));

describe('the program and the training kit compute the same statistics', () => {
	test.each(golden.cases.map((one, i) => ({ ...one, i })))(
		'case $i',
		({ label, score, probability, group, expected }) => {
			const items = label.map((kind, i) => ({
				fake: kind === 1,
				score: score[i] as number,
				group: group[i] as string,
			}));
			const judged = label.map((kind, i) => ({ fake: kind === 1, probability: probability[i] as number }));
			const { replicates, seed } = golden;
			expect(auc(items)).toBeCloseTo(expected.auc, 12);
			expect(equalErrorRate(rocCurve(items) as RocPoint[])).toBeCloseTo(expected.equalErrorRate, 12);
			expect(expectedCalibrationError(reliabilityBins(judged))).toBeCloseTo(expected.calibrationError, 12);
			expectClose(aucInterval(items, { replicates, seed }).interval, expected.interval);
		},
	);

	test.each(golden.rates)('rate of $count in $n', ({ count, n, interval }) => {
		expectClose(rateOf(count, n).interval, interval);
	});

	test('random numbers', () => {
		const random = seededRandom(golden.seed);
		expect(golden.uniform.map(() => random())).toEqual(golden.uniform);
	});
});

function expectClose(given: readonly [number, number] | null, expected: readonly [number, number] | null) {
	expect(given === null).toBe(expected === null);
	for (const [i, value] of (expected ?? []).entries()) expect(given?.[i]).toBeCloseTo(value, 12);
}
