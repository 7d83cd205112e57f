import { type Logger, pino } from 'pino';
import type { Config } from '../config.ts';
import type { Trace } from '../worker/trace.ts';

/** Destination of pino's lines. */
export type LogSink = { write(line: string): void };

/** Cloud Logging's severities for pino's levels (cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry#logseverity). */
const severities: Record<string, string> = {
	debug: 'DEBUG',
	info: 'INFO',
	warn: 'WARNING',
	error: 'ERROR',
};

/** Creates the log: JSON lines for Cloud Logging. Log lines never contain file names, tokens, signed addresses or query strings. */
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
 * The fields by which Cloud Logging links a line to its trace (cloud.google.com/logging/docs/structured-logging#special-payload-fields); without
 * a project, only the trace id.
 */
export function traceFields({ traceId, spanId, isSampled }: Trace, project: string | null): Record<string, unknown> {
	return {
		'logging.googleapis.com/trace': project === null ? traceId : `projects/${project}/traces/${traceId}`,
		'logging.googleapis.com/spanId': spanId,
		'logging.googleapis.com/trace_sampled': isSampled,
	};
}

/** An error's class, code and stack frames. Messages are left out, because they may contain file names. */
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
