import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { customModelsFolder, parseConfig } from '../config.ts';
import { AnalysisError, usageError } from '../errors.ts';
import { checkModel } from '../model/check-model.ts';
import { listClassifiers, readModelLists } from '../model/classifiers.ts';
import { addModel } from '../model/custom-models.ts';
import { type Preset, presets } from '../model/presets.ts';
import { parseSpec } from '../model/spec.ts';
import type { Command } from './command.ts';
import { idFromFileName } from './id-from-file-name.ts';
import { parseArguments } from './parse-arguments.ts';

const usage = `unmask models add FILE.onnx --spec SPEC.json | --preset NAME [options]

Copies an ONNX face classifier into your models folder, so that --model can name it in analyse, batch and eval.
It is run once on a grey picture first, and refused if its inputs and outputs are not what the spec says.

  --spec SPEC.json   which part of a frame it is fed and how, and what its numbers mean (models/export/README.md)
  --preset NAME      the same for a published detector:
${Object.entries(presets)
	.map(([name, { about }]) => `                       ${name.padEnd(24)}${about}`)
	.join('\n')}
  --id NAME          its name (default: the name of the file)
  --sha256 HEX       refuse the file unless it has this digest
  --licence TEXT     shown wherever the model is listed (default: that of the preset, or "not given")
`;

/** `unmask models add`: status 4 where model and spec disagree. */
export const modelsAddCommand: Command = async (args, io) => {
	const { values, positionals, help } = parseArguments(args, {
		options: {
			spec: { type: 'string' },
			preset: { type: 'string' },
			id: { type: 'string' },
			sha256: { type: 'string' },
			licence: { type: 'string' },
		},
		positionals: { min: 1, max: 1, what: 'FILE.onnx' },
	});
	if (help) {
		io.stdout.write(usage);
		return 0;
	}
	const path = positionals[0] as string;
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
};

type Values = { readonly spec?: string | undefined; readonly preset?: string | undefined };

async function specOf({ spec: path, preset: name }: Values): Promise<Omit<Preset, 'about'>> {
	if ((path === undefined) === (name === undefined)) throw usageError('Give either --spec or --preset.');
	if (name !== undefined) {
		const preset = Object.hasOwn(presets, name) ? presets[name] : undefined;
		if (preset) return preset;
		throw usageError(`There is no preset '${name}'; there are ${Object.keys(presets).join(', ')}.`);
	}
	const text = await readFile(path as string, 'utf8').catch((cause) => {
		throw usageError(`The spec ${path} cannot be read: ${cause.message}`, { cause });
	});
	return { spec: parseSpec(text), licence: 'not given' };
}
