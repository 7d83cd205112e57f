import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../function/config.ts';
import { findFfmpeg } from '../../function/media/find-ffmpeg.ts';
import { askService, deleteAnalysis } from '../tools/ask-service.ts';
import { type Footprint, footprintOf } from '../tools/service-footprint.ts';
import { type RunningService, startService } from '../tools/start-service.ts';
import { makeFuzzClips } from './fuzz-clips.ts';
import { mutantOf } from './mutate.ts';
import { isOwnFile, memoryFault } from './stays-whole.ts';

/** The files to send, and where results are recorded. */
export type FuzzOptions = {
	readonly seed: number;
	/** Number of mutants of the seed, starting at 0. */
	readonly count: number;
	/** Concurrent files. */
	readonly workers: number;
	/** Folder for results and for files that caused a fault; results from an earlier run with the same seed are kept. Null = no folder. */
	readonly folder: string | null;
	readonly onProgress?: (done: number) => void;
};

/** One line of the log of results. */
type Line = {
	readonly number: number;
	readonly from: string;
	readonly mutation: string;
	/** `report`, or the code. */
	readonly answer: string;
	readonly ms: number;
	/** What must not happen; null = nothing. */
	readonly fault: string | null;
};

/** The result of a run. */
export type FuzzResult = {
	readonly lines: readonly Line[];
	/** Everything that must not happen; empty = passed. */
	readonly faults: readonly string[];
	/** Before the first file, after a tenth of the files, and at the end; null if nothing was left to do. */
	readonly footprints: { readonly first: Footprint; readonly early: Footprint; readonly last: Footprint } | null;
	/** How often the model process had to be restarted. */
	readonly died: number;
};

/** A response after this time is a hang: intact clips take a second. */
const hangMs = 60_000;
/** Codes that blame the service or its set-up; no file may cause them. */
const ownFaults: ReadonlySet<string> = new Set([
	'internal',
	'inference-died',
	'model-failed',
	'model-damaged',
	'model-missing',
	'environment',
	'store-failed',
	'write-failed',
	'not-ready',
	'queue-full',
	'rate-limited',
]);

/** Starts a service, uploads mutants of all clips, and checks every result and what is left behind. */
export async function fuzzMedia(options: FuzzOptions): Promise<FuzzResult> {
	const { seed, count, workers, folder } = options;
	const work = await mkdtemp(join(tmpdir(), 'unmask-fuzz-'));
	const temporary = join(work, 'tmp');
	const data = join(work, 'data');
	await mkdir(temporary);
	if (folder) await mkdir(join(folder, 'faults'), { recursive: true });
	const log = folder && join(folder, `answers-${seed}.ndjson`);
	const lines = log ? await readLines(log) : [];
	const done = new Set(lines.map(({ number }) => number));
	const { FFMPEG_PATH: ffmpegPath, PATH: searchPath } = parseConfig();
	const clips = await makeFuzzClips(join(work, 'clips'), await findFfmpeg({ ffmpegPath, searchPath }));
	const todo = Array.from({ length: count }, (_, number) => number).filter((number) => !done.has(number));
	const env = {
		...{ UNMASK_SLOTS: `${Math.max(1, workers >> 1)}`, UNMASK_QUEUE: `${workers}` },
		...{ UNMASK_REQUESTS_A_MINUTE: '10000000', UNMASK_LOG: 'error', TMPDIR: temporary },
	};
	const service = await startService({ env, data });
	const measure = () => footprintOf(service.pid, [data, temporary], isOwnFile);
	try {
		const first = await measure();
		let early: Footprint | null = null;
		const earlyAt = Math.ceil(todo.length / 10);
		let next = 0;
		let finished = 0;
		const worker = async () => {
			while (next < todo.length) {
				const number = todo[next++] as number;
				const mutant = mutantOf(seed, number, clips);
				const line: Line = { number, from: mutant.from, mutation: mutant.mutation, ...(await send(service, mutant)) };
				lines.push(line);
				if (log) await appendFile(log, `${JSON.stringify(line)}\n`);
				if (folder && line.fault)
					await writeFile(join(folder, 'faults', `${seed}-${number}-${mutant.from}`), mutant.bytes);
				options.onProgress?.(done.size + ++finished);
				if (finished === earlyAt) early = await measure();
			}
		};
		await Promise.all(Array.from({ length: workers }, worker));
		const last = await measure();
		const died = await deathsOf(service.url);
		const faults = lines.flatMap((line) =>
			line.fault ? [`${line.number} ${line.from} ${line.mutation}: ${line.fault}`] : [],
		);
		faults.push(...leftBehind(first, last), ...memoryFault(early ?? first, last));
		if (died > 0) faults.push(`the model process died ${died} times`);
		const exit = await service.stop();
		if (exit !== 0) faults.push(`the service exited with ${exit}`);
		return { lines, faults, footprints: { first, early: early ?? first, last }, died };
	} finally {
		await service.stop('SIGKILL').catch(() => {});
		await rm(work, { recursive: true, force: true });
	}
}

/** Handles one file from upload to deletion. */
async function send({ url }: RunningService, { from, bytes }: { readonly from: string; readonly bytes: Buffer }) {
	const begun = performance.now();
	const ms = () => Math.round(performance.now() - begun);
	try {
		const signal = AbortSignal.timeout(2 * hangMs);
		const answer = await askService(url, { fileName: from, bytes, plan: { frames: 10 }, signal });
		const took = ms();
		if (answer.id) await deleteAnalysis(url, answer.id, signal);
		const code = answer.kind === 'report' ? 'report' : answer.code;
		const fault = took > hangMs ? `took ${took} ms` : ownFaults.has(code) ? code : null;
		return { answer: code, ms: took, fault };
	} catch (error) {
		return { answer: 'none', ms: ms(), fault: `${error}` };
	}
}

/** Processes, open files and files on disk beyond those at the start. */
function leftBehind(first: Footprint, last: Footprint): string[] {
	const faults = last.files.map((path) => `left behind: ${path}`);
	if (last.processes.length > first.processes.length)
		faults.push(`left running: ${last.processes.map(({ command }) => command).join(', ')}`);
	// the event loop opens and closes one or two of its own
	if (last.openFiles > first.openFiles + 4) faults.push(`open files: ${first.openFiles} became ${last.openFiles}`);
	return faults;
}

/** How often the model process died, as counted by the service. */
async function deathsOf(url: string): Promise<number> {
	const metrics = await (await fetch(`${url}/metrics`)).text();
	return Number(/^unmask_inference_restarts(?:_total)?\{cause="died"\} (\d+)/m.exec(metrics)?.[1] ?? Number.NaN);
}

async function readLines(path: string): Promise<Line[]> {
	const text = await readFile(path, 'utf8').catch(() => '');
	// an interruption may have cut off the last line
	return text
		.split('\n')
		.slice(0, -1)
		.map((line) => JSON.parse(line) as Line);
}
