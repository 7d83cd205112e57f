import type { AnalysisEvent, Plan, Ready } from '../contract.ts';

/** One file to be analysed. */
export type Job = {
	/** A local file. */
	readonly path: string;
	/** What the report calls it. */
	readonly fileName: string;
	readonly plan: Plan;
};

/** How the process that runs the models is. */
export type InferenceStatus = Pick<Ready, 'provider' | 'models' | 'selfTest' | 'problem'> & {
	readonly state: 'starting' | 'ready' | 'failed' | 'stopping';
	/** How often it was started anew, because it died or because its memory had grown. */
	readonly restarts: { readonly died: number; readonly recycled: number };
	/** Resident memory of the process, bytes; null while there is none. */
	readonly residentBytes: number | null;
};

/** Analyses in a process of their own, which loads each model once, can be killed, and is started again when it dies. */
export type Inference = {
	/**
	 * Every event of the pipeline; ends with `report` or `failed`, whatever happens to the process, and never throws.
	 * Aborting the signal, or leaving the loop, cancels the work. Waits while the process is starting.
	 */
	analyse(job: Job, signal: AbortSignal): AsyncGenerator<AnalysisEvent, void>;
	status(): InferenceStatus;
	/** Ends the process; what still runs ends with `failed`, code `shutting-down`. */
	close(): Promise<void>;
};
