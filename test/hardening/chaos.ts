import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { seededRandom } from '../../function/statistics.ts';
import { makeClip } from '../bench/clips.ts';
import { analyseUpload, askService, deleteAnalysis, type FileAnswer } from '../tools/ask-service.ts';
import { startFakeGcs } from '../tools/fake-gcs-server.ts';
import { footprintOf } from '../tools/service-footprint.ts';
import { type RunningService, type ServiceOptions, startService } from '../tools/start-service.ts';
import { startFaultyProxy } from './faulty-proxy.ts';
import { mixUp, type NumberedClip, numberedClip } from './numbered-clips.ts';
import { isOwnFile } from './stays-whole.ts';

/** The size of a run. */
export type ChaosOptions = {
	readonly seed: number;
	/** Number of analyses. */
	readonly count: number;
	/** Concurrent clients; each runs one analysis after another. */
	readonly clients: number;
	/** Called with the number of finished analyses, and later with the negative number of those that are still to be repeated. */
	readonly onProgress?: (done: number) => void;
};

/** The result of a run. */
export type ChaosResult = {
	/** First results: `report`, or the code. */
	readonly answers: Readonly<Record<string, number>>;
	/** How many of the failed analyses gave a report once the trouble was over. */
	readonly recovered: number;
	/** How often each kind of trouble was caused. */
	readonly trouble: Readonly<Record<string, number>>;
	/** Everything that must not happen; empty = passed. */
	readonly faults: readonly string[];
};

/** The trouble of a run: the codes that are allowed meanwhile, and how to end it. */
type Trouble = {
	readonly service: RunningService;
	/** Folders in which the service's files are visible. */
	readonly folders: readonly string[];
	/** Bytes of padding added to every file. */
	readonly paddingBytes: number;
	/** Codes that this trouble may cause. */
	readonly codes: readonly string[];
	/** Ends it; returns how often each kind of trouble was caused. */
	readonly end: () => Promise<Record<string, number>>;
};

/** A result after this time is a hang; several calls to a failing store may take a minute each. */
const limitMs = 240_000;

/** Kills the model process, or one of its decoders, at random moments. */
export async function chaosKills(options: ChaosOptions): Promise<ChaosResult> {
	return inFolder(async (folder) => {
		const data = join(folder, 'data');
		const service = await startService({ data, env: settings(options, folder) });
		const paceMs = await timeOfOne(service.url, folder);
		const trouble = { models: 0, decoder: 0 };
		const random = seededRandom(options.seed);
		let isOver = false;
		const killer = (async () => {
			while (!isOver) {
				// mostly while it works, sometimes while it starts
				if (random() < 0.85) await untilReady(service.url, () => isOver);
				await wait(4 * paceMs * random());
				const [models] = service.childPids();
				if (models === undefined || isOver) continue;
				const { processes } = await footprintOf(service.pid, [data], isOwnFile);
				const decoder = random() < 0.3 ? processes.find(({ command }) => /^\S*ff\w+ /.test(command)) : undefined;
				const signal = (['SIGKILL', 'SIGSEGV', 'SIGABRT'] as const)[Math.floor(3 * random())];
				if (kill(decoder?.pid ?? models, decoder ? 'SIGKILL' : signal)) trouble[decoder ? 'decoder' : 'models']++;
			}
		})();
		const end = async () => {
			isOver = true;
			await killer;
			await untilReady(service.url, () => false);
			return trouble;
		};
		const codes = ['inference-died', 'decoder-died'];
		return run(options, folder, { service, folders: [data], paddingBytes: 0, codes, end });
	});
}

/** Uses a bucket whose server responds with errors, late, or with half a response, or accepts half of what is sent. */
export async function chaosBucket(options: ChaosOptions): Promise<ChaosResult> {
	return inFolder(async (folder) => {
		const server = await startFakeGcs({ install: true });
		const proxy = await startFaultyProxy(server.endpoint, seededRandom(options.seed));
		try {
			const bucket = 'chaos';
			await fetch(`${server.endpoint}/storage/v1/b`, { method: 'POST', body: JSON.stringify({ name: bucket }) });
			const env = { ...settings(options, folder), UNMASK_UPLOADS_BUCKET: bucket, STORAGE_EMULATOR_HOST: proxy.url };
			const service = await startService({ data: join(folder, 'data'), env });
			proxy.begin();
			const end = async () => proxy.pause();
			const codes = ['store-failed', 'upload-mismatch'];
			return await run(options, folder, { service, folders: [join(folder, 'tmp')], paddingBytes: 0, codes, end });
		} finally {
			await proxy.close();
			await server.stop();
		}
	});
}

const diskMb = 6;
/** Large enough for every file of a run twice. */
const largerMb = ({ count }: ChaosOptions) => diskMb + 4 * count;

/** Uses a disk of a few megabytes that files and reports fill, and enlarges it in the end; null if this user may not mount one. */
export async function chaosDisk(options: ChaosOptions): Promise<ChaosResult | null> {
	return inFolder(async (folder) => {
		const data = join(folder, 'data');
		await mkdir(data);
		const script = `mount -t tmpfs -o size=${diskMb}m none "$0" && exec "$@"`;
		const within = ['unshare', ...(process.getuid?.() === 0 ? ['-m'] : ['-U', '-r', '-m']), 'sh', '-c', script, data];
		const start: ServiceOptions = { data, env: settings(options, folder), within };
		const service = await startService(start).catch(() => null);
		if (!service) return null;
		const folders = [`/proc/${service.pid}/root${data}`];
		// four files fill the disk
		const paddingBytes = 1_500_000;
		const isRoot = process.getuid?.() === 0;
		const enter = ['-t', `${service.pid}`, ...(isRoot ? [] : ['-U', '--preserve-credentials']), '-m'];
		const end = async () => {
			const larger = ['mount', '-o', `remount,size=${largerMb(options)}m`, data];
			await promisify(execFile)('nsenter', [...enter, ...larger]).catch(() => {}); // at the very end the disk is gone
			return { 'disk, MB': diskMb };
		};
		return run(options, folder, { service, folders, paddingBytes, codes: ['write-failed', 'store-failed'], end });
	});
}

/** Runs all analyses during the trouble, then repeats the failed ones without it, then checks what is left behind. */
async function run(
	{ count, clients, onProgress = () => {} }: ChaosOptions,
	folder: string,
	{ service, folders, paddingBytes, codes, end }: Trouble,
): Promise<ChaosResult> {
	const mp4 = makeClip(folder, 'clip', 160, 120, 1, 12);
	const faults: string[] = [];
	const answers: Record<string, number> = {};
	const failed: { clip: NumberedClip; id: string | null }[] = [];
	/** Reports that a failing store did not delete; they are deleted once the trouble is over. */
	const undeleted: string[] = [];
	const note = (clip: NumberedClip, answer: FileAnswer | null, problem: string | null) => {
		if (problem) faults.push(`${clip.fileName}: ${problem}`);
		return answer?.kind === 'report';
	};
	try {
		let next = 0;
		let done = 0;
		const client = async () => {
			while (next < count) {
				const clip = await numberedClip(mp4, next++, paddingBytes);
				const [answer, problem] = await ask(service.url, clip, null);
				const code = answer?.kind === 'report' ? 'report' : (answer?.code ?? 'none');
				answers[code] = (answers[code] ?? 0) + 1;
				if (code !== 'report' && code !== 'none' && !codes.includes(code)) faults.push(`${clip.fileName}: ${code}`);
				if (!note(clip, answer, problem)) failed.push({ clip, id: answer?.id ?? null });
				else if (answer?.id) {
					const { id } = answer;
					await forget(service.url, id).catch(() => undeleted.push(id));
				}
				// refusals during a restart are quick, and the next analysis should meet a working service
				if (answer?.kind !== 'report') await untilReady(service.url, () => false);
				onProgress(++done);
			}
		};
		await Promise.all(Array.from({ length: clients }, client));
		const trouble = await end();
		for (const id of undeleted) await forget(service.url, id);
		let recovered = 0;
		const recover = async () => {
			for (let next = failed.pop(); next; next = failed.pop()) {
				const { clip, id } = next;
				// a complete upload is still there; a refused one is sent again
				let [answer, problem] = await ask(service.url, clip, id);
				if (id && answer?.kind !== 'report') {
					await forget(service.url, id);
					[answer, problem] = await ask(service.url, clip, null);
				}
				const code = answer && 'code' in answer ? answer.code : 'no response';
				if (note(clip, answer, problem)) recovered++;
				else faults.push(`${clip.fileName}: no report once the trouble was over (${code})`);
				if (answer?.id) await forget(service.url, answer.id);
				if (failed.length % 25 === 0) onProgress(-failed.length);
			}
		};
		await Promise.all([recover(), recover()]);
		const { files, processes } = await footprintOf(service.pid, folders, isOwnFile);
		faults.push(...files.map((path) => `left behind: ${path}`));
		const decoders = processes.filter(({ command }) => !command.includes('child.js'));
		faults.push(...decoders.map(({ command }) => `left running: ${command}`));
		const exit = await service.stop();
		if (exit !== 0) faults.push(`the service exited with ${exit}`);
		return { answers, recovered, trouble, faults };
	} finally {
		await end();
		await service.stop('SIGKILL').catch(() => {});
	}
}

/** How long an undisturbed analysis takes on this machine, ms. */
async function timeOfOne(url: string, folder: string): Promise<number> {
	const clip = await numberedClip(makeClip(folder, 'pace', 160, 120, 1, 12), 0);
	const begun = performance.now();
	const [answer] = await ask(url, clip, null);
	if (answer?.kind !== 'report') throw new Error('an analysis failed before any trouble was caused');
	await forget(url, answer.id);
	return performance.now() - begun;
}

/** The result for a clip, and what is wrong with it (null = nothing); with `id`, the clip was uploaded before. */
async function ask(url: string, clip: NumberedClip, id: string | null): Promise<[FileAnswer | null, string | null]> {
	const signal = AbortSignal.timeout(limitMs);
	try {
		const answer = id ? await analyseUpload(url, id, clip.plan, signal) : await askService(url, { ...clip, signal });
		return [answer, mixUp(clip, answer)];
	} catch (error) {
		return [null, `${error}`];
	}
}

const forget = (url: string, id: string) => deleteAnalysis(url, id, AbortSignal.timeout(limitMs));

/** Waits until the service can analyse, or until `isOver`. */
async function untilReady(url: string, isOver: () => boolean): Promise<void> {
	while (!isOver()) {
		const answer = await fetch(`${url}/readyz`).catch(() => null);
		await answer?.body?.cancel();
		if (answer?.ok || answer === null) return;
		await wait(50);
	}
}

const settings = ({ clients }: ChaosOptions, folder: string) => ({
	...{ UNMASK_SLOTS: '2', UNMASK_QUEUE: `${clients}`, UNMASK_REQUESTS_A_MINUTE: '10000000', UNMASK_LOG: 'silent' },
	TMPDIR: join(folder, 'tmp'),
});

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
	const folder = await mkdtemp(join(tmpdir(), 'unmask-chaos-'));
	await mkdir(join(folder, 'tmp'));
	try {
		return await work(folder);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

function kill(pid: number, signal: NodeJS.Signals | undefined): boolean {
	try {
		return process.kill(pid, signal);
	} catch {
		return false; // it has ended in the meantime
	}
}
