import { startService } from '../tools/start-service.ts';
import { makeClip } from './clips.ts';
import { note } from './figure.ts';
import type { ServiceBench } from './service-bench.ts';
import { benchFirstEvent } from './service-first-event.ts';
import { benchGrowth } from './service-growth.ts';
import { benchImport } from './service-import.ts';
import { benchLoad } from './service-load.ts';
import { benchOverhead } from './service-overhead.ts';
import { benchReaders } from './service-readers.ts';
import { benchUpload } from './service-upload.ts';

/** Raises the limits that a bench would reach: requests, and the memory at which the model process is replaced. */
const env = {
	...{ UNMASK_REQUESTS_A_MINUTE: '100000000', UNMASK_CHILD_MB: '100000', UNMASK_LOG: 'error' },
	...{ UNMASK_QUEUE: '100', UNMASK_LINKS: 'on', UNMASK_OUTGOING_NETWORKS: '127.0.0.0/8' }, // the bench's own file server
};

/** Speed, latency and memory of the service as a user starts it; each part, or those of `only`, on a fresh service. */
export async function benchService({
	uploadMb,
	only,
	...options
}: Omit<ServiceBench, 'service' | 'shortClip'> & {
	readonly uploadMb: number;
	readonly only: readonly string[] | null;
}): Promise<void> {
	const parts: Record<string, (bench: ServiceBench) => Promise<void>> = {
		'first-event': benchFirstEvent,
		overhead: benchOverhead,
		load: benchLoad,
		growth: benchGrowth,
		readers: benchReaders,
		upload: (bench) => benchUpload(bench, uploadMb),
		import: (bench) => benchImport(bench, uploadMb),
	};
	const unknown = only?.find((name) => !Object.hasOwn(parts, name));
	if (unknown !== undefined) throw new Error(`--only takes ${Object.keys(parts).join(', ')}, not ${unknown}.`);
	const shortClip = makeClip(options.folder, 'sd-2s', 640, 480, 2, 25);
	for (const [name, part] of Object.entries(parts)) {
		if (only && !only.includes(name)) continue;
		note(`${name} …`);
		const service = await startService({ env });
		try {
			await part({ ...options, service, shortClip });
		} finally {
			await service.stop();
		}
	}
}
