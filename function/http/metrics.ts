import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Analyses } from '../worker/analyses.ts';
import type { Inference } from '../worker/inference.ts';

/** The metrics of one instance, in their own registry. */
export type Metrics = ReturnType<typeof createMetrics>;

/** Creates the metrics of one instance; `watch` adds the gauges. */
export function createMetrics() {
	const registry = new Registry();
	collectDefaultMetrics({ register: registry });
	const registers = [registry];
	return {
		registry,
		analyses: new Counter({
			name: 'unmask_analyses_total',
			help: 'Analyses that ended with a report, by outcome.',
			labelNames: ['outcome'],
			registers,
		}),
		reasons: new Counter({
			name: 'unmask_verdict_reasons_total',
			help: 'Reasons of verdicts that are uncertain or not applicable.',
			labelNames: ['reason'],
			registers,
		}),
		failures: new Counter({
			name: 'unmask_analysis_failures_total',
			help: 'Analyses that failed or were cancelled, by code.',
			labelNames: ['code'],
			registers,
		}),
		seconds: new Histogram({
			name: 'unmask_analysis_seconds',
			help: 'Wall seconds: queue = wait for a slot; probe, first-face, report = from the start of the analysis to the end of that stage.',
			labelNames: ['stage'],
			buckets: [0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000],
			registers,
		}),
		frames: new Counter({ name: 'unmask_frames_total', help: 'Frames that were sampled.', registers }),
		faces: new Counter({ name: 'unmask_faces_total', help: 'Faces that were scored.', registers }),
		problems: new Counter({
			name: 'unmask_problems_total',
			help: 'Requests that were refused or failed, by code.',
			labelNames: ['code'],
			registers,
		}),
		webhooks: new Counter({
			name: 'unmask_webhooks_total',
			help: 'Attempts to call a webhook, by outcome: delivered, failed (will be retried), given-up.',
			labelNames: ['outcome'],
			registers,
		}),
		keyRequests: new Counter({
			name: 'unmask_key_requests_total',
			help: 'Requests with an API key, by key name and route.',
			labelNames: ['key', 'route'],
			registers,
		}),
		requests: new Counter({
			name: 'unmask_http_requests_total',
			help: 'Responses, by method, route and status.',
			labelNames: ['method', 'route', 'status'],
			registers,
		}),
		requestSeconds: new Histogram({
			name: 'unmask_http_request_seconds',
			help: 'Seconds from a request to the end of its response.',
			labelNames: ['route'],
			buckets: [0.003, 0.01, 0.03, 0.1, 0.3, 1, 10, 100],
			registers,
		}),
		watch(analyses: Analyses, inference: Inference): void {
			watchStatus(registers, analyses, inference);
		},
	};
}

/** Adds gauges whose values are read at each scrape. */
function watchStatus(registers: Registry[], analyses: Analyses, inference: Inference): void {
	const gauge = (name: string, help: string, read: () => number) =>
		new Gauge({
			name,
			help,
			registers,
			collect() {
				this.set(read());
			},
		});
	gauge('unmask_analyses_running', 'Analyses that are running.', () => analyses.status().running);
	gauge('unmask_analyses_waiting', 'Analyses that are waiting for a slot.', () => analyses.status().waiting);
	gauge('unmask_slots', 'Maximum number of concurrent analyses.', () => analyses.status().slots);
	gauge('unmask_inference_ready', 'Whether the models are loaded.', () =>
		inference.status().state === 'ready' ? 1 : 0,
	);
	gauge(
		'unmask_inference_resident_bytes',
		'Resident memory of the process that runs the models.',
		() =>
			// a gauge needs a value even if there is no process
			inference.status().residentBytes ?? 0,
	);
	new Counter({
		name: 'unmask_inference_restarts_total',
		help: 'Restarts of the process that runs the models, by cause.',
		labelNames: ['cause'],
		registers,
		collect() {
			const { died, recycled } = inference.status().restarts;
			this.reset(); // `inference` keeps the count
			this.inc({ cause: 'died' }, died);
			this.inc({ cause: 'recycled' }, recycled);
		},
	});
	new Gauge({
		name: 'unmask_provider_info',
		help: 'Where the models run, as a label.',
		labelNames: ['provider'],
		registers,
		collect() {
			this.reset();
			const { provider } = inference.status();
			if (provider !== null) this.set({ provider }, 1);
		},
	});
}
