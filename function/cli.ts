#!/usr/bin/env node
import { createCommand, type DeclareCommand, exitStatusHelp, type Io, runCommand } from './commands/command.ts';
import { errorTable, toAnalysisError } from './errors.ts';
import { toolVersion } from './http/tool-version.ts';

/** Every command: its summary, and the module to load when it is called. */
const commands: Record<string, { readonly summary: string; readonly load: () => Promise<DeclareCommand> }> = {
	serve: {
		summary: 'serve the page and the API on a port of this machine',
		load: async () => (await import('./commands/serve.ts')).serveCommand,
	},
	analyse: {
		summary: 'analyse videos or pictures',
		load: async () => (await import('./commands/analyse.ts')).analyseCommand,
	},
	batch: {
		summary: 'analyse many files, on disk or in a bucket, and resume after an interruption',
		load: async () => (await import('./commands/batch.ts')).batchCommand,
	},
	eval: {
		summary: 'evaluate on a labelled set (real/**, fake/**), or calibrate a custom model',
		load: async () => (await import('./commands/eval.ts')).evalCommand,
	},
	models: {
		summary: 'list the models and their measured quality; import, add and remove custom models',
		load: async () => (await import('./commands/models.ts')).modelsCommand,
	},
	mcp: {
		summary: 'offer the analysis to agents (Model Context Protocol)',
		load: async () => (await import('./commands/mcp.ts')).mcpCommand,
	},
	doctor: {
		summary: 'check what the program needs',
		load: async () => (await import('./commands/doctor.ts')).doctorCommand,
	},
	keys: {
		summary: 'create the key that signs reports',
		load: async () => (await import('./commands/keys.ts')).keysCommand,
	},
	verify: {
		summary: 'check the signature of a report, or repeat its analysis',
		load: async () => (await import('./commands/verify.ts')).verifyCommand,
	},
	demo: {
		summary: 'create two short clips, analyse both and write the reports',
		load: async () => (await import('./commands/demo.ts')).demoCommand,
	},
};

/** Runs if the first argument names no command: prints the help or the version, and refuses anything else. */
const declareProgram: DeclareCommand = (io) => {
	const program = createCommand('unmask', io)
		.description('Estimates whether a face in a video was manipulated, and how certain that is.')
		.version(toolVersion)
		.usage('<command> [options]')
		.addHelpText('after', `\nunmask <command> --help prints the options of a command.\n${exitStatusHelp}`)
		.helpCommand(false);
	for (const [name, { summary }] of Object.entries(commands)) program.command(name).summary(summary);
	return program;
};

async function main(): Promise<number> {
	const [first = '--help', ...rest] = process.argv.slice(2);
	const [name, ...args] = first === 'help' ? [...rest, '--help'] : [first, ...rest];
	const load = name !== undefined && Object.hasOwn(commands, name) ? commands[name]?.load : undefined;
	const abort = new AbortController();
	/** The first Ctrl-C cancels, the second ends the process. Not `once`: without a listener, execa would end the process at the first. */
	const cancel = (signal: NodeJS.Signals) => {
		if (!abort.signal.aborted) return abort.abort();
		process.off(signal, cancel);
		process.kill(process.pid, signal); // not process.exit: onnxruntime aborts if it is torn down during a run
	};
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, cancel);
	const faults: NodeJS.ErrnoException[] = [];
	process.stdout.on('error', (error) => {
		faults.push(error);
		abort.abort(); // the reader is gone
	});
	process.stderr.on('error', () => {}); // stderr carries no results
	try {
		const io: Io = { stdout: process.stdout, stderr: process.stderr, signal: abort.signal };
		const status = load
			? await runCommand(await load(), args, io)
			: await runCommand(declareProgram, [first, ...rest], io);
		await flushed(process.stdout);
		const fault = faults.find((error) => error.code !== 'EPIPE'); // a closed pipe (`| head`) is not a fault
		if (!fault) return status;
		process.stderr.write(`unmask: The output could not be written (${fault.message}) [write-failed]\n`);
		return Math.max(status, errorTable['write-failed'].exit);
	} catch (thrown) {
		const error = toAnalysisError(thrown, 'environment');
		const sentence =
			error.code === 'usage' ? `${error.detail} See unmask ${load ? `${name} ` : ''}--help.` : error.message;
		process.stderr.write(`unmask: ${sentence} [${error.code}]\n`);
		return errorTable[error.code].exit;
	}
}

/** Resolves when everything written so far is flushed or lost. */
const flushed = (stream: NodeJS.WriteStream) => new Promise<void>((resolve) => stream.write('', () => resolve()));

process.exitCode = await main();
