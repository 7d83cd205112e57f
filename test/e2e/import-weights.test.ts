import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../function/config.ts';
import { reportSchema } from '../../function/contract/report.ts';
import { weightsFile } from '../unit/weights-files.ts';
import { runCli } from './run-cli.ts';

let folder: string;
let models: string;
const unmask = (...args: string[]) => runCli(args, { env: { UNMASK_CUSTOM_MODELS: models } });

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'unmask-cli-import-'));
	models = join(folder, 'models');
});
afterAll(() => rm(folder, { recursive: true }));

describe('unmask models import', () => {
	it('creates a model that is listed, analyses a picture, and can be removed', async () => {
		const imported = await unmask(
			'models',
			'import',
			weightsFile('seed-constant'),
			'--fp16',
			'--id',
			'older',
			'--licence',
			'mine',
		);
		expect(imported).toMatchObject({ status: 0, stderr: '' });
		expect(imported.stdout).toMatch(/^older was added .* \(71\.\d MB, sha256 [0-9a-f]{64}\)/);
		expect(await readdir(models)).toEqual(['older']);
		expect((await readdir(join(models, 'older'))).sort()).toEqual(['model.json', 'older.onnx']);

		const listed = JSON.parse((await unmask('models', '--json')).stdout);
		const entry = listed.find(({ id }: { id: string }) => id === 'older');
		expect(entry).toMatchObject({ network: 'resnext50-lstm', licence: 'mine', fault: null, calibration: null });

		const portrait = join(packageRoot(), 'test/fixtures/portraits/a.jpg');
		const { stdout } = await unmask('analyse', portrait, '--model', 'older', '--json');
		const report = reportSchema.parse(JSON.parse(stdout));
		expect(report.models).toContainEqual(
			expect.objectContaining({ kind: 'classifier', id: 'older', sha256: entry.sha256 }),
		);
		expect(report.verdict.outcome).toBe('uncertain');

		expect((await unmask('models', 'import', weightsFile('seed-constant'), '--id', 'older')).stderr).toContain(
			'[model-exists]',
		);
		expect((await unmask('models', 'remove', 'older')).status).toBe(0);
		expect(await readdir(models)).toEqual([]);
	}, 300_000);

	it('leaves nothing behind for an invalid file, and says what it is', async () => {
		const page = join(folder, 'model_97_acc_80_frames_FF_data.pt');
		await writeFile(page, '<!DOCTYPE html><title>Google Drive - Virus scan warning</title>');
		const { status, stdout, stderr } = await unmask('models', 'import', page);
		expect([status, stdout]).toEqual([4, '']);
		expect(stderr).toMatch(/an HTML page with the title "Google Drive - Virus scan warning".*\[not-weights\]\n$/);
		expect(await readdir(models)).toEqual([]);
	});
});
