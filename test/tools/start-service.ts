import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { packageRoot } from '../../function/config.ts';
import type { Ready } from '../../function/contract/service.ts';

/** A running service. */
export type RunningService = {
	/** Its address as printed, without a trailing slash. */
	readonly url: string;
	readonly port: number;
	/** The folder of uploads and reports. */
	readonly data: string;
	readonly pid: number;
	/** Ids of the processes that it has started and that are still running. */
	childPids(): number[];
	/** Everything it has printed so far. */
	printed(): string;
	/** Ends it with SIGTERM or the given signal, and deletes the data folder unless it was given; returns the exit code, or null after a kill. */
	stop(signal?: NodeJS.Signals): Promise<number | null>;
};

/** The options of a service. */
export type ServiceOptions = {
	readonly env?: Readonly<Record<string, string>>;
	/** Folder of uploads and reports, which is kept at the end; default: a temporary one. */
	readonly data?: string;
	/** Default: any free port. */
	readonly port?: number;
	/** A command in front of its own that then becomes the service, such as `unshare`. */
	readonly within?: readonly string[];
	/** Whether to wait until its models are loaded; default true. */
	readonly untilReady?: boolean;
};

const cli = join(packageRoot(), 'dist/function/cli.js');

/** Starts the built service as a user would, and waits for its printed address and until it is ready. */
export async function startService({
	env = {},
	data,
	port = 0,
	within = [],
	untilReady = true,
}: ServiceOptions = {}): Promise<RunningService> {
	if (!existsSync(cli)) throw new Error('There is no dist/: run `npm run build` first.');
	const folder = data ?? (await mkdtemp(join(tmpdir(), 'unmask-service-')));
	const words = [...within, process.execPath, cli, 'serve', '--port', `${port}`, '--data', folder];
	const child = execa(words[0] as string, words.slice(1), {
		env: { UNMASK_LOG: 'warn', ...env },
		stdin: 'ignore',
		reject: false,
		buffer: false,
		forceKillAfterDelay: 20_000, // it may take ten seconds to end running analyses; execa kills after five
	});
	let printed = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk));
	let ended = false;
	let stopping = false;
	void child.then(({ exitCode, signal }) => {
		ended = true;
		if (!stopping)
			process.stderr.write(`The service ended by itself (${signal ?? exitCode}); it printed:\n${printed}\n`);
	});
	const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
		stopping = true;
		child.kill(signal);
		const { exitCode } = await child;
		if (!data) await rm(folder, { recursive: true, force: true });
		return exitCode ?? null;
	};
	const failed = async (what: string) => {
		await stop('SIGKILL');
		return new Error(`The service ${what}; it printed:\n${printed}`);
	};
	const address = () => /http:\/\/[\w.[\]:-]+:(\d+)/.exec(printed);
	for (let tries = 0; !address(); tries++) {
		if (ended || tries > 1200) throw await failed('printed no address');
		await sleep(50);
	}
	const url = address()?.[0] as string;
	for (let tries = 0; untilReady; tries++) {
		const ready = await readiness(url);
		if (ready?.ready) break;
		if (ended || ready?.state === 'failed' || tries > 1200) throw await failed(`is not ready: ${ready?.problem}`);
		await sleep(100);
	}
	const pid = child.pid as number;
	return {
		url,
		port: Number(address()?.[1]),
		data: folder,
		pid,
		childPids: () => childrenOf(pid),
		printed: () => printed,
		stop,
	};
}

const readiness = (url: string): Promise<Ready | null> =>
	fetch(`${url}/readyz`)
		.then((response) => response.json() as Promise<Ready>)
		.catch(() => null);

/** Uses proc_pid_task_children(5) and proc_pid_stat(5), so Linux only. A zombie process does not count. */
function childrenOf(pid: number): number[] {
	const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
	return children.filter((child) => {
		try {
			return !/\) Z /.test(readFileSync(`/proc/${child}/stat`, 'utf8'));
		} catch {
			return false;
		}
	});
}
