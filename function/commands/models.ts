import { parseConfig } from '../config.ts';
import { toAnalysisError } from '../errors.ts';
import { readManifest, readModel } from '../model/manifest.ts';
import type { Command } from './command.ts';
import { parseArguments } from './parse-arguments.ts';

const usage = `unmask models [--json]

Lists the model files, checks each against its digest, and prints what was measured of the classifiers.
`;

/** `unmask models`: the manifest, each file checked; status 4 where a file is missing or not the listed one. */
export const modelsCommand: Command = async (args, io) => {
	const { values, help } = parseArguments(args, {
		options: { json: { type: 'boolean' } },
		positionals: { min: 0, max: 0, what: 'argument' },
	});
	if (help) {
		io.stdout.write(usage);
		return 0;
	}
	const folder = parseConfig().UNMASK_MODELS;
	const manifest = await readManifest(folder);
	const checked = await Promise.all(
		manifest.files.map(async (entry) => {
			const fault = await readModel(folder, entry).then(
				() => null,
				(thrown: unknown) => toAnalysisError(thrown, 'environment').message,
			);
			return { ...entry, default: entry.id === manifest.defaultClassifier, fault };
		}),
	);
	if (values.json) io.stdout.write(`${JSON.stringify(checked, null, '\t')}\n`);
	else for (const entry of checked) io.stdout.write(`${describe(entry)}\n`);
	return checked.some((entry) => entry.fault !== null) ? 4 : 0;
};

type Checked = Awaited<ReturnType<typeof readManifest>>['files'][number] & { default: boolean; fault: string | null };

function describe(entry: Checked): string {
	const lines = [
		`${entry.id}${entry.default ? ' (default)' : ''}  ${entry.kind}, ${(entry.bytes / 1e6).toFixed(1)} MB`,
		`  ${entry.fault ?? 'file as listed'}  sha256 ${entry.sha256.slice(0, 16)}…`,
		`  licence: ${entry.licence}`,
	];
	for (const { set, unit, n, auc, interval, note } of entry.metrics)
		lines.push(
			`  ${set}: AUC ${auc.toFixed(3)} (95 % ${interval.map((x) => x.toFixed(3)).join('–')}), ${n} ${unit}${note ? `; ${note}` : ''}`,
		);
	return lines.join('\n');
}
