import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runAnalysis } from '../../function/commands/run-analysis.ts';
import { planSchema } from '../../function/contract/plan.ts';
import { type Engine, openEngine } from '../../function/open-engine.ts';

/** Scores of the shipped classifier for these files (`unmask analyse FILES --frames 20 --json`): an optimisation must not change them. A new classifier needs new records. */
const recorded: Record<string, { outcome: string; fakeProbability: number }> = JSON.parse(
	readFileSync(join(import.meta.dirname, '../goldens/scores.json'), 'utf8'),
);

const portraits = join(import.meta.dirname, '../fixtures/portraits');
let folder: string;
let engine: Engine;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'unmask-scores-'));
	engine = await openEngine({ readsProvenance: false, onNotice: () => {} });
});
afterAll(async () => {
	await engine.close();
	await rm(folder, { recursive: true });
});

/** A portrait under a moving camera, encoded losslessly so that every encoder makes the same pictures. */
function clipOf(name: string): string {
	const path = join(folder, name);
	const filter = "scale=900:900,crop=640:480:x='60+40*sin(3*t)':y='40+30*sin(2*t)',format=yuv420p";
	const input = ['-loop', '1', '-i', join(portraits, name.replace('.mkv', '.jpg'))];
	execFileSync('ffmpeg', ['-v', 'error', ...input, '-vf', filter, '-t', '3', '-r', '10', '-c:v', 'ffv1', path]);
	return path;
}

it.each(Object.entries(recorded))('%s has its recorded score', async (name, { outcome, fakeProbability }) => {
	const path = name.endsWith('.mkv') ? clipOf(name) : join(portraits, name);
	const plan = planSchema.parse({ frames: 20 });
	const { verdict } = await runAnalysis(path, plan, engine.stages, new AbortController().signal);
	expect(verdict.outcome).toBe(outcome);
	expect(Math.abs((verdict.fakeProbability ?? 9) - fakeProbability)).toBeLessThan(0.02);
});
