import { cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../function/config.ts';
import { hasExternalData } from '../../function/model/external-data.ts';
import { readManifest, readModel } from '../../function/model/manifest.ts';
import { findModel, type Manifest } from '../../function/model/manifest-schema.ts';
import { openModels } from '../../function/model/open-models.ts';

const models = join(packageRoot(), 'models');
let folder: string;
const custom = { models: [], measurements: [] };
let manifest: Manifest;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'unmask-models-'));
	manifest = await readManifest(models);
	await cp(join(models, 'manifest.json'), join(folder, 'manifest.json'));
	for (const { file, weights } of manifest.files)
		for (const each of [{ file }, ...weights]) await cp(join(models, each.file), join(folder, each.file));
});
afterAll(() => rm(folder, { recursive: true }));

const load = (model: string | null = null) =>
	openModels({ lists: { folder, manifest, custom }, choice: { model, tier: null }, provider: 'cpu', threads: 1 });

describe('the manifest', () => {
	it('lists every model file with its true size and digest', async () => {
		for (const entry of manifest.files) {
			const { graph, weights } = await readModel(models, entry);
			expect(graph).toHaveLength(entry.bytes);
			expect(weights.map(({ file, bytes }) => [file, bytes.length])).toEqual(
				entry.weights.map(({ file, bytes }) => [file, bytes]),
			);
			expect(hasExternalData(graph), entry.id).toBe(weights.length > 0);
		}
	});

	it('keeps the model files small enough for the repository', () => {
		for (const entry of manifest.files)
			for (const { bytes } of [entry, ...entry.weights]) expect(bytes).toBeLessThan(95e6);
	});

	it('gives the default classifier a licence, a source, thresholds and measured error rates', () => {
		const { licence, madeBy, calibration, metrics } = findModel(manifest, 'classifier', manifest.defaultClassifier);
		expect(licence).not.toBe('');
		expect(madeBy).not.toBe('');
		for (const limits of [calibration.image, calibration.video]) {
			expect(limits.likelyRealBelow).toBeLessThan(limits.likelyFakeAbove);
			expect(limits.falseAlarm?.n).toBeGreaterThan(0);
		}
		expect(metrics.length).toBeGreaterThan(0);
	});

	it('refuses an unknown model and names the known ones', async () => {
		await expect(load('nonsense')).rejects.toMatchObject({
			code: 'model-unknown',
			message: expect.stringContaining(manifest.defaultClassifier),
		});
	});

	it('refuses a missing, a truncated and a changed file, and a broken manifest', async () => {
		const { file } = findModel(manifest, 'classifier', manifest.defaultClassifier);
		const path = join(folder, file);
		const bytes = await readFile(path);
		await truncate(path, bytes.length - 1);
		await expect(load()).rejects.toMatchObject({ code: 'model-damaged', message: expect.stringContaining(file) });
		const changed = Buffer.from(bytes);
		changed[bytes.length >> 1] = (changed[bytes.length >> 1] as number) ^ 1;
		await writeFile(path, changed);
		await expect(load()).rejects.toMatchObject({ code: 'model-damaged' });
		await rm(path);
		await expect(load()).rejects.toMatchObject({ code: 'model-missing' });
		await writeFile(path, bytes);
		await writeFile(join(folder, 'manifest.json'), '{"version": 1');
		await expect(readManifest(folder)).rejects.toMatchObject({ code: 'model-damaged' });
	});

	it('refuses CUDA if it is not installed instead of falling back', async () => {
		const cuda = () =>
			openModels({
				lists: { folder: models, manifest, custom },
				choice: { model: null, tier: null },
				provider: 'cuda',
				threads: 1,
			});
		await expect(cuda()).rejects.toMatchObject({ code: 'provider-missing' });
	});
});
