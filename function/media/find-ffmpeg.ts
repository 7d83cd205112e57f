import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { AnalysisError } from '../errors.ts';
import { runProcess } from '../process/run-process.ts';

/** Absolute paths of the two programs that read videos, and the version that ffmpeg prints. */
export type FfmpegTools = {
	readonly ffmpeg: string;
	readonly ffprobe: string;
	readonly version: string;
	/** Whether it has zscale, which HDR tone mapping needs. */
	readonly hasZscale?: boolean;
	/** Environment for NVDEC if it gives the CPU's frames (`check-nvdec.ts`); null or unset if NVDEC is not used. */
	readonly nvdec?: Readonly<Record<string, string>> | null;
};

/** Where to look for ffmpeg and whether it may be installed. */
export type FfmpegOptions = {
	/** A path given by the user, which is then the only one tried; null to search. */
	readonly ffmpegPath: string | null;
	/** Folders to search, as in PATH; default: the platform's usual ones. */
	readonly searchPath?: string;
	/** Whether Debian's package may be installed if ffmpeg is not found and the user is root; default true. */
	readonly install?: boolean;
	/** Whether the optional dependency ffmpeg-static may be used; default true. */
	readonly bundled?: boolean;
	/** Called when something is being installed. */
	readonly onNotice?: (text: string) => void;
};

const usualFolders = ['/usr/local/bin', '/usr/bin', '/bin', '/opt/homebrew/bin', '/snap/bin'].join(delimiter);
/** apt-get and dpkg find their helper programs through PATH. */
const aptEnv = {
	PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
	DEBIAN_FRONTEND: 'noninteractive',
};

/**
 * Finds ffmpeg and ffprobe: tries the given path, else ffmpeg-static, else the search path, else installs Debian's package if
 * allowed. ffmpeg-static does not include ffprobe, so it counts only if an ffprobe is found beside it or on the search path.
 * Throws `ffmpeg-missing` with the install command for this platform.
 */
export async function findFfmpeg(options: FfmpegOptions): Promise<FfmpegTools> {
	const searchPath = options.searchPath || usualFolders;
	if (options.ffmpegPath) {
		const tools = await checkTools(options.ffmpegPath, searchPath);
		if (tools) return tools;
		throw missing(`FFMPEG_PATH is ${options.ffmpegPath}, but there is no working ffmpeg with an ffprobe beside it`);
	}
	const found = await search(searchPath, options.bundled ?? true);
	if (found) return found;
	if ((options.install ?? true) && (await mayInstall())) {
		options.onNotice?.('ffmpeg was not found: installing it with apt-get (once, about a minute) ...');
		await aptGet(['update']);
		await aptGet(['install', '-y', '--no-install-recommends', 'ffmpeg']);
		const installed = await search(`${searchPath}${delimiter}${usualFolders}`, false);
		if (installed) return installed;
	}
	throw missing(`install it: ${installCommand(process.platform)}`);
}

/** The command that installs ffmpeg on a platform. */
export function installCommand(platform: NodeJS.Platform): string {
	if (platform === 'darwin') return 'brew install ffmpeg';
	if (platform === 'win32') return 'winget install Gyan.FFmpeg';
	return 'sudo apt-get install -y ffmpeg (Debian, Ubuntu), sudo dnf install -y ffmpeg (Fedora), apk add ffmpeg (Alpine)';
}

async function search(searchPath: string, bundled: boolean): Promise<FfmpegTools | null> {
	const candidates = [bundled ? await bundledFfmpeg() : null, await onPath('ffmpeg', searchPath)];
	for (const candidate of candidates) {
		const tools = candidate && (await checkTools(candidate, searchPath));
		if (tools) return tools;
	}
	return null;
}

/** Runs both programs with `-version`, which fails for a broken download of ffmpeg-static or one for another libc. */
async function checkTools(ffmpeg: string, searchPath: string): Promise<FfmpegTools | null> {
	const beside = join(dirname(ffmpeg), programName('ffprobe'));
	const ffprobe = (await isProgram(beside)) ? beside : await onPath('ffprobe', searchPath);
	if (!ffprobe) return null;
	const results = await Promise.all([ffmpeg, ffprobe].map(askVersion));
	if (results.some(({ exitCode }) => exitCode !== 0)) return null;
	const version = /^ffmpeg version (\S+)/.exec(results[0]?.stdout ?? '')?.[1];
	const hasZscale = /--enable-libzimg\b/.test(results[0]?.stdout ?? '');
	return version ? { ffmpeg, ffprobe, version, hasZscale } : null;
}

/** Retries once if the program was killed, for example for lack of memory: that does not mean that it is broken. */
async function askVersion(program: string) {
	const result = await runProcess(program, ['-version']);
	return result.killedBy === null ? result : runProcess(program, ['-version']);
}

async function bundledFfmpeg(): Promise<string | null> {
	try {
		const module: { default: unknown } = await import('ffmpeg-static' as string);
		const path = module.default;
		return typeof path === 'string' && (await isProgram(path)) ? path : null;
	} catch {
		return null; // an optional dependency that is not installed
	}
}

async function onPath(name: string, searchPath: string): Promise<string | null> {
	for (const folder of searchPath.split(delimiter)) {
		if (!folder) continue;
		const path = join(folder, programName(name));
		if (await isProgram(path)) return path;
	}
	return null;
}

const programName = (name: string) => (process.platform === 'win32' ? `${name}.exe` : name);

const isProgram = (path: string) =>
	access(path, constants.X_OK).then(
		() => true,
		() => false,
	);

async function mayInstall(): Promise<boolean> {
	if (process.platform !== 'linux' || process.getuid?.() !== 0 || !(await isProgram('/usr/bin/apt-get'))) return false;
	const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
	return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release);
}

async function aptGet(args: readonly string[]): Promise<void> {
	const { exitCode, stderrTail } = await runProcess('/usr/bin/apt-get', ['-q', ...args], {
		env: aptEnv,
		limits: null, // it writes files and uses the network
	});
	if (exitCode === 0) return;
	throw missing(`apt-get ${args[0]} failed: ${stderrTail.split('\n').pop()}; ${installCommand(process.platform)}`);
}

const missing = (detail: string) => new AnalysisError('ffmpeg-missing', 'environment', detail);
