import { type ChildProcess, fork } from 'node:child_process';
import { execa } from 'execa';
import { AnalysisError } from '../errors.ts';

/** The only file that starts processes: each ends with its reader, its signal, or its parent, whichever comes first. */

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
	/** Told every whole line of stderr as it comes. */
	readonly onStderrLine?: (line: string) => void;
};

/** A running process: `stdout` is read at the reader's pace; leaving `stdout` early or calling `stop` kills it. */
export type RunningProcess = {
	readonly stdout: AsyncIterable<Uint8Array>;
	readonly ended: Promise<ProcessEnd>;
	readonly stop: () => Promise<ProcessEnd>;
};

const stderrTailChars = 4000;
/** A line longer than this is cut: a hostile file can make ffmpeg print its own bytes. */
const longestLineChars = 2000;

/** Starts `file` with `args`; a failure to start, a kill and an exit code are all told by `ended`, which never rejects. */
export function startProcess(file: string, args: readonly string[], options: ProcessOptions = {}): RunningProcess {
	const child = execa(file, args, {
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
	});
	const stderr = readLines(child.stderr, options.onStderrLine);
	child.stdout.on('error', () => {}); // told by `ended`
	const ended = Promise.all([child, stderr]).then(([result, stderrTail]) => ({
		exitCode: result.exitCode ?? null,
		killedBy: result.signal ?? null,
		startError: result.exitCode === undefined && !result.signal ? (result.shortMessage ?? 'not started') : null,
		stderrTail,
	}));
	const stop = () => {
		child.kill('SIGKILL');
		child.stdout.destroy();
		return ended;
	};
	return { stdout: readAll(child.stdout, stop, options.signal), ended, stop };
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

function tryToFork(file: string, { env, nodeArgs = [] }: MessageProcessOptions): ChildProcess | string {
	try {
		return fork(file, { env, execArgv: [...nodeArgs], stdio: ['ignore', 'ignore', 'pipe', 'ipc'], detached: true });
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
