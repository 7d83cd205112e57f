import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Config, inferenceEnvironment } from '../config.ts';
import { maxCopyMb } from '../media/alter-section.ts';
import { isCudaInstalled } from '../model/session.ts';
import type { ProcessLimits } from '../process/confine.ts';
import { type MessageProcess, type ProcessEnd, startNodeProcess } from '../process/run-process.ts';
import type { FromChild, ToChild } from './messages.ts';

/** Who is told of a process. */
export type ModelProcessListeners = {
	onMessage(message: FromChild): void;
	/** It ended without being stopped; `how` is for people. */
	onDeath(how: string): void;
	/** A line for people. */
	onLog(line: string): void;
};

/** One process that runs the models, and what is known of it. */
export class ModelProcess {
	readonly #process: MessageProcess;
	/** Resident memory in bytes; null until it tells. */
	residentBytes: number | null = null;
	/** Whether an analysis has run in it. */
	hasWorked = false;
	#unanswered = 0;
	#isStopped = false;

	constructor(config: Config, { onMessage, onDeath, onLog }: ModelProcessListeners) {
		this.#process = startNodeProcess(childProgram.file, {
			env: inferenceEnvironment(config),
			nodeArgs: childProgram.nodeArgs,
			limits: limitsOf(config),
			onMessage: (message) => {
				if (!this.#isStopped) onMessage(this.#note(message as FromChild));
			},
			onStderrLine: onLog,
		});
		this.#process.ended.then((end) => this.#isStopped || onDeath(howItEnded(end)));
	}

	send(message: ToChild): void {
		this.#process.send(message);
	}

	/** Asks for a sign of life; kills it where that many signs were not answered. */
	ping(mostUnanswered: number): void {
		if (++this.#unanswered > mostUnanswered) this.#process.stop();
		else this.send({ kind: 'ping' });
	}

	/** Ends it; nothing more is told of it. */
	async stop(): Promise<void> {
		this.#isStopped = true;
		await this.#process.stop();
	}

	#note(message: FromChild): FromChild {
		this.#unanswered = 0;
		if ('residentBytes' in message) this.residentBytes = message.residentBytes;
		if (message.kind === 'ended') this.hasWorked = true;
		return message;
	}
}

/** What program and models take before the first video, measured 0.33 GB, and room for models of one's own. */
const startMb = 1024;

/**
 * Twice the memory at which it is replaced when it is idle, and what it starts with. With CUDA none: the driver maps more than it uses. It lives as long as the
 * service, so its CPU time has no limit; who does not answer is ended by the heartbeat. A process hands its limits down, so it may write as
 * much as a test of stability has ffmpeg write; with CUDA it also makes a small clip to try NVDEC, and the driver keeps what it compiles.
 */
function limitsOf({ UNMASK_CHILD_MB, UNMASK_PROVIDER }: Config): ProcessLimits {
	const isCuda = UNMASK_PROVIDER !== 'cpu' && isCudaInstalled();
	return { memoryMb: isCuda ? null : startMb + 2 * UNMASK_CHILD_MB, cpuS: null, filesMb: maxCopyMb };
}

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
