import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Option } from '@commander-js/extra-typings';
import { type Config, parseConfig } from '../config.ts';
import { type Tier, tierSchema } from '../contract/plan.ts';
import type { Instance } from '../http/instance.ts';
import { describeModels, readOfferedLists } from '../http/read-models.ts';
import { type FfmpegTools, findFfmpeg } from '../media/find-ffmpeg.ts';
import { missingCodecs } from '../media/missing-codecs.ts';
import { createCommand, type DeclareCommand, type Io } from './command.ts';
import { closeServer, listen } from './listen.ts';
import { parseNumber } from './options.ts';

/** Time for running analyses to finish after a signal, out of Cloud Run's ten seconds; the rest is for their last event. */
const graceMs = 6000;

/** `unmask serve`: page, API and store on one port; status 0 after a signal, 5 if it cannot listen. */
export const serveCommand: DeclareCommand = (io, done) =>
	createCommand('unmask serve', io)
		.description('Serves the page and the API on one port until it is stopped (Ctrl-C).')
		.addOption(
			new Option('--port <n>', '0 = any free port (default: PORT, or 8080)').argParser((text) =>
				parseNumber('port', text, { min: 0, max: 65535, integer: true }),
			),
		)
		.option(
			'--host <address>',
			'127.0.0.1 = this machine only, 0.0.0.0 = every network of this machine (default: HOST, or 127.0.0.1)',
		)
		.addOption(
			new Option(
				'--tier <tier>',
				'shipped classifier for clients that name none (default: UNMASK_TIER, or thorough on a GPU if installed, else fast)',
			).choices(tierSchema.options),
		)
		.option('--data <folder>', 'where to store uploads and reports (default: UNMASK_DATA, or .unmask)')
		.addHelpText('after', '\nThe other settings are environment variables; see the README.')
		.action(async (options) => done(await serve(options, io)));

type Options = {
	readonly port?: number | undefined;
	readonly host?: string | undefined;
	readonly tier?: Tier | undefined;
	readonly data?: string | undefined;
};

async function serve(options: Options, io: Io): Promise<number> {
	const settings = parseConfig();
	const config: Config = {
		...settings,
		...(options.port !== undefined && { PORT: options.port }),
		...(options.host !== undefined && { HOST: options.host }),
		...(options.data !== undefined && { UNMASK_DATA: options.data }),
		...(options.tier !== undefined && { UNMASK_TIER: options.tier }),
		// on a terminal, the machine-readable log would hide the messages for people
		...(io.stderr.isTTY && settings.UNMASK_LOG === 'info' && { UNMASK_LOG: 'warn' as const }),
	};
	if (options.tier !== undefined) describeModels(await readOfferedLists(config), config, null); // fails now instead of in the background
	const finding = findFfmpeg({
		ffmpegPath: config.FFMPEG_PATH,
		searchPath: config.PATH,
		onNotice: (text) => io.stderr.write(`${text}\n`),
	});
	const [{ openInstance }] = await Promise.all([import('../http/open-instance.ts'), finding]);
	const instance = await openInstance(config, io.stderr);
	try {
		// import the API while the models load in the background
		const [{ createApi }, { createApiServer }] = await Promise.all([
			import('../http/create-api.ts'),
			import('../http/create-server.ts'),
		]);
		const server = createApiServer(createApi(instance));
		const address = await listen(server, config);
		io.stdout.write(`Unmask listens at ${address}\n${whereKept(config)}\n`);
		if (!instance.page)
			io.stderr.write('The page has not been built, so only the API is served. Build it with: npm run build\n');
		printReadiness(instance, io).catch(() => {});
		warnAboutMissingCodecs(finding, io).catch(() => {});
		if (!io.signal.aborted) await once(io.signal, 'abort');
		await instance.drain(graceMs);
		await closeServer(server);
		return 0;
	} finally {
		await instance.close();
	}
}

function whereKept({
	UNMASK_UPLOADS_BUCKET: bucket,
	UNMASK_RESULTS_BUCKET: results,
	UNMASK_DATA: data,
}: Config): string {
	if (bucket === null)
		return `Videos and reports are kept in ${resolve(data ?? '.unmask')}; nothing leaves this machine. Press Ctrl-C to stop.`;
	return `Uploads are kept in gs://${bucket}, reports in gs://${results ?? bucket}.`;
}

/** Prints once that the models are ready, and each distinct reason why they are not. */
async function printReadiness({ inference }: Instance, { stdout, stderr, signal }: Io): Promise<void> {
	const begun = performance.now();
	let printed: string | null = null;
	for (;;) {
		const { state, provider, problem } = inference.status();
		if (state === 'ready') {
			const seconds = ((performance.now() - begun) / 1000).toFixed(1);
			stdout.write(`The models are ready after ${seconds} s (${provider}).\n`);
			return;
		}
		if (problem !== null && problem !== printed) stderr.write(`The models cannot be used: ${problem}\n`);
		printed = problem;
		await wait(100, undefined, { signal });
	}
}

/** Warns once if this ffmpeg cannot decode common codecs, so that the operator learns it before a visitor does. */
export async function warnAboutMissingCodecs(
	tools: Promise<Pick<FfmpegTools, 'ffmpeg'>>,
	{ stderr }: Pick<Io, 'stderr'>,
) {
	const missing = await missingCodecs(await tools);
	if (missing.length > 0) stderr.write(`This ffmpeg cannot decode ${missing.join(', ')}. A newer version may.\n`);
}
