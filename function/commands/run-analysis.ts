import { basename } from 'node:path';
import type { AnalysisEvent } from '../contract/events.ts';
import type { Plan } from '../contract/plan.ts';
import type { Report } from '../contract/report.ts';
import { AnalysisError, toAnalysisError } from '../errors.ts';
import { analyse, type Stages } from '../pipeline.ts';

/** Analyses one file and hands on every event, `failed` included; gives the report or throws the AnalysisError it failed with. */
export async function runAnalysis(
	path: string,
	plan: Plan,
	stages: Stages,
	signal: AbortSignal,
	onEvent: (event: AnalysisEvent) => void = () => {},
	fileName = basename(path),
): Promise<Report> {
	try {
		for await (const event of analyse(path, fileName, plan, stages, signal)) {
			onEvent(event);
			if (event.type === 'report') return event.report;
		}
		throw new AnalysisError('internal', 'judge', 'the analysis ended without a report');
	} catch (thrown) {
		const error = signal.aborted ? new AnalysisError('cancelled', 'score') : toAnalysisError(thrown, 'decode');
		onEvent({ type: 'failed', fileName, error: error.toFailure() });
		throw error;
	}
}
