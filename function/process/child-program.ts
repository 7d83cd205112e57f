import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The program `child` next to the module at `url`. From source it runs through tsx, because Node 20 cannot run TypeScript. */
export function childProgramOf(url: string): { readonly file: string; readonly nodeArgs: readonly string[] } {
	const isSource = url.endsWith('.ts');
	return {
		file: fileURLToPath(new URL(isSource ? './child.ts' : './child.js', url)),
		nodeArgs: isSource ? ['--import', pathToFileURL(createRequire(url).resolve('tsx')).href] : [],
	};
}
