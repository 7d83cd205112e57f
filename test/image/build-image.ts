import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../function/config.ts';
import { buildah, cacheFolder, streamBuildah } from './buildah.ts';

/** One layer of an image: the step that made it, and its size in bytes as stored in a registry (gzip). */
export type Layer = { readonly step: string; readonly bytes: number };

/** Builds the Dockerfile on the base images in the local storage; throws with the last lines of output if that fails. */
export async function buildImage(
	name: string,
	target: 'cpu' | 'gpu',
	buildArgs: Readonly<Record<string, string>> = {},
): Promise<void> {
	// a local image has no registry digest
	const all = { NODE_DIGEST: '', CPU_DIGEST: '', CUDA_DIGEST: '', ...buildArgs };
	const lines: string[] = [];
	const options = ['--layers', '--format', 'docker', '--pull-never', '--target', target, '--tag', name];
	const given = Object.entries(all).flatMap(([argument, value]) => ['--build-arg', `${argument}=${value}`]);
	try {
		await streamBuildah((line) => lines.push(line), 'build', ...options, ...given, packageRoot());
	} catch (cause) {
		throw new Error(`${name} could not be built:\n${lines.slice(-30).join('\n')}`, { cause });
	}
}

/** The layers of an image, lowest first. */
export async function readLayers(image: string): Promise<Layer[]> {
	const folder = join(cacheFolder, 'pushed');
	await rm(folder, { recursive: true, force: true });
	try {
		await buildah('push', '--quiet', '--format', 'v2s2', image, `dir:${folder}`);
		const read = async (file: string) => JSON.parse(await readFile(join(folder, file), 'utf8'));
		const manifest = await read('manifest.json');
		const config = await read(manifest.config.digest.replace(/^sha256:/, ''));
		const steps = config.history.filter((entry: { empty_layer?: boolean }) => !entry.empty_layer);
		return manifest.layers.map(({ size }: { size: number }, i: number) => ({
			step: (steps[i]?.created_by ?? 'the base').replace(/^\/bin\/sh -c (#\(nop\) )?/, '').slice(0, 90),
			bytes: size,
		}));
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
