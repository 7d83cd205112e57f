import type { BatchDocument, BatchEntry, BatchSubject } from './batch-document.ts';
import type { BatchInput, Task } from './batch-input.ts';

/** Where the results of a task are kept, and found again by the next run. */
export type BatchResults = {
	/** The final result of an earlier run for the same file, models and plan; null = to be analysed. */
	find(subject: BatchSubject): Promise<BatchEntry | null>;
	/** Keeps a result; when this resolves, a run that is killed does not lose it any more. */
	keep(document: BatchDocument): Promise<void>;
	/** Makes the task's part complete: one line an input. Where part and reports are. */
	finish(inputs: readonly BatchInput[]): Promise<{ readonly part: string; readonly reports: string }>;
	close(): Promise<void>;
};

/** A task's file of lines: `part-00000-of-00001.jsonl`. */
export const partName = ({ index, count }: Task) =>
	`part-${String(index).padStart(5, '0')}-of-${String(count).padStart(5, '0')}.jsonl`;
