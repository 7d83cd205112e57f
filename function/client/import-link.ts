import type { LinkRequest, UploadProgress } from '../contract/upload.ts';
import type { Machine } from './machine.ts';
import { retrying } from './retrying.ts';
import type { Api } from './service-api.ts';

/** Polling interval, milliseconds. */
const pauseMs = 1000;

/** Has the service fetch a file from a link; resolves once it has arrived. Rejects with the problem if it could not be fetched. */
export async function importLink(
	api: Pick<Api, 'importLink' | 'readUpload'>,
	link: LinkRequest,
	machine: Pick<Machine, 'isOnline' | 'onConnection' | 'pause'>,
	{
		signal,
		onProgress,
	}: { readonly signal?: AbortSignal | undefined; readonly onProgress?: (progress: UploadProgress) => void } = {},
): Promise<UploadProgress> {
	let progress = await api.importLink(link, signal); // no retry: it would start a second import
	onProgress?.(progress);
	while (progress.state === 'arriving') {
		await machine.pause(pauseMs, signal);
		progress = await retrying(machine, () => api.readUpload(progress.id, signal), signal);
		onProgress?.(progress);
	}
	return progress;
}
