import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Provenance } from '../contract/provenance.ts';
import { startNodeProcess } from '../process/run-process.ts';
import { collectProvenance } from './collect-provenance.ts';
import type { ProvenancePart } from './read-provenance.ts';

/**
 * What the process that reads one file may use: it takes 0.2 GB and a second for most files; a large one with credentials is hashed as a whole.
 */
const limits = { memoryMb: 1024, cpuS: 60, filesMb: 0 };
/** Wall seconds after which what is there by then is all there is; a busy machine gives a process little of each. */
const longestMs = 120_000;

/** What a file tells of where it comes from; read in a process of its own that has no network. Never throws: what cannot be read is told as such. */
export async function openProvenance(path: string, signal: AbortSignal): Promise<Provenance> {
	const parts: ProvenancePart[] = [];
	const child = startNodeProcess(program.file, {
		env: {},
		nodeArgs: program.nodeArgs,
		limits,
		onMessage: (part) => parts.push(part as ProvenancePart),
	});
	child.send({ path });
	const stop = () => void child.stop();
	const timer = setTimeout(stop, longestMs);
	signal.addEventListener('abort', stop);
	const end = await child.ended;
	clearTimeout(timer);
	signal.removeEventListener('abort', stop);
	return collectProvenance(parts, end.killedBy === null ? 'unreadable' : 'time-limit');
}

/** The program of the process: beside this file; from source it runs by tsx, as Node 20 runs no TypeScript. */
const program = ((isSource: boolean) => ({
	file: fileURLToPath(new URL(isSource ? './child.ts' : './child.js', import.meta.url)),
	nodeArgs: isSource ? ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href] : [],
}))(import.meta.url.endsWith('.ts'));
