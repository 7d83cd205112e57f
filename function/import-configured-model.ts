import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseObjectAddress } from './batch/batch-input.ts';
import { idFromFileName } from './commands/id-from-file-name.ts';
import { type Config, customModelsFolder } from './config.ts';
import { AnalysisError } from './errors.ts';
import { checkModel } from './model/check-model.ts';
import { addModel, readCustomModels } from './model/custom-models.ts';
import { type Preset, presets, resnext50LstmSpec } from './model/presets.ts';
import { parseSpec } from './model/spec.ts';
import { importWeights } from './weights/import-weights.ts';

/**
 * Imports the model of UNMASK_IMPORT_MODEL, a file or gs://BUCKET/OBJECT, before a service starts: an ONNX file with UNMASK_IMPORT_SPEC, or
 * weights of the legacy application. The file must match UNMASK_IMPORT_SHA256. A model that is already imported is not fetched again. Returns
 * the model's name, or null if the setting is unset. Throws environment, model-missing, model-damaged, spec-invalid, model-unfit, store-failed
 * and the refusals of `importWeights`; then nothing is added.
 */
export async function importConfiguredModel(config: Config): Promise<string | null> {
	const { UNMASK_IMPORT_MODEL: address, UNMASK_IMPORT_SHA256: sha256 } = config;
	if (address === null) return null;
	if (sha256 === null)
		throw new AnalysisError(
			'environment',
			'environment',
			'UNMASK_IMPORT_MODEL needs UNMASK_IMPORT_SHA256, the digest of the file',
		);
	const folder = customModelsFolder(config);
	const name = idFromFileName(address);
	const isWeights = /\.(pt|pth)$/i.test(address);
	const readAs = isWeights || config.UNMASK_IMPORT_SPEC === null ? '' : ` read as ${config.UNMASK_IMPORT_SPEC}`;
	const madeBy = `UNMASK_IMPORT_MODEL ${basename(address)}${readAs}, sha256 ${sha256}`;
	const { models } = await readCustomModels(folder);
	const existing = models.find((model) => model.id === name);
	if (existing?.madeBy === madeBy) return name;
	if (existing) throw new AnalysisError('model-exists', 'environment', `${name}, imported from another file or spec`);
	const temporary = await mkdtemp(join(tmpdir(), 'unmask-import-'));
	try {
		const path = await fetchFile(address, temporary, config);
		const found = await digestOf(path);
		if (found !== sha256)
			throw new AnalysisError('model-damaged', 'environment', `${address}: SHA-256 is ${found}, not ${sha256}`);
		if (isWeights) {
			const target = join(temporary, 'imported.onnx');
			const { network, hint } = await importWeights(path, target);
			const about = { spec: resnext50LstmSpec, licence: 'that of its weights', madeBy };
			await addModel(folder, { id: name, path: target, network, hint, ...about });
		} else {
			const { spec, licence, network = null } = await readSpec(config, temporary);
			await checkModel(await readFile(path), name, spec);
			await addModel(folder, { id: name, path, spec, licence, madeBy, network });
		}
		return name;
	} finally {
		await rm(temporary, { recursive: true, force: true });
	}
}

async function readSpec(config: Config, temporary: string): Promise<Omit<Preset, 'about'>> {
	const { UNMASK_IMPORT_SPEC: named } = config;
	if (named === null)
		throw new AnalysisError(
			'environment',
			'environment',
			'UNMASK_IMPORT_SPEC is missing: a preset, or the address of a spec',
		);
	const preset = Object.hasOwn(presets, named) ? presets[named] : undefined;
	if (preset) return preset;
	return { spec: parseSpec(await readFile(await fetchFile(named, temporary, config), 'utf8')), licence: 'not given' };
}

/** The path itself, or that of the object once downloaded to the temporary folder. */
async function fetchFile(address: string, temporary: string, config: Config): Promise<string> {
	if (!address.startsWith('gs://')) return address;
	const { bucket, name } = parseObjectAddress(address);
	const { createGcsObjects } = await import('./store/gcs-objects.ts');
	const objects = createGcsObjects({ apiEndpoint: config.STORAGE_EMULATOR_HOST });
	const object = await objects.find(bucket, name);
	if (!object) throw new AnalysisError('model-missing', 'environment', address);
	const path = join(temporary, createHash('sha256').update(address).digest('hex'));
	await objects.download(bucket, name, object.generation, path, new AbortController().signal);
	return path;
}

async function digestOf(path: string): Promise<string> {
	const hash = createHash('sha256');
	try {
		for await (const chunk of createReadStream(path)) hash.update(chunk);
	} catch (cause) {
		throw new AnalysisError('model-missing', 'environment', path, { cause });
	}
	return hash.digest('hex');
}
