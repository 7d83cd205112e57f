import type { LinkRequest, UploadProgress } from '../contract/upload.ts';
import type { Machine } from './machine.ts';
import { retrying } from './retrying.ts';
import type { Api } from './service-api.ts';

/** Milliseconds between two looks at a link that is being fetched. */
const pauseMs = 1000;

/** Has the service fetch a file from a link; how it arrived, when all of it is there. Rejects with the code that it could not be fetched with. */
export async function importLink(
	api: Pick<Api, 'importLink' | 'readUpload'>,
	link: LinkRequest,
	machine: Pick<Machine, 'isOnline' | 'onConnection' | 'pause'>,
	{
		signal,
		onProgress,
	}: { readonly signal?: AbortSignal | undefined; readonly onProgress?: (progress: UploadProgress) => void } = {},
): Promise<UploadProgress> {
	let progress = await api.importLink(link, signal); // not again by itself: it would begin another one
	onProgress?.(progress);
	while (progress.state === 'arriving') {
		await machine.pause(pauseMs, signal);
		progress = await retrying(machine, () => api.readUpload(progress.id, signal), signal);
		onProgress?.(progress);
	}
	return progress;
}
