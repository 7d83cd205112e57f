import { access, copyFile, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { packageRoot } from '../../function/config.ts';
import { buildah, cacheFolder } from './buildah.ts';

/**
 * Images with the names of the Dockerfile's base images, for when no image registry can be reached: the same Debian release by debootstrap, the same
 * major version of Node and npm from the npm registry, and for NVIDIA's image the same Debian without any CUDA library.
 */

const release = 'trixie';
const caBundle = '/etc/ssl/certs/ca-certificates.crt';

/** The names of the base images in the Dockerfile, without digests, which no stand-in can have. */
export async function readBaseNames(): Promise<{ node: string; cpu: string; cuda: string }> {
	const text = await readFile(join(packageRoot(), 'Dockerfile'), 'utf8');
	const name = (argument: string) => {
		const [, value] = new RegExp(`^ARG ${argument}=(.+)$`, 'm').exec(text) ?? [];
		if (!value) throw new Error(`The Dockerfile has no ARG ${argument}.`);
		return value;
	};
	return { node: name('NODE_IMAGE'), cpu: name('CPU_IMAGE'), cuda: name('CUDA_IMAGE') };
}

/** Makes the stand-ins that do not exist yet. */
export async function makeStandIns(): Promise<void> {
	const { node, cpu, cuda } = await readBaseNames();
	const known = await buildah('images', '--format', '{{.Name}}:{{.Tag}}');
	if ([node, cpu, cuda].every((name) => known.split('\n').includes(name))) return;
	await commit('scratch', cpu, async (root) => {
		await execa('cp', ['-a', `${await debian()}/.`, root]);
	});
	await commit(
		cpu,
		node,
		async (root) => {
			const [major] = /\d+/.exec(node.split(':')[1] ?? '') ?? [];
			const program = await npmPackage(`node-linux-${process.arch}@${major}`);
			const npm = await npmPackage('npm@11');
			await copyFile(join(program, 'bin/node'), join(root, 'usr/local/bin/node'));
			await mkdir(join(root, 'usr/local/lib/node_modules'), { recursive: true });
			await execa('cp', ['-a', npm, join(root, 'usr/local/lib/node_modules/npm')]);
			await symlink('../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/local/bin/npm'));
			// this machine's trusted certificates, so that a registry behind a local proxy can be reached from inside
			await copyFile(caBundle, join(root, 'usr/local/share/ca-bundle.crt'));
		},
		['--env', 'NODE_EXTRA_CA_CERTS=/usr/local/share/ca-bundle.crt'],
	);
	await buildah('tag', cpu, cuda);
}

async function commit(from: string, to: string, fill: (root: string) => Promise<void>, config: string[] = []) {
	const container = await buildah('from', '--pull-never', from);
	try {
		await fill(await buildah('mount', container));
		await buildah('config', '--label', 'unmask.stand-in=true', ...config, container);
		await buildah('commit', '--quiet', container, to);
	} finally {
		await buildah('rm', container);
	}
}

/** A folder with a minimal Debian. */
const debian = () =>
	made(`debian-${release}`, (folder) => execa('debootstrap', ['--variant=minbase', release, folder]));

/** A folder with a package of the npm registry, unpacked. */
const npmPackage = (name: string) =>
	made(`npm-${name.replace('/', '-')}`, async (folder) => {
		await mkdir(folder);
		const { stdout } = await execa('npm', ['pack', '--silent', name], { cwd: folder });
		await execa('tar', ['xzf', stdout.trim(), '--strip-components=1'], { cwd: folder });
		await rm(join(folder, stdout.trim()));
	});

/** A folder of the cache that is filled once; half-filled ones are discarded. */
async function made(name: string, fill: (folder: string) => Promise<unknown>): Promise<string> {
	const folder = join(cacheFolder, name);
	const isThere = await access(folder).then(
		() => true,
		() => false,
	);
	if (isThere) return folder;
	const making = `${folder}.making`;
	await rm(making, { recursive: true, force: true });
	await fill(making);
	await rename(making, folder);
	return folder;
}
