import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../function/config.ts';

const load = (file: string) => import(pathToFileURL(join(packageRoot(), 'dist/function', file)).href);

/**
 * The program as it is built, which is what users run. From source, it and every process that it starts run through tsx, and loading
 * tsx costs such a process more than its work.
 */
export async function loadBuilt() {
	const { openEngine }: typeof import('../../function/open-engine.ts') = await load('open-engine.js');
	const { runAnalysis }: typeof import('../../function/commands/run-analysis.ts') =
		await load('commands/run-analysis.js');
	return { openEngine, runAnalysis };
}
