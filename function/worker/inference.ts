import { EventEmitter, once } from 'node:events';
import type { Config } from '../config.ts';
import type { AnalysisEvent } from '../contract/events.ts';
import type { Ready } from '../contract/service.ts';
import { AnalysisError, type ErrorCode, toAnalysisError } from '../errors.ts';
import { failedEvent } from './failed-event.ts';
import { JobsInFlight } from './jobs-in-flight.ts';
import type { FromChild, Job, LoadedModels } from './messages.ts';
import { ModelProcess } from './model-process.ts';

/** State of the inference process. */
export type InferenceStatus = Pick<Ready, 'problem'> &
	LoadedModels & {
		/** `failed` = it could not be started. Starting is retried; until it succeeds, analyses are refused with `problemCode`. */
		readonly state: 'starting' | 'ready' | 'failed' | 'stopping';
		/** Code of `problem`. */
		readonly problemCode: ErrorCode | null;
		/** Number of restarts, because it died or because its memory had grown. */
		readonly restarts: { readonly died: number; readonly recycled: number };
		/** Resident memory of the process, bytes; null if unknown. */
		readonly residentBytes: number | null;
	};

/** Runs analyses in a separate process, which loads each model once, can be killed, and is restarted when it dies. */
export type Inference = {
	/**
	 * The events of the pipeline. They end with `report` or `failed`, whatever happens to the process; never throws. Aborting the signal or leaving
	 * the loop cancels the analysis. Waits while the process is starting.
	 */
	analyse(job: Job, signal: AbortSignal): AsyncGenerator<AnalysisEvent, void>;
	status(): InferenceStatus;
	/** Stops the process; running analyses end with `failed`, code `shutting-down`. */
	close(): Promise<void>;
};

/** Options of the inference. */
export type InferenceOptions = {
	readonly config: Config;
	/** Called with each line for people: notices, stderr of the process, and how it ended. */
	readonly onLog?: (line: string) => void;
	/** Interval between pings, milliseconds. */
	readonly heartbeatMs?: number;
};

const defaultHeartbeatMs = 5000;
/**
 * Number of unanswered pings after which the process counts as stuck: half a minute, or two minutes while it is loading. Counted in pings rather
 * than seconds, because if this process was frozen for a while, so was the other.
 */
const maxUnanswered = { ready: 6, loading: 24 };
/** Pause before the next attempt to start the process, doubled after each failure. */
const firstPauseMs = 500;
const maxPauseMs = 30_000;

/** States of the inference process. */
type State =
	/** Loading; `problem` is why the previous process could not be started. */
	| { readonly name: 'starting'; readonly process: ModelProcess; readonly problem: Problem | null }
	| { readonly name: 'ready'; readonly process: ModelProcess; readonly problem: null }
	/** It has reported why it cannot work, and is exiting. */
	| { readonly name: 'unable'; readonly process: ModelProcess; readonly problem: Problem }
	/** No process until the pause is over. */
	| { readonly name: 'paused'; readonly timer: NodeJS.Timeout; readonly problem: Problem }
	/** The process that grew too large is stopping; the next one has not started. */
	| { readonly name: 'replacing'; readonly ended: Promise<void>; readonly problem: null }
	| { readonly name: 'stopping'; readonly problem: null };

type Problem = { readonly error: AnalysisError; readonly selfTest: InferenceStatus['selfTest'] };

/** Starts an inference process and keeps one running until `close`. */
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
	/** What the last process loaded; still valid while the next one loads the same. */
	#loaded: LoadedModels | null = null;
	#pauseMs = firstPauseMs;

	constructor({ config, onLog = () => {}, heartbeatMs = defaultHeartbeatMs }: InferenceOptions) {
		this.#config = config;
		this.#onLog = onLog;
		this.#state = this.#start(null);
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
		this.#setState({ name: 'stopping', problem: null });
		this.#jobs.failAll(new AnalysisError('shutting-down', 'score'));
		if ('process' in state) await state.process.stop();
		if (state.name === 'replacing') await state.ended;
	}

	#start(problem: Problem | null): State {
		const process: ModelProcess = new ModelProcess(this.#config, {
			onMessage: (message) => this.#handle(process, message),
			onDeath: (how) => this.#died(how),
			onLog: this.#onLog,
		});
		return { name: 'starting', process, problem };
	}

	#setState(state: State): void {
		this.#state = state;
		this.#changes.emit('change');
	}

	#handle(process: ModelProcess, message: FromChild): void {
		switch (message.kind) {
			case 'event':
				this.#jobs.emit(message.number, message.event);
				break;
			case 'notice':
				this.#onLog(message.text);
				break;
			case 'ready':
				this.#loaded = message;
				this.#pauseMs = firstPauseMs;
				this.#setState({ name: 'ready', process, problem: null });
				break;
			case 'unable': {
				const error = new AnalysisError(message.code, 'environment', message.detail);
				this.#setState({ name: 'unable', process, problem: { error, selfTest: message.selfTest } });
				break;
			}
			case 'ended':
				this.#jobs.end(message.number);
				break;
		}
		this.#replaceIfGrown();
	}

	/** The process ended unexpectedly: all its jobs have failed, and another one is started. */
	#died(how: string): void {
		this.#onLog(`the process that runs the models ended: ${how}`);
		this.#restarts.died++;
		this.#jobs.failAll(new AnalysisError('inference-died', 'score', how));
		if (this.#state.name === 'ready') this.#setState(this.#start(null));
		else if (this.#state.name === 'unable') this.#pause(this.#state.problem);
		else {
			const error = new AnalysisError('inference-died', 'environment', `while it was starting: ${how}`);
			this.#pause({ error, selfTest: null });
		}
	}

	#pause(problem: Problem): void {
		const timer = setTimeout(() => this.#setState(this.#start(problem)), this.#pauseMs);
		this.#pauseMs = Math.min(2 * this.#pauseMs, maxPauseMs);
		this.#setState({ name: 'paused', timer, problem });
	}

	#hasGrown({ hasWorked, residentBytes }: ModelProcess): boolean {
		return hasWorked && (residentBytes ?? 0) > this.#config.UNMASK_CHILD_MB * 1e6;
	}

	/** Replaces a process that has grown too large once it is idle. New jobs wait for the next process, so it becomes idle however busy the service is. */
	#replaceIfGrown(): void {
		const state = this.#state;
		if (state.name !== 'ready' || !this.#hasGrown(state.process) || this.#jobs.size > 0) return;
		const megabytes = Math.round((state.process.residentBytes ?? 0) / 1e6);
		this.#onLog(`replacing the process that runs the models: it has grown to ${megabytes} MB`);
		this.#restarts.recycled++;
		const ended = state.process.stop();
		this.#setState({ name: 'replacing', ended, problem: null });
		ended.then(() => this.#state.name === 'replacing' && this.#setState(this.#start(null)));
	}

	#beat(): void {
		if ('process' in this.#state)
			this.#state.process.ping(maxUnanswered[this.#state.name === 'ready' ? 'ready' : 'loading']);
	}

	/** Resolves with the process once it accepts jobs. Throws the error if it could not start, shutting-down, or AbortError. */
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
		const { number, events } = this.#jobs.add(job.fileName);
		const cancel = () => process.send({ kind: 'cancel', number });
		signal.addEventListener('abort', cancel);
		process.send({ kind: 'analyse', number, job });
		try {
			yield* events;
		} finally {
			signal.removeEventListener('abort', cancel);
			cancel(); // no effect if the job has ended
		}
	}
}
