import type { AnalysisEvent } from '../contract/events.ts';
import type { Plan } from '../contract/plan.ts';
import type { Report } from '../contract/report.ts';

/**
 * Analyses one file by the analyser's plan, or by another plan for the same model, and passes on every event. `fileName` replaces the file's own
 * name in the report. Throws AnalysisError.
 */
export type AnalyseFile = (
	file: string,
	signal: AbortSignal,
	how?: { readonly plan?: Plan; readonly fileName?: string; readonly onEvent?: (event: AnalysisEvent) => void },
) => Promise<Report>;
