import { type RunningService, startService } from '../tools/start-service.ts';
import { makeClip } from './clips.ts';
import { type Figure, note } from './figure.ts';
import { benchFirstEvent } from './service-first-event.ts';
import { benchGrowth } from './service-growth.ts';
import { benchLoad } from './service-load.ts';
import { benchOverhead } from './service-overhead.ts';
import { benchUpload } from './service-upload.ts';

/** What every part of the service's bench gets: a built service that is ready, and where to tell figures. */
export type ServiceBench = {
	readonly service: RunningService;
	/** Where clips are kept between runs. */
	readonly folder: string;
	/** A clip of 2 s, 640 x 480. */
	readonly shortClip: string;
	readonly quick: boolean;
	readonly tell: (figure: Figure) => void;
};

/** No limit that a bench would meet: requests, and the memory at which the process of the models is replaced. */
const env = { UNMASK_REQUESTS_A_MINUTE: '100000000', UNMASK_CHILD_MB: '100000', UNMASK_LOG: 'error' };

/** Speed, delay and memory of the service as a user starts it; each part on a fresh one. */
export async function benchService(
	options: Omit<ServiceBench, 'service' | 'shortClip'> & { uploadMb: number },
): Promise<void> {
	const { folder, quick, uploadMb, tell } = options;
	const shortClip = makeClip(folder, 'sd-2s', 640, 480, 2, 25);
	const onFresh = async (what: string, part: (bench: ServiceBench) => Promise<void>) => {
		note(`${what} …`);
		const service = await startService({ env });
		try {
			await part({ service, folder, shortClip, quick, tell });
		} finally {
			await service.stop();
		}
	};
	await onFresh('first event', benchFirstEvent);
	await onFresh('overhead of the service', benchOverhead);
	await onFresh('50 clients at once', benchLoad);
	await onFresh('one analysis after another', benchGrowth);
	await onFresh(`upload of ${uploadMb} MB`, (bench) => benchUpload(bench, uploadMb));
}
