import type { ServiceEvent } from '../contract/events.ts';
import type { Job } from '../contract/job.ts';
import type { AnalysisRequestInput, WirePlanInput } from '../contract/plan.ts';
import type { Report } from '../contract/report.ts';
import type { LinkRequest, UploadProgress } from '../contract/upload.ts';
import { Channel } from './channel.ts';
import { FileSender, type SendProgress, type TicketMemory } from './file-sender.ts';
import { type FollowEvent, followAnalysis } from './follow-analysis.ts';
import { importLink } from './import-link.ts';
import { type Machine, thisMachine } from './machine.ts';
import { ProblemError } from './problem-error.ts';
import { retrying } from './retrying.ts';
import { type SendBytes, sendByFetch } from './send-bytes.ts';
import { type Api, type ApiOptions, createApi } from './service-api.ts';
import { waitForReport } from './wait-for-report.ts';
import { wireFileName } from './wire-file-name.ts';

/** Options of a client; all but `base` have defaults. */
export type ClientOptions = Omit<ApiOptions, 'apiKey' | 'isOnline'> & {
	/** The API key to send, or a function that returns it before every request. */
	readonly apiKey?: string | (() => string | null);
	/** How to send bytes; default: with `fetch`. */
	readonly send?: SendBytes;
	/** Timers and network state; default: this machine's. */
	readonly machine?: Machine;
};

/** Options of every call. */
export type CallOptions = {
	/** Cancels the call, which then rejects with an AbortError or `cancelled`. */
	readonly signal?: AbortSignal | undefined;
};

/** Options for sending a file. */
export type FileOptions = CallOptions & {
	/** File name in the report; default: the file's own name. */
	readonly fileName?: string;
	/** Remembers the upload, so that a later call can resume it. */
	readonly memory?: TicketMemory;
};

/** The events of a file: `uploading` while it is being sent, then those of the analysis. */
export type FileEvent =
	| { readonly type: 'uploading'; readonly upload: SendProgress; readonly totalBytes: number }
	| FollowEvent;

/** A file: a `File` or `Blob` in a browser, or `await openAsBlob(path)` from `node:fs`, which is read while it is sent. */
export type SentFile = Blob & { readonly name?: string };

/**
 * A client of the service. Temporary failures (no network, 429, 503) are retried with exponential backoff, or after Retry-After if that is longer.
 * Refusals reject with a ProblemError, which has a stable `code`.
 */
export type Client = Pick<Api, 'service' | 'ready' | 'models' | 'reportUrl'> & {
	/** Sends a file, analyses it and resolves with the report. Rejects with ProblemError, also if the analysis fails. */
	analyse(file: SentFile, plan?: WirePlanInput, options?: FileOptions): Promise<Report>;
	/** Sends a file, analyses it and yields the events; the last one is `report` or `failed`. Leaving the loop cancels everything. */
	events(file: SentFile, plan?: WirePlanInput, options?: FileOptions): AsyncGenerator<FileEvent, void>;
	/** Sends a file in parts, resuming after interruptions; resolves with its id. */
	upload(
		file: SentFile,
		options?: FileOptions & { readonly onProgress?: (progress: SendProgress) => void },
	): Promise<string>;
	/** Has the service fetch a file from a link; resolves with its id once it has arrived. */
	importLink(
		link: LinkRequest,
		options?: CallOptions & { readonly onProgress?: (progress: UploadProgress) => void },
	): Promise<string>;
	/** Analyses an upload and yields the events, reconnecting as needed; the last one is `report` or `failed`. */
	follow(request: AnalysisRequestInput, options?: CallOptions): AsyncGenerator<FollowEvent, void>;
	/** Starts a job, which continues if this program ends; resolves with its state, or with the report if there already is one. */
	submit(request: AnalysisRequestInput, options?: CallOptions): Promise<Job | Report>;
	/** Waits for the report of a job. */
	wait(id: string, options?: CallOptions & { readonly onJob?: (job: Job) => void }): Promise<Report>;
	/** Reads the report, or the state of a job that has not ended. */
	read(id: string, options?: CallOptions): Promise<Job | Report>;
	/** Cancels the analysis and deletes its report and upload; also resolves if there was nothing to delete. */
	delete(id: string, options?: CallOptions): Promise<void>;
};

/** Creates a client of the service at `base`. */
export function createClient(options: ClientOptions): Client {
	const { apiKey = null, machine = thisMachine, fetch = globalThis.fetch } = options;
	const { send = sendByFetch((input, init) => fetch(input, init)) } = options;
	const api = createApi({
		...options,
		base: options.base.replace(/\/+$/, ''),
		apiKey: typeof apiKey === 'function' ? apiKey : () => apiKey,
		isOnline: machine.isOnline,
	});
	const again = <T>(work: () => Promise<T>, signal?: AbortSignal) => retrying(machine, work, signal);
	const follow = (request: AnalysisRequestInput, signal?: AbortSignal) => followAnalysis(api, request, machine, signal);

	async function upload(
		file: SentFile,
		{ fileName = file.name, memory, signal }: FileOptions,
		onChange: (progress: SendProgress) => void,
	): Promise<string> {
		signal?.throwIfAborted();
		const about = { fileName: wireFileName(fileName ?? 'file'), contentType: file.type };
		const sender = new FileSender(file, { api, ...about, send, machine, onChange });
		const stop = () => void sender.cancel();
		signal?.addEventListener('abort', stop, { once: true });
		try {
			return await sender.run(memory);
		} finally {
			signal?.removeEventListener('abort', stop);
		}
	}

	async function* events(file: SentFile, plan: WirePlanInput, options: FileOptions): AsyncGenerator<FileEvent, void> {
		const stop = new AbortController();
		const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
		const progress = new Channel<SendProgress>();
		const sent = upload(file, { ...options, signal }, (change) => progress.put(change)).finally(() => progress.end());
		sent.catch(() => {}); // awaited below, unless the reader leaves
		let isOver = false;
		try {
			for await (const change of progress) yield { type: 'uploading', upload: change, totalBytes: file.size };
			for await (const event of follow({ uploadId: await sent, plan }, signal)) {
				isOver = event.type === 'report' || event.type === 'failed';
				yield event;
			}
		} catch (thrown) {
			isOver = !signal.aborted; // after a fault on the way, the analysis can be followed again
			throw thrown;
		} finally {
			stop.abort();
			if (!isOver) sent.then(api.deleteAnalysis).catch(() => {}); // otherwise the upload expires
		}
	}

	return {
		service: (signal) => again(() => api.service(signal), signal),
		ready: api.ready,
		models: (signal) => again(() => api.models(signal), signal),
		reportUrl: api.reportUrl,
		upload: (file, { onProgress = () => {}, ...options } = {}) => upload(file, options, onProgress),
		events: (file, plan = {}, options = {}) => events(file, plan, options),
		importLink: async (link, options = {}) => (await importLink(api, link, machine, options)).id,
		follow: (request, { signal } = {}) => follow(request, signal),
		submit: ({ ...request }, { signal } = {}) => again(() => api.submit(request, signal), signal),
		wait: (id, options = {}) => waitForReport(api, id, machine, options),
		read: (id, { signal } = {}) => again(() => api.readAnalysis(id, signal), signal),
		delete: (id, { signal } = {}) => again(() => api.deleteAnalysis(id, signal), signal),
		async analyse(file, plan = {}, options = {}) {
			for await (const event of events(file, plan, options)) {
				if (event.type === 'report') return event.report;
				if (event.type === 'failed') throw errorFromFailure(event);
			}
			throw new ProblemError('stream-cut', { retryable: true });
		},
	};
}

function errorFromFailure({ error }: Extract<ServiceEvent, { type: 'failed' }>): ProblemError {
	return new ProblemError(error.code, { detail: error.message, retryable: error.retryable });
}
