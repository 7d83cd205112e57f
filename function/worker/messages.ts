import type { AnalysisEvent } from '../contract/events.ts';
import type { Plan, Tier } from '../contract/plan.ts';
import type { Ready } from '../contract/service.ts';
import type { ErrorCode } from '../errors.ts';
import type { Trace } from './trace.ts';

/** What passes between the service and the process that runs the models; each analysis has a number, so that two never mix. */

/** One file to be analysed. */
export type Job = {
	/** A local file. */
	readonly path: string;
	/** What the report calls it. */
	readonly fileName: string;
	readonly plan: Plan;
	/** The request that asked for it first. */
	readonly trace?: Trace | undefined;
};

/** What was loaded and whether it works. */
export type LoadedModels = Pick<Ready, 'provider' | 'models' | 'selfTest'> & {
	/** Ids that a plan may name as its model; empty until they are known. */
	readonly classifiers: readonly string[];
	/** Tiers that a plan may name; empty until they are known. */
	readonly tiers: readonly Tier[];
};

/** What the service tells the process. */
export type ToChild =
	| { readonly kind: 'analyse'; readonly number: number; readonly job: Job }
	| { readonly kind: 'cancel'; readonly number: number }
	| { readonly kind: 'ping' };

/** What the process tells the service. */
export type FromChild =
	| ({ readonly kind: 'ready'; readonly residentBytes: number } & LoadedModels)
	/** It cannot start; it ends after this. */
	| {
			readonly kind: 'unable';
			readonly code: ErrorCode;
			readonly detail: string;
			readonly selfTest: Ready['selfTest'];
	  }
	| { readonly kind: 'event'; readonly number: number; readonly event: AnalysisEvent }
	/** Nothing of this analysis runs any more. */
	| { readonly kind: 'ended'; readonly number: number; readonly residentBytes: number }
	| { readonly kind: 'pong'; readonly residentBytes: number }
	| { readonly kind: 'notice'; readonly text: string };
