import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { parseConfig } from '../../function/config.ts';
import { aptInstall, mayInstall, onPath } from '../tools/programs.ts';

/** Programs that build and run an image without Docker, each in the Debian package of the same name; they need root. */
const programs = ['buildah', 'runc', 'debootstrap'] as const;
const searchPath = `${parseConfig().PATH}:/usr/sbin:/sbin`;

/** Cache of images, their layers and the parts of the stand-ins between runs, outside the checkout. */
export const cacheFolder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'unmask-test', 'images');

/** Installs missing programs where that is allowed; throws one sentence that names what is missing. */
export async function findImageTools(): Promise<void> {
	const missing = async () => {
		const found = await Promise.all(programs.map((name) => onPath(name, searchPath)));
		return programs.filter((_, i) => found[i]?.length === 0);
	};
	if ((await missing()).length > 0 && (await mayInstall())) await aptInstall(await missing());
	const absent = await missing();
	if (process.getuid?.() !== 0 || absent.length > 0)
		throw new Error(
			`The images are built and run by root with ${programs.join(', ')}; missing: ${absent.join(', ') || 'root'}.`,
		);
	await mkdir(cacheFolder, { recursive: true });
}

/**
 * Runs buildah on the cache's own storage and returns its stdout; chroot isolation needs no privileges that a container lacks.
 * Set STORAGE_DRIVER=vfs if there is no overlayfs; it copies every layer as a whole.
 */
export async function buildah(...args: string[]): Promise<string> {
	const { stdout } = await execa('buildah', [...storage, ...args], { env, stdin: 'ignore' });
	return stdout.trim();
}

/** The same, but passes output lines on as they come. */
export async function streamBuildah(onLine: (line: string) => void, ...args: string[]): Promise<void> {
	for await (const line of execa('buildah', [...storage, ...args], { env, stdin: 'ignore', all: true }).iterable({
		from: 'all',
	}))
		onLine(line);
}

const driver = process.env.STORAGE_DRIVER || 'overlay';
const storage = [
	...['--storage-driver', driver],
	...['--root', join(cacheFolder, driver)],
	...['--runroot', join(cacheFolder, `${driver}-run`)],
];
const env = { BUILDAH_ISOLATION: 'chroot', PATH: searchPath };
