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

/** Status for the gauges and for GET /v1/service. */
export type AnalysesStatus = {
	readonly running: number;
	readonly waiting: number;
	readonly slots: number;
	readonly queue: number;
	/** Median wall seconds per sampled frame in the latest analyses; null before the first. */
	readonly secondsAFrame: number | null;
	/** The same for each classifier, by its id. */
	readonly secondsAFrameByModel: Readonly<Record<string, number>>;
};

/**
 * The analyses of this instance: a bounded queue for the inference process, which writes results to the store and then deletes the uploads. An
 * analysis has the id of its upload. It is cancelled shortly after its last reader has left. Until then, a reader whose connection broke can come
 * back: a request with the same id and plan gets all past events and then the new ones.
 */
export type Analyses = {
	/**
	 * Starts or joins an analysis; the latest request decides whether the upload is kept. The events start with `accepted` and end with `report` or
	 * `failed`. A stored report for this upload and plan is returned at once, as is the stored failure of a deleted upload. Leaving the generator
	 * (`return`) takes effect at once, even while it waits. Refusals are thrown before the first event: upload-not-found, upload-incomplete,
	 * queue-full, analysis-running (with another plan), shutting-down, model-unknown, tier-missing, and the error if the models failed to load.
	 */
	start(request: AnalysisRequest, trace?: Trace): Promise<AsyncGenerator<ServiceEvent, void>>;
	/**
	 * Starts or joins a job: an analysis that continues without readers and whose outcome is always stored. Returns its state, or the outcome if one
	 * is stored already. Throws like `start`, and `store-failed` if the job could not be recorded.
	 */
	submit(request: AnalysisRequest, trace?: Trace): Promise<Job | LastEvent>;
	/** The state of a job in flight, otherwise what is stored. A job whose instance is gone is the failure `analysis-interrupted`. */
	find(id: string): Promise<Job | StoredResult | null>;
	/** Cancels the analysis if it is waiting or running; resolves when it has ended. */
	cancel(id: string): Promise<void>;
	status(): AnalysesStatus;
	/** Refuses new analyses and fails waiting ones. Running ones may finish within `graceMs`, then end with `failed`, code `shutting-down`. */
	drain(graceMs: number): Promise<void>;
};

/** Options of the analyses. */
export type AnalysesOptions = {
	readonly store: Store;
	readonly inference: Inference;
	/** Concurrent analyses. */
	readonly slots: number;
	/** Maximum number of waiting analyses. */
	readonly queue: number;
	readonly limits: { readonly maxDurationS: number };
	readonly log: Log;
	/** How long an analysis continues without a reader, milliseconds. */
	readonly graceMs?: number;
	readonly now?: () => Date;
	/** Called when an analysis starts to run, with the milliseconds that it waited for a slot. */
	readonly onStart?: (waitedMs: number, trace: Trace | undefined) => void;
	/** Signs each report before it is delivered or stored. */
	readonly sign?: (report: Report) => Promise<Report>;
	/** Called with the last event of a job, once the outcome is stored. */
	readonly onJobEnd?: (id: string, last: LastEvent) => void;
};

/** Log for faults that no reader gets to see; compatible with pino. */
export type Log = { warn(fields: object, text: string): void; info(fields: object, text: string): void };

/** How long an analysis continues without a reader, milliseconds. */
const defaultGraceMs = 5000;
/** How long stopping waits for aborted analyses to release their files, milliseconds. */
const releaseMs = 1000;

/** A waiting or running analysis; `leave` is called when it has had no reader for `graceMs`. */
class Analysis {
	readonly id: string;
	readonly fileName: string;
	readonly plan: WirePlan;
	readonly trace: Trace | undefined;
	/** Time of the request, milliseconds of performance.now(). */
	readonly requestedMs = performance.now();
	readonly log = new EventLog((readers) => this.#awaitReaders(readers));
	readonly abort = new AbortController();
	readonly #grace: { readonly ms: number; readonly leave: (analysis: Analysis) => void };
	keepUpload: boolean;
	/** Whether its result is stored; otherwise nothing of it remains. */
	keepReport: boolean;
	/** Resolves when it is recorded as a job; null = not a job, so it ends with its readers. */
	recorded: Promise<void> | null = null;
	/** Whether its outcome is being stored, after which it can no longer become a job. */
	isSettling = false;
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

	/** Its last event if the pipeline does not provide one. */
	failed(error: AnalysisError): LastEvent {
		return failedEvent(this.fileName, error);
	}

	end(last: LastEvent): void {
		clearTimeout(this.#timer);
		this.log.end(last);
	}

	/** Lets it continue without readers; `recorded` resolves when it is recorded as a job. */
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

/** Creates the analyses of this instance. */
export function createAnalyses(options: AnalysesOptions): Analyses {
	return new QueuedAnalyses(options);
}

class QueuedAnalyses implements Analyses {
	readonly #options: AnalysesOptions;
	/** Waiting and running analyses, by id. */
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
				if (position === null) onStart?.(performance.now() - analysis.requestedMs, analysis.trace);
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
		if (!opened.recorded && opened.isSettling) {
			await this.#queue.ended(opened); // its record could overwrite the result
			return this.submit(request, trace);
		}
		if (!opened.recorded) opened.detach(this.#records.create(opened.id, opened.fileName));
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
			// the record may have been replaced since it was read
			if (isLastTry && !this.#jobInFlight(id)) return interrupted(stored);
		}
		return null;
	}

	/** Joins the current analysis or starts one; returns the last event if the outcome is stored. */
	async #open(request: AnalysisRequest, trace: Trace | undefined): Promise<Analysis | LastEvent> {
		const { store } = this.#options;
		const before = this.#current.get(request.uploadId);
		if (before?.abort.signal.aborted) await this.#queue.ended(before); // it is being cancelled, so start a new one
		const known = this.#join(request);
		if (known) return known;
		const [upload, result] = await Promise.all([
			store.findUpload(request.uploadId),
			store.readResult(request.uploadId),
		]);
		const meanwhile = this.#join(request); // another request was faster
		if (meanwhile) return meanwhile;
		const stored = endFromStored(result, request.plan, upload);
		if (stored) return stored;
		if (!upload) throw new AnalysisError('upload-not-found', 'upload');
		if (!upload.complete) throw new AnalysisError('upload-incomplete', 'upload');
		this.#checkCanRun(request.plan);
		return this.#add(request, upload.fileName, trace);
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
		await this.#unrecorded(analysis);
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
		const { waiting } = this.#queue;
		const released = waiting.map((analysis) => this.#release(analysis));
		for (const analysis of waiting) this.#stop(analysis, 'shutting-down');
		await within(waitMs, this.#allEnded(this.#queue.running));
		const rest = this.#queue.running;
		for (const analysis of rest) {
			// one that is storing its result still does so
			if (!analysis.isSettling) released.push(this.#release(analysis));
			this.#end(analysis, analysis.failed(new AnalysisError('shutting-down', 'queue')));
			analysis.abort.abort();
		}
		await within(releaseMs, Promise.all([this.#allEnded(rest), ...released]));
	}

	/** Never rejects. */
	async #release({ id, recorded }: Analysis): Promise<void> {
		if (!recorded) return;
		await this.#records.release(id, recorded).catch(() => {}); // its lease expires by itself
	}

	#join({ uploadId, plan, keepUpload, keepReport }: AnalysisRequest): Analysis | null {
		const analysis = this.#current.get(uploadId);
		if (!analysis) return null;
		if (!isSamePlan(analysis.plan, plan)) throw new AnalysisError('analysis-running', 'queue');
		analysis.keepUpload = keepUpload;
		if (!keepReport && !analysis.recorded) analysis.keepReport = false; // the request that asked for this relies on it
		return analysis;
	}

	#checkCanRun({ model, tier }: WirePlan): void {
		if (this.#isStopping) throw new AnalysisError('shutting-down', 'queue');
		const { state, classifiers, tiers, problem, problemCode } = this.#options.inference.status();
		if (state === 'failed')
			throw new AnalysisError(problemCode ?? 'not-ready', 'queue', problemCode ? '' : (problem ?? ''));
		if (model !== null && classifiers.length > 0 && !classifiers.includes(model))
			throw new AnalysisError('model-unknown', 'request', `known: ${classifiers.join(', ')}`);
		if (tier !== null && classifiers.length > 0 && !tiers.includes(tier))
			throw new AnalysisError(
				'tier-missing',
				'request',
				`requested: ${tier}; installed: ${tiers.join(', ') || 'none'}`,
			);
		if (this.#queue.isFull) throw new AnalysisError('queue-full', 'queue');
	}

	#add(request: AnalysisRequest, fileName: string, trace: Trace | undefined): Analysis {
		const { graceMs = defaultGraceMs } = this.#options;
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

	/** Analyses the upload and releases it. */
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
				await upload.release().catch((err: unknown) => log.warn({ err, id }, 'an upload could not be released'));
			}
		} catch (thrown) {
			return analysis.failed(abort.signal.aborted ? new AnalysisError('cancelled', 'queue') : storeError(thrown));
		}
	}

	async #signed(last: LastEvent): Promise<LastEvent> {
		const { sign } = this.#options;
		return last.type === 'report' && sign ? { ...last, report: await sign(last.report) } : last;
	}

	/** Stores the outcome if it is final, and then deletes the upload. Returns the last event for the readers. */
	async #settle(analysis: Analysis, last: LastEvent): Promise<LastEvent> {
		const { store, log, now = () => new Date() } = this.#options;
		const { id } = analysis;
		analysis.isSettling = true;
		if (!analysis.keepReport && !analysis.recorded) {
			if (last.type === 'report') this.#speeds.add(last.report);
			await this.#deleteUpload(id, 'not kept');
			return last;
		}
		if (analysis.log.hasEnded) return last; // readers were told that it was stopped, so nothing may be stored
		await this.#unrecorded(analysis); // otherwise the record could overwrite the result
		const other = last.type === 'failed' ? await this.#reportOfOther(analysis) : null;
		if (other) return other;
		if (await this.#isDeleted(analysis)) return last; // so nothing may remain
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

	/** The report that another instance has made of the same upload with the same plan; null if there is none. No failure may replace it. */
	async #reportOfOther({ id, plan }: Analysis): Promise<LastEvent | null> {
		const stored = await this.#options.store.readResult(id).catch(() => null);
		return stored?.schema === 'unmask-report/1' ? endFromStored(stored, plan, null) : null;
	}

	/** Whether it was deleted through another instance: the record of a job is gone, or the upload of any other analysis. */
	async #isDeleted({ id, recorded }: Analysis): Promise<boolean> {
		const { store } = this.#options;
		try {
			return (recorded ? await store.readResult(id) : await store.findUpload(id)) === null;
		} catch {
			return false; // writing the result will show whether the store works again
		}
	}

	/** Resolves once nothing writes the record of a job any more. */
	async #unrecorded({ id, recorded }: Analysis): Promise<void> {
		await recorded?.catch(() => {});
		await this.#records.end(id);
	}

	async #deleteUpload(id: string, why: string): Promise<void> {
		const { store, log } = this.#options;
		try {
			if (await store.deleteUpload(id)) logDeletion(log, 'upload', id, why);
		} catch (err) {
			log.warn({ err, id }, 'an upload could not be deleted');
		}
	}

	/** Ends an analysis for its readers, once. */
	#end(analysis: Analysis, last: LastEvent): void {
		if (analysis.log.hasEnded) return;
		if (this.#current.get(analysis.id) === analysis) this.#current.delete(analysis.id);
		void this.#records.end(analysis.id);
		analysis.end(last);
		if (analysis.recorded) this.#options.onJobEnd?.(analysis.id, last);
	}

	/** Ends a waiting analysis; aborts a running one, which then ends by itself. */
	#stop(analysis: Analysis, code: ErrorCode): void {
		if (this.#queue.remove(analysis)) {
			if (!analysis.keepReport && !analysis.recorded) void this.#deleteUpload(analysis.id, 'not kept');
			this.#end(analysis, analysis.failed(new AnalysisError(code, 'queue')));
		} else analysis.abort.abort();
	}

	async #allEnded(some: readonly Analysis[]): Promise<void> {
		await Promise.all(some.map((analysis) => this.#queue.ended(analysis)));
	}
}

/** Resolves when the work has ended or its time is up. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
	const timer = new AbortController();
	const timeUp = wait(ms, undefined, { signal: timer.signal }).catch(() => {});
	await Promise.race([work, timeUp]);
	timer.abort();
}

/** Logs a deletion for the audit trail. */
export const logDeletion = (log: Log, what: 'upload' | 'report', id: string, why: string) =>
	log.info({ audit: 'deletion', what, id, why }, `deleted: ${what}`);

/** The outcome of a job whose instance stopped before the job had ended. */
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
