import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareModes, comparisonText } from '../../function/commands/compare-modes.ts';
import { runAnalysis } from '../../function/commands/run-analysis.ts';
import { packageRoot } from '../../function/config.ts';
import { planSchema } from '../../function/contract/plan.ts';
import { createStages } from '../../function/create-stages.ts';
import { findFfmpeg } from '../../function/media/find-ffmpeg.ts';
import { readModelLists } from '../../function/model/classifiers.ts';
import { addModel } from '../../function/model/custom-models.ts';
import type { OpenClassifier } from '../../function/model/model-host.ts';
import { type OpenModels, openModels } from '../../function/model/open-models.ts';
import { resnext50LstmSpec } from '../../function/model/presets.ts';
import type { Stages } from '../../function/pipeline.ts';

/** The legacy modes, with a small network that has the legacy application's interface, on real clips. */

let folder: string;
let clip: string;
let pattern: string;
let opened: OpenModels;
let models: OpenClassifier;
let stages: Stages;
const signal = new AbortController().signal;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'unmask-modes-'));
	clip = join(folder, 'clip.mp4');
	pattern = join(folder, 'pattern.mp4');
	const root = packageRoot();
	const tools = await findFfmpeg({ ffmpegPath: null, searchPath: process.env.PATH ?? '' });
	const zoom = "zoompan=z='1+0.004*on':d=50:s=480x480:fps=25,format=yuv420p";
	execFileSync(tools.ffmpeg, ['-v', 'error', '-i', join(root, 'test/fixtures/portraits/a.jpg'), '-vf', zoom, clip]);
	execFileSync(tools.ffmpeg, ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=320x240:d=1', pattern]);
	const path = join(root, 'test/fixtures/models/older-112.onnx');
	const about = { spec: resnext50LstmSpec, network: 'resnext50-lstm', licence: '', madeBy: '' } as const;
	await addModel(folder, { id: 'older', path, ...about });
	const lists = await readModelLists(join(root, 'models'), folder);
	opened = await openModels({ lists, choice: { model: 'older', tier: null }, provider: 'cpu', threads: 2 });
	models = opened.chosen;
	stages = createStages(models, tools);
});
afterAll(async () => {
	await opened.close();
	await rm(folder, { recursive: true });
});

const plan = planSchema.parse({ frames: 10 });

describe('a model of the legacy application', () => {
	it('has three modes: the last frame, the mean of the first frames, every person of the whole clip', async () => {
		const reports = await compareModes(plan, (mode) => runAnalysis(clip, mode, stages, signal));
		const { seed, trained, robust } = reports;
		const faces = seed.tracks[0]?.faces ?? [];
		expect(faces).toHaveLength(10);
		expect(seed.coverage.lastFrameS).toBeCloseTo(9 / 25, 2);
		expect(seed.tracks[0]?.logit).toBe(faces.at(-1)?.logit);
		const mean = faces.reduce((sum, { logit }) => sum + logit, 0) / faces.length;
		expect(trained.tracks[0]?.logit).toBeCloseTo(mean, 9);
		expect(trained.tracks[0]?.faces.map(({ logit }) => logit)).toEqual(faces.map(({ logit }) => logit));
		expect(robust.coverage.lastFrameS).toBeGreaterThan(1.5);
		expect([seed, trained, robust].map(({ older }) => older?.mode)).toEqual(['seed', 'trained', 'robust']);
		const text = comparisonText(reports);
		for (const word of ['seed', 'trained', 'robust', 'the last frame', 'instead of dlib']) expect(text).toContain(word);
	});

	it('reports what the legacy application would have shown, and never as its own verdict', async () => {
		const { verdict, older, thresholds, isCalibrated } = await runAnalysis(
			clip,
			{ ...plan, mode: 'seed' },
			stages,
			signal,
		);
		expect(verdict).toMatchObject({ outcome: 'uncertain', reasons: ['not-calibrated'] });
		const fake = verdict.fakeProbability as number;
		expect(older?.said?.label).toBe(fake > 0.5 ? 'FAKE' : 'REAL');
		expect(older?.said?.percent).toBeCloseTo(100 * Math.max(fake, 1 - fake), 9);
		expect({ isCalibrated, thresholds }).toEqual({
			isCalibrated: false,
			thresholds: { likelyFakeAbove: 1, likelyRealBelow: 0 },
		});
	});

	it('receives a frame without a face as a whole, as it did there; in robust mode there is nothing to judge', async () => {
		const seed = await runAnalysis(pattern, { ...plan, mode: 'seed' }, stages, signal);
		expect(seed.tracks[0]?.faces[0]).toMatchObject({
			box: { x: 0, y: 0, width: 320, height: 240 },
			score: null,
			excluded: null,
		});
		expect(seed.older?.said).not.toBeNull();
		const robust = await runAnalysis(pattern, { ...plan, mode: 'robust' }, stages, signal);
		expect(robust).toMatchObject({
			verdict: { outcome: 'not-applicable', reasons: ['no-face'] },
			older: { said: null },
		});
	});

	it('requires a number of frames in the legacy modes', async () => {
		const all = runAnalysis(clip, planSchema.parse({ mode: 'seed', frames: 'all' }), stages, signal);
		await expect(all).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining('not all') });
	});
});
