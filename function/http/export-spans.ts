import { setTimeout as wait } from 'node:timers/promises';
import type { Config } from '../config.ts';
import type { Trace } from '../worker/trace.ts';

/** A finished span; times in milliseconds since 1970. */
export type Span = {
	readonly trace: Trace;
	readonly name: string;
	readonly kind: 'server' | 'internal';
	readonly startMs: number;
	readonly endMs: number;
	readonly attributes: Readonly<Record<string, string | number>>;
	/** Error code; null = no error. */
	readonly error: string | null;
};

/** Exports spans. */
export type SpanSink = {
	/** Returns at once; a span that cannot be exported is dropped. */
	add(span: Span): void;
	/** Resolves when the pending spans have been exported or dropped, after one second at the latest. */
	close(): Promise<void>;
};

/** Maximum number of pending spans; if the collector is too slow, the rest is dropped. */
const maxPending = 2048;
const flushIntervalMs = 5000;
const responseTimeoutMs = 10_000;
/** Time limit of the last export: a stopping service has ten seconds for everything. */
const closeTimeoutMs = 1000;

/**
 * Exports spans to an OpenTelemetry collector as OTLP over HTTP in JSON (opentelemetry.io/docs/specs/otlp, 1.x, stable), to
 * `OTEL_EXPORTER_OTLP_ENDPOINT`/v1/traces. Calls `onUnavailable` once per series of failures.
 */
export function createSpanSink(
	config: Pick<Config, 'OTEL_EXPORTER_OTLP_ENDPOINT' | 'OTEL_EXPORTER_OTLP_HEADERS' | 'OTEL_SERVICE_NAME'>,
	version: string,
	onUnavailable: (what: string) => void,
): SpanSink {
	const url = `${config.OTEL_EXPORTER_OTLP_ENDPOINT?.replace(/\/$/, '')}/v1/traces`;
	const headers = { 'content-type': 'application/json', ...headersFromText(config.OTEL_EXPORTER_OTLP_HEADERS ?? '') };
	let pending: Span[] = [];
	let isUnavailable = false;
	let sending = Promise.resolve();
	const timer = setInterval(flush, flushIntervalMs).unref();

	function flush(): Promise<void> {
		sending = sending.then(send);
		return sending;
	}

	async function send(): Promise<void> {
		if (pending.length === 0) return;
		const spans = pending;
		pending = [];
		const body = JSON.stringify(otlpFromSpans(spans, config.OTEL_SERVICE_NAME, version));
		const fault = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(responseTimeoutMs) })
			.then(async (response) => {
				await response.body?.cancel();
				return response.ok ? null : `status ${response.status}`;
			})
			.catch((error: unknown) => (error as Error).name);
		if (fault !== null && !isUnavailable) onUnavailable(fault);
		isUnavailable = fault !== null;
	}

	return {
		add(span) {
			if (span.trace.isSampled && pending.length < maxPending) pending.push(span);
		},
		async close() {
			clearInterval(timer);
			await Promise.race([flush(), wait(closeTimeoutMs, undefined, { ref: false })]);
		},
	};
}

/** Parses `key=value,key=value` with percent-encoded values (the specification of OTEL_EXPORTER_OTLP_HEADERS). */
function headersFromText(text: string): Record<string, string> {
	const pairs = text.split(',').flatMap((pair) => {
		const at = pair.indexOf('=');
		return at > 0 ? [[pair.slice(0, at).trim().toLowerCase(), decoded(pair.slice(at + 1).trim())]] : [];
	});
	return Object.fromEntries(pairs);
}

/** Takes a value with a bare percent sign literally. */
function decoded(value: string): string {
	try {
		return decodeURIComponent(value);
	} catch {
		return value;
	}
}

function otlpFromSpans(spans: readonly Span[], service: string, version: string): object {
	const resource = { attributes: attributesOf({ 'service.name': service, 'service.version': version }) };
	return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'unmask' }, spans: spans.map(otlpFromSpan) }] }] };
}

function otlpFromSpan({ trace, name, kind, startMs, endMs, attributes, error }: Span): object {
	return {
		traceId: trace.traceId,
		spanId: trace.spanId,
		...(trace.parentId !== null && { parentSpanId: trace.parentId }),
		name,
		kind: kind === 'server' ? 2 : 1, // SPAN_KIND_SERVER, SPAN_KIND_INTERNAL
		startTimeUnixNano: nanoseconds(startMs),
		endTimeUnixNano: nanoseconds(endMs),
		attributes: attributesOf({ ...attributes, ...(error !== null && { 'error.type': error }) }),
		status: error === null ? {} : { code: 2, message: error }, // STATUS_CODE_ERROR
	};
}

/** As text, because JSON numbers are not precise enough. */
const nanoseconds = (ms: number) => `${BigInt(Math.round(ms * 1000)) * 1000n}`;

function attributesOf(values: Readonly<Record<string, string | number>>): readonly object[] {
	return Object.entries(values).map(([key, value]) => ({
		key,
		value:
			typeof value === 'string'
				? { stringValue: value }
				: Number.isInteger(value)
					? { intValue: `${value}` }
					: { doubleValue: value },
	}));
}
