import { once } from 'node:events';
import { Option } from '@commander-js/extra-typings';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { type Config, parseConfig } from '../config.ts';
import { type Tier, tierSchema } from '../contract/plan.ts';
import { usageError } from '../errors.ts';
import { ApiKeys, needsKeys } from '../http/api-keys.ts';
import { createLog } from '../http/log.ts';
import { describeModels, readOfferedLists } from '../http/read-models.ts';
import { AgentAnalyses } from '../mcp/agent-analyses.ts';
import { createAgentHttpServer } from '../mcp/agents-over-http.ts';
import { AllowedFolders } from '../mcp/allowed-folders.ts';
import { type AgentTools, createAgentServer } from '../mcp/create-agent-server.ts';
import { findFfmpeg } from '../media/find-ffmpeg.ts';
import { createInference } from '../worker/inference.ts';
import { createCommand, type DeclareCommand, type Io } from './command.ts';
import { closeServer, listen } from './listen.ts';
import { parseNumber } from './options.ts';

/** `unmask mcp`: the analysis as tools for agents, over standard input and output or over HTTP; status 0 when the client leaves. */
export const mcpCommand: DeclareCommand = (io, done) =>
	createCommand('unmask mcp', io)
		.description(
			'Offers the analysis to agents through the Model Context Protocol (tools analyse_video, get_report, list_models) until the client leaves.',
		)
		.requiredOption('--allow <folders...>', 'folders in which agents may name files; nothing outside them is read')
		.option('--http', 'serve streamable HTTP at /mcp instead of standard input and output')
		.addOption(
			new Option('--port <n>', 'with --http; 0 = any free port (default: PORT, or 8080)').argParser((text) =>
				parseNumber('port', text, { min: 0, max: 65535, integer: true }),
			),
		)
		.option(
			'--host <address>',
			'with --http; an address other than this machine requires API keys (default: HOST, or 127.0.0.1)',
		)
		.addOption(new Option('--tier <tier>', 'shipped classifier if the agent names none').choices(tierSchema.options))
		.addHelpText('after', '\nThe last twenty reports are kept in memory until the program ends.')
		.action(async ({ allow, ...options }) => done(await serveAgents(allow, options, io)));

type Options = {
	readonly http?: true | undefined;
	readonly port?: number | undefined;
	readonly host?: string | undefined;
	readonly tier?: Tier | undefined;
};

async function serveAgents(allow: readonly string[], options: Options, io: Io): Promise<number> {
	const settings = parseConfig();
	const config: Config = {
		...settings,
		...(options.port !== undefined && { PORT: options.port }),
		...(options.host !== undefined && { HOST: options.host }),
		...(options.tier !== undefined && { UNMASK_TIER: options.tier }),
	};
	if (options.http && !isThisMachine(config.HOST) && !needsKeys(config))
		throw usageError(
			`On ${config.HOST}, anyone could have files of this machine analysed: also set UNMASK_API_KEY_HASHES.`,
		);
	const folders = await AllowedFolders.open(allow);
	const notice = (text: string) => void io.stderr.write(`${text}\n`);
	const analyses = new AgentAnalyses({
		open: async () => {
			await findFfmpeg({ ffmpegPath: config.FFMPEG_PATH, searchPath: config.PATH, onNotice: notice });
			return createInference({ config, onLog: notice });
		},
		slots: config.UNMASK_SLOTS || 1,
		queue: config.UNMASK_QUEUE,
	});
	const models = async () => describeModels(await readOfferedLists(config), config, null);
	await models(); // fails now if the tier is not installed
	const tools: AgentTools = { folders, analyses, models, maxDurationS: config.UNMASK_MAX_DURATION_S };
	try {
		await (options.http ? serveHttp(tools, config, io) : serveStdio(tools, io));
		return 0;
	} finally {
		await analyses.close();
	}
}

/** Standard output carries the protocol and nothing else. */
async function serveStdio(tools: AgentTools, { signal }: Io): Promise<void> {
	const server = createAgentServer(tools);
	const left = once(process.stdin, 'close', { signal }).catch(() => {});
	await server.connect(new StdioServerTransport());
	await left;
	await server.close();
}

async function serveHttp(tools: AgentTools, config: Config, { signal, stdout, stderr }: Io): Promise<void> {
	const keys = await ApiKeys.open(config, createLog(config.UNMASK_LOG, stderr));
	try {
		const server = createAgentHttpServer(tools, config, keys);
		stdout.write(`Agents are served at ${await listen(server, config)}/mcp\n`);
		if (!signal.aborted) await once(signal, 'abort');
		await closeServer(server);
	} finally {
		keys.close();
	}
}

const isThisMachine = (host: string) => /^(localhost|127(\.\d+){3}|::1|\[::1\])$/.test(host);
