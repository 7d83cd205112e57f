import type { AnalysisEvent } from '../../function/contract/events.ts';
import type { WirePlan } from '../../function/contract/plan.ts';
import type { Failure } from '../../function/contract/report.ts';

/** What the page asks of the worker: one file at a time. */
export type ToDevice = { readonly file: File; readonly plan: WirePlan; readonly modelsUrl: string };

/** What the worker tells: bytes of models that have come, and the events of the analysis. */
export type FromDevice =
	| { readonly type: 'loading'; readonly done: number; readonly total: number }
	| {
			readonly type: 'event';
			readonly event: AnalysisEvent | { readonly type: 'failed'; readonly fileName: string; readonly error: Failure };
	  };
