import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../function/client/problem-error.ts';
import type { SendBytes } from '../../function/client/send-bytes.ts';
import type { Api } from '../../function/client/service-api.ts';
import type { ServiceEvent } from '../../function/contract/events.ts';
import type { Job } from '../../function/contract/job.ts';
import { type AnalysisRequest, analysisRequestSchema } from '../../function/contract/plan.ts';
import type { Report } from '../../function/contract/report.ts';
import { Analysis, type AnalysisSource, type AnalysisStage } from '../../spa/lib/analysis.svelte.ts';
import { planFromDepth } from '../../spa/lib/depth.ts';
import { sampleReports } from '../unit/sample-report.ts';
import { eventually, gate, testSurroundings } from './surroundings.ts';

const report = await sampleReports.fake();
const tracks = report.tracks;
const faceEvent = (track: number, k: number): ServiceEvent => {
	const found = tracks[track];
	const face = found?.faces[k];
	if (!found || !face) throw new Error('no such face');
	return { type: 'face', trackId: found.trackId, face, cropJpegBase64: `crop${track}${k}` };
};
const progress = (framesDone: number, faces: number): ServiceEvent => ({
	type: 'progress',
	framesDone,
	framesTotal: 40,
	faces,
});
const video: ServiceEvent = { type: 'video', fileName: 'interview.mp4', video: report.video };
const moment = tracks[0]?.moments[0];
if (!moment) throw new Error('the sample has moments');
const end: ServiceEvent = { type: 'report', report };

/** A service under the test's control: `push` sends the next event to a follower, `cut` breaks the connection. */
function fakeApi() {
	const calls: string[] = [];
	const requests: AnalysisRequest[] = [];
	let stored: Report | ProblemError | null = null;
	const jobs: Job[] = [];
	let uploads = 0;
	let waiting: ServiceEvent[] = [];
	let ended: ProblemError | null = null;
	let wake = () => {};
	const known = new Set<string>();
	const api: Api = {
		service: () => Promise.reject(new Error('not asked here')),
		ready: () => Promise.reject(new Error('not asked here')),
		models: () => Promise.reject(new Error('not asked here')),
		reportUrl: (id) => `/v1/analyses/${id}`,
		async createUpload() {
			const id = String(++uploads).padStart(32, '0');
			calls.push(`create ${uploads}`);
			known.add(id);
			const expiresAt = '2030-01-01T00:00:00.000Z';
			return { id, upload: { method: 'PUT', url: 'http://store.test/', headers: {}, resumable: true, expiresAt } };
		},
		importLink: () => Promise.reject(new Error('not asked here')),
		readUpload: () => Promise.reject(new Error('not asked here')),
		submit: () => Promise.reject(new Error('not asked here')),
		async *stream(asked, signal) {
			const request = analysisRequestSchema.parse(asked);
			requests.push(request);
			calls.push(`analyse ${Number(request.uploadId)}`);
			if (!known.has(request.uploadId)) throw new ProblemError('upload-not-found', { status: 404 });
			ended = null;
			while (true) {
				signal?.throwIfAborted();
				const next = waiting.shift();
				if (next) yield next;
				else if (ended) throw ended;
				else
					await new Promise<void>((resolve) => {
						wake = resolve;
						signal?.addEventListener('abort', () => resolve());
					});
			}
		},
		async readAnalysis(id) {
			calls.push(`report ${Number(id)}`);
			const job = jobs.shift();
			if (job) return { ...job, retryAfterS: null };
			if (stored instanceof ProblemError) throw stored;
			if (stored) return stored;
			throw new ProblemError('report-not-found', { status: 404 });
		},
		async deleteAnalysis(id) {
			calls.push(`delete ${Number(id)}`);
			known.delete(id);
		},
	};
	/** Sends events, and resolves once they have been handled. */
	const push = async (...events: ServiceEvent[]) => {
		waiting.push(...events);
		wake();
		await settle();
	};
	return {
		api,
		calls,
		requests,
		push,
		forget: () => known.clear(),
		jobs,
		store(result: Report | ProblemError) {
			stored = result;
		},
		async cut(error = new ProblemError('stream-cut', { retryable: true })) {
			waiting = [];
			ended = error;
			wake();
			await settle();
		},
	};
}

/** Runs everything that does not wait for the outside. */
async function settle() {
	for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
}

const file = () => new File(['\0\0\0\x18ftypmp42', new Uint8Array(2000)], 'interview.mp4', { type: 'video/mp4' });
const sendAtOnce: SendBytes = async () => ({ status: 200, range: null, retryAfter: null, body: '' });

async function begin({ send = sendAtOnce, source = { file: file(), limits: null } as AnalysisSource } = {}) {
	const service = fakeApi();
	const machine = testSurroundings({ send });
	const changes: AnalysisStage[] = [];
	const onChange = ({ stage }: Analysis) => void changes.push(stage);
	const analysis = new Analysis(source, { api: service.api, around: machine.around, depth: 20, onChange });
	await analysis.check();
	return { ...service, ...machine, analysis, changes };
}

describe('Analysis', () => {
	it('goes from the preview to the answer', async () => {
		const { analysis, push, requests, changes } = await begin();
		expect(analysis).toMatchObject({
			stage: 'ready',
			kind: 'video',
			fileName: 'interview.mp4',
			id: null,
			canContinue: false,
		});
		const run = analysis.start();
		await settle();
		expect(analysis).toMatchObject({ stage: 'asking', id: '1'.padStart(32, '0') });
		expect(requests[0]).toEqual({
			uploadId: analysis.id,
			plan: planFromDepth(20),
			keepUpload: false,
			keepReport: true,
		});

		await push({ type: 'accepted', id: analysis.id ?? '' });
		expect(analysis.stage).toBe('reading');
		await push({ type: 'queued', position: 2 });
		expect(analysis).toMatchObject({ stage: 'queued', queuePosition: 2 });
		await push(video);
		expect(analysis).toMatchObject({ stage: 'scoring', queuePosition: null, video: report.video, progress: null });

		await push(progress(1, 2), faceEvent(1, 0), faceEvent(0, 0), progress(2, 3), faceEvent(0, 1));
		expect(analysis).toMatchObject({ framesDone: 2, framesTotal: 40, progress: 0.05, facesFound: 3, report: null });
		expect(analysis.people.map(({ trackId, faces }) => [trackId, faces.length])).toEqual([
			[1, 2],
			[2, 1],
		]);
		expect(analysis.people[0]?.cropUrl).toBe('data:image/jpeg;base64,crop01');
		expect(analysis.newest.map(({ trackId }) => trackId)).toEqual([1, 1, 2]);

		await push({ type: 'moment', trackId: 1, moment });
		expect(analysis.stage).toBe('gathering');
		expect(analysis.people[0]?.moments).toEqual([moment]);
		await push(end);
		await run;
		expect(analysis).toMatchObject({ stage: 'done', report, progress: 1, isRunning: false, fault: null });
		expect(analysis.people.map(({ outcome }) => outcome)).toEqual(tracks.map(({ outcome }) => outcome));
		expect(analysis.reportUrl).toBe(`/v1/analyses/${analysis.id}`);
		expect(changes).toEqual(['reading', 'done']);
	});

	it('keeps every face once and in chronological order, whatever order they arrive in', async () => {
		const { analysis, push } = await begin();
		void analysis.start();
		await settle();
		await push(faceEvent(0, 2), faceEvent(0, 0), faceEvent(0, 1), faceEvent(0, 2));
		expect(analysis.people[0]?.faces.map(({ frameIndex }) => frameIndex)).toEqual([0, 1, 2]);
		await analysis.cancel();
	});

	it('shows a lost connection, and repeated events only once', async () => {
		const { analysis, push, cut } = await begin();
		const run = analysis.start();
		await settle();
		await push({ type: 'accepted', id: analysis.id ?? '' }, video, progress(1, 1), faceEvent(0, 0));
		await cut();
		expect(analysis.connection).toEqual({ code: 'stream-cut', attempt: 1, pauseS: 0.5 });
		expect(analysis.people).toHaveLength(1);
		await push(video, progress(1, 1), faceEvent(0, 0), faceEvent(0, 1));
		expect(analysis.connection).toBeNull();
		expect(analysis.newest).toHaveLength(2);
		await push(end);
		await run;
		expect(analysis.stage).toBe('done');
	});

	it('starts over when the service started over', async () => {
		const { analysis, push, cut } = await begin();
		void analysis.start();
		await settle();
		await push(video, progress(5, 5), faceEvent(0, 0), faceEvent(1, 0));
		await cut();
		await push(video, progress(1, 1), faceEvent(0, 1));
		expect(analysis.people.map(({ trackId, faces }) => [trackId, faces.length])).toEqual([[1, 1]]);
		expect(analysis).toMatchObject({ framesDone: 1, video: report.video });
		await analysis.cancel();
	});

	it('uses the stored report if the stream stops without an end event', async () => {
		const { analysis, push, cut, store, forget } = await begin();
		const run = analysis.start();
		await settle();
		await push(video, progress(1, 1));
		store(report);
		forget();
		await cut();
		await run;
		expect(analysis).toMatchObject({ stage: 'done', report });
	});

	it("fails with the service's reason", async () => {
		const { analysis, push, changes } = await begin();
		const run = analysis.start();
		await settle();
		await push(video, {
			type: 'failed',
			fileName: 'interview.mp4',
			error: { code: 'inference-died', stage: 'score', message: 'It stopped.', retryable: true },
		});
		await run;
		expect(analysis).toMatchObject({
			stage: 'failed',
			fault: { code: 'inference-died', detail: 'It stopped.', retryable: true, retryAfterS: null },
		});
		expect(changes).toEqual(['failed']);
	});

	it('ignores events after a cancel, and has the service delete the analysis', async () => {
		const { analysis, push, calls, changes } = await begin();
		const run = analysis.start();
		await settle();
		await push(video, progress(1, 1), faceEvent(0, 0));
		const cancelled = analysis.cancel();
		await push(progress(7, 7), faceEvent(0, 1), end);
		await Promise.all([cancelled, run]);
		expect(analysis).toMatchObject({ stage: 'cancelled', framesDone: 1, report: null, fault: null });
		expect(analysis.newest).toHaveLength(1);
		expect(calls).toEqual(['create 1', 'analyse 1', 'delete 1']);
		expect(changes).toEqual(['cancelled']);
	});

	it('cancels in the middle of the upload', async () => {
		const sending = gate();
		const send: SendBytes = ({ signal }) =>
			new Promise((_resolve, reject) => {
				signal.addEventListener('abort', () => reject(signal.reason));
				sending.open();
			});
		const { analysis, calls } = await begin({ send });
		const run = analysis.start();
		await sending.opened;
		expect(analysis).toMatchObject({ stage: 'uploading', upload: { state: 'sending' } });
		await Promise.all([analysis.cancel(), run]);
		expect(analysis).toMatchObject({ stage: 'cancelled', upload: { state: 'cancelled' } });
		expect(calls).toEqual(['create 1', 'delete 1']);
	});

	it('analyses more frames after the answer, sending the file again if the service has deleted it', async () => {
		const { analysis, push, calls, forget, requests } = await begin();
		const run = analysis.start();
		await settle();
		await push(end);
		await run;
		forget();
		const again = analysis.retry(100);
		await settle();
		expect(calls).toEqual(['create 1', 'analyse 1', 'analyse 1', 'create 2', 'analyse 2']);
		expect(requests.at(-1)?.plan.frames).toBe(100);
		expect(analysis).toMatchObject({ stage: 'asking', report: null, people: [] });
		await push(end);
		await again;
		expect(analysis).toMatchObject({ stage: 'done', depth: 100 });
	});

	it('tests the verdict on changed copies on request, sending the file again', async () => {
		const { analysis, push, requests, calls, forget } = await begin();
		const run = analysis.start();
		await settle();
		await push(end);
		await run;
		forget();
		const test = analysis.testStability();
		await settle();
		await push(end);
		await test;
		expect(requests.map(({ plan }) => plan.stability)).toEqual([false, true, true]);
		expect(calls).toEqual(['create 1', 'analyse 1', 'analyse 1', 'create 2', 'analyse 2']);
		expect(analysis.stage).toBe('done');
	});

	it('starts again after a cancel', async () => {
		const { analysis, push, calls } = await begin();
		void analysis.start();
		await settle();
		await analysis.cancel();
		const run = analysis.retry();
		await settle();
		await push(end);
		await run;
		expect(analysis.stage).toBe('done');
		expect(calls).toEqual(['create 1', 'analyse 1', 'delete 1', 'analyse 1', 'create 2', 'analyse 2']);
	});

	it('does not change its depth while it runs', async () => {
		const { analysis } = await begin();
		void analysis.start();
		await settle();
		analysis.setDepth(80);
		await analysis.retry(60);
		expect(analysis.depth).toBe(20);
		await analysis.cancel();
	});

	it('refuses a file before it sends anything', async () => {
		const { analysis, calls } = await begin({ source: { file: file(), limits: { sizeBytes: 100, durationS: 60 } } });
		expect(analysis).toMatchObject({ stage: 'refused', fault: { code: 'file-too-large', retryable: false } });
		await analysis.start();
		expect(calls).toEqual([]);
	});

	it('refuses a video that is too long once the player knows its length', async () => {
		const { analysis, calls } = await begin({ source: { file: file(), limits: { sizeBytes: 1e9, durationS: 60 } } });
		analysis.setDuration(60);
		expect(analysis).toMatchObject({ stage: 'ready', durationS: 60 });
		analysis.setDuration(60.5);
		expect(analysis).toMatchObject({ stage: 'refused', fault: { code: 'video-too-long', retryable: false } });
		await analysis.start();
		expect(calls).toEqual([]);
	});

	it('opens a stored report, and deletes nothing when the page is left', async () => {
		const source = { id: '9'.padStart(32, '0'), fileName: '' };
		const { analysis, store, calls, changes } = await begin({ source });
		store(report);
		await analysis.open();
		expect(analysis).toMatchObject({ stage: 'done', fileName: report.fileName, previewUrl: null });
		await analysis.cancel();
		analysis.dispose();
		expect(calls).toEqual(['report 9']);
		expect(changes).toEqual([]);
	});

	it('follows a job that was started elsewhere until its report is there', async () => {
		const source = { id: '9'.padStart(32, '0'), fileName: '' };
		const { analysis, store, calls, jobs, pauses } = await begin({ source });
		const { id } = source;
		jobs.push({ id, state: 'queued', position: 2, progress: null });
		jobs.push({ id, state: 'running', position: null, progress: { framesDone: 3, framesTotal: 40, faces: 5 } });
		store(report);
		const opening = analysis.open();
		await eventually(() => analysis.stage).toBe('done');
		await opening;
		expect(analysis).toMatchObject({ fileName: report.fileName, queuePosition: null, report });
		expect(calls).toEqual(['report 9', 'report 9', 'report 9']);
		expect(pauses).toEqual([2000, 2000]);
	});

	it('says why a stored report cannot be shown, and asks again', async () => {
		const source = { id: '9'.padStart(32, '0'), fileName: '' };
		const { analysis, calls, store } = await begin({ source });
		await expect(analysis.open()).rejects.toMatchObject({ code: 'report-not-found' });
		expect(analysis).toMatchObject({ stage: 'failed', fault: { code: 'report-not-found' } });
		store(new ProblemError('no-video-stream', { status: 422, detail: 'Sound only.' }));
		await analysis.retry();
		expect(analysis).toMatchObject({ stage: 'failed', fault: { code: 'no-video-stream' } });
		expect(calls).toEqual(['report 9', 'report 9']);
	});

	it('deletes report and upload on request', async () => {
		const { analysis, push, calls } = await begin();
		const run = analysis.start();
		await settle();
		await push(end);
		await run;
		await analysis.remove();
		expect(calls.at(-1)).toBe('delete 1');
	});
});
