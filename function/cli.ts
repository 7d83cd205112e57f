#!/usr/bin/env node
import type { Command } from './commands/command.ts';
import { AnalysisError, errorTable, toAnalysisError } from './errors.ts';

const commands: Record<string, () => Promise<Command>> = {
	analyse: async () => (await import('./commands/analyse.ts')).analyseCommand,
	eval: async () => (await import('./commands/eval.ts')).evalCommand,
	models: async () => (await import('./commands/models.ts')).modelsCommand,
	doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
	verify: async () => (await import('./commands/verify.ts')).verifyCommand,
	demo: async () => (await import('./commands/demo.ts')).demoCommand,
};

const usage = `unmask: tells whether a face in a video was manipulated, and how sure that can be

  unmask analyse FILE...      analyse videos or pictures
  unmask eval DIR|list.csv    measure on a labelled set (DIR/real/**, DIR/fake/**)
  unmask models               the models there are and what was measured of them
  unmask doctor               what the program needs, found or not
  unmask verify REPORT FILE   repeat an analysis and say what differs
  unmask demo                 make two short clips, analyse both, write the reports

  unmask COMMAND --help       the options of a command

Exit status: 0 every file was analysed, 2 wrong usage, 3 some file could not be analysed, 4 model, 5 environment.
`;

async function main(): Promise<number> {
	const [name = '--help', ...args] = process.argv.slice(2);
	if (['--help', '-h', 'help'].includes(name)) {
		process.stdout.write(usage);
		return 0;
	}
	const load = commands[name];
	if (!load) {
		process.stderr.write(`There is no command '${name}'.\n\n${usage}`);
		return errorTable.usage.exit;
	}
	const abort = new AbortController();
	const cancel = () => abort.abort();
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, cancel);
	process.stdout.on('error', (error: NodeJS.ErrnoException) => {
		if (error.code === 'EPIPE') abort.abort(); // the reader of a pipe left
	});
	try {
		const command = await load();
		return await command(args, { stdout: process.stdout, stderr: process.stderr, signal: abort.signal });
	} catch (thrown) {
		const error = toAnalysisError(thrown, 'environment');
		process.stderr.write(`unmask: ${error instanceof AnalysisError ? error.message : String(error)} [${error.code}]\n`);
		return errorTable[error.code].exit;
	}
}

process.exitCode = await main();
