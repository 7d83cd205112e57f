import { type Logger, pino } from 'pino';
import type { Config } from '../config.ts';
import type { Trace } from '../worker/trace.ts';

/** What pino writes its lines to. */
export type LogSink = { write(line: string): void };

/** pino's levels as Cloud Logging's severities (cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry#logseverity). */
const severities: Record<string, string> = {
	debug: 'DEBUG',
	info: 'INFO',
	warn: 'WARNING',
	error: 'ERROR',
};

/** The log: JSON lines that Cloud Logging understands. What is logged never holds names of files, tokens, signed addresses or query strings. */
export function createLog(level: Config['UNMASK_LOG'], sink: LogSink): Logger {
	return pino(
		{
			level,
			base: null,
			messageKey: 'message',
			timestamp: () => `,"time":"${new Date().toISOString()}"`,
			serializers: { err: faultText, id: (id: string) => id.slice(0, 8) },
			formatters: { level: (label) => ({ severity: severities[label] ?? 'DEFAULT' }) },
		},
		sink,
	);
}

/**
 * The fields by which Cloud Logging puts a line to its trace (cloud.google.com/logging/docs/structured-logging#special-payload-fields);
 * without a project, the trace's id alone.
 */
export function traceFields({ traceId, spanId, isSampled }: Trace, project: string | null): Record<string, unknown> {
	return {
		'logging.googleapis.com/trace': project === null ? traceId : `projects/${project}/traces/${traceId}`,
		'logging.googleapis.com/spanId': spanId,
		'logging.googleapis.com/trace_sampled': isSampled,
	};
}

/** Where an error arose: its class and frames. Messages stay out, they may name files. */
export function faultText(fault: unknown): string {
	if (!(fault instanceof Error)) return typeof fault;
	const frames = (fault.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
	const cause = fault.cause === undefined ? '' : ` < ${faultText(fault.cause)}`;
	const code = 'code' in fault ? ` ${String(fault.code)}` : '';
	return `${fault.name}${code}${frames
		.slice(0, 6)
		.map((line) => ` |${line.slice(6)}`)
		.join('')}${cause}`;
}
