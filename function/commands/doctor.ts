import { availableParallelism, totalmem } from 'node:os';
import { type Config, customModelsFolder, parseConfig } from '../config.ts';
import { AnalysisError, type ErrorCode, errorTable, toAnalysisError } from '../errors.ts';
import { findFfmpeg, installCommand } from '../media/find-ffmpeg.ts';
import { missingCodecs } from '../media/missing-codecs.ts';
import { listClassifiers, readModelLists } from '../model/classifiers.ts';
import { openModels } from '../model/open-models.ts';
import { runtimeVersion } from '../model/session.ts';
import { createCommand, type DeclareCommand, type Io } from './command.ts';

/** `unmask doctor`: checks each requirement; status 0, 4 (models) or 5 (environment). */
export const doctorCommand: DeclareCommand = (io, done) =>
	createCommand('unmask doctor', io)
		.description(
			'Checks everything that the program needs and prints what is missing, with the command that fixes it. It installs nothing.',
		)
		.addHelpText(
			'after',
			'\nExit status: 0 everything was found, 4 a model is missing or damaged, 5 something else is missing.',
		)
		.action(async () => done(await checkNeeds(io)));

async function checkNeeds(io: Io): Promise<number> {
	let status = 0;
	for (const [name, check, fix] of needs) {
		try {
			io.stdout.write(`found    ${name}: ${await check()}\n`);
		} catch (thrown) {
			const { code, message } = toAnalysisError(thrown, 'environment');
			io.stdout.write(
				`MISSING  ${name}: ${message} [${code}]\n         fix: ${fix ?? fixes[code] ?? fixes.internal}\n`,
			);
			status = Math.max(status, errorTable[code === 'internal' ? 'environment' : code].exit);
			if (name === 'settings') break; // the other checks would fail in the same way
		}
	}
	return status;
}

/** What the program needs, how it is checked, and the fix if the error code does not determine it. */
const needs: readonly (readonly [name: string, check: () => Promise<string>, fix?: string])[] = [
	['node', checkNode, 'nvm install 22 && npm ci'],
	['cores and memory', async () => `${availableParallelism()} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB`],
	['settings', async () => settingsText(parseConfig())],
	['ffmpeg', checkFfmpeg],
	['pictures', checkSharp],
	['models', checkModels],
];

const modelFix = 'git checkout -- models (and unset UNMASK_MODELS if it is set)';

/** The fix for each error; for a code that is not listed, reinstall the packages. */
const fixes: Partial<Record<ErrorCode, string>> & { internal: string } = {
	internal: 'npm ci',
	environment: 'unset the variable named above, or give it a valid value',
	'ffmpeg-missing': `${installCommand(process.platform)} (and unset FFMPEG_PATH if it is set)`,
	'provider-missing':
		'ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node, or unset UNMASK_PROVIDER to use the CPU',
	'model-missing': modelFix,
	'model-damaged': modelFix,
	'model-unknown': modelFix,
	'tier-missing': 'unset UNMASK_TIER, or use a models folder that has both tiers',
};

function settingsText({ UNMASK_MODELS, UNMASK_PROVIDER }: Config): string {
	return `models in ${UNMASK_MODELS}, provider ${UNMASK_PROVIDER}`;
}

/** The oldest Node is the one in package.json's engines. */
async function checkNode(): Promise<string> {
	const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
	if (major > 20 || (major === 20 && minor >= 19)) return process.version;
	throw new AnalysisError('environment', 'environment', `Node ${process.version} is older than 20.19`);
}

async function checkFfmpeg(): Promise<string> {
	const { FFMPEG_PATH, PATH } = parseConfig();
	const tools = await findFfmpeg({ ffmpegPath: FFMPEG_PATH, searchPath: PATH, install: false });
	const missing = await missingCodecs(tools);
	return [
		`${tools.version} (${tools.ffmpeg}, ${tools.ffprobe})`,
		missing.length === 0 ? 'decodes every common codec' : `cannot decode ${missing.join(', ')}`,
		...(tools.hasZscale ? [] : ['has no zscale, so HLG and PQ are not converted']),
	].join('; ');
}

async function checkSharp(): Promise<string> {
	const { default: sharp } = await import('sharp');
	return `sharp ${sharp.versions.sharp}`;
}

/** Opens every built-in model, as an analysis does. */
async function checkModels(): Promise<string> {
	const config = parseConfig();
	const { UNMASK_MODELS, UNMASK_PROVIDER, UNMASK_TIER, UNMASK_THREADS } = config;
	const lists = await readModelLists(UNMASK_MODELS, customModelsFolder(config));
	const models = await openModels({
		lists,
		choice: { model: null, tier: null },
		defaultTier: UNMASK_TIER,
		provider: UNMASK_PROVIDER,
		threads: UNMASK_THREADS || availableParallelism(),
	});
	const ids = new Set(models.chosen.entries.map(({ id }) => id));
	try {
		for (const { id, isCustom } of listClassifiers(lists))
			if (!isCustom && !ids.has(id)) {
				const open = await models.open({ model: id, tier: null });
				for (const used of open.entries) ids.add(used.id);
				await open.close();
			}
	} finally {
		await models.close();
	}
	const where = models.provider === 'cuda' ? 'the GPU (CUDA)' : 'the CPU (a GPU is optional)';
	return `${[...ids].join(', ')}; onnxruntime ${runtimeVersion} on ${where}`;
}
