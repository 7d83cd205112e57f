import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Analyses } from '../worker/analyses.ts';
import type { Inference } from '../worker/inference.ts';

/** Counts and times of one instance in a registry of its own. */
export type Metrics = ReturnType<typeof createMetrics>;

/** The metrics of one instance; `watch` adds the gauges of what runs. */
export function createMetrics() {
	const registry = new Registry();
	collectDefaultMetrics({ register: registry });
	const registers = [registry];
	return {
		registry,
		analyses: new Counter({
			name: 'unmask_analyses_total',
			help: 'Analyses that gave a report, by outcome.',
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
			help: 'Wall seconds: queue = until a place was free; probe, first-face, report = from the start to the end of that stage.',
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
			help: 'Tries to call a webhook, by outcome: delivered, failed (it is tried again), given-up.',
			labelNames: ['outcome'],
			registers,
		}),
		keyRequests: new Counter({
			name: 'unmask_key_requests_total',
			help: 'Requests that showed an API key, by its name and the route.',
			labelNames: ['key', 'route'],
			registers,
		}),
		requests: new Counter({
			name: 'unmask_http_requests_total',
			help: 'Answers, by method, route and status.',
			labelNames: ['method', 'route', 'status'],
			registers,
		}),
		requestSeconds: new Histogram({
			name: 'unmask_http_request_seconds',
			help: 'Seconds from a request to the end of its answer.',
			labelNames: ['route'],
			buckets: [0.003, 0.01, 0.03, 0.1, 0.3, 1, 10, 100],
			registers,
		}),
		watch(analyses: Analyses, inference: Inference): void {
			watchStatus(registers, analyses, inference);
		},
	};
}

/** Gauges that are read when they are asked for. */
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
	gauge('unmask_analyses_running', 'Analyses that run now.', () => analyses.status().running);
	gauge('unmask_analyses_waiting', 'Analyses that wait for a place.', () => analyses.status().waiting);
	gauge('unmask_slots', 'Analyses that can run at a time.', () => analyses.status().slots);
	gauge('unmask_inference_ready', 'Whether the models are loaded.', () =>
		inference.status().state === 'ready' ? 1 : 0,
	);
	gauge(
		'unmask_inference_resident_bytes',
		'Resident memory of the process that runs the models.',
		() =>
			// a gauge cannot be unknown: no process, no memory
			inference.status().residentBytes ?? 0,
	);
	new Counter({
		name: 'unmask_inference_restarts_total',
		help: 'How often the process that runs the models was started anew, by cause.',
		labelNames: ['cause'],
		registers,
		collect() {
			const { died, recycled } = inference.status().restarts;
			this.reset(); // counted there
			this.inc({ cause: 'died' }, died);
			this.inc({ cause: 'recycled' }, recycled);
		},
	});
	new Gauge({
		name: 'unmask_provider_info',
		help: 'Where models run, as a label.',
		labelNames: ['provider'],
		registers,
		collect() {
			this.reset();
			const { provider } = inference.status();
			if (provider !== null) this.set({ provider }, 1);
		},
	});
}
