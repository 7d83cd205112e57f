import { setTimeout as wait } from 'node:timers/promises';
import type { ServiceEvent } from '../contract/events.ts';
import type { Job } from '../contract/job.ts';
import type { AnalysisRequest, WirePlan } from '../contract/plan.ts';
import type { JobRecord, Report, StoredResult } from '../contract/report.ts';
import { AnalysisError, type ErrorCode } from '../errors.ts';
import type { Store } from '../store/store.ts';
import { EventLog, type LastEvent } from './event-log.ts';
import { failedEvent } from './failed-event.ts';
import type { Inference } from './inference.ts';
import { JobRecords } from './job-records.ts';
import { Queue } from './queue.ts';
import { endFromStored, failureOfEnd, isSamePlan, resultOfEnd, withoutPath } from './result-policy.ts';
import { Speeds } from './speeds.ts';
import type { Trace } from './trace.ts';

/** Numbers for the gauges and for GET /v1/service. */
export type AnalysesStatus = {
	readonly running: number;
	readonly waiting: number;
	readonly slots: number;
	readonly queue: number;
	/** Median wall seconds a sampled frame took in the last analyses; null before the first. */
	readonly secondsAFrame: number | null;
	/** The same of the analyses that each classifier judged, by its id. */
	readonly secondsAFrameByModel: Readonly<Record<string, number>>;
};

/**
 * The analyses of this instance: a bounded queue before the inference process, results written to the store, uploads deleted after it.
 * An analysis has the id of its upload. It is cancelled a short while after its last reader left, so that a reader whose connection broke
 * can come back: whoever asks for the same id and plan meanwhile gets every event so far and then those that follow.
 */
export type Analyses = {
	/**
	 * Begins or joins; whether the upload is kept is what the latest request says. The events begin with `accepted` and end with `report` or `failed`; a report that is stored already for this upload
	 * and plan is given at once, and so is the failure of an upload that is gone. Leaving the generator (`return`) takes effect at once, even
	 * while it waits. Throws before the first event what is refused at once: upload-not-found, upload-incomplete, queue-full,
	 * analysis-running (another plan), shutting-down, model-unknown, tier-missing, and what the models could not be loaded for.
	 */
	start(request: AnalysisRequest, trace?: Trace): Promise<AsyncGenerator<ServiceEvent, void>>;
	/**
	 * Begins or joins a job: an analysis that goes on without readers, and of which every end is stored. Its state, or the end that is stored
	 * already; throws like `start`, and `store-failed` where it could not be written down.
	 */
	submit(request: AnalysisRequest, trace?: Trace): Promise<Job | LastEvent>;
	/** The state of a job that is in flight, else what is stored; a job whose instance is gone is the failure `analysis-interrupted`. */
	find(id: string): Promise<Job | StoredResult | null>;
	/** Cancels at once, if it is running; resolves when it has ended. */
	cancel(id: string): Promise<void>;
	status(): AnalysesStatus;
	/** Takes nothing new, fails what waits, lets what runs go on for at most `graceMs`, then ends it with `failed`, code `shutting-down`. */
	drain(graceMs: number): Promise<void>;
};

/** What the analyses are given. */
export type AnalysesOptions = {
	readonly store: Store;
	readonly inference: Inference;
	/** Analyses at a time. */
	readonly slots: number;
	/** Analyses that may wait. */
	readonly queue: number;
	readonly limits: { readonly maxDurationS: number };
	readonly log: Log;
	/** How long an analysis goes on without a reader, milliseconds. */
	readonly graceMs?: number;
	readonly now?: () => Date;
	/** Told when one begins to run, and how long it had waited for its place, milliseconds. */
	readonly onStart?: (waitedMs: number, trace: Trace | undefined) => void;
	/** Signs each report before anybody reads it. */
	readonly sign?: (report: Report) => Promise<Report>;
	/** Told how a job has ended, once its end is stored. */
	readonly onJobEnd?: (id: string, last: LastEvent) => void;
};

/** Where faults go that no reader is told of; pino's form. */
export type Log = { warn(fields: object, text: string): void; info(fields: object, text: string): void };

/** How long an analysis goes on without a reader, milliseconds. */
const usualGraceMs = 5000;
/** How long stopping waits for what it has ended to give its file back, milliseconds. */
const releaseMs = 1000;

/** One analysis that waits or runs; `leave` is called when it has had no reader for `graceMs`. */
class Analysis {
	readonly id: string;
	readonly fileName: string;
	readonly plan: WirePlan;
	readonly trace: Trace | undefined;
	/** When it was asked for, milliseconds of performance.now(). */
	readonly askedMs = performance.now();
	readonly log = new EventLog((readers) => this.#awaitReaders(readers));
	readonly abort = new AbortController();
	readonly #grace: { readonly ms: number; readonly leave: (analysis: Analysis) => void };
	keepUpload: boolean;
	/** Whether its result is stored; otherwise nothing of it stays. */
	keepReport: boolean;
	/** Resolves when it is written down as a job; null = it ends with its readers. */
	recorded: Promise<void> | null = null;
	#timer: NodeJS.Timeout | undefined;

	constructor(
		{ uploadId, plan, keepUpload, keepReport }: AnalysisRequest,
		about: Pick<Analysis, 'fileName' | 'trace'>,
		graceMs: number,
		leave: (analysis: Analysis) => void,
	) {
		this.id = uploadId;
		this.plan = plan;
		this.keepUpload = keepUpload;
		this.keepReport = keepReport;
		this.fileName = about.fileName;
		this.trace = about.trace;
		this.#grace = { ms: graceMs, leave };
		this.log.append({ type: 'accepted', id: uploadId });
		this.#awaitReaders(0);
	}

	/** Its end, where it is not the pipeline that says how it ended. */
	failed(error: AnalysisError): LastEvent {
		return failedEvent(this.fileName, error);
	}

	end(last: LastEvent): void {
		clearTimeout(this.#timer);
		this.log.end(last);
	}

	/** From now on it goes on without readers; `recorded` resolves when that is written down. */
	detach(recorded: Promise<void>): void {
		clearTimeout(this.#timer);
		this.recorded = recorded;
	}

	state(): Job {
		const { position, progress } = this.log;
		return { id: this.id, state: position === null ? 'running' : 'queued', position, progress };
	}

	#awaitReaders(readers: number): void {
		clearTimeout(this.#timer);
		if (readers === 0 && !this.recorded && !this.log.hasEnded)
			this.#timer = setTimeout(this.#grace.leave, this.#grace.ms, this);
	}
}

/** The analyses of this instance over a store and an inference process. */
export function createAnalyses(options: AnalysesOptions): Analyses {
	return new QueuedAnalyses(options);
}

class QueuedAnalyses implements Analyses {
	readonly #options: AnalysesOptions;
	/** Those that wait or run, by id. */
	readonly #current = new Map<string, Analysis>();
	readonly #queue: Queue<Analysis>;
	readonly #speeds = new Speeds();
	readonly #records: JobRecords;
	#isStopping = false;

	constructor(options: AnalysesOptions) {
		this.#options = options;
		const { slots, queue: limit, onStart } = options;
		this.#records = new JobRecords(options.store, options.now);
		this.#queue = new Queue({
			slots,
			limit,
			run: (analysis) => this.#run(analysis),
			onMove: (analysis, position) => {
				if (position === null) onStart?.(performance.now() - analysis.askedMs, analysis.trace);
				analysis.log.moveTo(position);
			},
		});
	}

	async start(request: AnalysisRequest, trace?: Trace): Promise<AsyncGenerator<ServiceEvent, void>> {
		const opened = await this.#open(request, trace);
		return opened instanceof Analysis ? opened.log.follow() : emitAtOnce(request.uploadId, opened);
	}

	async submit(request: AnalysisRequest, trace?: Trace): Promise<Job | LastEvent> {
		const opened = await this.#open(request, trace);
		if (!(opened instanceof Analysis)) return opened;
		if (!opened.recorded) opened.detach(this.#records.begin(opened.id, opened.fileName));
		try {
			await opened.recorded;
		} catch (thrown) {
			this.#stop(opened, 'store-failed');
			throw storeError(thrown);
		}
		return opened.state();
	}

	async find(id: string): Promise<Job | StoredResult | null> {
		for (const isLastTry of [false, true]) {
			const job = this.#jobInFlight(id);
			if (job) return job.state();
			const stored = await this.#options.store.readResult(id);
			if (stored?.schema !== 'unmask-job/1') return stored;
			if (!this.#records.isLost(stored)) return { id, state: 'running', position: null, progress: null };
			// what was read may have been replaced since
			if (isLastTry && !this.#jobInFlight(id)) return interrupted(stored);
		}
		return null;
	}

	/** Joins what runs or begins anew; the end where it is stored. */
	async #open(request: AnalysisRequest, trace: Trace | undefined): Promise<Analysis | LastEvent> {
		const { store } = this.#options;
		const before = this.#current.get(request.uploadId);
		if (before?.abort.signal.aborted) await this.#queue.ended(before); // it is being cancelled: this begins a new one
		const known = this.#join(request);
		if (known) return known;
		const [upload, result] = await Promise.all([
			store.findUpload(request.uploadId),
			store.readResult(request.uploadId),
		]);
		const meanwhile = this.#join(request); // another request for it was faster
		if (meanwhile) return meanwhile;
		const stored = endFromStored(result, request.plan, upload);
		if (stored) return stored;
		if (!upload) throw new AnalysisError('upload-not-found', 'upload');
		if (!upload.complete) throw new AnalysisError('upload-incomplete', 'upload');
		this.#refuseWhatCannotRun(request.plan);
		return this.#begin(request, upload.fileName, trace);
	}

	#jobInFlight(id: string): Analysis | null {
		const analysis = this.#current.get(id);
		return analysis?.recorded ? analysis : null;
	}

	async cancel(id: string): Promise<void> {
		const analysis = this.#current.get(id);
		if (!analysis) return;
		this.#stop(analysis, 'cancelled');
		await this.#queue.ended(analysis);
	}

	status(): AnalysesStatus {
		const { slots, queue } = this.#options;
		return {
			running: this.#queue.running.length,
			waiting: this.#queue.waiting.length,
			slots,
			queue,
			secondsAFrame: this.#speeds.median(),
			secondsAFrameByModel: this.#speeds.medianByModel(),
		};
	}

	async drain(waitMs: number): Promise<void> {
		this.#isStopping = true;
		this.#records.close();
		for (const analysis of this.#queue.waiting) this.#stop(analysis, 'shutting-down');
		await this.#endedWithin(this.#queue.running, waitMs);
		const rest = this.#queue.running;
		for (const analysis of rest) {
			this.#end(analysis, analysis.failed(new AnalysisError('shutting-down', 'queue')));
			analysis.abort.abort();
		}
		await this.#endedWithin(rest, releaseMs);
	}

	#join({ uploadId, plan, keepUpload, keepReport }: AnalysisRequest): Analysis | null {
		const analysis = this.#current.get(uploadId);
		if (!analysis) return null;
		if (!isSamePlan(analysis.plan, plan)) throw new AnalysisError('analysis-running', 'queue');
		analysis.keepUpload = keepUpload;
		if (!keepReport && !analysis.recorded) analysis.keepReport = false; // who asked for that relies on it
		return analysis;
	}

	#refuseWhatCannotRun({ model, tier }: WirePlan): void {
		if (this.#isStopping) throw new AnalysisError('shutting-down', 'queue');
		const { state, classifiers, tiers, problem, problemCode } = this.#options.inference.status();
		if (state === 'failed')
			throw new AnalysisError(problemCode ?? 'not-ready', 'queue', problemCode ? '' : (problem ?? ''));
		if (model !== null && classifiers.length > 0 && !classifiers.includes(model))
			throw new AnalysisError('model-unknown', 'request', `known: ${classifiers.join(', ')}`);
		if (tier !== null && classifiers.length > 0 && !tiers.includes(tier))
			throw new AnalysisError('tier-missing', 'request', `asked for: ${tier}; there is: ${tiers.join(', ') || 'none'}`);
		if (this.#queue.isFull) throw new AnalysisError('queue-full', 'queue');
	}

	#begin(request: AnalysisRequest, fileName: string, trace: Trace | undefined): Analysis {
		const { graceMs = usualGraceMs } = this.#options;
		const analysis = new Analysis(request, { fileName, trace }, graceMs, (left) => this.#stop(left, 'cancelled'));
		this.#current.set(analysis.id, analysis);
		this.#queue.add(analysis);
		return analysis;
	}

	/** Never throws. */
	async #run(analysis: Analysis): Promise<void> {
		const last = await this.#perform(analysis);
		this.#end(analysis, await this.#settle(analysis, last));
	}

	/** Analyses the upload and gives the upload back. */
	async #perform(analysis: Analysis): Promise<LastEvent> {
		const { id, fileName, plan, abort, trace } = analysis;
		const { store, inference, limits, log } = this.#options;
		try {
			const upload = await store.openUpload(id, abort.signal);
			try {
				const job = { path: upload.path, fileName, plan: { ...plan, maxDurationS: limits.maxDurationS }, trace };
				for await (const event of inference.analyse(job, abort.signal)) {
					if (event.type === 'report' || event.type === 'failed') return this.#signed(withoutPath(event, upload.path));
					analysis.log.append(event);
				}
				throw new AnalysisError('internal', 'judge', 'the analysis ended without a report');
			} finally {
				await upload.release().catch((err: unknown) => log.warn({ err, id }, 'an upload could not be given back'));
			}
		} catch (thrown) {
			return analysis.failed(abort.signal.aborted ? new AnalysisError('cancelled', 'queue') : storeError(thrown));
		}
	}

	async #signed(last: LastEvent): Promise<LastEvent> {
		const { sign } = this.#options;
		return last.type === 'report' && sign ? { ...last, report: await sign(last.report) } : last;
	}

	/** Stores what trying again would not change, and deletes the upload then; the end that readers get. */
	async #settle(analysis: Analysis, last: LastEvent): Promise<LastEvent> {
		const { store, log, now = () => new Date() } = this.#options;
		const { id } = analysis;
		if (!analysis.keepReport && !analysis.recorded) {
			if (last.type === 'report') this.#speeds.add(last.report);
			await this.#deleteUpload(id, 'not kept');
			return last;
		}
		if (analysis.log.hasEnded) return last; // readers know that it was stopped: nothing may come of it
		await analysis.recorded?.catch(() => {}); // or the record would replace the result
		const lasting = resultOfEnd(last, now());
		const result = lasting ?? (analysis.recorded && last.type === 'failed' ? failureOfEnd(last, now()) : null);
		if (!result) return last;
		try {
			await store.writeResult(id, result);
		} catch (thrown) {
			log.warn({ err: thrown, id }, 'a result could not be stored');
			return last.type === 'report' ? analysis.failed(storeError(thrown)) : last;
		}
		if (!lasting) return last;
		if (last.type === 'report') this.#speeds.add(last.report);
		if (!analysis.keepUpload) await this.#deleteUpload(id, 'analysed');
		return last;
	}

	async #deleteUpload(id: string, why: string): Promise<void> {
		const { store, log } = this.#options;
		try {
			if (await store.deleteUpload(id)) noteDeletion(log, 'upload', id, why);
		} catch (err) {
			log.warn({ err, id }, 'an upload could not be deleted');
		}
	}

	/** Ends it for its readers, once. */
	#end(analysis: Analysis, last: LastEvent): void {
		if (analysis.log.hasEnded) return;
		if (this.#current.get(analysis.id) === analysis) this.#current.delete(analysis.id);
		this.#records.end(analysis.id);
		analysis.end(last);
		if (analysis.recorded) this.#options.onJobEnd?.(analysis.id, last);
	}

	/** Ends one that waits; aborts one that runs, which then ends by itself. */
	#stop(analysis: Analysis, code: ErrorCode): void {
		if (this.#queue.remove(analysis)) {
			if (!analysis.keepReport && !analysis.recorded) void this.#deleteUpload(analysis.id, 'not kept');
			this.#end(analysis, analysis.failed(new AnalysisError(code, 'queue')));
		} else analysis.abort.abort();
	}

	async #endedWithin(some: readonly Analysis[], ms: number): Promise<void> {
		const timer = new AbortController();
		const timeUp = wait(ms, undefined, { signal: timer.signal }).catch(() => {});
		await Promise.race([Promise.all(some.map((analysis) => this.#queue.ended(analysis))), timeUp]);
		timer.abort();
	}
}

/** The line of the audit trail for one deletion. */
export const noteDeletion = (log: Log, what: 'upload' | 'report', id: string, why: string) =>
	log.info({ audit: 'deletion', what, id, why }, `deleted: ${what}`);

/** The end of a job whose instance was stopped before it had ended. */
function interrupted({ createdAt, fileName }: JobRecord): StoredResult {
	const { error } = failedEvent(fileName, new AnalysisError('analysis-interrupted', 'queue'));
	return { schema: 'unmask-failure/1', createdAt, fileName, error };
}

async function* emitAtOnce(id: string, last: LastEvent): AsyncGenerator<ServiceEvent, void> {
	yield { type: 'accepted', id };
	yield last;
}

function storeError(thrown: unknown): AnalysisError {
	if (thrown instanceof AnalysisError) return thrown;
	return new AnalysisError('store-failed', 'store', '', { cause: thrown });
}
