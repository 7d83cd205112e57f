import { constants, setPriority } from 'node:os';
import type { AnalysisEvent } from '../contract/events.ts';
import type { Ready } from '../contract/service.ts';
import { AnalysisError, toAnalysisError } from '../errors.ts';
import { type Engine, openEngine } from '../open-engine.ts';
import { analyse } from '../pipeline.ts';
import { failedEvent } from './failed-event.ts';
import type { FromChild, Job, LoadedModels, ToChild } from './messages.ts';
import { runSelfTest } from './self-test.ts';

/** The process that runs the models: loads them once, then analyses what it is told to. Started by `inference.ts`. */

/** Opened once; a classifier that an analysis asks for besides the usual one is opened then. */
let engine: Promise<Engine> | null = null;
const running = new Map<number, AbortController>();

giveWay();
process.on('disconnect', leave);
// whoever started this decides when it ends: a signal to all processes of a service must not cut off what it still waits for
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('message', (message: ToChild) => {
	if (message.kind === 'analyse') run(message.number, message.job);
	else if (message.kind === 'cancel') running.get(message.number)?.abort();
	else send({ kind: 'pong', residentBytes: process.memoryUsage.rss() });
});
if (process.connected) await start();
else leave(); // the service ended while this program was being read

/** Models keep every core busy: whoever asks the service for anything else is answered first. Threads and ffmpeg inherit it. */
function giveWay(): void {
	try {
		setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
	} catch {
		// not to be had here: the answers are the same, only later
	}
}

async function start(): Promise<void> {
	let selfTest: Ready['selfTest'] = null;
	try {
		const { stages, classifiers, tiers } = await openOnce();
		selfTest = await runSelfTest(stages);
		if (!selfTest.passed)
			throw new AnalysisError('model-failed', 'environment', 'the self-test gave no finite numbers');
		const loaded: LoadedModels = {
			provider: stages.provenance.provider,
			models: stages.provenance.models.map(({ id, sha256 }) => ({ id, sha256 })),
			classifiers,
			tiers,
			selfTest,
		};
		await send({ kind: 'ready', residentBytes: process.memoryUsage.rss(), ...loaded });
	} catch (thrown) {
		const { code, detail } = toAnalysisError(thrown, 'environment');
		await send({ kind: 'unable', code, detail, selfTest });
		leave();
	}
}

/** Never throws; several run side by side. */
async function run(number: number, job: Job): Promise<void> {
	const abort = new AbortController();
	running.set(number, abort);
	for await (const event of tellAll(job, abort.signal)) await send({ kind: 'event', number, event });
	running.delete(number);
	await send({ kind: 'ended', number, residentBytes: process.memoryUsage.rss() });
}

/** Every event of an analysis; what it throws becomes `failed`. */
async function* tellAll({ path, fileName, plan }: Job, signal: AbortSignal): AsyncGenerator<AnalysisEvent, void> {
	try {
		const { open } = await openOnce();
		const { stages, close } = await open(plan);
		try {
			signal.throwIfAborted();
			yield* analyse(path, fileName, plan, stages, signal);
		} finally {
			await close();
		}
	} catch (thrown) {
		yield failedEvent(
			fileName,
			signal.aborted ? new AnalysisError('cancelled', 'score') : toAnalysisError(thrown, 'decode'),
		);
	}
}

function openOnce(): Promise<Engine> {
	const onNotice = (text: string) => send({ kind: 'notice', text });
	// without network and files, nothing can be installed here: the service has done it
	engine ??= openEngine({ filesAreWhole: true, installs: false, onNotice });
	return engine;
}

/** Resolves when the message is handed over, so that an analysis goes no faster than its reader. */
function send(message: FromChild): Promise<void> {
	return new Promise((resolve) => {
		if (process.connected) process.send?.(message, () => resolve());
		else resolve();
	});
}

/** Ends this process and the decoders it has started, at once: an orderly exit would wait for the models or crash in them. */
function leave(): void {
	try {
		process.kill(-process.pid, 'SIGKILL');
	} catch {
		process.kill(process.pid, 'SIGKILL');
	}
}
