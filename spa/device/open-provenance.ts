import type { Provenance } from '../../function/contract/provenance.ts';
import { collectProvenance } from '../../function/provenance/collect-provenance.ts';
import type { ProvenancePart } from '../../function/provenance/read-provenance.ts';

/** Milliseconds after which whatever has been read is returned: a large file with credentials is hashed completely. */
const timeLimitMs = 60_000;

/** What a file says about its origin, read in its own worker. Never throws: unreadable parts are reported as such. */
export function openProvenance(file: File, signal: AbortSignal): Promise<Provenance> {
	const worker = new Worker(new URL('./provenance.worker.ts', import.meta.url), { type: 'module' });
	const parts: ProvenancePart[] = [];
	return new Promise((resolve) => {
		const end = (state: 'unreadable' | 'time-limit') => {
			clearTimeout(timer);
			worker.terminate();
			resolve(collectProvenance(parts, state));
		};
		const timer = setTimeout(end, timeLimitMs, 'time-limit');
		signal.addEventListener('abort', () => end('unreadable'));
		worker.addEventListener('error', () => end('unreadable'));
		worker.addEventListener('message', ({ data }: MessageEvent<ProvenancePart | null>) => {
			if (data === null) end('unreadable');
			else parts.push(data);
		});
		worker.postMessage(file);
	});
}
