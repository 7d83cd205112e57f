import { mkdir, mkdtemp, readFile, readlink, rename, rm, symlink } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { parseConfig } from '../../function/config.ts';
import { freePort } from './free-port.ts';
import { aptInstall, isProgram, mayInstall, onPath } from './programs.ts';

/** A server of Google Cloud Storage's API for tests: https://github.com/fsouza/fake-gcs-server, BSD-2-Clause, run and never linked. */

const modulePath = 'github.com/fsouza/fake-gcs-server';
const version = 'v1.56.1';
/** The first Go 1.x that downloads the toolchain required by a module (GOTOOLCHAIN). */
const selfUpdating = 21;
/** The toolchain that an older Go is made to download: fake-gcs-server's go.mod requires 1.26. */
const toolchain = 'go1.26.8';

/** A running server: the address for STORAGE_EMULATOR_HOST, and `stop`, which also deletes everything that it stored. */
export type FakeGcs = { readonly endpoint: string; readonly stop: () => Promise<void> };

/** Where to look for the server, and whether it may be installed. */
export type FakeGcsOptions = {
	/** A path given by the user, which is then the only one tried; default FAKE_GCS_SERVER. */
	readonly serverPath?: string | undefined;
	/** Folders in which the server and Go are looked for, as in PATH. */
	readonly searchPath?: string;
	/** Folder for the built server, outside the checkout so that it survives `npm ci`. */
	readonly cache?: string;
	/** Whether Debian's Go may be installed if there is none and this is root; default false. */
	readonly install?: boolean;
	/** Called when something is being installed or built. */
	readonly onNotice?: (text: string) => void;
};

/** Starts a new server on a free port with an empty temporary folder. */
export async function startFakeGcs(options: FakeGcsOptions = {}): Promise<FakeGcs> {
	const program = await findFakeGcs(options);
	for (let attempt = 1; ; attempt++) {
		const folder = await mkdtemp(join(tmpdir(), 'unmask-gcs-'));
		const port = await freePort();
		const host = `127.0.0.1:${port}`;
		const args = ['-scheme', 'http', '-host', '127.0.0.1', '-port', `${port}`, '-filesystem-root', folder];
		const server = execa(program, [...args, '-public-host', host, '-external-url', `http://${host}`], {
			stdin: 'ignore',
			reject: false,
			all: true,
		});
		const stop = async () => {
			server.kill('SIGTERM');
			await server;
			await rm(folder, { recursive: true, force: true });
		};
		const isUp = await Promise.race([answers(`http://${host}/_internal/healthcheck`), server.then(() => false)]);
		if (isUp) return { endpoint: `http://${host}`, stop };
		await stop();
		// another program took the port in the meantime
		if (attempt === 3)
			throw new Error(`fake-gcs-server did not start: ${(await server).all?.trim().split('\n').at(-1)}`);
	}
}

/** The path of the server in the version that the tests expect. It is built on first use (minutes), and never twice at the same time. */
export async function findFakeGcs({
	serverPath = process.env.FAKE_GCS_SERVER,
	searchPath = `${parseConfig().PATH}:/usr/local/go/bin`,
	cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'unmask-test'),
	install = false,
	onNotice,
}: FakeGcsOptions = {}): Promise<string> {
	if (serverPath) {
		if (await isProgram(serverPath)) return serverPath;
		throw new Error(`FAKE_GCS_SERVER is ${serverPath}, and there is no program there.`);
	}
	for (const path of await onPath('fake-gcs-server', searchPath)) if (await isOurVersion(path)) return path;
	const built = join(cache, `fake-gcs-server-${version}`);
	await mkdir(cache, { recursive: true });
	while (!(await isProgram(built))) {
		const unlock = await lock(`${built}.lock`);
		if (!unlock) {
			await sleep(500);
			continue;
		}
		try {
			if (!(await isProgram(built))) await build(built, { searchPath, install, onNotice });
		} finally {
			await unlock();
		}
	}
	return built;
}

async function build(target: string, { searchPath, install, onNotice }: Search): Promise<void> {
	const folder = await mkdtemp(join(dirname(target), 'building-'));
	try {
		const go = await findGo(folder, { searchPath, install, onNotice });
		onNotice?.(`Building fake-gcs-server ${version} for the tests of the cloud store (once, about three minutes) ...`);
		const { failed, stderr } = await execa(go, ['install', `${modulePath}@${version}`], {
			env: { GOBIN: folder, GOTOOLCHAIN: 'auto', GOFLAGS: '', GOROOT: '' },
			cwd: folder,
			stdin: 'ignore',
			reject: false,
		});
		if (failed) throw new Error(`fake-gcs-server could not be built with ${go}: ${stderr.trim().split('\n').at(-1)}`);
		await rename(join(folder, 'fake-gcs-server'), target);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

type Search = {
	readonly searchPath: string;
	readonly install: boolean;
	readonly onNotice: FakeGcsOptions['onNotice'];
};

async function findGo(folder: string, { searchPath, install, onNotice }: Search): Promise<string> {
	let old = await goVersions(searchPath);
	if (old.length === 0 && install && (await mayInstall())) {
		onNotice?.('Go was not found: installing it with apt-get (once, about a minute) ...');
		await aptInstall(['golang-go', 'ca-certificates']);
		old = await goVersions('/usr/bin');
	}
	const fit = old.find(({ minor }) => minor >= selfUpdating) ?? null;
	const go = fit?.path ?? (old[0] && (await fetchNewerGo(old[0].path, folder)));
	if (go) return go;
	throw new Error(
		`The tests of the cloud store need fake-gcs-server ${version}: install Go 1.${selfUpdating} or newer (https://go.dev/doc/install) so that they can build it, or name a built one in FAKE_GCS_SERVER.`,
	);
}

async function goVersions(searchPath: string): Promise<{ path: string; minor: number }[]> {
	const versions = (await onPath('go', searchPath)).map(async (path) => {
		const { stdout } = await execa(path, ['version'], {
			env: { GOTOOLCHAIN: 'local' },
			reject: false,
			stdin: 'ignore',
		});
		return { path, minor: Number(/\bgo1\.(\d+)/.exec(`${stdout}`)?.[1]) };
	});
	return (await Promise.all(versions)).filter(({ minor }) => minor > 0);
}

/** Debian 12 has Go 1.19. Newer toolchains are modules (https://go.dev/doc/toolchain#module-version), which it can download and verify; null if it cannot. */
async function fetchNewerGo(old: string, folder: string): Promise<string | null> {
	const name = `v0.0.1-${toolchain}.${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
	const { stdout, failed } = await execa(old, ['mod', 'download', '-json', `golang.org/toolchain@${name}`], {
		env: { GOMODCACHE: join(folder, 'go'), GOFLAGS: '-modcacherw' },
		cwd: folder,
		stdin: 'ignore',
		reject: false,
	});
	if (failed) return null;
	const { Dir: root } = JSON.parse(stdout) as { Dir: string };
	// files of a module are not executable
	await execa('chmod', ['-R', 'u+x', join(root, 'bin'), join(root, 'pkg', 'tool')]);
	return join(root, 'bin', 'go');
}

/** Go writes the module and its version into what it builds. */
const isOurVersion = async (path: string) => (await readFile(path)).includes(`mod\t${modulePath}\t${version}\t`);

/** Takes a lock, which is a link to the process id of its owner and is created atomically; null while a living process holds it. */
async function lock(path: string): Promise<(() => Promise<void>) | null> {
	const isTaken = await symlink(`${process.pid}`, path).catch(() => true);
	if (!isTaken) return () => rm(path, { force: true });
	const owner = Number(await readlink(path).catch(() => ''));
	if (owner && !isAlive(owner)) await rm(path, { force: true });
	return null;
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

/** Resolves when an address responds at all; gives up after a minute. */
async function answers(url: string): Promise<boolean> {
	for (let tries = 0; tries < 600; tries++) {
		const response = await fetch(url).catch(() => null);
		await response?.body?.cancel();
		if (response) return true;
		await sleep(100);
	}
	return false;
}
