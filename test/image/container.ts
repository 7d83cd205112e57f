import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { freePort } from '../tools/free-port.ts';
import { buildah } from './buildah.ts';

/** An image's settings for running it (OCI image configuration, and Docker's health check). */
export type ImageConfig = {
	readonly User: string;
	readonly Env: readonly string[];
	readonly Entrypoint: readonly string[];
	readonly Cmd: readonly string[];
	readonly WorkingDir: string;
	readonly Labels: Readonly<Record<string, string>>;
	readonly ExposedPorts: Readonly<Record<string, object>>;
	readonly Healthcheck: { readonly Test: readonly string[] };
};

/** The configuration of a built image. */
export async function readImageConfig(image: string): Promise<ImageConfig> {
	return JSON.parse(await buildah('inspect', '--type', 'image', image)).Docker.config;
}

/** A running container. */
export type Container = {
	readonly url: string;
	/** Milliseconds from its start until /readyz returned 200; null if that was not awaited. */
	readonly readyMs: number | null;
	/** Everything it has printed so far. */
	printed(): string;
	/** Runs a command in it, as its user. */
	exec(...args: string[]): Promise<{ readonly exitCode: number; readonly output: string }>;
	/** Resolves when it has ended by itself. */
	readonly ended: Promise<{ readonly exitCode: number; readonly output: string }>;
	/** Sends SIGTERM, and SIGKILL ten seconds later as Docker and Cloud Run do, then removes it; returns the exit code and the milliseconds it took. */
	stop(): Promise<{ readonly exitCode: number; readonly ms: number }>;
};

/** How a container is run. */
export type RunOptions = {
	readonly env?: Readonly<Record<string, string>>;
	/** Replaces the image's own command and entry point. */
	readonly command?: readonly string[];
	/** Memory limit, MiB; the kernel kills it beyond that. */
	readonly memoryMb?: number;
	/** Whether to wait until it is ready; default true. */
	readonly untilReady?: boolean;
};

/**
 * Runs an image with runc like a careful host: read-only root, no capabilities, no new privileges, /tmp and /data in memory, a memory limit and its
 * own process namespace; on the network of this machine, at a free port.
 */
export async function startContainer(image: string, options: RunOptions = {}): Promise<Container> {
	const { env = {}, command, memoryMb = 2048, untilReady = true } = options;
	const config = await readImageConfig(image);
	const port = await freePort();
	const bundle = await mkdtemp(join(tmpdir(), 'unmask-bundle-'));
	const state = join(bundle, 'state');
	await mkdir(state);
	const layers = await buildah('from', '--pull-never', image);
	const root = await buildah('mount', layers);
	const variables = { ...Object.fromEntries(config.Env.map(split)), PORT: `${port}`, HOST: '127.0.0.1', ...env };
	const args = command ?? [...config.Entrypoint, ...config.Cmd];
	await writeFile(join(bundle, 'config.json'), JSON.stringify(toBundle(config, root, args, variables, memoryMb)));

	const id = `unmask-${process.pid}-${port}`;
	const runc = (...rest: string[]) =>
		execa('runc', ['--root', state, ...rest], { reject: false, all: true, stdin: 'ignore' });
	const startMs = performance.now();
	const running = runc('run', '--bundle', bundle, id);
	let printed = '';
	let ended = false;
	running.all.on('data', (chunk) => (printed += chunk));
	const end = running.then(({ exitCode, all }) => {
		ended = true;
		return { exitCode: exitCode ?? -1, output: all };
	});

	const remove = async () => {
		await runc('delete', '--force', id);
		await buildah('rm', layers);
		await rm(bundle, { recursive: true, force: true });
	};
	const url = `http://127.0.0.1:${port}`;
	let readyMs: number | null = null;
	while (untilReady && readyMs === null) {
		const ready = await fetch(`${url}/readyz`).then(
			({ ok }) => ok,
			() => false,
		);
		if (ready) readyMs = performance.now() - startMs;
		else if (ended || performance.now() - startMs > 60_000) {
			await remove();
			throw new Error(`The container was not ready; it printed:\n${printed}`);
		} else await sleep(10);
	}
	return {
		url,
		readyMs,
		printed: () => printed,
		async exec(...args) {
			const { exitCode, all } = await runc('exec', id, ...args);
			return { exitCode: exitCode ?? -1, output: all };
		},
		ended: end,
		async stop() {
			const stopMs = performance.now();
			if (!ended) await runc('kill', id, 'TERM');
			const killed = setTimeout(() => runc('kill', id, 'KILL'), 10_000);
			const { exitCode } = await end;
			clearTimeout(killed);
			const ms = performance.now() - stopMs;
			await remove();
			return { exitCode, ms };
		},
	};
}

const split = (variable: string) => [
	variable.slice(0, variable.indexOf('=')),
	variable.slice(variable.indexOf('=') + 1),
];

/** An OCI runtime bundle's config.json (runtime-spec 1.0.2). */
function toBundle(
	config: ImageConfig,
	root: string,
	args: readonly string[],
	env: Readonly<Record<string, string>>,
	memoryMb: number,
): object {
	const [uid = 0, gid = 0] = config.User.split(':').map(Number);
	const none: string[] = [];
	const memory = (destination: string, owner: string) => ({
		destination,
		type: 'tmpfs',
		source: 'tmpfs',
		options: ['nosuid', 'nodev', ...owner.split(',')],
	});
	return {
		ociVersion: '1.0.2',
		process: {
			user: { uid, gid },
			args,
			env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
			cwd: config.WorkingDir || '/',
			capabilities: { bounding: none, effective: none, permitted: none, inheritable: none, ambient: none },
			noNewPrivileges: true,
		},
		root: { path: root, readonly: true },
		hostname: 'unmask',
		mounts: [
			{ destination: '/proc', type: 'proc', source: 'proc' },
			{
				destination: '/dev',
				type: 'tmpfs',
				source: 'tmpfs',
				options: ['nosuid', 'strictatime', 'mode=755', 'size=64k'],
			},
			memory('/dev/shm', 'mode=1777'),
			memory('/tmp', 'mode=1777'),
			memory('/data', `mode=700,uid=${uid},gid=${gid}`),
		],
		linux: {
			namespaces: ['pid', 'ipc', 'uts', 'mount'].map((type) => ({ type })),
			resources: { memory: { limit: memoryMb * 1024 ** 2, swap: memoryMb * 1024 ** 2 } },
		},
	};
}
