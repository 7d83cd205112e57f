import { EventEmitter, on, once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Config, inferenceEnvironment } from '../config.ts';
import type { AnalysisEvent } from '../contract/events.ts';
import type { Ready } from '../contract/service.ts';
import { AnalysisError, type ErrorCode, toAnalysisError } from '../errors.ts';
import type { ProcessLimits } from '../media/confine.ts';
import { type MessageProcess, type ProcessEnd, startNodeProcess } from '../media/run-process.ts';
import { isCudaInstalled } from '../model/session.ts';
import { failedEvent } from './failed-event.ts';
import type { FromChild, Job, LoadedModels, ToChild } from './messages.ts';

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

const HEARTBEAT_MS = 5000;
/**
 * Pings without an answer after which it is stuck: half a minute, or two minutes while it loads program and models.
 * Counted in pings, not by the clock: where this process was frozen for a while, so was the other.
 */
const MAX_UNANSWERED = { ready: 6, loading: 24 };
/** Pause before it is started again after it could not start; twice as long each time. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/** Starts the process that runs the models and keeps one running until `close`. */
export function createInference({ config, onLog = () => {}, heartbeatMs = HEARTBEAT_MS }: InferenceOptions): Inference {
	const changes = new EventEmitter().setMaxListeners(0);
	const restarts = { died: 0, recycled: 0 };
	/** Every analysis of which something still runs in the process, by its number. */
	const inFlight = new Map<number, { readonly fileName: string; readonly events: EventEmitter }>();
	let lastNumber = 0;
	let state: InferenceStatus['state'] = 'starting';
	let loaded: LoadedModels | null = null;
	let problem: AnalysisError | null = null;
	let selfTest: InferenceStatus['selfTest'] = null;
	let pauseMs = FIRST_PAUSE_MS;
	let pause: NodeJS.Timeout | undefined;
	/** The process of now; null between two. */
	let child: MessageProcess | null = null;
	/** The end of the process that is being replaced. */
	let leaving: Promise<unknown> = Promise.resolve();
	/** What is known of the process of now. */
	let seen = { unanswered: 0, residentBytes: null as number | null, hasWorked: false, toldWhy: false };
	start();
	const heartbeat = setInterval(beat, heartbeatMs);

	function start(): void {
		if (state === 'stopping') return;
		const own = startNodeProcess(childProgram.file, {
			env: inferenceEnvironment(config),
			nodeArgs: childProgram.nodeArgs,
			limits: limitsOf(config),
			onMessage: (message) => own === child && take(message as FromChild),
			onStderrLine: onLog,
		});
		own.ended.then((end) => own === child && state !== 'stopping' && died(end));
		child = own;
		seen = { unanswered: 0, residentBytes: null, hasWorked: false, toldWhy: false };
	}

	const become = (next: typeof state) => {
		state = next;
		changes.emit('change');
	};

	function take(message: FromChild): void {
		seen.unanswered = 0;
		if ('residentBytes' in message) seen.residentBytes = message.residentBytes;
		if (message.kind === 'event') inFlight.get(message.number)?.events.emit('event', message.event);
		else if (message.kind === 'notice') onLog(message.text);
		else if (message.kind === 'ready') ready(message);
		else if (message.kind === 'unable')
			unable(new AnalysisError(message.code, 'environment', message.detail), message.selfTest);
		else if (message.kind === 'ended') {
			seen.hasWorked = true;
			inFlight.delete(message.number);
		}
		recycleIfGrown();
	}

	function ready({ provider, models, classifiers, tiers, selfTest: passed }: LoadedModels): void {
		loaded = { provider, models, classifiers, tiers, selfTest: passed };
		selfTest = passed;
		problem = null;
		pauseMs = FIRST_PAUSE_MS;
		become('ready');
	}

	function unable(error: AnalysisError, failedTest: InferenceStatus['selfTest'] = null): void {
		seen.toldWhy = true;
		selfTest = failedTest;
		problem = error;
		become('failed');
	}

	/** It ended without being asked to: all that it was doing has failed, and another one is started. */
	function died(end: ProcessEnd): void {
		const how = howItEnded(end);
		onLog(`the process that runs the models ended: ${how}`);
		child = null;
		restarts.died++;
		failAll('inference-died', how);
		if (state === 'ready') {
			become('starting');
			start();
			return;
		}
		if (!seen.toldWhy) unable(new AnalysisError('inference-died', 'environment', `while it was starting: ${how}`));
		pause = setTimeout(start, pauseMs);
		pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
	}

	const hasGrown = () => seen.hasWorked && (seen.residentBytes ?? 0) > config.UNMASK_CHILD_MB * 1e6;

	/** Whoever comes while it is too large waits for the next one, so that it becomes idle however busy the service is. */
	function recycleIfGrown(): void {
		if (!child || state !== 'ready' || !hasGrown() || inFlight.size > 0) return;
		onLog(`the process that runs the models has grown to ${Math.round((seen.residentBytes ?? 0) / 1e6)} MB: replaced`);
		const old = child;
		child = null;
		restarts.recycled++;
		become('starting');
		leaving = old.stop().then(start);
	}

	function beat(): void {
		seen.unanswered++;
		if (seen.unanswered > MAX_UNANSWERED[state === 'ready' ? 'ready' : 'loading']) child?.stop();
		else tell(child, { kind: 'ping' });
	}

	function failAll(code: ErrorCode, detail = ''): void {
		const all = [...inFlight.values()];
		inFlight.clear();
		for (const { fileName, events } of all)
			events.emit('event', failedEvent(fileName, new AnalysisError(code, 'score', detail)));
	}

	/** The process, as soon as it takes work; throws what it could not start for, shutting-down, or AbortError. */
	async function whenReady(signal: AbortSignal): Promise<MessageProcess> {
		while (true) {
			signal.throwIfAborted();
			if (state === 'stopping') throw new AnalysisError('shutting-down', 'queue');
			if (state === 'failed' && problem) throw problem;
			if (state === 'ready' && child && !hasGrown()) return child;
			await once(changes, 'change', { signal });
		}
	}

	async function* follow(job: Job, signal: AbortSignal): AsyncGenerator<AnalysisEvent, void> {
		const worker = await whenReady(signal);
		const number = ++lastNumber;
		const events = new EventEmitter();
		const told = on(events, 'event'); // holds what its reader has not taken yet: one analysis' events at most
		const cancel = () => tell(worker, { kind: 'cancel', number });
		inFlight.set(number, { fileName: job.fileName, events });
		signal.addEventListener('abort', cancel);
		tell(worker, { kind: 'analyse', number, job });
		try {
			for await (const [event] of told as AsyncIterable<[AnalysisEvent]>) {
				yield event;
				if (event.type === 'report' || event.type === 'failed') return;
			}
		} finally {
			signal.removeEventListener('abort', cancel);
			cancel(); // does nothing where it has ended
		}
	}

	return {
		async *analyse(job, signal) {
			try {
				yield* follow(job, signal);
			} catch (thrown) {
				const error = signal.aborted ? new AnalysisError('cancelled', 'queue') : toAnalysisError(thrown, 'queue');
				yield failedEvent(job.fileName, error);
			}
		},
		status: () => ({
			state,
			provider: loaded?.provider ?? null,
			models: loaded?.models ?? [],
			classifiers: loaded?.classifiers ?? [],
			tiers: loaded?.tiers ?? [],
			selfTest,
			problem: problem?.message ?? null,
			problemCode: problem?.code ?? null,
			restarts: { ...restarts },
			residentBytes: child && seen.residentBytes,
		}),
		async close() {
			clearInterval(heartbeat);
			clearTimeout(pause);
			become('stopping');
			failAll('shutting-down');
			await Promise.all([child?.stop(), leaving]);
		},
	};
}

/** What program and models take before the first video, measured 0.33 GB, and room for models of one's own. */
const startMb = 1024;
/** With CUDA it makes a small clip to try NVDEC, and the driver keeps what it compiles. */
const cudaFilesMb = 64;

/**
 * Twice the memory at which it is replaced when it is idle, and what it starts with. With CUDA none: the driver maps more than it uses. It lives as long as the
 * service, so its CPU time has no limit; who does not answer is ended by the heartbeat.
 */
function limitsOf({ UNMASK_CHILD_MB, UNMASK_PROVIDER }: Config): ProcessLimits {
	const isCuda = UNMASK_PROVIDER !== 'cpu' && isCudaInstalled();
	return { memoryMb: isCuda ? null : startMb + 2 * UNMASK_CHILD_MB, cpuS: null, filesMb: isCuda ? cudaFilesMb : 0 };
}

const tell = (to: MessageProcess | null, message: ToChild) => to?.send(message);

function howItEnded({ exitCode, killedBy, startError, stderrTail }: ProcessEnd): string {
	const how = startError ?? (killedBy ? `by ${killedBy}` : `with status ${exitCode}`);
	const lastLine = stderrTail.split('\n').at(-1);
	return lastLine ? `${how}: ${lastLine}` : how;
}

/** The program of the process: beside this file; from source it runs by tsx, as Node 20 runs no TypeScript. */
const childProgram = ((isSource: boolean) => ({
	file: fileURLToPath(new URL(isSource ? './child.ts' : './child.js', import.meta.url)),
	nodeArgs: isSource ? ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href] : [],
}))(import.meta.url.endsWith('.ts'));
