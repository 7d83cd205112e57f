import type { AnalysisEvent } from '../contract/events.ts';
import type { Plan } from '../contract/plan.ts';
import type { Report } from '../contract/report.ts';

/** Analyses one file, by the plan that the analyser was opened with or by another one for the same model; hands on every event. `fileName` is what the report calls it, in place of the file's own name. Throws AnalysisError. */
export type AnalyseFile = (
	file: string,
	signal: AbortSignal,
	how?: { readonly plan?: Plan; readonly fileName?: string; readonly onEvent?: (event: AnalysisEvent) => void },
) => Promise<Report>;
