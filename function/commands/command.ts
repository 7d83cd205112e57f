import { Command, CommanderError } from '@commander-js/extra-typings';
import { usageError } from '../errors.ts';

/** What a command receives besides its arguments. */
export type Io = {
	/** Read if an argument is `-`; default: the process's own. */
	readonly stdin?: NodeJS.ReadableStream;
	readonly stdout: NodeJS.WritableStream;
	readonly stderr: NodeJS.WritableStream & { isTTY?: boolean; columns?: number };
	readonly signal: AbortSignal;
};

/** Called with the exit status when a command has finished. */
export type Done = (status: number) => void;

/** Declares a command: its arguments, options, help and action, which ends by calling `done`. */
// biome-ignore lint/suspicious/noExplicitAny: each command has argument types of its own
export type DeclareCommand = (io: Io, done: Done) => Command<any, any, any>;

/** The `--help` text about exit statuses. */
export const exitStatusHelp = `
Exit status: 0 every file was analysed, 2 wrong usage, 3 some file could not be analysed,
4 a model is missing or damaged, 5 the environment lacks something.`;

/** A command without arguments and options; help goes to stdout. */
export function createCommand(name: string, { stdout }: Pick<Io, 'stdout'>): Command {
	return new Command(name)
		.exitOverride()
		.helpOption('-h, --help', 'print this help')
		.configureOutput({
			writeOut: (text) => stdout.write(text),
			writeErr: () => {}, // the message is thrown as an error and printed with its code
			getOutHelpWidth: () => Math.max(60, Math.min(110, (stdout as { columns?: number }).columns ?? 100)),
		})
		.hook('preAction', (_, command) => checkValues(command))
		.configureHelp({ showGlobalOptions: false });
}

/** Runs a command and returns its exit status. Throws AnalysisError; `usage` for invalid arguments. */
export async function runCommand(declare: DeclareCommand, args: readonly string[], io: Io): Promise<number> {
	let status = 0;
	const command = declare(io, (end) => {
		status = end;
	});
	try {
		await command.parseAsync(args, { from: 'user' });
	} catch (thrown) {
		if (!(thrown instanceof CommanderError)) throw thrown;
		if (thrown.exitCode !== 0) throw usageError(sentenceOf(thrown.message), { cause: thrown });
	}
	return status;
}

/** Commander takes the word after an option as its value, whatever it is. */
function checkValues(command: Pick<Command, 'options' | 'opts'>): void {
	const values = Object.values(command.opts()).filter((value): value is string => typeof value === 'string');
	for (const option of command.options) {
		if (command.opts()[option.attributeName() as never] === '') throw usageError(`${option.long} needs a value.`);
		const taken = values.find((value) => value === option.long || value === option.short);
		if (taken) throw usageError(`${taken} was taken as the value of the option before it, which needs one.`);
	}
}

/** Turns commander's message into a sentence. */
function sentenceOf(message: string): string {
	const text = message.replace(/^error: /, '').replaceAll('\n', ' ');
	const sentence = `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?)]$/.test(text) ? '' : '.'}`;
	return /unknown option '-[^']*\.\w{2,5}'/.test(message)
		? `${sentence} For a file whose name begins with a dash, put -- before it, or write ./ in front of its name.`
		: sentence;
}
