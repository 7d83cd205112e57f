import { constants, setPriority } from 'node:os';
import type { AnalysisEvent } from '../contract/events.ts';
import type { Ready } from '../contract/service.ts';
import { AnalysisError, toAnalysisError } from '../errors.ts';
import { type Engine, openEngine } from '../open-engine.ts';
import { analyse } from '../pipeline.ts';
import { failedEvent } from './failed-event.ts';
import type { FromChild, Job, LoadedModels, ToChild } from './messages.ts';
import { runSelfTest } from './self-test.ts';

/** The inference process: loads the models once, then runs the analyses that it is sent. Started by `inference.ts`. */

/** Opened once; classifiers other than the default are opened on demand. */
let engine: Promise<Engine> | null = null;
const running = new Map<number, AbortController>();

lowerPriority();
process.on('disconnect', terminate);
// the parent decides when this process ends: a signal to the whole process group must not abort analyses that the parent still waits for
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('message', (message: ToChild) => {
	if (message.kind === 'analyse') run(message.number, message.job);
	else if (message.kind === 'cancel') running.get(message.number)?.abort();
	else send({ kind: 'pong', residentBytes: process.memoryUsage.rss() });
});
if (process.connected) await start();
else terminate(); // the service ended while this program was loading

/** Lowers the priority, because models keep every core busy and other requests must be answered first. Threads and ffmpeg inherit it. */
function lowerPriority(): void {
	try {
		setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
	} catch {
		// not permitted here; everything works, only responses are slower
	}
}

async function start(): Promise<void> {
	let selfTest: Ready['selfTest'] = null;
	try {
		const { stages, classifiers, tiers } = await openOnce();
		selfTest = await runSelfTest(stages);
		if (!selfTest.passed)
			throw new AnalysisError('model-failed', 'environment', 'the self-test did not yield finite numbers');
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
		terminate();
	}
}

/** Never throws; several run side by side. */
async function run(number: number, job: Job): Promise<void> {
	const abort = new AbortController();
	running.set(number, abort);
	for await (const event of eventsOf(job, abort.signal)) await send({ kind: 'event', number, event });
	running.delete(number);
	await send({ kind: 'ended', number, residentBytes: process.memoryUsage.rss() });
}

/** The events of an analysis; an error becomes `failed`. */
async function* eventsOf({ path, fileName, plan }: Job, signal: AbortSignal): AsyncGenerator<AnalysisEvent, void> {
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
	// this process has no network and cannot write files, so the service has installed everything
	engine ??= openEngine({ filesAreWhole: true, installs: false, onNotice });
	return engine;
}

/** Resolves when the message is delivered, so that an analysis runs no faster than its reader. */
function send(message: FromChild): Promise<void> {
	return new Promise((resolve) => {
		if (process.connected) process.send?.(message, () => resolve());
		else resolve();
	});
}

/** Kills this process and its decoders at once; a regular exit would wait for the models or crash in them. */
function terminate(): void {
	try {
		process.kill(-process.pid, 'SIGKILL');
	} catch {
		process.kill(process.pid, 'SIGKILL');
	}
}
