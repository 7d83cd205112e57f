import type { Provenance } from '../contract/provenance.ts';
import { childProgramOf } from '../process/child-program.ts';
import { startNodeProcess } from '../process/run-process.ts';
import { collectProvenance } from './collect-provenance.ts';
import type { ProvenancePart } from './read-provenance.ts';

const program = childProgramOf(import.meta.url);
/** Limits of the process that reads one file. Most files need little of either, but a large file with credentials is hashed in full. */
const limits = { memoryMb: 1024, cpuS: 60, filesMb: 0 };
/** Wall time after which the parts read so far are the result; on a busy machine a process gets little of each second. */
const timeoutMs = 120_000;

/** Reads the provenance of a file in a separate process without network access. Never throws: what cannot be read is reported as such. */
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
	const timer = setTimeout(stop, timeoutMs);
	signal.addEventListener('abort', stop);
	if (signal.aborted) stop();
	const end = await child.ended;
	clearTimeout(timer);
	signal.removeEventListener('abort', stop);
	return collectProvenance(parts, end.killedBy === null ? 'unreadable' : 'time-limit');
}
