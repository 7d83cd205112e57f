import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRuntime } from '../../function/model/session.ts';
import { importWeights } from '../../function/weights/import-weights.ts';
import { largestDifference } from './largest-difference.ts';
import { pictures, rebuildFile } from './seed-weights.ts';

/** Files of the whole network, byte for byte as torch.save wrote them, imported and run; PyTorch's outputs are in seed.json (test/goldens/seed.py). */

type Answers = Record<'logits' | 'frame_logit' | 'cam' | 'emb', number[]>;
type Goldens = { files: Record<string, { sha256: string }>; answers: Record<'float' | 'half', Answers> };
const goldens: Goldens = JSON.parse(await readFile(join(import.meta.dirname, '../goldens/seed.json'), 'utf8'));
const runtime = startRuntime();
let folder: string;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'unmask-import-'));
	for (const name of ['seed-zip', 'seed-legacy-half'])
		expect(await rebuildFile(name, join(folder, `${name}.pt`))).toBe(goldens.files[name]?.sha256);
}, 300_000);
afterAll(async () => {
	await runtime.close();
	await rm(folder, { recursive: true });
});

async function imported(name: string, fp16: boolean) {
	const target = join(folder, 'model.onnx');
	const made = await importWeights(join(folder, `${name}.pt`), target, { fp16 });
	const bytes = await readFile(target);
	expect(createHash('sha256').update(bytes).digest('hex')).toBe(made.sha256);
	expect(bytes.length).toBe(made.bytes);
	const session = await runtime.open(name, bytes, { provider: 'cpu', threads: 2 });
	const feeds = { crops: { data: pictures(), shape: [4, 3, 112, 112] } };
	const [logits, frameLogit, cam, emb] = await session.run(feeds, ['logits', 'frame_logit', 'cam', 'emb']);
	await session.close();
	expect([logits.shape, frameLogit.shape, cam.shape, emb.shape]).toEqual([[4, 2], [4], [4, 1, 4, 4], [4, 2048]]);
	const every64th = [...emb.data].filter((_, i) => i % 64 === 0);
	return {
		made,
		answers: { logits: [...logits.data], frame_logit: [...frameLogit.data], cam: [...cam.data], emb: every64th },
	};
}

/** Largest difference between two lists, relative to the largest expected number. */
const relativeDifference = (found: number[], expected: number[]) =>
	largestDifference(found, expected) / Math.max(...expected.map(Math.abs));

describe('importWeights', () => {
	it.each([
		['seed-zip', 'float', false, 1e-4, 1e-3],
		['seed-zip', 'float', true, 1e-2, 1e-2],
		['seed-legacy-half', 'half', false, 1e-4, 1e-3],
	] as const)('%s, numbers in %s, fp16 %s: as PyTorch', async (name, numbers, fp16, tolerance, mapTolerance) => {
		const { made, answers } = await imported(name, fp16);
		const expected = goldens.answers[numbers];
		expect(largestDifference(answers.logits, expected.logits)).toBeLessThan(tolerance);
		expect(largestDifference(answers.frame_logit, expected.frame_logit)).toBeLessThan(2 * tolerance);
		expect(largestDifference(answers.emb, expected.emb)).toBeLessThan(tolerance);
		expect(relativeDifference(answers.cam, expected.cam)).toBeLessThan(mapTolerance);
		expect(made.bytes / 1e6).toBeCloseTo(fp16 ? 71 : 142, -1);
		expect(made).toMatchObject(
			name === 'seed-zip' ? { container: 'zip', prefix: '' } : { container: 'legacy', prefix: 'state_dict.module.' },
		);
	});

	it('gives the same model for the same weights, and leaves nothing behind when cancelled', async () => {
		const source = join(folder, 'seed-legacy-half.pt');
		const into = await mkdtemp(join(folder, 'again-'));
		const first = await importWeights(source, join(into, 'first.onnx'));
		const second = await importWeights(source, join(into, 'second.onnx'));
		expect(second.sha256).toBe(first.sha256);
		const abort = new AbortController();
		const cancelled = importWeights(source, join(into, 'third.onnx'), { signal: abort.signal });
		setTimeout(() => abort.abort(), 50);
		await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
		expect((await readdir(into)).sort()).toEqual(['first.onnx', 'second.onnx']);
	});
});
