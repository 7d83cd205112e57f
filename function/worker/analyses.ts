import type { AnalysisRequest, ServiceEvent } from '../contract.ts';

/** Numbers for the gauges and for GET /v1/service. */
export type AnalysesStatus = {
	readonly running: number;
	readonly waiting: number;
	readonly slots: number;
	readonly queue: number;
	/** Median wall seconds a sampled frame took in the last analyses; null before the first. */
	readonly secondsAFrame: number | null;
};

/**
 * The analyses of this instance: a bounded queue before the inference process, results written to the store, uploads deleted after it.
 * An analysis has the id of its upload. It is cancelled a short while after its last reader left, so that a reader whose connection broke
 * can come back: whoever asks for the same id and plan meanwhile gets every event so far and then those that follow.
 */
export type Analyses = {
	/**
	 * Begins or joins. The events begin with `accepted` and end with `report` or `failed`; a report that is stored already for this upload
	 * and plan is given at once. Throws before the first event what is refused at once: upload-not-found, upload-incomplete, queue-full,
	 * analysis-running (another plan), not-ready, shutting-down, model-unknown.
	 */
	start(request: AnalysisRequest): Promise<AsyncGenerator<ServiceEvent, void>>;
	/** Cancels at once, if it is running; resolves when it has ended. */
	cancel(id: string): Promise<void>;
	status(): AnalysesStatus;
	/** Takes nothing new, waits for what runs at most `graceMs`, then ends the rest with `failed`, code `shutting-down`. */
	drain(graceMs: number): Promise<void>;
};
