import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type DeclareCommand, runCommand } from '../../../function/commands/command.ts';
import { errorTable, toAnalysisError } from '../../../function/errors.ts';

/** Runs a command as the command line does; an error becomes the last line of `err` and sets the status. */
export async function runDeclared(
	declare: DeclareCommand,
	args: readonly string[],
	{ signal = new AbortController().signal, terminal = {} }: { signal?: AbortSignal; terminal?: object } = {},
) {
	const stdout = new PassThrough();
	const stderr = Object.assign(new PassThrough(), terminal);
	let code = '';
	const status = await runCommand(declare, args, { stdout, stderr, signal }).catch((thrown: unknown) => {
		const error = toAnalysisError(thrown, 'environment');
		code = error.code;
		stderr.write(`${error.code === 'usage' ? error.detail : error.message} [${code}]\n`);
		return errorTable[error.code].exit;
	});
	stdout.end();
	stderr.end();
	const [out, err] = await Promise.all([text(stdout), text(stderr)]);
	return { status, out, err, code };
}
