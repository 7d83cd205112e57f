import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../function/config.ts';

/** The result of a run of the command line. */
export type CliEnd = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

/** Runs the built command line like a user; `onStdout` receives what it has printed so far and may send it a signal. */
export async function runCli(
	args: readonly string[],
	{
		env = {},
		cwd,
		stdout: sink = 'pipe',
		onStdout,
	}: {
		env?: Record<string, string | undefined>;
		cwd?: string;
		/** A file descriptor to use instead of returning stdout. */
		stdout?: 'pipe' | number;
		onStdout?: (printed: string, kill: (signal: NodeJS.Signals) => void) => void;
	} = {},
): Promise<CliEnd> {
	const child = spawn(process.execPath, [join(packageRoot(), 'dist/function/cli.js'), ...args], {
		stdio: ['ignore', sink, 'pipe'],
		env: { ...process.env, ...env },
		...(cwd && { cwd }),
	});
	let stdout = '';
	let stderr = '';
	child.stdout?.on('data', (chunk) => {
		stdout += chunk;
		onStdout?.(stdout, (signal) => child.kill(signal));
	});
	child.stderr?.on('data', (chunk) => (stderr += chunk));
	const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
	return { status, stdout, stderr };
}
