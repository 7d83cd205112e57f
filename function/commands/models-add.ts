import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Option } from '@commander-js/extra-typings';
import { customModelsFolder, parseConfig } from '../config.ts';
import { AnalysisError, usageError } from '../errors.ts';
import { checkModel } from '../model/check-model.ts';
import { listClassifiers, readModelLists } from '../model/classifiers.ts';
import { addModel } from '../model/custom-models.ts';
import { type Preset, presets } from '../model/presets.ts';
import { parseSpec } from '../model/spec.ts';
import { createCommand, type DeclareCommand, type Io } from './command.ts';
import { idFromFileName } from './id-from-file-name.ts';

/** `unmask models add`: status 4 if model and spec disagree. */
export const modelsAddCommand: DeclareCommand = (io, done) =>
	createCommand('add', io)
		.description(
			'Copies an ONNX face classifier into your models folder, so that --model can name it in analyse, batch and eval. It is first run on a grey picture, and refused if its inputs and outputs do not match the spec.',
		)
		.summary('add any other face classifier in ONNX')
		.argument('<file.onnx>', 'classifier')
		.addOption(
			new Option(
				'--spec <spec.json>',
				'which part of a frame to feed it and how, and what its outputs mean (models/export/README.md)',
			).conflicts('preset'),
		)
		.addOption(new Option('--preset <name>', 'the spec of a published detector').choices(Object.keys(presets)))
		.option('--id <name>', 'name of the model (default: the name of the file)')
		.option('--sha256 <hex>', 'refuse the file unless its digest is this one')
		.option('--licence <text>', 'shown wherever the model is listed (default: that of the preset, or "not given")')
		.addHelpText(
			'after',
			`\nPresets:\n${Object.entries(presets)
				.map(([name, { about }]) => `  ${name.padEnd(24)}${about}`)
				.join('\n')}`,
		)
		.action(async (path, options) => done(await addFile(path, options, io)));

type Options = {
	readonly spec?: string | undefined;
	readonly preset?: string | undefined;
	readonly id?: string | undefined;
	readonly sha256?: string | undefined;
	readonly licence?: string | undefined;
};

async function addFile(path: string, values: Options, io: Io): Promise<number> {
	const { spec, licence, network = null } = await specOf(values);
	const config = parseConfig();
	const folder = customModelsFolder(config);
	const id = values.id ?? idFromFileName(path);
	const lists = await readModelLists(config.UNMASK_MODELS, folder);
	if (listClassifiers(lists).some((other) => other.id === id)) throw new AnalysisError('model-exists', 'arguments', id);
	const bytes = await readFile(path).catch((cause) => {
		throw new AnalysisError('model-missing', 'arguments', path, { cause });
	});
	await checkModel(bytes, basename(path), spec);
	const madeBy = `unmask models add ${basename(path)}`;
	const entry = await addModel(folder, {
		...{ id, path, spec, madeBy, network },
		sha256: values.sha256?.toLowerCase(),
		licence: values.licence ?? licence,
	});
	io.stdout.write(
		`${entry.id} was added to ${folder} (${(entry.bytes / 1e6).toFixed(1)} MB, sha256 ${entry.sha256}).\n` +
			`It is not calibrated: it gives scores but no verdict. Calibrate it with unmask eval DIR --calibrate --model ${entry.id}\n`,
	);
	return 0;
}

async function specOf({ spec: path, preset: name }: Options): Promise<Omit<Preset, 'about'>> {
	if ((path === undefined) === (name === undefined)) throw usageError('Give either --spec or --preset.');
	if (name !== undefined) {
		const preset = Object.hasOwn(presets, name) ? presets[name] : undefined;
		if (preset) return preset;
		throw usageError(`There is no preset '${name}'. Presets: ${Object.keys(presets).join(', ')}.`);
	}
	const text = await readFile(path as string, 'utf8').catch((cause) => {
		throw usageError(`The spec ${path} cannot be read: ${cause.message}`, { cause });
	});
	return { spec: parseSpec(text), licence: 'not given' };
}
