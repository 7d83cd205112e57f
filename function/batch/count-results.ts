import type { Outcome } from '../contract/report.ts';
import type { BatchEntry } from './batch-document.ts';

/** How a run ended, as numbers of inputs. */
export type BatchCounts = {
	/** Analysed by this run including failures, and kept from an earlier run. */
	readonly analysed: number;
	readonly kept: number;
	readonly outcomes: Readonly<Record<Outcome, number>>;
	/** Inputs that could not be analysed, by error code, most frequent first. */
	readonly failures: Readonly<Record<string, number>>;
};

/** Counts results as they arrive. */
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
