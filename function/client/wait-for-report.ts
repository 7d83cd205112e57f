import type { Job } from '../contract/job.ts';
import type { Report } from '../contract/report.ts';
import type { Machine } from './machine.ts';
import { retrying } from './retrying.ts';
import type { Api } from './service-api.ts';

/** Polling interval if the service sends no Retry-After, seconds. */
const defaultPauseS = 2;

/** Polls a job until it has ended; resolves with the report, or rejects with the problem if the analysis failed. */
export async function waitForReport(
	api: Pick<Api, 'readAnalysis'>,
	id: string,
	machine: Pick<Machine, 'isOnline' | 'onConnection' | 'pause'>,
	{ signal, onJob }: { readonly signal?: AbortSignal | undefined; readonly onJob?: (job: Job) => void } = {},
): Promise<Report> {
	for (;;) {
		const found = await retrying(machine, () => api.readAnalysis(id, signal), signal);
		if (!('state' in found)) return found;
		const { retryAfterS, ...job } = found;
		onJob?.(job);
		await machine.pause(1000 * (retryAfterS ?? defaultPauseS), signal);
	}
}
