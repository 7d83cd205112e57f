import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { AnalysisEvent } from '../contract/events.ts';
import type { AnalysesOptions } from '../worker/analyses.ts';
import type { Inference } from '../worker/inference.ts';
import { childSpan, type Trace } from '../worker/trace.ts';
import type { SpanSink } from './export-spans.ts';
import { traceFields } from './log.ts';
import type { Metrics } from './metrics.ts';

/** Where analyses are reported. */
type Observers = {
	readonly metrics: Metrics;
	readonly spans: SpanSink | null;
	readonly log: Logger;
	readonly config: Pick<Config, 'GOOGLE_CLOUD_PROJECT'>;
};

/** The `onStart` option for `createAnalyses` that measures and traces the waiting time. */
export function observeStart(metrics: Metrics, spans: SpanSink | null): NonNullable<AnalysesOptions['onStart']> {
	return (waitedMs, trace) => {
		metrics.seconds.observe({ stage: 'queue' }, waitedMs / 1000);
		const endMs = Date.now();
		if (trace) spans?.add(spanOf(childSpan(trace), 'queue', endMs - waitedMs, endMs));
	};
}

/** Wraps an inference so that each analysis is counted, traced and logged once, no matter how many clients follow it. */
export function observeInference(inference: Inference, { metrics, spans, log, config }: Observers): Inference {
	return {
		async *analyse(job, signal) {
			const run = startRun();
			try {
				for await (const event of inference.analyse(job, signal)) {
					count(metrics, run, event);
					yield event;
				}
			} finally {
				const end = endOf(run);
				if (run.last === null) metrics.failures.inc({ code: 'cancelled' });
				const trace = job.trace && childSpan(job.trace);
				const seconds = Math.round(Date.now() - run.startMs) / 1000;
				const fields = trace ? traceFields(trace, config.GOOGLE_CLOUD_PROJECT) : {};
				log.info({ ...end, seconds, faces: run.faces, ...fields }, 'analysis');
				if (trace && spans) addSpans(spans, trace, run);
			}
		},
		status: () => inference.status(),
		close: () => inference.close(),
	};
}

/** Stages by the event whose first occurrence marks their end. */
const stageOfEvent = { video: 'probe', face: 'first-face', report: 'report' } as const;
type StageName = (typeof stageOfEvent)[keyof typeof stageOfEvent];

/** The observed run of one analysis. */
type ObservedRun = {
	readonly startMs: number;
	/** End of each stage, milliseconds since 1970. */
	readonly ends: Map<StageName, number>;
	faces: number;
	last: Extract<AnalysisEvent, { type: 'report' | 'failed' }> | null;
};

const startRun = (): ObservedRun => ({ startMs: Date.now(), ends: new Map(), faces: 0, last: null });

function endOf({ last }: ObservedRun): { readonly outcome?: string; readonly code?: string } {
	if (last?.type === 'report') return { outcome: last.report.verdict.outcome };
	return { code: last?.error.code ?? 'cancelled' };
}

function count(metrics: Metrics, run: ObservedRun, event: AnalysisEvent): void {
	const stage = event.type in stageOfEvent ? stageOfEvent[event.type as keyof typeof stageOfEvent] : null;
	if (stage !== null && !run.ends.has(stage)) {
		run.ends.set(stage, Date.now());
		metrics.seconds.observe({ stage }, (Date.now() - run.startMs) / 1000);
	}
	if (event.type === 'face') {
		run.faces++;
		metrics.faces.inc();
	}
	if (event.type !== 'report' && event.type !== 'failed') return;
	run.last = event;
	if (event.type === 'failed') return void metrics.failures.inc({ code: event.error.code });
	const { verdict, coverage } = event.report;
	metrics.analyses.inc({ outcome: verdict.outcome });
	metrics.frames.inc(coverage.framesSampled);
	for (const reason of verdict.reasons) metrics.reasons.inc({ reason });
}

/** Adds a span for the analysis and, within it, one for each stage. */
function addSpans(spans: SpanSink, trace: Trace, run: ObservedRun): void {
	const end = endOf(run);
	const attributes = { ...(end.outcome && { 'unmask.outcome': end.outcome }), 'unmask.faces': run.faces };
	spans.add({ ...spanOf(trace, 'analysis', run.startMs, Date.now()), attributes, error: end.code ?? null });
	let fromMs = run.startMs;
	for (const [stage, endMs] of run.ends) {
		spans.add(spanOf(childSpan(trace), stage, fromMs, endMs));
		fromMs = endMs;
	}
}

const spanOf = (trace: Trace, name: string, startMs: number, endMs: number) => ({
	...{ trace, name, kind: 'internal' as const, startMs, endMs },
	...{ attributes: {}, error: null },
});
