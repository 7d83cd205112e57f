import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Config, parseConfig } from '../../function/config.ts';
import { type AnalysisEvent, analysisEventSchema } from '../../function/contract/events.ts';
import { type Plan, planSchema } from '../../function/contract/plan.ts';
import type { Report } from '../../function/contract/report.ts';
import { openEngine } from '../../function/open-engine.ts';
import { analyse } from '../../function/pipeline.ts';
import { createInference, type Inference, type InferenceOptions } from '../../function/worker/inference.ts';
import { loopClip, makeClip } from '../bench/clips.ts';

/** Tests the real process with the real models. */

let folder: string;
let short: string;
let long: string;
const open: Inference[] = [];

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'unmask-inference-'));
	short = makeClip(folder, 'short', 480, 360, 3, 25);
	long = loopClip(folder, 'long', short, 60);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(async () => {
	for (const inference of open.splice(0)) await inference.close();
	expect(childrenOf(process.pid, 'child.ts')).toEqual([]);
});

function start(settings: Partial<Config> = {}, options: Partial<InferenceOptions> = {}): Inference {
	const inference = createInference({ config: { ...parseConfig(), ...settings }, ...options });
	open.push(inference);
	return inference;
}

const never = new AbortController().signal;
const planOf = (plan: Partial<Plan> = {}) => planSchema.parse({ frames: 10, ...plan });
/** A job that runs until it is stopped: it samples far more frames than a test could wait for. */
const longJob = () => ({ path: long, fileName: 'long.mp4', plan: planOf({ frames: 1000 }) });

async function runAll(
	inference: Inference,
	path = short,
	plan = planOf(),
	fileName = 'a.mp4',
): Promise<AnalysisEvent[]> {
	const events: AnalysisEvent[] = [];
	for await (const event of inference.analyse({ path, fileName, plan }, never)) events.push(event);
	return events;
}

/** Reads until the first frame is done and returns the remaining events. */
async function untilRunning(events: AsyncGenerator<AnalysisEvent, void>): Promise<AsyncGenerator<AnalysisEvent, void>> {
	while (true) {
		const { value } = await events.next();
		if (value?.type === 'progress') return events;
		if (value?.type !== 'video' && value?.type !== 'face') throw new Error(JSON.stringify(value));
	}
}

async function last(events: AsyncIterable<AnalysisEvent>): Promise<AnalysisEvent | null> {
	let event: AnalysisEvent | null = null;
	for await (event of events);
	return event;
}

/** Ids of running processes whose parent is `parent` and whose command line contains `text`. */
function childrenOf(parent: number, text: string): number[] {
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.filter((pid) => {
			try {
				const [, state, own] = /\) (\S) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
				return state !== 'Z' && Number(own) === parent && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
			} catch {
				return false;
			}
		})
		.map(Number);
}

const childOf = (parent: number): number => {
	const [child] = childrenOf(parent, 'child.ts');
	if (child === undefined) throw new Error('there is no inference process');
	return child;
};

const isAlive = (pid: number) => {
	try {
		return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
	} catch {
		return false;
	}
};

const until = async (isTrue: () => boolean) => {
	while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 20));
};

/** The copies of stability tests, in the temporary folders of the processes that make them. */
const copies = () => readdirSync(tmpdir(), { recursive: true }).filter((name) => /unmask-copies-/.test(String(name)));

const comparable = ({ timings: _, createdAt: _c, ...report }: Report) => report;
const reportOf = (events: readonly AnalysisEvent[]): Report => {
	const event = events.at(-1);
	if (event?.type !== 'report') throw new Error(JSON.stringify(event));
	return event.report;
};

test('gives the same events and report as the pipeline in this process, with pictures of the faces', async () => {
	const plan = planOf({ crops: true });
	const engine = await openEngine({ onNotice: () => {} });
	const own: AnalysisEvent[] = [];
	for await (const event of analyse(short, 'a.mp4', plan, engine.stages, never)) own.push(event);
	await engine.close();
	const inference = start();
	const events = await runAll(inference, short, plan);
	expect(events.slice(0, -1)).toEqual(own.slice(0, -1));
	expect(comparable(reportOf(events))).toEqual(comparable(reportOf(own)));
	for (const event of events) analysisEventSchema.parse(event);
	const [face] = events.filter((event) => event.type === 'face');
	expect(Buffer.from(face?.cropJpegBase64 ?? '', 'base64').subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
	expect(inference.status()).toMatchObject({
		state: 'ready',
		provider: engine.stages.provenance.provider,
		selfTest: { passed: true },
		problem: null,
		restarts: { died: 0, recycled: 0 },
	});
});

test('its limits allow a stability test to make its copies, which are deleted afterwards', {
	timeout: 240_000,
}, async () => {
	const before = copies();
	const events = await runAll(start(), short, planOf({ stability: true }));
	const end = events.at(-1);
	const { stability, verdict } = end?.type === 'report' ? end.report : {};
	expect(stability?.failed).toBeNull();
	expect(stability?.copies).toHaveLength(5);
	expect(stability?.copies[0]?.outcome).toBe(verdict?.outcome);
	expect(copies()).toEqual(before);
});

test('copies of a process that is killed are deleted with it', { timeout: 240_000 }, async () => {
	const before = copies();
	const running = runAll(start(), short, planOf({ stability: true }));
	await until(() => copies().length > before.length);
	process.kill(childOf(process.pid), 'SIGKILL');
	expect((await running).at(-1)).toMatchObject({ type: 'failed', error: { code: 'inference-died' } });
	await expect.poll(copies, { timeout: 5000 }).toEqual(before);
});

test('two analyses at once do not interfere, and an unknown model is reported', async () => {
	const inference = start();
	const [ten, twenty, unknown] = await Promise.all([
		runAll(inference, short, planOf({ frames: 10 }), 'ten.mp4'),
		runAll(inference, short, planOf({ frames: 20 }), 'twenty.mp4'),
		runAll(inference, short, planOf({ model: 'no-such' })),
	]);
	const alone = await runAll(inference, short, planOf({ frames: 20 }), 'twenty.mp4');
	expect(comparable(reportOf(twenty))).toEqual(comparable(reportOf(alone)));
	expect(twenty.slice(0, -1)).toEqual(alone.slice(0, -1));
	expect(reportOf(ten)).toMatchObject({ fileName: 'ten.mp4', coverage: { framesSampled: 10 } });
	expect(unknown).toMatchObject([{ type: 'failed', error: { code: 'model-unknown' } }]);
	expect(inference.status().restarts.died).toBe(0);
});

test('this process is not blocked while an analysis runs', async () => {
	const inference = start();
	let turns = 0;
	let isDone = false;
	const turn = () => {
		turns++;
		if (!isDone) setImmediate(turn);
	};
	const events = await untilRunning(inference.analyse({ path: short, fileName: 'a.mp4', plan: planOf() }, never));
	turn();
	let emitted = 0;
	for await (const _ of events) emitted++;
	isDone = true;
	expect(turns).toBeGreaterThan(10 * emitted);
});

test('a cancelled analysis ends with its decoder; the next one works', async () => {
	const inference = start();
	const abort = new AbortController();
	const events = await untilRunning(inference.analyse(longJob(), abort.signal));
	const child = childOf(process.pid);
	expect(childrenOf(child, 'ffmpeg')).toHaveLength(1);
	abort.abort();
	expect(await last(events)).toMatchObject({ type: 'failed', fileName: 'long.mp4', error: { code: 'cancelled' } });
	await until(() => childrenOf(child, 'ffmpeg').length === 0);
	expect(reportOf(await runAll(inference)).coverage.framesSampled).toBe(10);
	expect(childOf(process.pid)).toBe(child);
});

test('leaving the events also cancels; an already aborted signal starts nothing', async () => {
	const inference = start();
	const events = await untilRunning(inference.analyse(longJob(), never));
	const child = childOf(process.pid);
	await events.return();
	await until(() => childrenOf(child, 'ffmpeg').length === 0);
	expect(await last(inference.analyse(longJob(), AbortSignal.abort()))).toMatchObject({ error: { code: 'cancelled' } });
});

test('when the process is killed, its analyses fail and its decoders end; the next analysis works', async () => {
	const logged: string[] = [];
	const inference = start({}, { onLog: (line) => logged.push(line) });
	const both = await Promise.all([0, 1].map(() => untilRunning(inference.analyse(longJob(), never))));
	const child = childOf(process.pid);
	const decoders = childrenOf(child, 'ffmpeg');
	expect(decoders).toHaveLength(2);
	process.kill(child, 'SIGKILL');
	for (const events of both)
		expect(await last(events)).toMatchObject({
			type: 'failed',
			fileName: 'long.mp4',
			error: { code: 'inference-died', retryable: true },
		});
	await until(() => !decoders.some(isAlive));
	expect(reportOf(await runAll(inference)).coverage.framesSampled).toBe(10);
	expect(inference.status()).toMatchObject({ state: 'ready', restarts: { died: 1, recycled: 0 } });
	expect(logged.join()).toContain('SIGKILL');
});

test('when it dies during its start, waiting analyses fail and a new process is started', async () => {
	const inference = start();
	const waiting = runAll(inference);
	// right after the fork, the child still has its parent's command line
	await until(() => childrenOf(process.pid, 'child.ts').length > 0);
	process.kill(childOf(process.pid), 'SIGKILL');
	expect(await waiting).toMatchObject([{ type: 'failed', error: { code: 'inference-died', retryable: true } }]);
	const { state, problem } = inference.status();
	expect([state, problem]).toEqual(['failed', expect.stringContaining('while it was starting: by SIGKILL')]);
	await until(() => inference.status().state === 'ready');
	expect(inference.status().problem).toBeNull();
});

test('a process that does not answer is killed and replaced', async () => {
	const inference = start({}, { heartbeatMs: 1000 });
	const events = await untilRunning(inference.analyse(longJob(), never));
	process.kill(childOf(process.pid), 'SIGSTOP');
	expect(await last(events)).toMatchObject({ error: { code: 'inference-died' } });
	expect(reportOf(await runAll(inference)).coverage.framesSampled).toBe(10);
	expect(inference.status().restarts.died).toBe(1);
});

test('is replaced when idle after it has grown', async () => {
	const inference = start({ UNMASK_CHILD_MB: 100 });
	const [first, second] = await Promise.all([runAll(inference), runAll(inference, short, planOf({ frames: 20 }))]);
	expect([reportOf(first), reportOf(second)]).toHaveLength(2);
	expect(reportOf(await runAll(inference)).coverage.framesSampled).toBe(10); // waits for the next process
	const { died, recycled } = inference.status().restarts;
	expect(died).toBe(0);
	expect(recycled).toBeGreaterThan(0);
});

test('without models, analyses are refused with the reason; they work as soon as the models are there', async () => {
	const models = join(folder, 'models');
	const inference = start({ UNMASK_MODELS: models });
	expect(await runAll(inference)).toMatchObject([{ type: 'failed', error: { code: 'model-missing' } }]);
	const { state, problem, problemCode, residentBytes } = inference.status();
	expect({ state, problemCode }).toEqual({ state: 'failed', problemCode: 'model-missing' });
	expect(problem).toContain('manifest.json');
	expect(residentBytes === null || residentBytes > 0).toBe(true);
	symlinkSync(parseConfig().UNMASK_MODELS, models);
	await until(() => inference.status().state === 'ready');
	expect(reportOf(await runAll(inference)).coverage.framesSampled).toBe(10);
	expect(inference.status().restarts.died).toBeGreaterThan(0);
});

test('closing ends running and waiting analyses', async () => {
	const inference = start();
	const running = await untilRunning(inference.analyse(longJob(), never));
	const child = childOf(process.pid);
	const decoders = childrenOf(child, 'ffmpeg');
	await inference.close();
	expect(await last(running)).toMatchObject({ error: { code: 'shutting-down', retryable: true } });
	expect(await runAll(inference)).toMatchObject([{ type: 'failed', error: { code: 'shutting-down' } }]);
	await until(() => ![child, ...decoders].some(isAlive));
	const other = start();
	const waiting = runAll(other); // it is still loading
	await other.close();
	expect(await waiting).toMatchObject([{ type: 'failed', error: { code: 'shutting-down' } }]);
});

test('its environment contains what it needs and no secrets', async () => {
	const secrets = { UNMASK_SECRET: 'a-secret-of-the-service', GOOGLE_APPLICATION_CREDENTIALS: '/key.json' };
	Object.assign(process.env, secrets);
	try {
		const inference = start();
		await until(() => inference.status().state === 'ready');
		const environment = readFileSync(`/proc/${childOf(process.pid)}/environ`, 'utf8').split('\0');
		const names = environment.map((entry) => entry.split('=')[0]);
		expect(names).toContain('UNMASK_MODELS');
		for (const name of [...Object.keys(secrets), 'HOME', 'UNMASK_API_KEY_HASHES', 'NODE_OPTIONS'])
			expect(names).not.toContain(name);
	} finally {
		for (const name of Object.keys(secrets)) delete process.env[name];
	}
});

test('ends with its parent, and so do its decoders, even if the parent is killed', async () => {
	const program = fileURLToPath(new URL('./inference-parent.ts', import.meta.url));
	const parent = spawn(process.execPath, ['--import', 'tsx', program, long], { stdio: ['ignore', 'pipe', 'inherit'] });
	await said(parent, 'running');
	const child = childOf(parent.pid as number);
	const all = [child, ...childrenOf(child, 'ffmpeg')];
	expect(all).toHaveLength(2);
	parent.kill('SIGKILL');
	await until(() => !all.some(isAlive));
});

test('ignores a signal to the whole service, so that its parent ends it', async () => {
	const inference = start();
	const events = await untilRunning(inference.analyse(longJob(), never));
	for (const signal of ['SIGTERM', 'SIGINT']) process.kill(childOf(process.pid), signal);
	expect((await events.next()).value?.type).not.toBe('failed');
	await untilRunning(events);
	expect(inference.status().restarts.died).toBe(0);
});

async function said(process: ChildProcess, text: string): Promise<void> {
	let heard = '';
	for await (const chunk of process.stdout as AsyncIterable<Buffer>) {
		heard += chunk;
		if (heard.includes(text)) return;
	}
	throw new Error(`it ended after ${heard}`);
}
