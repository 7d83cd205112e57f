import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, inferenceEnvironment } from '../config.ts';
import { maxCopyMb } from '../media/alter-section.ts';
import { isCudaInstalled } from '../model/session.ts';
import { childProgramOf } from '../process/child-program.ts';
import type { ProcessLimits } from '../process/confine.ts';
import { type MessageProcess, type ProcessEnd, startNodeProcess } from '../process/run-process.ts';
import type { FromChild, ToChild } from './messages.ts';

const childProgram = childProgramOf(import.meta.url);

/** Callbacks of a process. */
export type ModelProcessListeners = {
	onMessage(message: FromChild): void;
	/** It ended unexpectedly; `how` is for people. */
	onDeath(how: string): void;
	/** A line for people. */
	onLog(line: string): void;
};

/** One inference process and its state. */
export class ModelProcess {
	readonly #process: MessageProcess;
	/** Resolves when it has ended and its temporary folder is deleted: a process that is killed leaves copies behind, perhaps in memory. */
	readonly #ended: Promise<ProcessEnd>;
	/** Resident memory, bytes; null until it is reported. */
	residentBytes: number | null = null;
	/** Whether an analysis has run in it. */
	hasWorked = false;
	#unanswered = 0;
	#isStopped = false;

	constructor(config: Config, { onMessage, onDeath, onLog }: ModelProcessListeners) {
		const folder = makeFolder();
		this.#process = startNodeProcess(childProgram.file, {
			env: { ...inferenceEnvironment(config), ...(folder && { TMPDIR: folder }) },
			nodeArgs: childProgram.nodeArgs,
			limits: limitsOf(config),
			onMessage: (message) => {
				if (!this.#isStopped) onMessage(this.#note(message as FromChild));
			},
			onStderrLine: onLog,
		});
		this.#ended = this.#process.ended.then(async (end) => {
			if (folder) await rm(folder, { recursive: true, force: true }).catch(() => {});
			return end;
		});
		this.#ended.then((end) => this.#isStopped || onDeath(describeEnd(end)));
	}

	send(message: ToChild): void {
		this.#process.send(message);
	}

	/** Pings the process; kills it if more than `maxUnanswered` pings are unanswered. */
	ping(maxUnanswered: number): void {
		if (++this.#unanswered > maxUnanswered) this.#process.stop();
		else this.send({ kind: 'ping' });
	}

	/** Stops the process; no more callbacks are called. */
	async stop(): Promise<void> {
		this.#isStopped = true;
		void this.#process.stop();
		await this.#ended;
	}

	#note(message: FromChild): FromChild {
		this.#unanswered = 0;
		if ('residentBytes' in message) this.residentBytes = message.residentBytes;
		if (message.kind === 'ended') this.hasWorked = true;
		return message;
	}
}

/** A temporary folder of its own; null if none can be made, which only the parts that need one report. */
function makeFolder(): string | null {
	try {
		return mkdtempSync(join(tmpdir(), 'unmask-models-'));
	} catch {
		return null;
	}
}

/** Memory for the program and the models before the first video, with room for custom models, MB. */
const baseMb = 1024;

/**
 * Memory: twice the size at which an idle process is replaced, plus the initial size. Unlimited with CUDA, because the driver maps more than it uses.
 * CPU time: unlimited, because the process lives as long as the service; the heartbeat kills it if it hangs. Files: child processes inherit the
 * limits, so as much as a stability test has ffmpeg write. With CUDA, it also writes a small clip to test NVDEC, and the driver caches compiled code.
 */
function limitsOf({ UNMASK_CHILD_MB, UNMASK_PROVIDER }: Config): ProcessLimits {
	const isCuda = UNMASK_PROVIDER !== 'cpu' && isCudaInstalled();
	return { memoryMb: isCuda ? null : baseMb + 2 * UNMASK_CHILD_MB, cpuS: null, filesMb: maxCopyMb };
}

function describeEnd({ exitCode, killedBy, startError, stderrTail }: ProcessEnd): string {
	const how = startError ?? (killedBy ? `by ${killedBy}` : `with status ${exitCode}`);
	const lastLine = stderrTail.split('\n').at(-1);
	return lastLine ? `${how}: ${lastLine}` : how;
}
