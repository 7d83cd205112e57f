import { EventEmitter, once } from 'node:events';
import type { Config } from '../config.ts';
import type { AnalysisEvent } from '../contract/events.ts';
import type { Ready } from '../contract/service.ts';
import { AnalysisError, type ErrorCode, toAnalysisError } from '../errors.ts';
import { failedEvent } from './failed-event.ts';
import { JobsInFlight } from './jobs-in-flight.ts';
import type { FromChild, Job, LoadedModels } from './messages.ts';
import { ModelProcess } from './model-process.ts';

/** How the process that runs the models is. */
export type InferenceStatus = Pick<Ready, 'problem'> &
	LoadedModels & {
		/** `failed` = it could not be started; it is tried again, and until it works analyses are refused with `problemCode`. */
		readonly state: 'starting' | 'ready' | 'failed' | 'stopping';
		/** Code of `problem`. */
		readonly problemCode: ErrorCode | null;
		/** How often it was started anew, because it died or because its memory had grown. */
		readonly restarts: { readonly died: number; readonly recycled: number };
		/** Resident memory of the process, bytes; null while there is none. */
		readonly residentBytes: number | null;
	};

/** Analyses in a process of their own, which loads each model once, can be killed, and is started again when it dies. */
export type Inference = {
	/**
	 * Every event of the pipeline; ends with `report` or `failed`, whatever happens to the process, and never throws.
	 * Aborting the signal, or leaving the loop, cancels the work. Waits while the process is starting.
	 */
	analyse(job: Job, signal: AbortSignal): AsyncGenerator<AnalysisEvent, void>;
	status(): InferenceStatus;
	/** Ends the process; what still runs ends with `failed`, code `shutting-down`. */
	close(): Promise<void>;
};

/** What the inference process is given. */
export type InferenceOptions = {
	readonly config: Config;
	/** Told what the process says for people: notices, its stderr, and how it ended; a line at a time. */
	readonly onLog?: (line: string) => void;
	/** Milliseconds between two pings. */
	readonly heartbeatMs?: number;
};

const usualHeartbeatMs = 5000;
/**
 * Pings without an answer after which it is stuck: half a minute, or two minutes while it loads program and models.
 * Counted in pings, not by the clock: where this process was frozen for a while, so was the other.
 */
const mostUnanswered = { ready: 6, loading: 24 };
/** Pause before it is started again after it could not start; twice as long each time. */
const firstPauseMs = 500;
const longestPauseMs = 30_000;

/** The process that runs the models, in whichever state it is. */
type State =
	/** It loads; `problem` is why the one before could not be started. */
	| { readonly name: 'starting'; readonly process: ModelProcess; readonly problem: Problem | null }
	| { readonly name: 'ready'; readonly process: ModelProcess; readonly problem: null }
	/** It said why it cannot work, and ends. */
	| { readonly name: 'unable'; readonly process: ModelProcess; readonly problem: Problem }
	/** There is none until the pause is over. */
	| { readonly name: 'paused'; readonly timer: NodeJS.Timeout; readonly problem: Problem }
	/** The one that has grown ends, the next one has not begun. */
	| { readonly name: 'replacing'; readonly ended: Promise<void>; readonly problem: null }
	| { readonly name: 'stopping'; readonly problem: null };

type Problem = { readonly error: AnalysisError; readonly selfTest: InferenceStatus['selfTest'] };

/** Starts the process that runs the models and keeps one running until `close`. */
export function createInference(options: InferenceOptions): Inference {
	return new SupervisedInference(options);
}

class SupervisedInference implements Inference {
	readonly #config: Config;
	readonly #onLog: (line: string) => void;
	readonly #jobs = new JobsInFlight();
	readonly #changes = new EventEmitter().setMaxListeners(0);
	readonly #restarts = { died: 0, recycled: 0 };
	readonly #heartbeat: NodeJS.Timeout;
	#state: State;
	/** What was loaded last; it holds while the next process loads the same. */
	#loaded: LoadedModels | null = null;
	#pauseMs = firstPauseMs;

	constructor({ config, onLog = () => {}, heartbeatMs = usualHeartbeatMs }: InferenceOptions) {
		this.#config = config;
		this.#onLog = onLog;
		this.#state = this.#started(null);
		this.#heartbeat = setInterval(() => this.#beat(), heartbeatMs);
	}

	async *analyse(job: Job, signal: AbortSignal): AsyncGenerator<AnalysisEvent, void> {
		try {
			yield* this.#follow(job, signal);
		} catch (thrown) {
			const error = signal.aborted ? new AnalysisError('cancelled', 'queue') : toAnalysisError(thrown, 'queue');
			yield failedEvent(job.fileName, error);
		}
	}

	status(): InferenceStatus {
		const { provider = null, models = [], classifiers = [], tiers = [], selfTest = null } = this.#loaded ?? {};
		const { name, problem } = this.#state;
		return {
			state: problem ? 'failed' : name === 'ready' || name === 'stopping' ? name : 'starting',
			...{ provider, models, classifiers, tiers },
			selfTest: problem ? problem.selfTest : selfTest,
			problem: problem?.error.message ?? null,
			problemCode: problem?.error.code ?? null,
			restarts: { ...this.#restarts },
			residentBytes: 'process' in this.#state ? this.#state.process.residentBytes : null,
		};
	}

	async close(): Promise<void> {
		clearInterval(this.#heartbeat);
		const state = this.#state;
		if (state.name === 'paused') clearTimeout(state.timer);
		this.#become({ name: 'stopping', problem: null });
		this.#jobs.failAll(new AnalysisError('shutting-down', 'score'));
		if ('process' in state) await state.process.stop();
		if (state.name === 'replacing') await state.ended;
	}

	#started(problem: Problem | null): State {
		const process: ModelProcess = new ModelProcess(this.#config, {
			onMessage: (message) => this.#take(process, message),
			onDeath: (how) => this.#died(how),
			onLog: this.#onLog,
		});
		return { name: 'starting', process, problem };
	}

	#become(state: State): void {
		this.#state = state;
		this.#changes.emit('change');
	}

	#take(process: ModelProcess, message: FromChild): void {
		switch (message.kind) {
			case 'event':
				this.#jobs.tell(message.number, message.event);
				break;
			case 'notice':
				this.#onLog(message.text);
				break;
			case 'ready':
				this.#loaded = message;
				this.#pauseMs = firstPauseMs;
				this.#become({ name: 'ready', process, problem: null });
				break;
			case 'unable': {
				const error = new AnalysisError(message.code, 'environment', message.detail);
				this.#become({ name: 'unable', process, problem: { error, selfTest: message.selfTest } });
				break;
			}
			case 'ended':
				this.#jobs.end(message.number);
				break;
		}
		this.#replaceIfGrown();
	}

	/** It ended without being asked to: all that it was doing has failed, and another one is started. */
	#died(how: string): void {
		this.#onLog(`the process that runs the models ended: ${how}`);
		this.#restarts.died++;
		this.#jobs.failAll(new AnalysisError('inference-died', 'score', how));
		if (this.#state.name === 'ready') this.#become(this.#started(null));
		else if (this.#state.name === 'unable') this.#pause(this.#state.problem);
		else {
			const error = new AnalysisError('inference-died', 'environment', `while it was starting: ${how}`);
			this.#pause({ error, selfTest: null });
		}
	}

	#pause(problem: Problem): void {
		const timer = setTimeout(() => this.#become(this.#started(problem)), this.#pauseMs);
		this.#pauseMs = Math.min(2 * this.#pauseMs, longestPauseMs);
		this.#become({ name: 'paused', timer, problem });
	}

	#hasGrown({ hasWorked, residentBytes }: ModelProcess): boolean {
		return hasWorked && (residentBytes ?? 0) > this.#config.UNMASK_CHILD_MB * 1e6;
	}

	/** Whoever comes while it is too large waits for the next one, so that it becomes idle however busy the service is. */
	#replaceIfGrown(): void {
		const state = this.#state;
		if (state.name !== 'ready' || !this.#hasGrown(state.process) || this.#jobs.size > 0) return;
		const megabytes = Math.round((state.process.residentBytes ?? 0) / 1e6);
		this.#onLog(`the process that runs the models has grown to ${megabytes} MB: replaced`);
		this.#restarts.recycled++;
		const ended = state.process.stop();
		this.#become({ name: 'replacing', ended, problem: null });
		ended.then(() => this.#state.name === 'replacing' && this.#become(this.#started(null)));
	}

	#beat(): void {
		if ('process' in this.#state)
			this.#state.process.ping(mostUnanswered[this.#state.name === 'ready' ? 'ready' : 'loading']);
	}

	/** The process, as soon as it takes work; throws what it could not start for, shutting-down, or AbortError. */
	async #whenReady(signal: AbortSignal): Promise<ModelProcess> {
		while (true) {
			signal.throwIfAborted();
			const state = this.#state;
			if (state.name === 'stopping') throw new AnalysisError('shutting-down', 'queue');
			if (state.problem) throw state.problem.error;
			if (state.name === 'ready' && !this.#hasGrown(state.process)) return state.process;
			await once(this.#changes, 'change', { signal });
		}
	}

	async *#follow(job: Job, signal: AbortSignal): AsyncGenerator<AnalysisEvent, void> {
		const process = await this.#whenReady(signal);
		const { number, events } = this.#jobs.begin(job.fileName);
		const cancel = () => process.send({ kind: 'cancel', number });
		signal.addEventListener('abort', cancel);
		process.send({ kind: 'analyse', number, job });
		try {
			yield* events;
		} finally {
			signal.removeEventListener('abort', cancel);
			cancel(); // does nothing where it has ended
		}
	}
}
