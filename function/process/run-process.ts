import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { execa } from 'execa';
import { AnalysisError, type Stage } from '../errors.ts';
import { confined, type ProcessLimits, shell } from './confine.ts';

/**
 * The only file that starts processes: each ends with its reader, its signal, or its parent, whichever comes first, and runs
 * within limits (`confine.ts`).
 */

/** What keeps processes in bounds on this machine. */
export type Confinement = {
	/** Memory, CPU time, no files, no core dumps: wherever there is a POSIX shell. */
	readonly limits: boolean;
	/** A network namespace without a device: Linux, where kernel and container let this user have one. */
	readonly noNetwork: boolean;
};

let known: (Confinement & { readonly cutOff: readonly string[] }) | null = null;

/** What keeps processes in bounds here: looked at once, in milliseconds. */
export function confinement(): Confinement {
	const { limits, noNetwork } = lookAtConfinement();
	return { limits, noNetwork };
}

function lookAtConfinement() {
	if (known) return known;
	const limits = existsSync(shell);
	const isLinux = process.platform === 'linux';
	// whoever was started without a network has no other to give up
	const isCutOff = isLinux && Object.keys(networkInterfaces()).length === 0;
	const cutOff = limits && isLinux && !isCutOff ? findCutOff() : [];
	known = { limits, noNetwork: isCutOff || cutOff.length > 0, cutOff };
	return known;
}

/** What comes before a command so that it has no network; empty = this cannot be had here. */
function findCutOff(): readonly string[] {
	// root keeps its own user namespace: in a new one it could no longer read other users' files
	const words = process.getuid?.() === 0 ? ['unshare', '-n'] : ['unshare', '-U', '-n'];
	const [program, ...args] = confined([...words, shell, '-c', ':'], defaultLimits);
	return spawnSync(program, args, { env: {}, stdio: 'ignore', timeout: 5000 }).status === 0 ? words : [];
}

function command(
	plain: readonly [string, ...string[]],
	limits: ProcessLimits,
	hasNetwork = false,
): readonly [string, ...string[]] {
	const { limits: has, cutOff } = lookAtConfinement();
	return has ? confined([...(hasNetwork ? [] : cutOff), ...plain], limits) : plain;
}

/** How a process ended; `exitCode` is null when it was killed by `killedBy` or never started (`startError`). */
export type ProcessEnd = {
	readonly exitCode: number | null;
	readonly killedBy: string | null;
	readonly startError: string | null;
	/** The last lines of stderr, at most `stderrTailChars`. */
	readonly stderrTail: string;
};

/** What a process may be given: no inherited environment, no stdin. */
export type ProcessOptions = {
	readonly signal?: AbortSignal | undefined;
	readonly env?: Readonly<Record<string, string>>;
	/** Folder to run in; default: this process's. */
	readonly cwd?: string;
	/** Told every whole line of stderr as it comes. */
	readonly onStderrLine?: (line: string) => void;
	/** `defaultLimits` when not given; null = none and with the network, as an installation needs it. */
	readonly limits?: ProcessLimits | null;
	/** Whether it keeps the network within its limits; default false. */
	readonly hasNetwork?: boolean;
};

/** A running process: `stdout` is read at the reader's pace; leaving `stdout` early or calling `stop` kills it. */
export type RunningProcess = {
	readonly stdout: AsyncIterable<Uint8Array>;
	readonly ended: Promise<ProcessEnd>;
	readonly stop: () => Promise<ProcessEnd>;
};

/**
 * What a program that reads a video may use. Measured: an 8K H.264 film takes 0.6 GB with two threads and 1.4 GB with sixteen,
 * a picture of 67 megapixels 0.3 GB. Who decodes for long says so.
 */
export const defaultLimits: ProcessLimits = { memoryMb: 4096, cpuS: 600, filesMb: 0 };

const stderrTailChars = 4000;
/** A line longer than this is cut: a hostile file can make ffmpeg print its own bytes. */
const longestLineChars = 2000;

/** Starts `file` with `args`; a failure to start, a kill and an exit code are all told by `ended`, which never rejects. */
export function startProcess(file: string, args: readonly string[], options: ProcessOptions = {}): RunningProcess {
	const limits = options.limits === undefined ? defaultLimits : options.limits;
	const [program, ...programArgs] = limits ? command([file, ...args], limits, options.hasNetwork) : [file, ...args];
	const child = execa(program, programArgs, {
		stdin: 'ignore',
		buffer: false,
		encoding: 'buffer',
		// ffmpeg needs none of ours, and FFREPORT, AV_LOG_* or http_proxy would change what it does
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
	child.stdout.on('error', () => {}); // told by `ended`
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

/** Statuses with which a shell tells that a program is not there or is none (POSIX, 2.8.2). */
const notFound = 127;
const notProgram = 126;

function startErrorOfShell(end: ProcessEnd): ProcessEnd {
	if (end.exitCode !== notFound && end.exitCode !== notProgram) return end;
	return { ...end, exitCode: null, startError: end.stderrTail || 'not started' };
}

/** What ffmpeg says when a signal that it can catch ends it; its status is 255 then. */
const farewell = /received signal (\d+)/;
/** Comes when the CPU seconds are used up: 24 on Linux and macOS. */
const cpuSignals: ReadonlySet<string> = new Set(['SIGXCPU', '24']);

/** What a killed process of the decoder means: `time-limit` when its CPU seconds were used up, else `decoder-died`; null where it ended by itself. */
export function faultOfEnd(program: string, stage: Stage, { killedBy, exitCode, stderrTail }: ProcessEnd) {
	const signal = killedBy ?? (exitCode === 255 ? farewell.exec(stderrTail)?.[1] : undefined);
	if (signal === undefined) return null;
	if (cpuSignals.has(signal)) return new AnalysisError('time-limit', stage, `${program} computed for too long`);
	return new AnalysisError('decoder-died', stage, `${program}: ${signal}`);
}

/** Runs a process to its end and returns its whole stdout as text, which is cut off (and the process killed) after `maxBytes`. */
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

/** A running Node program of ours that talks in messages (JSON). */
export type MessageProcess = {
	/** Hands a message over; one to a process that has ended is lost. */
	readonly send: (message: object) => void;
	/** Resolves after its last message was told; never rejects. */
	readonly ended: Promise<ProcessEnd>;
	/** Ends it and all that it has started, at once. */
	readonly stop: () => Promise<ProcessEnd>;
};

/** What a Node program is given besides its file: no inherited environment, no stdin and no stdout. */
export type MessageProcessOptions = {
	readonly env: Readonly<Record<string, string>>;
	/** Arguments of Node itself. */
	readonly nodeArgs?: readonly string[];
	readonly limits: ProcessLimits;
	readonly onMessage: (message: unknown) => void;
	readonly onStderrLine?: (line: string) => void;
};

/**
 * Starts a Node program in a process group of its own, so that `stop` reaches its children, too, and a Ctrl-C in the terminal
 * reaches neither. When this process ends, however it ends, the program is told by `disconnect` and has to leave.
 */
export function startNodeProcess(file: string, options: MessageProcessOptions): MessageProcess {
	const child = tryToFork(file, options);
	if (typeof child === 'string') return neverStarted(child);
	let startError: string | null = null;
	child.on('error', (error) => (startError ??= child.pid === undefined ? error.message : null)); // a failed `send` is told by `ended`
	child.on('message', options.onMessage);
	const stderr = child.stderr ? readLines(child.stderr, options.onStderrLine) : Promise.resolve('');
	// `close` comes after the last message; a process that never started has none
	const closed = new Promise<{ exitCode: number | null; killedBy: string | null }>((resolve) => {
		child.once('close', (exitCode, killedBy) => resolve({ exitCode, killedBy }));
		child.once('error', () => child.pid === undefined && resolve({ exitCode: null, killedBy: null }));
	});
	const ended = closed.then(async (end) => {
		killGroup(child.pid); // what it had started
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
		return (error as Error).message; // as without memory; most other faults come as an event
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
		// nobody of the group is left, or the platform has no groups
	}
}

/** A process that is waited for and says nothing for so long is stuck; a pass over the key frames of an hour takes seconds. */
const silenceMs = 120_000;

/** The same chunks; throws `time-limit` when the next one does not come. The time in which the reader is busy does not count. */
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
		if (isSilent) throw new AnalysisError('time-limit', 'decode', `nothing came from it for ${limitMs / 1000} s`);
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
		// a pipe that closes because the process was stopped is not news: `ended` tells it
		if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
	} finally {
		await stop();
	}
}

async function readLines(stream: AsyncIterable<Uint8Array>, onLine?: (line: string) => void): Promise<string> {
	const decoder = new TextDecoder();
	let tail = '';
	let rest = '';
	const take = (line: string) => {
		tail = `${tail}${line}\n`.slice(-stderrTailChars);
		onLine?.(line);
	};
	try {
		for await (const chunk of stream) {
			const lines = (rest + decoder.decode(chunk, { stream: true })).split(/[\r\n]+/);
			rest = (lines.pop() ?? '').slice(0, longestLineChars);
			for (const line of lines) take(line);
		}
	} catch {
		// a broken stderr pipe says nothing that the exit status does not say
	}
	if (rest) take(rest);
	return tail.trim();
}
