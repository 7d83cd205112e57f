import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../function/config.ts';
import { checkPlacement } from '../../function/model/gpu.ts';
import { type Runtime, type Session, startRuntime } from '../../function/model/session.ts';

/** When the thread ends, pending calls must fail: an analysis that never ends is worse than one that fails. */

let runtime: Runtime;
afterEach(() => runtime.close());

async function openCrop({ traced = false } = {}): Promise<Session> {
	runtime = startRuntime();
	const bytes = await readFile(join(packageRoot(), 'models/face-crop-160.onnx'));
	return runtime.open('face-crop-160', bytes, { provider: 'cpu', threads: 1, traced });
}

const cut = (session: Session) =>
	session.run(
		{
			frame: { data: new Uint8Array(10 * 10 * 3), shape: [10, 10, 3] },
			boxes: { data: Float32Array.of(0, 0, 5, 5), shape: [1, 4] },
		},
		['crops'],
	);

const modelFailed = expect.objectContaining({
	code: 'model-failed',
	message: expect.stringContaining('face-crop-160'),
});

describe('a thread that runs models', () => {
	it('finishes its current run before it closes', async () => {
		const session = await openCrop();
		const [run] = await Promise.allSettled([cut(session), runtime.close()]);
		expect(run.status).toBe('fulfilled');
	});

	it('fails a pending run when it dies', async () => {
		const opensAndDies = `
			const { parentPort } = require('node:worker_threads');
			parentPort.on('message', ({ id, kind }) => (kind === 'run' ? process.exit(1) : parentPort.postMessage({ id })));
		`;
		runtime = startRuntime(new Worker(opensAndDies, { eval: true }));
		const session = await runtime.open('face-crop-160', new Uint8Array(), { provider: 'cpu', threads: 1 });
		await expect(cut(session)).rejects.toEqual(modelFailed);
		await expect(cut(session)).rejects.toEqual(modelFailed);
	});

	it('fails every later run, and closes sessions silently', async () => {
		const session = await openCrop();
		await runtime.close();
		await expect(cut(session)).rejects.toEqual(modelFailed);
		await expect(session.close()).resolves.toBeUndefined();
	});

	it('reports what a model refuses, and continues', async () => {
		const session = await openCrop();
		const refused = session.run({ frame: { data: new Uint8Array(3), shape: [1, 1, 3] } }, ['crops']);
		await expect(refused).rejects.toEqual(modelFailed);
		const [crops] = await cut(session);
		expect(crops.shape).toEqual([1, 3, 160, 160]);
	});

	it('reads frames in shared memory, whatever was read before', async () => {
		const session = await openCrop();
		const frameOf = (side: number, buffer: ArrayBufferLike) => {
			const frame = new Uint8Array(buffer, 0, 3 * side * side);
			for (let i = 0; i < frame.length; i++) frame[i] = (i * 7919) >> 5;
			return frame;
		};
		const cropOf = async (side: number, frame: Uint8Array) => {
			const boxes = { data: Float32Array.of(1, 2, side - 1, side - 2), shape: [1, 4] };
			const [crops] = await session.run({ frame: { data: frame, shape: [side, side, 3] }, boxes }, ['crops']);
			return crops.data;
		};
		for (const side of [20, 40, 10]) {
			const shared = await cropOf(side, frameOf(side, new SharedArrayBuffer(3 * side * side)));
			expect(shared).toEqual(await cropOf(side, frameOf(side, new ArrayBuffer(3 * side * side))));
		}
	});

	it('reads the right frame for each of several runs at once', async () => {
		const session = await openCrop();
		const side = 20;
		const boxes = { data: Float32Array.of(1, 2, side - 1, side - 2), shape: [1, 4] };
		const means = [10, 90, 200].map(async (value) => {
			const frame = new Uint8Array(new SharedArrayBuffer(3 * side * side)).fill(value);
			const [crops] = await session.run({ frame: { data: frame, shape: [side, side, 3] }, boxes }, ['crops']);
			return Math.round(255 * (crops.data[0] as number));
		});
		expect(await Promise.all(means)).toEqual([10, 90, 200]);
	});

	it('empties only the data that are moved', async () => {
		const session = await openCrop();
		const [frame, boxes] = [new Uint8Array(10 * 10 * 3), Float32Array.of(0, 0, 5, 5)];
		const feeds = {
			frame: { data: frame, shape: [10, 10, 3], isMoved: true },
			boxes: { data: boxes, shape: [1, 4] },
		};
		await session.run(feeds, ['crops']);
		expect([frame.length, boxes.length]).toEqual([0, 4]);
	});

	it('counts which provider ran the operators of a traced model, and leaves no file behind', async () => {
		const folders = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('unmask-trace-'));
		const before = await folders();
		const session = await openCrop({ traced: true });
		await cut(session);
		await cut(session);
		const { cpu, cuda } = await session.endTrace();
		expect(cpu).toBeGreaterThan(1);
		expect(cpu % 2).toBe(0); // the same operators in both runs
		expect(cuda).toBe(0);
		expect(await folders()).toEqual(before);
		await cut(session);
	});
});

describe('placement', () => {
	it('is summed up if the GPU ran most of every graph', () => {
		expect(
			checkPlacement([
				{ cpu: 30, cuda: 170 },
				{ cpu: 1, cuda: 99 },
			]),
		).toEqual({ cpu: 31, cuda: 269 });
	});

	it('is refused if a graph silently ran on the CPU, or nothing was traced', () => {
		const refusal = expect.objectContaining({ code: 'provider-missing' });
		const onGpu = { cpu: 1, cuda: 99 };
		expect(() => checkPlacement([onGpu, { cpu: 99, cuda: 2 }])).toThrow(refusal);
		expect(() => checkPlacement([{ cpu: 0, cuda: 0 }, onGpu])).toThrow(refusal);
	});
});
