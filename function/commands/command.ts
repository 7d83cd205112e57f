import { Command, CommanderError } from '@commander-js/extra-typings';
import { usageError } from '../errors.ts';

/** What a command gets besides its arguments. */
export type Io = {
	/** Read where `-` names it; default: the process's own. */
	readonly stdin?: NodeJS.ReadableStream;
	readonly stdout: NodeJS.WritableStream;
	readonly stderr: NodeJS.WritableStream & { isTTY?: boolean; columns?: number };
	readonly signal: AbortSignal;
};

/** Takes the exit status of a command that has come to its end. */
export type Done = (status: number) => void;

/** Declares a command: its arguments, options and help, and what it does, which ends with `done`. */
// biome-ignore lint/suspicious/noExplicitAny: each command has argument types of its own
export type DeclareCommand = (io: Io, done: Done) => Command<any, any, any>;

/** What `--help` says of exit statuses. */
export const exitStatusHelp = `
Exit status: 0 every file was analysed, 2 wrong usage, 3 some file could not be analysed,
4 a model is missing or damaged, 5 the environment lacks something.`;

/** A command that has no arguments and options yet; help goes to stdout. */
export function createCommand(name: string, { stdout }: Pick<Io, 'stdout'>): Command {
	return new Command(name)
		.exitOverride()
		.helpOption('-h, --help', 'print this help')
		.configureOutput({
			writeOut: (text) => stdout.write(text),
			writeErr: () => {}, // the sentence is thrown, and printed with its code
			getOutHelpWidth: () => Math.max(60, Math.min(110, (stdout as { columns?: number }).columns ?? 100)),
		})
		.hook('preAction', (_, command) => checkValues(command))
		.configureHelp({ showGlobalOptions: false });
}

/** Runs a command; gives its exit status. Throws AnalysisError, `usage` for arguments that are not understood. */
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

/** Commander takes the word after an option for its value, whatever it is. */
function checkValues(command: Pick<Command, 'options' | 'opts'>): void {
	const values = Object.values(command.opts()).filter((value): value is string => typeof value === 'string');
	for (const option of command.options) {
		if (command.opts()[option.attributeName() as never] === '') throw usageError(`${option.long} needs a value.`);
		const taken = values.find((value) => value === option.long || value === option.short);
		if (taken) throw usageError(`${taken} was taken for the value of the option before it, which needs one.`);
	}
}

/** Commander's message as a sentence. */
function sentenceOf(message: string): string {
	const text = message.replace(/^error: /, '').replaceAll('\n', ' ');
	const sentence = `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?)]$/.test(text) ? '' : '.'}`;
	return /unknown option '-[^']*\.\w{2,5}'/.test(message)
		? `${sentence} A file whose name begins with a dash is named after --, or with ./ before it.`
		: sentence;
}
