import { EventEmitter, on } from 'node:events';
import type { AnalysisEvent } from '../../function/contract/events.ts';
import type { StoredEntry } from '../../function/contract/report.ts';
import { AnalysisError } from '../../function/errors.ts';
import type { Store, TextRecords, UploadState } from '../../function/store/store.ts';
import { failedEvent } from '../../function/worker/failed-event.ts';
import type { Inference, InferenceStatus } from '../../function/worker/inference.ts';
import type { Job } from '../../function/worker/messages.ts';

/** An in-memory store with its `uploads` and `results`; `calls` lists the calls in order. */
export function createFakeStore() {
	const uploads = new Map<string, UploadState>();
	const results = new Map<string, StoredEntry>();
	const calls: string[] = [];
	const faults: Partial<Record<'writeResult' | 'deleteUpload' | 'openUpload', Error>> = {};
	const call = (name: keyof typeof faults | 'release', id: string) => {
		calls.push(`${name} ${id}`);
		if (name !== 'release' && faults[name]) throw faults[name];
	};
	const store: Store = {
		kind: 'disk',
		createUpload: () => Promise.reject(new Error('not part of this')),
		putUpload: () => Promise.reject(new Error('not part of this')),
		findUpload: async (id) => uploads.get(id) ?? null,
		async openUpload(id) {
			call('openUpload', id);
			if (!uploads.has(id)) throw new AnalysisError('upload-not-found', 'upload');
			return { path: `/secret/uploads/${id}`, release: async () => call('release', id) };
		},
		async deleteUpload(id) {
			call('deleteUpload', id);
			return uploads.delete(id);
		},
		async writeResult(id, result) {
			call('writeResult', id);
			results.set(id, result);
		},
		readResult: async (id) => results.get(id) ?? null,
		deleteResult: async (id) => results.delete(id),
		webhooks: createFakeTexts(),
		check: async () => {},
	};
	const put = (id: string, some: Partial<UploadState> = {}) =>
		uploads.set(id, {
			id,
			fileName: `${id.slice(0, 2)}.mp4`,
			sizeBytes: 1,
			contentType: 'video/mp4',
			complete: true,
			receivedBytes: 1,
			createdAt: '2026-11-22T18:00:00.000Z',
			...some,
		});
	return { store, uploads, results, calls, faults, put };
}

/** In-memory text records. */
export function createFakeTexts(texts = new Map<string, string>()): TextRecords {
	return {
		write: async (id, text) => void texts.set(id, text),
		read: async (id) => texts.get(id) ?? null,
		list: async () => [...texts.keys()],
		remove: async (id) => texts.delete(id),
	};
}

/** An analysis requested from the fake; the test emits its events. */
export type FakeJob = Job & { readonly signal: AbortSignal; emit(event: AnalysisEvent): void; stop(): void };

/** An inference whose events come from the test; an abort ends a job with `cancelled`, unless it is `deaf`. */
export function createFakeInference({ deaf = false } = {}) {
	const jobs: FakeJob[] = [];
	const started = new EventEmitter();
	const status: InferenceStatus = {
		state: 'ready',
		provider: 'cpu',
		models: [],
		classifiers: ['one', 'two'],
		tiers: ['fast'],
		selfTest: null,
		problem: null,
		problemCode: null,
		restarts: { died: 0, recycled: 0 },
		residentBytes: 1,
	};
	const inference: Inference = {
		async *analyse(job, signal) {
			const emitter = new EventEmitter();
			const events = on(emitter, 'event', { close: ['end'] });
			const emit = (event: AnalysisEvent) => void emitter.emit('event', event);
			const cancelled = () => emit(failedEvent(job.fileName, new AnalysisError('cancelled', 'score')));
			if (!deaf) signal.addEventListener('abort', cancelled);
			if (!deaf && signal.aborted) cancelled();
			jobs.push({ ...job, signal, emit, stop: () => void emitter.emit('end') });
			started.emit('job');
			for await (const [event] of events as AsyncIterable<[AnalysisEvent]>) yield event;
		},
		status: () => status,
		close: async () => {},
	};
	/** Resolves with the n-th job (0 = the first) once it is requested. */
	const job = async (n: number): Promise<FakeJob> => {
		while (!jobs[n]) await new Promise<void>((resolve) => started.once('job', () => resolve()));
		return jobs[n];
	};
	return { inference, jobs, job, status };
}
