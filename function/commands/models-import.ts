import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { printable } from '../answer/printable.ts';
import { customModelsFolder, parseConfig } from '../config.ts';
import { AnalysisError } from '../errors.ts';
import { listClassifiers, readModelLists } from '../model/classifiers.ts';
import { addModel } from '../model/custom-models.ts';
import { resnext50LstmSpec } from '../model/presets.ts';
import { type ImportedWeights, importWeights } from '../weights/import-weights.ts';
import { createCommand, type DeclareCommand, type Io } from './command.ts';
import { idFromFileName } from './id-from-file-name.ts';

/** `unmask models import`: status 4 if the file does not hold such weights; nothing is left behind then. */
export const modelsImportCommand: DeclareCommand = (io, done) =>
	createCommand('import', io)
		.description(
			`Converts weights of the legacy application (a ResNeXt50 with one LSTM step, saved by torch.save in any form and under any name) into a custom model, so that --model can name it in analyse, batch and eval. No Python is needed, and no code in the file is run: the reader accepts tensors, dicts, lists, numbers and text, and nothing else.`,
		)
		.summary('convert weights of the legacy application into a custom model')
		.argument('<file.pt>', 'weights')
		.option('--fp16', 'store the weights in 16 bits: half the size, the same speed')
		.option('--id <name>', 'name of the model (default: the name of the file)')
		.option('--licence <text>', 'shown wherever the model is listed', 'not given')
		.action(async (path, options) => done(await importModel(path, options, io)));

type Options = { readonly fp16?: boolean | undefined; readonly id?: string | undefined; readonly licence: string };

async function importModel(path: string, { fp16 = false, id: name, licence }: Options, io: Io): Promise<number> {
	const config = parseConfig();
	const folder = customModelsFolder(config);
	const id = name ?? `${idFromFileName(path)}${fp16 ? '-fp16' : ''}`;
	const lists = await readModelLists(config.UNMASK_MODELS, folder);
	if (listClassifiers(lists).some((other) => other.id === id)) throw new AnalysisError('model-exists', 'arguments', id);
	const made = join(folder, `.${randomBytes(8).toString('hex')}.partial`);
	try {
		await mkdir(folder, { recursive: true }).catch((cause: Error) => {
			throw new AnalysisError('write-failed', 'write', `${folder}: ${cause.message}`, { cause });
		});
		const imported = await importWeights(path, made, { fp16, signal: io.signal });
		const { network, hint, sha256, sourceSha256 } = imported;
		const entry = await addModel(folder, {
			...{ id, path: made, sha256, network, hint },
			spec: resnext50LstmSpec,
			licence,
			madeBy: `unmask models import ${printable(basename(path))}, sha256 ${sourceSha256}`,
		});
		io.stdout.write(
			`${entry.id} was added to ${folder} (${(entry.bytes / 1e6).toFixed(1)} MB, sha256 ${entry.sha256}).\n` +
				`It was converted from ${originOf(imported)}.\n${claimOf(imported)}` +
				`It is not calibrated: it gives scores but no verdict. Calibrate it with unmask eval DIR --calibrate --model ${entry.id}\n`,
		);
		return 0;
	} finally {
		await rm(made, { force: true });
	}
}

const forms: Record<ImportedWeights['container'], string> = {
	zip: 'a zip archive of PyTorch 1.6 or later',
	legacy: 'a file saved by PyTorch before 1.6',
	torchscript: 'a TorchScript archive',
};

function originOf({ container, prefix }: ImportedWeights): string {
	return `${forms[container]}${prefix ? `, its tensors under '${printable(prefix.slice(0, -1))}'` : ''}`;
}

function claimOf({ hint: { accuracy, frames } }: ImportedWeights): string {
	const claims = [
		accuracy !== null && `${accuracy} % accuracy`,
		frames !== null && `${frames} frames per video`,
	].filter(Boolean);
	return claims.length > 0 ? `The file's name claims ${claims.join(' and ')}; not measured here.\n` : '';
}
