import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { execa } from 'execa';
import { AnalysisError, type Stage } from '../errors.ts';
import { confined, type ProcessLimits, shell } from './confine.ts';

/**
 * The only file that starts processes. Each ends with its reader, its signal or its parent, whichever ends first, and runs within
 * limits (`confine.ts`).
 */

/** How processes can be confined on this machine. */
export type Confinement = {
	/** Limits on memory, CPU time, files and core dumps; available with a POSIX shell. */
	readonly limits: boolean;
	/** A network namespace without a device; available on Linux if the kernel and the container allow it. */
	readonly noNetwork: boolean;
};

let detected: (Confinement & { readonly unshare: readonly string[] }) | null = null;

/** How processes are confined here; detected once, which takes milliseconds. */
export function confinement(): Confinement {
	const { limits, noNetwork } = detectConfinement();
	return { limits, noNetwork };
}

function detectConfinement() {
	if (detected) return detected;
	const limits = existsSync(shell);
	const isLinux = process.platform === 'linux';
	// a process without a network has none to drop
	const isOffline = isLinux && Object.keys(networkInterfaces()).length === 0;
	const unshare = limits && isLinux && !isOffline ? findUnshare() : [];
	detected = { limits, noNetwork: isOffline || unshare.length > 0, unshare };
	return detected;
}

/** The prefix that runs a command without a network; empty if that is not possible here. */
function findUnshare(): readonly string[] {
	// root keeps its user namespace, because in a new one it could not read other users' files
	const words = process.getuid?.() === 0 ? ['unshare', '-n'] : ['unshare', '-U', '-n'];
	const [program, ...args] = confined([...words, shell, '-c', ':'], defaultLimits);
	return spawnSync(program, args, { env: {}, stdio: 'ignore', timeout: 5000 }).status === 0 ? words : [];
}

function command(
	plain: readonly [string, ...string[]],
	limits: ProcessLimits,
	hasNetwork = false,
): readonly [string, ...string[]] {
	const { limits: hasLimits, unshare } = detectConfinement();
	return hasLimits ? confined([...(hasNetwork ? [] : unshare), ...plain], limits) : plain;
}

/** How a process ended; `exitCode` is null if it was killed by `killedBy` or never started (`startError`). */
export type ProcessEnd = {
	readonly exitCode: number | null;
	readonly killedBy: string | null;
	readonly startError: string | null;
	/** The last lines of stderr, at most `stderrTailChars`. */
	readonly stderrTail: string;
};

/** Options of a process, which inherits no environment and has no stdin. */
export type ProcessOptions = {
	readonly signal?: AbortSignal | undefined;
	readonly env?: Readonly<Record<string, string>>;
	/** Folder to run in; default: this process's. */
	readonly cwd?: string;
	/** Called with each complete line of stderr. */
	readonly onStderrLine?: (line: string) => void;
	/** Default: `defaultLimits`; null for no limits and with the network, as an installation needs. */
	readonly limits?: ProcessLimits | null;
	/** Whether a process with limits keeps the network; default false. */
	readonly hasNetwork?: boolean;
};

/** A running process. `stdout` is read as fast as the reader consumes it; leaving it early or calling `stop` kills the process. */
export type RunningProcess = {
	readonly stdout: AsyncIterable<Uint8Array>;
	readonly ended: Promise<ProcessEnd>;
	readonly stop: () => Promise<ProcessEnd>;
};

/**
 * Limits for a program that reads a video. An 8K H.264 film takes 0.6 GB with two threads and 1.4 GB with sixteen, a picture of
 * 67 megapixels 0.3 GB. Callers that decode for long set a higher CPU limit.
 */
export const defaultLimits: ProcessLimits = { memoryMb: 4096, cpuS: 600, filesMb: 0 };

const stderrTailChars = 4000;
/** Longer lines are cut, because a hostile file can make ffmpeg print its bytes. */
const longestLineChars = 2000;

/** Starts `file` with `args`. `ended` never rejects; it reports a failed start, a kill and the exit code. */
export function startProcess(file: string, args: readonly string[], options: ProcessOptions = {}): RunningProcess {
	const limits = options.limits === undefined ? defaultLimits : options.limits;
	const [program, ...programArgs] = limits ? command([file, ...args], limits, options.hasNetwork) : [file, ...args];
	const child = execa(program, programArgs, {
		stdin: 'ignore',
		buffer: false,
		encoding: 'buffer',
		// ffmpeg needs nothing from our environment, and FFREPORT, AV_LOG_* or http_proxy would change its behaviour
		env: options.env ?? { LC_ALL: 'C' },
		extendEnv: false,
		reject: false,
		cleanup: true,
		killSignal: 'SIGKILL',
		windowsHide: true,
		...(options.signal ? { cancelSignal: options.signal } : {}),
		...(options.cwd === undefined ? {} : { cwd: options.cwd }),
	});
	const stderr = readLines(child.stderr, options.onStderrLine);
	child.stdout.on('error', () => {}); // reported by `ended`
	const running = Promise.all([child, stderr]).then(([result, stderrTail]) => ({
		exitCode: result.exitCode ?? null,
		killedBy: result.signal ?? null,
		startError: result.exitCode === undefined && !result.signal ? (result.shortMessage ?? 'not started') : null,
		stderrTail,
	}));
	const ended = limits ? running.then(startErrorOfShell) : running;
	const stop = () => {
		child.kill('SIGKILL');
		child.stdout.destroy();
		return ended;
	};
	return { stdout: readAll(child.stdout, stop, options.signal), ended, stop };
}

/** Exit statuses of a shell for a program that does not exist or cannot be executed (POSIX, 2.8.2). */
const notFound = 127;
const notProgram = 126;

function startErrorOfShell(end: ProcessEnd): ProcessEnd {
	if (end.exitCode !== notFound && end.exitCode !== notProgram) return end;
	return { ...end, exitCode: null, startError: end.stderrTail || 'not started' };
}

/** What ffmpeg prints when a signal that it can catch ends it; its exit status is then 255. */
const signalMessage = /received signal (\d+)/;
/** The signal for used-up CPU time: 24 on Linux and macOS. */
const cpuSignals: ReadonlySet<string> = new Set(['SIGXCPU', '24']);

/** The error for a killed decoder process: `time-limit` if its CPU time was used up, else `decoder-died`; null if it ended by itself. */
export function faultOfEnd(program: string, stage: Stage, { killedBy, exitCode, stderrTail }: ProcessEnd) {
	const signal = killedBy ?? (exitCode === 255 ? signalMessage.exec(stderrTail)?.[1] : undefined);
	if (signal === undefined) return null;
	if (cpuSignals.has(signal)) return new AnalysisError('time-limit', stage, `${program} used too much CPU time`);
	return new AnalysisError('decoder-died', stage, `${program}: ${signal}`);
}

/** Runs a process to its end and returns its stdout as text; stops reading and kills the process after `maxBytes`. */
export async function runProcess(
	file: string,
	args: readonly string[],
	options: ProcessOptions & { readonly maxBytes?: number } = {},
): Promise<ProcessEnd & { readonly stdout: string }> {
	const running = startProcess(file, args, options);
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	for await (const chunk of running.stdout) {
		chunks.push(chunk);
		bytes += chunk.length;
		if (bytes > (options.maxBytes ?? 16 * 1024 * 1024)) break;
	}
	const end = await running.ended;
	options.signal?.throwIfAborted();
	return { ...end, stdout: Buffer.concat(chunks).toString('utf8') };
}

/** A running Node program that communicates through JSON messages. */
export type MessageProcess = {
	/** Sends a message; it is lost if the process has ended. */
	readonly send: (message: object) => void;
	/** Resolves after `onMessage` was called with the last message; never rejects. */
	readonly ended: Promise<ProcessEnd>;
	/** Kills the process and all its children at once. */
	readonly stop: () => Promise<ProcessEnd>;
};

/** Options of a Node program, which inherits no environment and has neither stdin nor stdout. */
export type MessageProcessOptions = {
	readonly env: Readonly<Record<string, string>>;
	/** Arguments of Node itself. */
	readonly nodeArgs?: readonly string[];
	readonly limits: ProcessLimits;
	readonly onMessage: (message: unknown) => void;
	readonly onStderrLine?: (line: string) => void;
};

/**
 * Starts a Node program in its own process group, so that `stop` also reaches its children, and Ctrl-C in the terminal reaches neither.
 * When this process ends for any reason, the program receives `disconnect` and has to exit.
 */
export function startNodeProcess(file: string, options: MessageProcessOptions): MessageProcess {
	const child = tryToFork(file, options);
	if (typeof child === 'string') return neverStarted(child);
	let startError: string | null = null;
	child.on('error', (error) => (startError ??= child.pid === undefined ? error.message : null)); // a failed `send` is reported by `ended`
	child.on('message', options.onMessage);
	const stderr = child.stderr ? readLines(child.stderr, options.onStderrLine) : Promise.resolve('');
	// `close` is emitted after the last message, but not if the process never started
	const closed = new Promise<{ exitCode: number | null; killedBy: string | null }>((resolve) => {
		child.once('close', (exitCode, killedBy) => resolve({ exitCode, killedBy }));
		child.once('error', () => child.pid === undefined && resolve({ exitCode: null, killedBy: null }));
	});
	const ended = closed.then(async (end) => {
		killGroup(child.pid); // its children
		return { ...end, startError, stderrTail: await stderr };
	});
	const stop = () => {
		killGroup(child.pid);
		child.kill('SIGKILL');
		return ended;
	};
	return { send: (message) => child.connected && child.send(message, () => {}), ended, stop };
}

function tryToFork(file: string, { env, nodeArgs = [], limits }: MessageProcessOptions): ChildProcess | string {
	const [execPath, ...execArgv] = command([process.execPath, ...nodeArgs], limits);
	try {
		return fork(file, { env, execPath, execArgv, stdio: ['ignore', 'ignore', 'pipe', 'ipc'], detached: true });
	} catch (error) {
		return (error as Error).message; // for example out of memory; most other failures are emitted as an event
	}
}

function neverStarted(startError: string): MessageProcess {
	const ended = Promise.resolve({ exitCode: null, killedBy: null, startError, stderrTail: '' });
	return { send: () => {}, ended, stop: () => ended };
}

function killGroup(pid: number | undefined): void {
	try {
		if (pid !== undefined) process.kill(-pid, 'SIGKILL');
	} catch {
		// the group is empty, or the platform has no process groups
	}
}

/** A process without output for this long while the reader waits is stuck; a pass over the key frames of an hour takes seconds. */
const silenceMs = 120_000;

/** Yields the same chunks; throws `time-limit` if the next one does not arrive in time. Time in which the reader is busy does not count. */
export async function* stopWhenSilent<T>(
	stream: AsyncIterable<T>,
	stop: () => Promise<unknown>,
	limitMs = silenceMs,
): AsyncGenerator<T> {
	const chunks = stream[Symbol.asyncIterator]();
	let isSilent = false;
	while (true) {
		const timer = setTimeout(() => {
			isSilent = true;
			stop();
		}, limitMs);
		const next = await chunks
			.next()
			.finally(() => clearTimeout(timer))
			.catch((error: unknown) => {
				if (!isSilent) throw error;
				return { done: true, value: undefined } as const;
			});
		if (isSilent) throw new AnalysisError('time-limit', 'decode', `no output for ${limitMs / 1000} s`);
		if (next.done) return;
		yield next.value;
	}
}

async function* readAll(
	stream: AsyncIterable<Uint8Array>,
	stop: () => Promise<ProcessEnd>,
	signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
	try {
		yield* stopWhenSilent(stream, stop);
	} catch (error) {
		signal?.throwIfAborted();
		// a pipe that closes because the process was stopped is no error: `ended` reports it
		if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
	} finally {
		await stop();
	}
}

async function readLines(stream: AsyncIterable<Uint8Array>, onLine?: (line: string) => void): Promise<string> {
	const decoder = new TextDecoder();
	let tail = '';
	let rest = '';
	const addLine = (line: string) => {
		tail = `${tail}${line}\n`.slice(-stderrTailChars);
		onLine?.(line);
	};
	try {
		for await (const chunk of stream) {
			const lines = (rest + decoder.decode(chunk, { stream: true })).split(/[\r\n]+/);
			rest = (lines.pop() ?? '').slice(0, longestLineChars);
			for (const line of lines) addLine(line);
		}
	} catch {
		// a broken stderr pipe adds nothing to the exit status
	}
	if (rest) addLine(rest);
	return tail.trim();
}
