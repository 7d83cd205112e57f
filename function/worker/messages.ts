import type { AnalysisEvent } from '../contract/events.ts';
import type { Plan, Tier } from '../contract/plan.ts';
import type { Ready } from '../contract/service.ts';
import type { ErrorCode } from '../errors.ts';
import type { Trace } from './trace.ts';

/** Messages between the service and the inference process. Each analysis has a number, so that they cannot be mixed up. */

/** A file to analyse. */
export type Job = {
	/** A local file. */
	readonly path: string;
	/** File name in the report. */
	readonly fileName: string;
	readonly plan: Plan;
	/** Trace of the first request for it. */
	readonly trace?: Trace | undefined;
};

/** The loaded models, and whether they work. */
export type LoadedModels = Pick<Ready, 'provider' | 'models' | 'selfTest'> & {
	/** Ids that a plan may name as its model; empty until they are known. */
	readonly classifiers: readonly string[];
	/** Tiers that a plan may name; empty until they are known. */
	readonly tiers: readonly Tier[];
};

/** Messages from the service to the process. */
export type ToChild =
	| { readonly kind: 'analyse'; readonly number: number; readonly job: Job }
	| { readonly kind: 'cancel'; readonly number: number }
	| { readonly kind: 'ping' };

/** Messages from the process to the service. */
export type FromChild =
	| ({ readonly kind: 'ready'; readonly residentBytes: number } & LoadedModels)
	/** It cannot start, and exits after this message. */
	| {
			readonly kind: 'unable';
			readonly code: ErrorCode;
			readonly detail: string;
			readonly selfTest: Ready['selfTest'];
	  }
	| { readonly kind: 'event'; readonly number: number; readonly event: AnalysisEvent }
	/** This analysis has stopped running. */
	| { readonly kind: 'ended'; readonly number: number; readonly residentBytes: number }
	| { readonly kind: 'pong'; readonly residentBytes: number }
	| { readonly kind: 'notice'; readonly text: string };
