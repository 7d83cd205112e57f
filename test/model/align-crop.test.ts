import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../function/config.ts';
import { createCropper } from '../../function/model/preprocess/align-crop.ts';
import { startRuntime } from '../../function/model/session.ts';

const runtime = startRuntime();
afterAll(() => runtime.close());

/** Noise is the hardest picture, because neighbours differ most. */
function noise(width: number, height: number) {
	let state = 1;
	const rgb = Uint8Array.from({ length: 3 * width * height }, () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state >>> 24;
	});
	return { index: 0, timeS: 0, width, height, rgb };
}

describe.each([150, 160, 224])('a crop of %i px', (size) => {
	it.each([
		['inside, larger than the crop', [100.3, 50.7, 300.5, 300.5]],
		['inside, the size of the crop', [20, 30, size, size]],
		['inside, smaller than the crop', [50, 60, 40.3, 40.3]],
		['across the upper left corner', [-100.2, -80, 350, 350]],
		['across the lower right corner', [400, 300, 200.1, 200.1]],
		['around the whole picture', [-50, -200, 700, 700]],
		['outside', [2000, 2000, 100, 100]],
		['one px', [0, 0, 1, 1]],
		['not a square', [200, 100, 2.5, 260]],
	] as const)('equals the output of the graph of that size: %s', async (_, [x, y, width, height]) => {
		const frame = noise(520, 390);
		const bytes = await readFile(join(packageRoot(), `models/face-crop-${size}.onnx`));
		const graph = await runtime.open('crop', bytes, { provider: 'cpu', threads: 1 });
		const feeds = {
			frame: { data: frame.rgb, shape: [frame.height, frame.width, 3] },
			boxes: { data: Float32Array.of(x, y, x + width, y + height), shape: [1, 4] },
		};
		const [wanted] = await graph.run(feeds, ['crops']);
		const [cut] = await createCropper(size)(frame, [{ x, y, width, height }]);
		const furthest = wanted.data.reduce((most, value, i) => Math.max(most, Math.abs(value - (cut?.[i] ?? 9))), 0);
		expect(cut).toHaveLength(wanted.data.length);
		expect(furthest).toBeLessThan(1e-4);
		await graph.close();
	});
});
