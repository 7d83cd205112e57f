import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../function/config.ts';
import type { ServiceEvent } from '../../function/contract/events.ts';
import type { Ready } from '../../function/contract/service.ts';
import { loopClip, makeClip } from '../bench/clips.ts';
import { analyse, upload } from '../bench/service-client.ts';
import { buildImage, readLayers } from './build-image.ts';
import { findImageTools } from './buildah.ts';
import { type Container, type ImageConfig, type RunOptions, readImageConfig, startContainer } from './container.ts';
import { makeStandIns } from './stand-in-images.ts';

/**
 * `npm run test:image` builds and runs both images. Without an image registry, they use stand-ins for their base images. The GPU image is built without
 * onnxruntime's CUDA provider, which comes from NuGet; UNMASK_TEST_ORT=cuda12 includes it if NuGet can be reached. UNMASK_TEST_IMAGE=built reuses the
 * images of an earlier run.
 */

const ort = process.env.UNMASK_TEST_ORT === 'cuda12' ? 'cuda12' : 'cpu';
const say = (text: string) => process.stderr.write(`${text}\n`);

const running: Container[] = [];
async function start(image: string, options: RunOptions = {}): Promise<Container> {
	const container = await startContainer(image, options);
	running.push(container);
	return container;
}
afterEach(async () => {
	for (const container of running.splice(0)) await container.stop();
});

beforeAll(async () => {
	await findImageTools();
	if (process.env.UNMASK_TEST_IMAGE === 'built') return;
	await makeStandIns();
	if (ort === 'cpu')
		say(
			"The GPU image is built without onnxruntime's CUDA provider (UNMASK_TEST_ORT=cuda12 includes it), on a base image without CUDA.",
		);
	await buildImage('unmask:cpu', 'cpu');
	await buildImage('unmask:gpu', 'gpu', { ORT: ort });
}, 1_800_000);

test('the two images differ only in their base and in what a GPU needs', async () => {
	const common = ({ Env, Labels, ...rest }: ImageConfig) => ({
		...rest,
		Env: Env.filter((variable) => !/^(NVIDIA_|PATH=|LD_LIBRARY_PATH=|NV_|CUDA_|LIBRARY_PATH=)/.test(variable)).sort(),
		Labels: Object.keys(Labels)
			.filter((name) => name.startsWith('org.opencontainers.image.'))
			.sort(),
	});
	const [cpu, gpu] = [await readImageConfig('unmask:cpu'), await readImageConfig('unmask:gpu')];
	expect(common(gpu)).toEqual(common(cpu));
	expect(gpu.Env).toContain('NVIDIA_DRIVER_CAPABILITIES=compute,utility,video');
	expect(cpu.Labels['org.opencontainers.image.title']).toBe('Unmask');
	expect(cpu.Cmd).toEqual(['serve']);
});

describe.each(['unmask:cpu', 'unmask:gpu'])('%s', (image) => {
	test('has the models in a separate layer, and nothing that only developers need', async () => {
		const layers = await readLayers(image);
		const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1).padStart(7)} MB`;
		say(`${image}, layers as stored in a registry (compressed):`);
		for (const { step, bytes } of layers) say(`  ${megabytes(bytes)}  ${step}`);
		say(`  ${megabytes(layers.reduce((sum, { bytes }) => sum + bytes, 0))}  in total`);
		expect(layers.filter(({ step }) => /in \.\/models/.test(step))).toHaveLength(1);
		const { output } = await inside(image, ['node', '-p', 'fs.readdirSync("node_modules").join(" ")']);
		const packages = output.trim().split(' ');
		expect(packages).toContain('onnxruntime-node');
		for (const name of ['typescript', 'vite', 'vitest', 'svelte', 'ffmpeg-static'])
			expect(packages).not.toContain(name);
	});

	test('lists its contents as CycloneDX', async () => {
		const { output } = await inside(image, ['cat', '/usr/share/unmask/unmask.cdx.json']);
		const { bomFormat, specVersion, components } = JSON.parse(output);
		expect([bomFormat, specVersion]).toEqual(['CycloneDX', '1.5']);
		const found = (name: string) => components.find((component: { name: string }) => component.name === name);
		expect(found('onnxruntime-node')?.purl).toMatch(/^pkg:npm\/onnxruntime-node@/);
		expect(found('ffmpeg')?.purl).toMatch(/^pkg:deb\/(debian|ubuntu)\/ffmpeg@/);
		expect(found('face-detector.onnx')?.hashes[0].content).toMatch(/^[0-9a-f]{64}$/);
		expect(found('node')?.version).toMatch(/^\d+\.\d+\.\d+$/);
		expect(found('typescript')).toBeUndefined();
		say(`${image}: ${components.length} components in /usr/share/unmask/unmask.cdx.json`);
	});

	test('starts, runs as an unprivileged user on a read-only root, and passes the smoke test', async () => {
		const coldMs: number[] = [];
		for (let run = 0; run < 3; run++) {
			const container = await startContainer(image);
			coldMs.push(Math.round(container.readyMs ?? Number.NaN));
			await container.stop();
		}
		say(`${image}: ${coldMs.join(', ')} ms from start to /readyz 200`);
		const container = await start(image);
		const ready = (await (await fetch(`${container.url}/readyz`)).json()) as Ready;
		expect(ready).toMatchObject({ provider: 'cpu', selfTest: { passed: true, operators: null } });
		expect((await container.exec('id', '-u')).output).toBe('10001');
		const written = await container.exec(
			'sh',
			'-c',
			'touch /app/x; touch /usr/x; touch /data/x && touch /tmp/x && echo both',
		);
		expect(written.output.match(/Read-only file system/g)).toHaveLength(2);
		expect(written.output).toContain('both');
		const status = await container.exec('cat', '/proc/1/status');
		expect(status.output).toMatch(/NoNewPrivs:\s*1/);
		expect(status.output).toMatch(/CapBnd:\s*0+$/m);
		const { Healthcheck } = await readImageConfig(image);
		const [kind, ...check] = Healthcheck.Test;
		expect(kind).toBe('CMD');
		expect((await container.exec(...check)).exitCode).toBe(0);

		const smoke = await execa('node', [join(packageRoot(), 'deploy/smoke.mjs'), container.url], {
			reject: false,
			all: true,
		});
		say(smoke.all);
		expect(smoke.exitCode).toBe(0);
		const clip = makeClip(join(tmpdir(), 'unmask-bench'), 'sd-30s', 640, 480, 30, 25);
		const report = await analyse(container.url, await upload(container.url, clip), { frames: 40 });
		expect(report.tracks).toHaveLength(1);
		say(
			`${image}: a clip of 30 s, ${report.verdict.outcome}, ${report.timings.totalS} s; ffmpeg ${report.environment.ffmpeg}`,
		);
	});

	test('ends running analyses and exits on SIGTERM', async () => {
		const container = await start(image);
		const folder = join(tmpdir(), 'unmask-bench');
		const minute = makeClip(folder, 'sd-1min', 640, 480, 60, 25);
		const clip = loopClip(folder, 'sd-1h', minute, 3600); // more than it can analyse in the grace period
		const uploadId = await upload(container.url, clip);
		const events: ServiceEvent['type'][] = [];
		let stopped: ReturnType<Container['stop']> | undefined;
		const onEvent = ({ type }: ServiceEvent) => {
			events.push(type);
			if (type === 'face') stopped ??= container.stop();
		};
		const ended = analyse(container.url, uploadId, { frames: 'all' }, { onEvent });
		await expect(ended).rejects.toThrow('instance is shutting down');
		running.splice(0);
		const { exitCode, ms } = (await stopped) ?? { exitCode: -1, ms: 0 };
		expect(exitCode).toBe(0);
		say(`${image}: ended ${Math.round(ms)} ms after SIGTERM in the middle of an analysis, whose client got the error`);
	});

	test('reports why it is not ready', async () => {
		const container = await start(image, { env: { UNMASK_PROVIDER: 'cuda' }, untilReady: false });
		const readiness = async () => (await fetch(`${container.url}/readyz`).catch(() => null))?.json() as Promise<Ready>;
		await expect.poll(async () => (await readiness())?.state, { timeout: 20_000 }).toBe('failed');
		expect(await readiness()).toMatchObject({ ready: false, problem: expect.stringContaining('CUDA') });
	});

	test('runs the command line', async () => {
		const { exitCode, output } = await inside(image, ['unmask', 'doctor']);
		say(output.replace(/^/gm, '  '));
		expect(exitCode).toBe(0);
	});
});

/** Runs one command in a separate container. */
async function inside(image: string, command: readonly string[]) {
	return (await start(image, { command, untilReady: false })).ended;
}
