import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import type { AnalysisEvent } from '../contract/events.ts';
import type { Plan } from '../contract/plan.ts';
import type { Report } from '../contract/report.ts';
import { AnalysisError, type ErrorCode, errorTable, type Stage } from '../errors.ts';
import type { LastEvent } from '../worker/event-log.ts';
import type { Inference } from '../worker/inference.ts';
import { Queue } from '../worker/queue.ts';
import { withoutPath } from '../worker/result-policy.ts';

/** A report and its id. */
export type KeptReport = { readonly id: string; readonly report: Report };

/** Options of the analyses for agents. */
export type AgentAnalysesOptions = {
	/** Starts the inference process; called before the first analysis. */
	readonly open: () => Promise<Inference>;
	/** Concurrent analyses, and how many may wait. */
	readonly slots: number;
	readonly queue: number;
};

/** Callbacks for a running analysis. */
export type Watch = {
	readonly onEvent: (event: AnalysisEvent) => void;
	/** Called with the position in the queue, 1 = next, whenever it changes. */
	readonly onPlace: (position: number) => void;
};

/** Number of latest reports kept. */
const maxReports = 20;

type Waiting = { readonly run: () => Promise<void>; readonly onPlace: Watch['onPlace'] };

/** Queued analyses of local files, and the latest reports for as long as this process runs. */
export class AgentAnalyses {
	readonly #options: AgentAnalysesOptions;
	readonly #queue: Queue<Waiting>;
	readonly #reports = new Map<string, Report>();
	#inference: Promise<Inference> | null = null;

	constructor(options: AgentAnalysesOptions) {
		this.#options = options;
		this.#queue = new Queue({
			slots: options.slots,
			limit: options.queue,
			run: ({ run }) => run(),
			onMove: ({ onPlace }, position) => position !== null && onPlace(position),
		});
	}

	/** Analyses a file and keeps the report. Throws AnalysisError; `cancelled` as soon as the signal aborts. */
	async analyse(path: string, plan: Plan, signal: AbortSignal, watch: Watch): Promise<KeptReport> {
		const cancelled = () => new AnalysisError('cancelled', 'queue');
		if (signal.aborted) throw cancelled();
		if (this.#queue.isFull) throw new AnalysisError('queue-full', 'queue');
		const report = await new Promise<Report>((resolve, reject) => {
			const member: Waiting = {
				onPlace: watch.onPlace,
				run: () => this.#run(path, plan, signal, watch.onEvent).then(resolve, reject),
			};
			signal.addEventListener('abort', () => this.#queue.remove(member) && reject(cancelled()), { once: true });
			this.#queue.add(member);
		});
		const id = randomBytes(16).toString('hex');
		this.#reports.set(id, report);
		const [oldest] = this.#reports.keys();
		if (this.#reports.size > maxReports && oldest !== undefined) this.#reports.delete(oldest);
		return { id, report };
	}

	/** Finds a report of this process; throws `report-not-found`. */
	find(id: string): KeptReport {
		const report = this.#reports.get(id);
		if (!report) throw new AnalysisError('report-not-found', 'request', `only the last ${maxReports} are kept`);
		return { id, report };
	}

	async close(): Promise<void> {
		const inference = await this.#inference?.catch(() => null);
		await inference?.close();
	}

	async #run(path: string, plan: Plan, signal: AbortSignal, onEvent: Watch['onEvent']): Promise<Report> {
		this.#inference ??= this.#options.open();
		const inference = await this.#inference.catch((thrown: unknown) => {
			this.#inference = null; // the next call tries again
			throw thrown;
		});
		for await (const event of inference.analyse({ path, fileName: basename(path), plan }, signal)) {
			if (event.type === 'report') return event.report;
			if (event.type === 'failed') throw errorFrom(withoutPath(event, path));
			onEvent(event);
		}
		throw new AnalysisError('internal', 'judge', 'the analysis ended without a report');
	}
}

/** The error in a `failed` event. */
function errorFrom(last: LastEvent): AnalysisError {
	if (last.type === 'report') throw new Error('not a failure');
	const { error } = last;
	const code = error.code as ErrorCode;
	const { sentence } = errorTable[code];
	// the message is the sentence followed by the detail in brackets
	return new AnalysisError(code, error.stage as Stage, error.message.slice(sentence.length + 2, -1));
}
