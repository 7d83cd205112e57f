import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runAnalysis } from '../../function/commands/run-analysis.ts';
import { packageRoot } from '../../function/config.ts';
import { planSchema } from '../../function/contract/plan.ts';
import { type Report, reportSchema } from '../../function/contract/report.ts';
import { createStages } from '../../function/create-stages.ts';
import { findFfmpeg } from '../../function/media/find-ffmpeg.ts';
import { listClassifiers, readModelLists } from '../../function/model/classifiers.ts';
import { readManifest } from '../../function/model/manifest.ts';
import { type OpenModels, openModels } from '../../function/model/open-models.ts';
import { createSequence } from '../../function/model/sequence.ts';
import { type Runtime, type Session, startRuntime } from '../../function/model/session.ts';
import { makeSequenceModels, type SequenceFixture, sequenceFile } from '../tools/sequence-models.ts';
import { largestDifference } from './largest-difference.ts';

/** The sequence model compared with PyTorch's outputs (test/goldens/sequence.py), and in an analysis of a real clip. */

let folder: string;
let runtime: Runtime;
let session: Session;
type Golden = { features: number; clips: { frames: number; frameLogits: number[]; videoLogit: number }[] };
let golden: Golden;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'unmask-sequence-'));
	golden = JSON.parse(await readFile(join(packageRoot(), 'test/goldens/sequence.json'), 'utf8'));
	runtime = startRuntime();
	session = await runtime.open('sequence', await readFile(sequenceFile('gated')), { provider: 'cpu', threads: 1 });
});
afterAll(async () => {
	await runtime.close();
	await rm(folder, { recursive: true });
});

/** The clip of models/training/unmask_kit/ship/export_sequence.py. */
function madeUpClip(frames: number, features: number) {
	const of = <T>(value: (t: number) => T) => Array.from({ length: frames }, (_, t) => value(t));
	return {
		embeddings: of((t) =>
			Float32Array.from({ length: features }, (_, d) => ((7 * t + 13 * d + ((t * d) % 97)) % 128) / 32 - 2),
		),
		logits: of((t) => ((11 * t) % 64) / 16 - 2),
		times: of((t) => t * 0.25 + (t > 4 ? 30 : 0)),
	};
}

describe('a sequence model', () => {
	it('gives the same logits as PyTorch for one frame and for many', async () => {
		const refine = createSequence(session, golden.features);
		for (const { frames, frameLogits, videoLogit } of golden.clips) {
			const answer = await refine(madeUpClip(frames, golden.features));
			expect(largestDifference(answer.logits, frameLogits)).toBeLessThan(1e-5);
			expect(answer.videoLogit).toBeCloseTo(videoLogit, 5);
		}
	});

	it('is refused if the embedding has another length, or if it is another kind of graph', async () => {
		expect(() => createSequence(session, golden.features + 1)).toThrow(/takes embeddings of \d+ numbers/);
		const other = await readFile(join(packageRoot(), 'models/face-crop-160.onnx'));
		const crop = await runtime.open('crop', other, { provider: 'cpu', threads: 1 });
		expect(() => createSequence(crop, null)).toThrow(/has no emb, frame_logit, time_s, frame_logit_out, video_logit/);
	});
});

describe('an analysis by a classifier with a sequence model', () => {
	let clip: string;
	let open: OpenModels[];
	let reports: Record<SequenceFixture | 'none', Report>;

	beforeAll(async () => {
		clip = join(folder, 'clip.mp4');
		const tools = await findFfmpeg({ ffmpegPath: null, searchPath: process.env.PATH ?? '' });
		const zoom = "zoompan=z='1+0.004*on':d=50:s=480x480:fps=25,format=yuv420p";
		const portrait = join(packageRoot(), 'test/fixtures/portraits/a.jpg');
		execFileSync(tools.ffmpeg, ['-v', 'error', '-i', portrait, '-vf', zoom, clip]);
		const analyse = async (models: string) => {
			const lists = await readModelLists(models, join(folder, 'no-custom'));
			const opened = await openModels({ lists, choice: { model: null, tier: 'fast' }, provider: 'cpu', threads: 2 });
			open.push(opened);
			const plan = planSchema.parse({ frames: 20 });
			return runAnalysis(clip, plan, createStages(opened.chosen, tools), new AbortController().signal);
		};
		open = [];
		reports = {
			none: await analyse(join(packageRoot(), 'models')),
			zero: await analyse(await makeSequenceModels(join(folder, 'zero'), 'zero')),
			gated: await analyse(await makeSequenceModels(join(folder, 'gated'), 'gated')),
		};
	});
	afterAll(() => Promise.all((open ?? []).map((one) => one.close())));

	it('is bit-identical if its gate is 0', () => {
		const { none, zero } = reports;
		expect(zero.verdict).toEqual(none.verdict);
		expect(zero.tracks.map(({ logit, interval }) => [logit, interval])).toEqual(
			none.tracks.map(({ logit, interval }) => [logit, interval]),
		);
		for (const { sequenceLogit, logit } of zero.tracks[0]?.faces ?? []) expect(sequenceLogit).toBe(logit);
	});

	it('judges by it, and the report names it and the number of windows it read', () => {
		const { none, gated } = reports;
		expect(gated.models.find(({ kind }) => kind === 'sequence')?.id).toBe('sequence-gated');
		expect(none.models.some(({ kind }) => kind === 'sequence')).toBe(false);
		const [track] = reportSchema.parse(JSON.parse(JSON.stringify(gated))).tracks;
		expect(track?.sequence).toEqual({ windows: 5, skipped: null });
		expect(track?.faces.map(({ logit }) => logit)).toEqual(none.tracks[0]?.faces.map(({ logit }) => logit));
		expect(track?.logit).not.toBe(none.tracks[0]?.logit);
		expect(none.tracks[0]).not.toHaveProperty('sequence');
	});

	it('is refused if the manifest does not list the sequence model or the spec names no embedding', async () => {
		const path = join(folder, 'gated', 'manifest.json');
		const text = await readFile(path, 'utf8');
		await writeFile(path, text.replace('"sequence":"sequence-gated"', '"sequence":"another"'));
		await expect(readManifest(join(folder, 'gated'))).rejects.toMatchObject({ code: 'model-damaged' });
		await writeFile(path, text.replace('"embedding":"emb"', '"embedding":null'));
		const lists = await readModelLists(join(folder, 'gated'), join(folder, 'no-custom'));
		const opening = openModels({ lists, choice: { model: null, tier: 'fast' }, provider: 'cpu', threads: 1 });
		await expect(opening).rejects.toMatchObject({ code: 'model-unfit' });
		expect(listClassifiers(lists)[0]?.sequence).toBe('sequence-gated');
	});
});
