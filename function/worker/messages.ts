import type { AnalysisEvent } from '../contract.ts';
import type { ErrorCode } from '../errors.ts';
import type { InferenceStatus, Job } from './inference.ts';

/** What passes between the service and the process that runs the models; each analysis has a number, so that two never mix. */

export type ToChild =
	| { readonly kind: 'analyse'; readonly number: number; readonly job: Job }
	| { readonly kind: 'cancel'; readonly number: number }
	| { readonly kind: 'ping' };

export type FromChild =
	| ({ readonly kind: 'ready'; readonly residentBytes: number } & LoadedModels)
	/** It cannot start; it ends after this. */
	| {
			readonly kind: 'unable';
			readonly code: ErrorCode;
			readonly detail: string;
			readonly selfTest: InferenceStatus['selfTest'];
	  }
	| { readonly kind: 'event'; readonly number: number; readonly event: AnalysisEvent }
	/** Nothing of this analysis runs any more. */
	| { readonly kind: 'ended'; readonly number: number; readonly residentBytes: number }
	| { readonly kind: 'pong'; readonly residentBytes: number }
	| { readonly kind: 'notice'; readonly text: string };

/** What was loaded and whether it works. */
export type LoadedModels = Pick<InferenceStatus, 'provider' | 'models' | 'classifiers' | 'selfTest'>;
