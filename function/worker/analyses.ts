import { EventEmitter, once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { AnalysisEvent, ServiceEvent } from '../contract/events.ts';
import type { AnalysisRequest, Plan, WirePlan } from '../contract/plan.ts';
import type { Report, StoredResult } from '../contract/report.ts';
import { AnalysisError, type ErrorCode, errorTable } from '../errors.ts';
import { quantile } from '../statistics.ts';
import type { Store, UploadState } from '../store/store.ts';
import { failedEvent } from './failed-event.ts';
import type { Inference } from './inference.ts';
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
	 * Begins or joins. The events begin with `accepted` and end with `report` or `failed`; a report that is stored already for this upload
	 * and plan is given at once, and so is the failure of an upload that is gone. Leaving the generator (`return`) takes effect at once, even
	 * while it waits. Throws before the first event what is refused at once: upload-not-found, upload-incomplete, queue-full,
	 * analysis-running (another plan), shutting-down, model-unknown, tier-missing, and what the models could not be loaded for.
	 */
	start(request: AnalysisRequest, trace?: Trace): Promise<AsyncGenerator<ServiceEvent, void>>;
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
};

/** Where faults go that no reader is told of; pino's form. */
export type Log = { warn(fields: object, text: string): void };

type LastEvent = Extract<AnalysisEvent, { type: 'report' | 'failed' }>;

/** One analysis that waits or runs. Readers keep their own place in `events`, so that a slow one holds up nobody. */
type Analysis = {
	readonly id: string;
	readonly fileName: string;
	readonly plan: WirePlan;
	readonly keepUpload: boolean;
	readonly trace: Trace | undefined;
	/** When it was asked for, milliseconds of performance.now(). */
	readonly askedMs: number;
	readonly events: ServiceEvent[];
	/** Place in the queue, 1 = next; null when it does not wait. Not among the events: only the last one counts. */
	position: number | null;
	hasEnded: boolean;
	readers: number;
	grace: NodeJS.Timeout | undefined;
	readonly abort: AbortController;
	/** Tells its readers that there is something new. */
	readonly news: EventEmitter;
};

const GRACE_MS = 5000;
/** Analyses whose speed is remembered. */
const MAX_SPEEDS = 20;
/** How long stopping waits for what it has ended to give its file back, milliseconds. */
const RELEASE_MS = 1000;

/** The analyses of this instance over a store and an inference process. */
export function createAnalyses(options: AnalysesOptions): Analyses {
	const {
		store,
		inference,
		slots,
		queue,
		limits,
		log,
		graceMs = GRACE_MS,
		now = () => new Date(),
		onStart = () => {},
	} = options;
	/** Those that wait or run. */
	const current = new Map<string, Analysis>();
	const waiting: Analysis[] = [];
	const running = new Map<Analysis, Promise<void>>();
	const speeds: { readonly model: string | null; readonly secondsAFrame: number }[] = [];
	let isStopping = false;

	async function start(request: AnalysisRequest, trace?: Trace): Promise<AsyncGenerator<ServiceEvent, void>> {
		const before = current.get(request.uploadId);
		if (before?.abort.signal.aborted) await running.get(before); // it is being cancelled: this begins a new one
		const known = joined(request);
		if (known) return known;
		const [upload, result] = await Promise.all([
			store.findUpload(request.uploadId),
			store.readResult(request.uploadId),
		]);
		const meanwhile = joined(request); // another request for it was faster
		if (meanwhile) return meanwhile;
		const stored = storedEvent(result, request.plan, upload);
		if (stored) return toldAtOnce(request.uploadId, stored);
		if (!upload) throw new AnalysisError('upload-not-found', 'upload');
		if (!upload.complete) throw new AnalysisError('upload-incomplete', 'upload');
		refuseWhatCannotRun(request.plan);
		return follow(enqueue(request, upload.fileName, trace));
	}

	function joined({ uploadId, plan }: AnalysisRequest): AsyncGenerator<ServiceEvent, void> | null {
		const analysis = current.get(uploadId);
		if (!analysis) return null;
		if (!isSamePlan(analysis.plan, plan)) throw new AnalysisError('analysis-running', 'queue');
		return follow(analysis);
	}

	function refuseWhatCannotRun({ model, tier }: WirePlan): void {
		if (isStopping) throw new AnalysisError('shutting-down', 'queue');
		const { state, classifiers, tiers, problem, problemCode } = inference.status();
		if (state === 'failed')
			throw new AnalysisError(problemCode ?? 'not-ready', 'queue', problemCode ? '' : (problem ?? ''));
		if (model !== null && classifiers.length > 0 && !classifiers.includes(model))
			throw new AnalysisError('model-unknown', 'request', `known: ${classifiers.join(', ')}`);
		if (tier !== null && classifiers.length > 0 && !tiers.includes(tier))
			throw new AnalysisError('tier-missing', 'request', `asked for: ${tier}; there is: ${tiers.join(', ') || 'none'}`);
		if (running.size >= slots && waiting.length >= queue) throw new AnalysisError('queue-full', 'queue');
	}

	function enqueue(
		{ uploadId, plan, keepUpload }: AnalysisRequest,
		fileName: string,
		trace: Trace | undefined,
	): Analysis {
		const analysis: Analysis = {
			id: uploadId,
			fileName,
			plan,
			keepUpload,
			trace,
			askedMs: performance.now(),
			events: [{ type: 'accepted', id: uploadId }],
			position: null,
			hasEnded: false,
			readers: 0,
			grace: undefined,
			abort: new AbortController(),
			news: new EventEmitter().setMaxListeners(0),
		};
		current.set(uploadId, analysis);
		awaitReaders(analysis);
		waiting.push(analysis);
		advance();
		return analysis;
	}

	/** Fills free places, and tells the others where they stand. */
	function advance(): void {
		while (running.size < slots) {
			const next = waiting.shift();
			if (!next) break;
			next.position = null;
			onStart(performance.now() - next.askedMs, next.trace);
			running.set(next, run(next));
		}
		for (const [i, analysis] of waiting.entries()) {
			analysis.position = i + 1;
			analysis.news.emit('news');
		}
	}

	/** Never throws. */
	async function run(analysis: Analysis): Promise<void> {
		const last = await perform(analysis);
		end(analysis, await settle(analysis, last));
		running.delete(analysis);
		advance();
	}

	/** Analyses the upload and gives the upload back. */
	async function perform(analysis: Analysis): Promise<LastEvent> {
		const { id, fileName, plan, abort, trace } = analysis;
		try {
			const upload = await store.openUpload(id, abort.signal);
			try {
				const job = { path: upload.path, fileName, plan: toPlan(plan), trace };
				for await (const event of inference.analyse(job, abort.signal)) {
					if (event.type === 'report') return event;
					if (event.type === 'failed') return withoutPath(event, upload.path);
					append(analysis, event);
				}
				throw new AnalysisError('internal', 'judge', 'the analysis ended without a report');
			} finally {
				await upload.release().catch((err: unknown) => log.warn({ err, id }, 'an upload could not be given back'));
			}
		} catch (thrown) {
			const error = abort.signal.aborted ? new AnalysisError('cancelled', 'queue') : storeError(thrown);
			return failedEvent(fileName, error);
		}
	}

	/** Stores what trying again would not change, and deletes the upload then; gives what is to be told. */
	async function settle(analysis: Analysis, last: LastEvent): Promise<LastEvent> {
		const { id, fileName, keepUpload } = analysis;
		if (analysis.hasEnded) return last; // it was told already that it was stopped: nothing may come of it
		const result = resultOf(last, now());
		if (!result) return last;
		try {
			await store.writeResult(id, result);
		} catch (thrown) {
			log.warn({ err: thrown, id }, 'a result could not be stored');
			return last.type === 'report' ? failedEvent(fileName, storeError(thrown)) : last;
		}
		if (last.type === 'report') remember(last.report);
		if (!keepUpload)
			await store.deleteUpload(id).catch((err: unknown) => log.warn({ err, id }, 'an upload could not be deleted'));
		return last;
	}

	function append(analysis: Analysis, event: ServiceEvent): void {
		if (analysis.hasEnded) return;
		analysis.events.push(event);
		analysis.news.emit('news');
	}

	/** Ends it for its readers, once. */
	function end(analysis: Analysis, last: LastEvent): void {
		if (analysis.hasEnded) return;
		clearTimeout(analysis.grace);
		if (current.get(analysis.id) === analysis) current.delete(analysis.id);
		analysis.events.push(last);
		analysis.hasEnded = true;
		analysis.position = null;
		analysis.news.emit('news');
	}

	/** Ends one that waits; aborts one that runs, which then ends by itself. */
	function stop(analysis: Analysis, code: ErrorCode): void {
		const at = waiting.indexOf(analysis);
		if (at < 0) {
			analysis.abort.abort();
			return;
		}
		waiting.splice(at, 1);
		end(analysis, failedEvent(analysis.fileName, new AnalysisError(code, 'queue')));
		advance();
	}

	function awaitReaders(analysis: Analysis): void {
		if (analysis.hasEnded) return;
		analysis.grace = setTimeout(stop, graceMs, analysis, 'cancelled');
	}

	/** All events so far and those that follow. Who never takes the first one is no reader. */
	function follow(analysis: Analysis): AsyncGenerator<ServiceEvent, void> {
		let hasLeft = false;
		const events = read(analysis, () => hasLeft);
		const leave = events.return.bind(events);
		// a generator's own `return` would wait for the next event
		events.return = (value) => {
			hasLeft = true;
			analysis.news.emit('news');
			return leave(value);
		};
		return events;
	}

	async function* read(analysis: Analysis, hasLeft: () => boolean): AsyncGenerator<ServiceEvent, void> {
		const { events, news } = analysis;
		analysis.readers++;
		clearTimeout(analysis.grace);
		try {
			let at = 0;
			let told: number | null = null;
			while (!hasLeft()) {
				const event = events[at];
				if (event) {
					at++;
					yield event;
				} else if (analysis.hasEnded) return;
				else if (analysis.position !== null && analysis.position !== told) {
					told = analysis.position;
					yield { type: 'queued', position: told };
				} else await once(news, 'news');
			}
		} finally {
			analysis.readers--;
			if (analysis.readers === 0) awaitReaders(analysis);
		}
	}

	const toPlan = (plan: WirePlan): Plan => ({ ...plan, maxDurationS: limits.maxDurationS });

	function remember({ timings, coverage, classifier }: Report): void {
		speeds.push({ model: classifier?.id ?? null, secondsAFrame: timings.totalS / coverage.framesSampled });
		if (speeds.length > MAX_SPEEDS) speeds.shift();
	}

	const medianSpeed = (some: typeof speeds) =>
		quantile(
			some.map(({ secondsAFrame }) => secondsAFrame).toSorted((a, b) => a - b),
			0.5,
		);

	return {
		start,
		async cancel(id) {
			const analysis = current.get(id);
			if (!analysis) return;
			stop(analysis, 'cancelled');
			await running.get(analysis);
		},
		status: () => ({
			running: running.size,
			waiting: waiting.length,
			slots,
			queue,
			secondsAFrame: speeds.length > 0 ? medianSpeed(speeds) : null,
			secondsAFrameByModel: Object.fromEntries(
				[...new Set(speeds.flatMap(({ model }) => model ?? []))].map((id) => [
					id,
					medianSpeed(speeds.filter(({ model }) => model === id)),
				]),
			),
		}),
		async drain(waitMs) {
			isStopping = true;
			for (const analysis of [...waiting]) stop(analysis, 'shutting-down');
			await settledWithin([...running.values()], waitMs);
			const rest = [...running];
			for (const [analysis] of rest) {
				end(analysis, failedEvent(analysis.fileName, new AnalysisError('shutting-down', 'queue')));
				analysis.abort.abort();
			}
			await settledWithin(
				rest.map(([, ended]) => ended),
				RELEASE_MS,
			);
		},
	};
}

/** Whether two plans give the same report; `crops` only changes what is told on the way. */
function isSamePlan(a: Omit<WirePlan, 'crops'>, b: Omit<WirePlan, 'crops'>): boolean {
	const isSame = (key: 'frames' | 'mode' | 'heatMaps' | 'model' | 'tier') => a[key] === b[key];
	return isSame('frames') && isSame('mode') && isSame('heatMaps') && isSame('model') && isSame('tier');
}

/** What a stored result tells without a new analysis: the report of this plan, or why an upload that is gone could not be analysed. */
function storedEvent(result: StoredResult | null, plan: WirePlan, upload: UploadState | null): LastEvent | null {
	if (result?.schema === 'unmask-report/1')
		return isSamePlan(result.plan, plan) ? { type: 'report', report: result } : null;
	return result && !upload ? { type: 'failed', fileName: result.fileName, error: result.error } : null;
}

async function* toldAtOnce(id: string, last: LastEvent): AsyncGenerator<ServiceEvent, void> {
	yield { type: 'accepted', id };
	yield last;
}

/** What is stored of an end: a report, or a failure that lies in the file. Null where another try can end otherwise. */
function resultOf(last: LastEvent, now: Date): StoredResult | null {
	if (last.type === 'report') return last.report;
	const { exit, retryable } = errorTable[last.error.code as ErrorCode];
	if (exit !== 3 || retryable) return null; // this instance's models or set-up, or a mishap
	if (last.error.code === 'upload-not-found') return null; // deleted on purpose: nothing is to be left of it
	return { schema: 'unmask-failure/1', createdAt: now.toISOString(), fileName: last.fileName, error: last.error };
}

/** The same failure; where on our disk the file lay is nobody's business. */
function withoutPath(event: Extract<LastEvent, { type: 'failed' }>, path: string): LastEvent {
	const message = event.error.message.replaceAll(path, () => event.fileName); // as it stands, `$&` too
	return { ...event, fileName: event.fileName, error: { ...event.error, message } };
}

function storeError(thrown: unknown): AnalysisError {
	if (thrown instanceof AnalysisError) return thrown;
	return new AnalysisError('store-failed', 'store', '', { cause: thrown });
}

async function settledWithin(all: readonly Promise<unknown>[], ms: number): Promise<void> {
	const timer = new AbortController();
	const timeUp = wait(ms, undefined, { signal: timer.signal }).catch(() => {});
	await Promise.race([Promise.all(all), timeUp]);
	timer.abort();
}
