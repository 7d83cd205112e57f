import { basename } from 'node:path';
import type { AnalysisEvent } from '../contract/events.ts';
import type { Plan } from '../contract/plan.ts';
import type { Report } from '../contract/report.ts';
import { AnalysisError, toAnalysisError } from '../errors.ts';
import { analyse, type Stages } from '../pipeline.ts';

/** Options of a run besides its file and plan. */
export type RunHow = {
	readonly onEvent?: (event: AnalysisEvent) => void;
	/** The file name in the report; default: the file's own. */
	readonly fileName?: string;
	/** Signs the report before it is emitted. */
	readonly sign?: (report: Report) => Promise<Report>;
};

/** Analyses one file and emits every event including `failed`; returns the report or throws the AnalysisError. */
export async function runAnalysis(
	path: string,
	plan: Plan,
	stages: Stages,
	signal: AbortSignal,
	{ onEvent = () => {}, fileName = basename(path), sign = async (report) => report }: RunHow = {},
): Promise<Report> {
	try {
		for await (const event of analyse(path, fileName, plan, stages, signal)) {
			if (event.type !== 'report') {
				onEvent(event);
				continue;
			}
			const report = await sign(event.report);
			onEvent({ type: 'report', report });
			return report;
		}
		throw new AnalysisError('internal', 'judge', 'the analysis ended without a report');
	} catch (thrown) {
		const error = signal.aborted ? new AnalysisError('cancelled', 'score') : toAnalysisError(thrown, 'decode');
		onEvent({ type: 'failed', fileName, error: error.toFailure() });
		throw error;
	}
}
