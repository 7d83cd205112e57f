import type { Outcome } from '../contract/report.ts';
import type { BatchEntry } from './batch-document.ts';

/** How a run ended, in numbers of inputs. */
export type BatchCounts = {
	/** Analysed by this run, failures among them, and by an earlier one. */
	readonly analysed: number;
	readonly kept: number;
	readonly outcomes: Readonly<Record<Outcome, number>>;
	/** What could not be analysed, by code of the table of errors, the most frequent first. */
	readonly failures: Readonly<Record<string, number>>;
};

/** Counts results as they come. */
export function createBatchCounter() {
	const outcomes = { 'likely-fake': 0, 'likely-real': 0, uncertain: 0, 'not-applicable': 0 };
	const failures = new Map<string, number>();
	const counts = { analysed: 0, kept: 0 };
	return {
		add({ report, error }: BatchEntry, isKept: boolean) {
			counts[isKept ? 'kept' : 'analysed']++;
			if (report) outcomes[report.verdict.outcome]++;
			if (error) failures.set(error.code, (failures.get(error.code) ?? 0) + 1);
		},
		counts: (): BatchCounts => ({
			...counts,
			outcomes,
			failures: Object.fromEntries([...failures].sort(([, a], [, b]) => b - a)),
		}),
	};
}
