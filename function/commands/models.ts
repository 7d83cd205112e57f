import { customModelsFolder, parseConfig } from '../config.ts';
import { toAnalysisError } from '../errors.ts';
import { type Classifier, listClassifiers, readModelLists, resolveClassifier } from '../model/classifiers.ts';
import { readModel } from '../model/manifest.ts';
import type { ModelEntry } from '../model/manifest-schema.ts';
import type { Provider } from '../model/session.ts';
import { createCommand, type DeclareCommand, type Io } from './command.ts';
import { modelsAddCommand } from './models-add.ts';
import { modelsImportCommand } from './models-import.ts';
import { modelsRemoveCommand } from './models-remove.ts';
import { jsonOption } from './options.ts';

/** `unmask models`: lists built-in and custom models and checks each file; status 4 if a file is missing or damaged. */
export const modelsCommand: DeclareCommand = (io, done) =>
	createCommand('unmask models', io)
		.description(
			'Lists the model files, shipped and custom, checks each against its digest, and prints what was measured of the classifiers.',
		)
		.addOption(jsonOption('print the list as one JSON document'))
		.addCommand(modelsImportCommand(io, done))
		.addCommand(modelsAddCommand(io, done))
		.addCommand(modelsRemoveCommand(io, done))
		.helpCommand(false)
		.action(async ({ json }) => done(await listModels(json === true, io)));

async function listModels(isJson: boolean, io: Io): Promise<number> {
	const config = parseConfig();
	const lists = await readModelLists(config.UNMASK_MODELS, customModelsFolder(config));
	const { manifest, folder } = lists;
	const defaultOn = (provider: Provider) => {
		try {
			return resolveClassifier(lists, { model: null, tier: null }, { tier: config.UNMASK_TIER, provider }).id;
		} catch {
			return null; // UNMASK_TIER names a tier that is not installed; the installed models are listed anyway
		}
	};
	const defaults = { cpu: defaultOn('cpu'), cuda: defaultOn('cuda') };
	const others = manifest.files.filter((entry) => entry.kind !== 'classifier').map((entry) => ({ ...entry, folder }));
	const checked = await Promise.all(
		[...others, ...listClassifiers(lists)].map(async (entry) => {
			const fault = await readModel(entry.folder, entry).then(
				() => null,
				(thrown: unknown) => toAnalysisError(thrown, 'environment').message,
			);
			const isDefault = { default: entry.id === defaults.cpu, defaultOnGpu: entry.id === defaults.cuda };
			return { ...entry, ...isDefault, fault };
		}),
	);
	if (isJson) io.stdout.write(`${JSON.stringify(checked, null, '\t')}\n`);
	else for (const entry of checked) io.stdout.write(`${describe(entry)}\n`);
	return checked.some((entry) => entry.fault !== null) ? 4 : 0;
}

type Checked = (Exclude<ModelEntry, { kind: 'classifier' }> | Classifier) & {
	readonly default: boolean;
	/** The same for models on a GPU. */
	readonly defaultOnGpu: boolean;
	readonly fault: string | null;
};

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

function describe(entry: Checked): string {
	const notes = [
		...(entry.kind === 'classifier' && entry.isCustom ? ['custom'] : []),
		...(entry.kind === 'classifier' && entry.tier ? [entry.tier] : []),
		...(entry.default ? ['default'] : entry.defaultOnGpu ? ['default on a GPU'] : []),
	];
	const lines = [
		`${entry.id}${notes.map((note) => ` (${note})`).join('')}  ${entry.kind}, ${megabytes(entry.bytes)}`,
		`  ${entry.fault ?? `${entry.weights.length > 0 ? 'files' : 'file'} as listed`}  sha256 ${entry.sha256.slice(0, 16)}…`,
		...entry.weights.map(
			({ file, bytes, sha256 }) => `  weights: ${file}, ${megabytes(bytes)}  sha256 ${sha256.slice(0, 16)}…`,
		),
		`  licence: ${entry.licence}`,
		...(entry.kind === 'classifier' && entry.isCustom ? customLines(entry) : []),
		...(entry.kind === 'classifier' && entry.speed
			? [`  ${entry.speed.facesASecond} faces per second, ${entry.speed.on}`]
			: []),
	];
	for (const { set, unit, n, auc, interval, note } of entry.metrics)
		lines.push(
			`  ${set}: AUC ${auc.toFixed(3)} (95 % ${interval.map((x) => x.toFixed(3)).join('–')}), ${n} ${unit}${note ? `; ${note}` : ''}`,
		);
	return lines.join('\n');
}

function customLines({ spec, calibration, hint, network }: Classifier): string[] {
	const { crop, output } = spec;
	return [
		`  ${network ?? 'spec'}: ${crop.shape} crop ${crop.margin} x the box to ${crop.size} px, ${output.kind}${spec.heatMap ? '' : ', no heat map'}`,
		calibration
			? `  calibrated on ${calibration.source}`
			: '  not calibrated: it gives scores but no verdict; calibrate it with unmask eval DIR --calibrate --model NAME',
		...(hint?.accuracy != null || hint?.frames != null
			? [
					`  its file name claims ${[hint.accuracy !== null && `accuracy ${hint.accuracy}`, hint.frames !== null && `${hint.frames} frames`].filter(Boolean).join(', ')}; not measured here`,
				]
			: []),
	];
}
