import type { AnalysisEvent } from '../../function/contract/events.ts';
import type { WirePlan } from '../../function/contract/plan.ts';
import type { Failure } from '../../function/contract/report.ts';

/** A request from the page to the worker: one file at a time. */
export type ToDevice = { readonly file: File; readonly plan: WirePlan; readonly modelsUrl: string };

/** A message from the worker: bytes of the file read, bytes of models loaded, a small picture of a frame, or an event of the analysis. */
export type FromDevice =
	| { readonly type: 'reading'; readonly done: number; readonly total: number }
	| { readonly type: 'loading'; readonly done: number; readonly total: number }
	| { readonly type: 'picture'; readonly timeS: number; readonly jpegBase64: string }
	| {
			readonly type: 'event';
			readonly event: AnalysisEvent | { readonly type: 'failed'; readonly fileName: string; readonly error: Failure };
	  };
