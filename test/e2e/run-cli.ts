import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../function/config.ts';

/** How a run of the command line ended. */
export type CliEnd = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

/** Runs the built command line as a user would; `onStderr` may act on what it prints. */
export async function runCli(
	args: readonly string[],
	{
		env = {},
		cwd,
		onStart,
	}: { env?: Record<string, string>; cwd?: string; onStart?: (kill: (signal: NodeJS.Signals) => void) => void } = {},
): Promise<CliEnd> {
	const child = spawn(process.execPath, [join(packageRoot(), 'dist/function/cli.js'), ...args], {
		stdio: ['ignore', 'pipe', 'pipe'],
		env: { ...process.env, ...env },
		...(cwd && { cwd }),
	});
	onStart?.((signal) => child.kill(signal));
	let stdout = '';
	let stderr = '';
	child.stdout.on('data', (chunk) => (stdout += chunk));
	child.stderr.on('data', (chunk) => (stderr += chunk));
	const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
	return { status, stdout, stderr };
}
