import type { BatchDocument, BatchEntry, BatchSubject } from './batch-document.ts';
import type { BatchInput, Task } from './batch-input.ts';

/** Where a task stores its results, and where the next run finds them. */
export type BatchResults = {
	/** The final result of an earlier run for the same file, models and plan; null = still to be analysed. */
	find(subject: BatchSubject): Promise<BatchEntry | null>;
	/** Stores a result; once this resolves, killing the run no longer loses it. */
	keep(document: BatchDocument): Promise<void>;
	/** Completes the task's part file with one line per input. Returns the locations of the part file and the reports. */
	finish(inputs: readonly BatchInput[]): Promise<{ readonly part: string; readonly reports: string }>;
	close(): Promise<void>;
};

/** Name of a task's part file: `part-00000-of-00001.jsonl`. */
export const partName = ({ index, count }: Task) =>
	`part-${String(index).padStart(5, '0')}-of-${String(count).padStart(5, '0')}.jsonl`;
