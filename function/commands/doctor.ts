import { availableParallelism, totalmem } from 'node:os';
import { parseConfig } from '../config.ts';
import { errorTable, toAnalysisError } from '../errors.ts';
import { findFfmpeg } from '../media/find-ffmpeg.ts';
import { loadModels } from '../model/load-models.ts';
import { readManifest } from '../model/manifest.ts';
import { runtimeVersion } from '../model/session.ts';
import type { Command } from './command.ts';
import { parseArguments } from './parse-arguments.ts';

const usage = `unmask doctor

Checks everything that the program needs and prints what is missing with the command that mends it. Installs nothing.
`;

/** `unmask doctor`: each need, found or not; status 0, 4 (models) or 5 (environment). */
export const doctorCommand: Command = async (args, io) => {
	const { help } = parseArguments(args, { options: {}, positionals: { min: 0, max: 0, what: 'argument' } });
	if (help) {
		io.stdout.write(usage);
		return 0;
	}
	let status = 0;
	for (const [name, check] of checks) {
		try {
			io.stdout.write(`found    ${name}: ${await check()}\n`);
		} catch (thrown) {
			const error = toAnalysisError(thrown, 'environment');
			io.stdout.write(`MISSING  ${name}: ${error.message} [${error.code}]\n`);
			status = Math.max(status, errorTable[error.code].exit);
		}
	}
	return status;
};

const checks: readonly (readonly [string, () => Promise<string>])[] = [
	['node', async () => process.version],
	['cores and memory', async () => `${availableParallelism()} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB`],
	[
		'ffmpeg',
		async () => {
			const { FFMPEG_PATH, PATH } = parseConfig();
			const tools = await findFfmpeg({ ffmpegPath: FFMPEG_PATH, searchPath: PATH, install: false });
			return `${tools.version} (${tools.ffmpeg}, ${tools.ffprobe})`;
		},
	],
	[
		'models',
		async () => {
			const models = await loadAll('auto');
			return `${models.entries.map((entry) => entry.id).join(', ')}; onnxruntime ${runtimeVersion} on the ${models.provider}`;
		},
	],
	[
		'GPU (optional)',
		async () => {
			const models = await loadAll('auto');
			return models.provider === 'cuda' ? 'CUDA runs the models' : 'none; the CPU is used';
		},
	],
];

async function loadAll(provider: 'auto') {
	const config = parseConfig();
	const models = await loadModels({
		folder: config.UNMASK_MODELS,
		manifest: await readManifest(config.UNMASK_MODELS),
		classifier: null,
		provider,
		threads: config.UNMASK_THREADS || availableParallelism(),
	});
	await models.close();
	return models;
}
