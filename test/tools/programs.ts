import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';

/** Every executable file of this name in the folders of a search path (as in PATH), in order. */
export async function onPath(name: string, searchPath: string): Promise<string[]> {
	const candidates = searchPath.split(delimiter).map((folder) => folder && join(folder, name));
	const runnable = await Promise.all(candidates.map((path) => path && isProgram(path)));
	return candidates.filter((_, at) => runnable[at]);
}

/** Whether a file exists and is executable. */
export const isProgram = (path: string): Promise<boolean> =>
	access(path, constants.X_OK).then(
		() => true,
		() => false,
	);

/** Whether Debian's packages may be installed here: on Debian or Ubuntu, as root. */
export async function mayInstall(): Promise<boolean> {
	if (process.getuid?.() !== 0 || !(await isProgram('/usr/bin/apt-get'))) return false;
	return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(await readFile('/etc/os-release', 'utf8').catch(() => ''));
}

/** Installs Debian packages as root; throws with apt's last line of output. */
export async function aptInstall(packages: readonly string[]): Promise<void> {
	const env = {
		PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', // apt-get and dpkg look for their helpers on it
		DEBIAN_FRONTEND: 'noninteractive',
	};
	for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
		const { failed, stderr } = await execa('/usr/bin/apt-get', ['-q', ...args], {
			env,
			reject: false,
			stdin: 'ignore',
		});
		if (failed) throw new Error(`apt-get ${args.join(' ')} failed: ${stderr.trim().split('\n').at(-1)}`);
	}
}
