#!/usr/bin/env node
import type { Command } from './commands/command.ts';
import { errorTable, toAnalysisError } from './errors.ts';

const commands: Record<string, () => Promise<Command>> = {
	analyse: async () => (await import('./commands/analyse.ts')).analyseCommand,
	batch: async () => (await import('./commands/batch.ts')).batchCommand,
	eval: async () => (await import('./commands/eval.ts')).evalCommand,
	models: async () => (await import('./commands/models.ts')).modelsCommand,
	doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
	verify: async () => (await import('./commands/verify.ts')).verifyCommand,
	demo: async () => (await import('./commands/demo.ts')).demoCommand,
	serve: async () => (await import('./commands/serve.ts')).serveCommand,
};

const usage = `unmask: tells whether a face in a video was manipulated, and how sure that can be

  unmask serve                the page and the API on a port of this machine
  unmask analyse FILE...      analyse videos or pictures
  unmask batch INPUT...       analyse many, on disk or in a bucket, and go on where a stop left off
  unmask eval DIR|list.csv    measure on a labelled set (DIR/real/**, DIR/fake/**)
  unmask models               the models there are and what was measured of them; import, add and remove your own
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
	const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
	if (!load) {
		process.stderr.write(`There is no command '${name}'.\n\n${usage}`);
		return errorTable.usage.exit;
	}
	const abort = new AbortController();
	/** The first Ctrl-C cancels, the second ends the process. Not `once`: execa would find nobody listening and end it at the first. */
	const cancel = (signal: NodeJS.Signals) => {
		if (!abort.signal.aborted) return abort.abort();
		process.off(signal, cancel);
		process.kill(process.pid, signal); // not process.exit: onnxruntime aborts when it is torn down in the middle of a run
	};
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, cancel);
	const faults: NodeJS.ErrnoException[] = [];
	process.stdout.on('error', (error) => {
		faults.push(error);
		abort.abort(); // nobody reads on
	});
	process.stderr.on('error', () => {}); // what is told there is no result
	try {
		const command = await load();
		const status = await command(args, { stdout: process.stdout, stderr: process.stderr, signal: abort.signal });
		await flushed(process.stdout);
		const fault = faults.find((error) => error.code !== 'EPIPE'); // that the reader of a pipe left (`| head`) is no fault
		if (!fault) return status;
		process.stderr.write(`unmask: The output could not be written (${fault.message}) [write-failed]\n`);
		return Math.max(status, errorTable['write-failed'].exit);
	} catch (thrown) {
		const error = toAnalysisError(thrown, 'environment');
		const sentence = error.code === 'usage' ? `${error.detail} See unmask ${name} --help.` : error.message;
		process.stderr.write(`unmask: ${sentence} [${error.code}]\n`);
		return errorTable[error.code].exit;
	}
}

/** Resolves when all that was written so far is handed over or lost. */
const flushed = (stream: NodeJS.WriteStream) => new Promise<void>((resolve) => stream.write('', () => resolve()));

process.exitCode = await main();
