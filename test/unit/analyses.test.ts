import { describe, expect, it } from 'vitest';
import { type AnalysisEvent, type ServiceEvent, serviceEventSchema } from '../../function/contract/events.ts';
import { type AnalysisRequest, analysisRequestSchema } from '../../function/contract/plan.ts';
import { type Report, storedResultSchema } from '../../function/contract/report.ts';
import { AnalysisError, type ErrorCode } from '../../function/errors.ts';
import type { Store } from '../../function/store/store.ts';
import { type Analyses, type AnalysesOptions, createAnalyses } from '../../function/worker/analyses.ts';
import { failedEvent } from '../../function/worker/failed-event.ts';
import { createFakeInference, createFakeStore } from './analyses-fakes.ts';
import { sampleReport } from './sample-report.ts';

const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(32)) as [string, string, string, string];

/** Analyses with fakes and the complete uploads a, b, c, d. */
function setUp({ deaf = false, ...options }: Partial<AnalysesOptions> & { deaf?: boolean } = {}) {
	const store = createFakeStore();
	const inference = createFakeInference({ deaf });
	for (const id of [a, b, c, d]) store.put(id);
	const warnings: string[] = [];
	const analyses = createAnalyses({
		store: store.store,
		inference: inference.inference,
		slots: 1,
		queue: 2,
		limits: { maxDurationS: 60 },
		log: { info: () => {}, warn: (_, text) => warnings.push(text) },
		graceMs: 60_000,
		...options,
	});
	const start = (uploadId: string, rest: Partial<AnalysisRequest> | object = {}) =>
		analyses.start(analysisRequestSchema.parse({ uploadId, ...rest }));
	return { ...store, ...inference, analyses, start, warnings };
}

type Events = AsyncGenerator<ServiceEvent, void>;

async function take(events: Events): Promise<ServiceEvent> {
	const { value, done } = await events.next();
	if (done) throw new Error('no event is left');
	return value;
}

async function rest(events: Events): Promise<ServiceEvent[]> {
	const all: ServiceEvent[] = [];
	for await (const event of events) all.push(serviceEventSchema.parse(event));
	return all;
}

const types = (events: readonly ServiceEvent[]) => events.map((event) => event.type);

const progress = (framesDone: number): AnalysisEvent => ({ type: 'progress', framesDone, framesTotal: 40, faces: 0 });
const video = { trackId: 1, logits: Array.from({ length: 8 }, () => -3) };
const report = (plan: object = {}, parts: Partial<Report> = {}): Promise<Report> =>
	sampleReport({
		people: [video],
		parts: { plan: { ...analysisRequestSchema.parse({ uploadId: a, plan }).plan, maxDurationS: 60 }, ...parts },
	});
const failed = (code: ErrorCode, detail = '') => failedEvent('aa.mp4', new AnalysisError(code, 'probe', detail));

const until = async (isTrue: () => boolean) => {
	while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 1));
};

describe('one analysis', () => {
	it('emits accepted at once, even while the store is fetching the upload', async () => {
		const { start, store } = setUp();
		store.openUpload = () => new Promise(() => {});
		expect(await take(await start(a))).toEqual({ type: 'accepted', id: a });
	});

	it('emits accepted, then every event, then the report', async () => {
		const { start, job } = setUp();
		const events = await start(a);
		expect(await take(events)).toEqual({ type: 'accepted', id: a });
		const { emit, path, fileName, plan } = await job(0);
		expect({ path, fileName, plan }).toMatchObject({ fileName: 'aa.mp4', plan: { frames: 40, maxDurationS: 60 } });
		emit(progress(1));
		emit(progress(2));
		emit({ type: 'report', report: await report() });
		expect(types(await rest(events))).toEqual(['progress', 'progress', 'report']);
	});

	it('stores the report and deletes the upload before it emits the report', async () => {
		const { start, job, calls, results } = setUp();
		const events = await start(a);
		(await job(0)).emit({ type: 'report', report: await report() });
		for await (const event of events)
			if (event.type === 'report') {
				expect(calls).toEqual([`openUpload ${a}`, `release ${a}`, `writeResult ${a}`, `deleteUpload ${a}`]);
				expect(results.get(a)).toEqual(event.report);
			}
	});

	it('keeps the upload on request', async () => {
		const { start, job, uploads } = setUp();
		const events = await start(a, { keepUpload: true });
		(await job(0)).emit({ type: 'report', report: await report() });
		await rest(events);
		expect(uploads.has(a)).toBe(true);
	});

	it('ends with store-failed if the report cannot be stored, and keeps the upload', async () => {
		const { start, job, uploads, faults, results } = setUp();
		faults.writeResult = new Error('disk full');
		const events = await start(a);
		(await job(0)).emit({ type: 'report', report: await report() });
		expect((await rest(events)).at(-1)).toMatchObject({
			type: 'failed',
			error: { code: 'store-failed', retryable: true },
		});
		expect([uploads.has(a), results.has(a)]).toEqual([true, false]);
	});

	it('reports an upload that cannot be opened, and only logs one that cannot be deleted', async () => {
		const { start, job, faults, warnings } = setUp();
		faults.openUpload = new Error('gone');
		expect((await rest(await start(a))).at(-1)).toMatchObject({ error: { code: 'store-failed' } });
		delete faults.openUpload;
		faults.deleteUpload = new Error('busy');
		const events = await start(a);
		(await job(0)).emit({ type: 'report', report: await report() });
		expect(types(await rest(events)).at(-1)).toBe('report');
		expect(warnings).toEqual(['an upload could not be deleted']);
	});

	it('stores a failure caused by the file, without the local path, and deletes the upload', async () => {
		const { start, job, put, uploads, results, calls } = setUp({ now: () => new Date(0) });
		put(a, { fileName: '$&.mp4' }); // has a special meaning in String.replace
		const events = await start(a);
		const { emit, path, fileName } = await job(0);
		emit({ ...failed('not-a-video', path), fileName });
		const last = (await rest(events)).at(-1);
		expect(last).toMatchObject({ type: 'failed', error: { code: 'not-a-video' } });
		expect(JSON.stringify(last)).not.toContain('secret');
		expect(storedResultSchema.parse(results.get(a))).toMatchObject({
			schema: 'unmask-failure/1',
			createdAt: '1970-01-01T00:00:00.000Z',
			error: { code: 'not-a-video' },
		});
		expect(uploads.has(a)).toBe(false);
		expect(calls).toContain(`release ${a}`);
		expect(types(await rest(await start(a)))).toEqual(['accepted', 'failed']); // from the stored failure
	});

	it.each<ErrorCode>(['inference-died', 'time-limit', 'cancelled', 'model-missing', 'ffmpeg-missing'])(
		'%s is not stored and keeps the upload, so that it can be tried again',
		async (code) => {
			const { start, job, jobs, uploads, results } = setUp();
			const events = await start(a);
			(await job(0)).emit(failed(code));
			expect((await rest(events)).at(-1)).toMatchObject({ error: { code } });
			expect([uploads.has(a), results.size]).toEqual([true, 0]);
			await (await start(a)).next();
			await job(1);
			expect(jobs).toHaveLength(2);
		},
	);

	it('fails if the events end without a report', async () => {
		const { start, job } = setUp();
		const events = await start(a);
		(await job(0)).stop();
		expect((await rest(events)).at(-1)).toMatchObject({ type: 'failed', error: { code: 'internal' } });
	});

	it('reports the median seconds per frame', async () => {
		const { start, job, analyses } = setUp();
		expect(analyses.status().secondsAFrame).toBeNull();
		for (const [n, totalS] of [6, 600, 12].entries()) {
			const events = await start(a, { keepUpload: true, plan: { frames: 10 + n } });
			(await job(n)).emit({ type: 'report', report: await report({}, { timings: { totalS, firstFaceS: 1 } }) });
			await rest(events);
		}
		expect(analyses.status().secondsAFrame).toBe(12 / 60); // the sample has 60 frames
		expect(analyses.status().secondsAFrameByModel).toEqual({ 'unmask-lite0-224': 12 / 60 });
		const events = await start(a, { keepUpload: true, plan: { model: 'two' } });
		const classifier = { id: 'two', network: null, tier: null, hasHeatMap: true };
		const timed = await report({}, { timings: { totalS: 60, firstFaceS: 1 }, classifier });
		(await job(3)).emit({ type: 'report', report: timed });
		await rest(events);
		expect(analyses.status().secondsAFrameByModel).toEqual({ 'unmask-lite0-224': 12 / 60, two: 1 });
	});
});

describe('refused at once', () => {
	const codeOf = async (started: Promise<unknown>) =>
		(await started.catch((error: AnalysisError) => error)) as AnalysisError;

	it('what is missing, incomplete or unknown', async () => {
		const { start, put } = setUp();
		expect(await codeOf(start('e'.repeat(32)))).toMatchObject({ code: 'upload-not-found' });
		put(a, { complete: false });
		expect(await codeOf(start(a))).toMatchObject({ code: 'upload-incomplete' });
		expect(await codeOf(start(b, { plan: { model: 'three' } }))).toMatchObject({ code: 'model-unknown' });
		const thorough = await codeOf(start(b, { plan: { tier: 'thorough' } }));
		expect(thorough).toMatchObject({ code: 'tier-missing', detail: 'requested: thorough; installed: fast' });
	});

	it('everything while the models cannot be loaded, with the cause; stored reports are still returned', async () => {
		const { start, status, results } = setUp();
		Object.assign(status, { state: 'failed', problem: 'A model file is missing.', problemCode: 'model-missing' });
		expect(await codeOf(start(a))).toMatchObject({ code: 'model-missing' });
		results.set(a, await report());
		expect(types(await rest(await start(a)))).toEqual(['accepted', 'report']);
	});

	it('an analysis when the queue is full', async () => {
		const { start, analyses } = setUp();
		for (const id of [a, b, c]) await start(id);
		expect(await codeOf(start(d))).toMatchObject({ code: 'queue-full' });
		expect(analyses.status()).toMatchObject({ running: 1, waiting: 2, slots: 1, queue: 2 });
		expect(types([await take(await start(b))])).toEqual(['accepted']); // joins, so it needs no place in the queue
	});
});

describe('the queue', () => {
	it('is first come, first served, and reports positions as they change', async () => {
		const { start, job, jobs } = setUp({ queue: 3 });
		const [first, second, third, fourth] = [await start(a), await start(b), await start(c), await start(d)];
		for (const events of [first, second, third, fourth]) expect((await take(events)).type).toBe('accepted');
		expect(await take(second)).toEqual({ type: 'queued', position: 1 });
		expect(await take(third)).toEqual({ type: 'queued', position: 2 });
		expect(await take(fourth)).toEqual({ type: 'queued', position: 3 });
		(await job(0)).emit({ type: 'report', report: await report() });
		expect(await take(third)).toEqual({ type: 'queued', position: 1 });
		expect(await take(fourth)).toEqual({ type: 'queued', position: 2 });
		expect((await job(1)).fileName).toBe('bb.mp4');
		expect(jobs).toHaveLength(2);
	});

	it('moves up when a waiting analysis is cancelled', async () => {
		const { start, job, analyses } = setUp();
		const [, second, third] = [await start(a), await start(b), await start(c)];
		await take(third);
		expect(await take(third)).toEqual({ type: 'queued', position: 2 });
		await analyses.cancel(b);
		expect(await take(third)).toEqual({ type: 'queued', position: 1 });
		expect((await rest(second)).at(-1)).toMatchObject({ type: 'failed', error: { code: 'cancelled' } });
		await analyses.cancel(a);
		expect((await job(1)).fileName).toBe('cc.mp4');
	});

	it('runs as many analyses as there are slots, each with its own events', async () => {
		const { start, job, analyses } = setUp({ slots: 2 });
		const [first, second] = [await start(a), await start(b)];
		const [one, two] = [await job(0), await job(1)];
		expect(analyses.status()).toMatchObject({ running: 2, waiting: 0 });
		two.emit(progress(7));
		one.emit(progress(1));
		two.emit({ type: 'report', report: await report() });
		one.emit(failed('inference-died'));
		expect(types(await rest(first))).toEqual(['accepted', 'progress', 'failed']);
		expect(await rest(second)).toMatchObject([{ type: 'accepted' }, { framesDone: 7 }, { type: 'report' }]);
	});
});

describe('readers', () => {
	it('a second one gets all past and future events', async () => {
		const { start, job, jobs } = setUp();
		const first = await start(a);
		const { emit } = await job(0);
		emit(progress(1));
		emit(progress(2));
		expect([await take(first), await take(first), await take(first)]).toHaveLength(3);
		const second = await start(a);
		expect([await take(second), await take(second)]).toMatchObject([{ type: 'accepted' }, { framesDone: 1 }]);
		emit({ type: 'report', report: await report() });
		expect(types(await rest(first))).toEqual(['report']);
		expect(types(await rest(second))).toEqual(['progress', 'report']);
		expect(jobs).toHaveLength(1);
	});

	it('one with another plan is refused during the analysis, and starts a new one afterwards', async () => {
		const { start, job, results } = setUp();
		const events = await start(a, { keepUpload: true });
		await expect(start(a, { plan: { frames: 80 } })).rejects.toMatchObject({ code: 'analysis-running' });
		(await job(0)).emit({ type: 'report', report: await report() });
		await rest(events);
		expect(types(await rest(await start(a, { plan: { crops: true } })))).toEqual(['accepted', 'report']); // crops do not affect the report
		const again = await start(a, { plan: { frames: 80 } });
		(await job(1)).emit({ type: 'report', report: await report({ frames: 80 }) });
		await rest(again);
		expect(results.get(a)).toMatchObject({ plan: { frames: 80 } });
	});

	it.each([true, false])('the latest one decides whether the upload is kept: %s', async (keepUpload) => {
		const { start, job, uploads } = setUp();
		const first = await start(a, { keepUpload: !keepUpload });
		const second = await start(a, { keepUpload });
		(await job(0)).emit({ type: 'report', report: await report() });
		for (const events of [first, second]) await rest(events);
		expect(uploads.has(a)).toBe(keepUpload);
	});

	it('two simultaneous requests start only one analysis', async () => {
		const { start, job, jobs } = setUp();
		const both = await Promise.all([start(a), start(a)]);
		(await job(0)).emit({ type: 'report', report: await report() });
		for (const events of both) expect(types(await rest(events))).toEqual(['accepted', 'report']);
		expect(jobs).toHaveLength(1);
	});

	it('a slow one holds up neither the analysis nor the others', async () => {
		const { start, job } = setUp();
		const slow = await start(a);
		await take(slow);
		const fast = await start(a);
		const { emit } = await job(0);
		for (let i = 0; i < 2000; i++) emit(progress(i));
		emit({ type: 'report', report: await report() });
		expect(await rest(fast)).toHaveLength(2002);
		expect(await rest(slow)).toHaveLength(2001);
	});

	it('when the last one leaves, the analysis is cancelled after the grace period, even during a wait', async () => {
		const { start, job, analyses, uploads } = setUp({ graceMs: 1 });
		const events = await start(a);
		await take(events);
		const { signal } = await job(0);
		const next = events.next();
		await events.return(); // while `next` is pending
		expect((await next).done).toBe(true);
		await until(() => signal.aborted);
		await until(() => analyses.status().running === 0);
		expect(uploads.has(a)).toBe(true);
	});

	it('one that never reads an event does not count', async () => {
		const { start, job } = setUp({ graceMs: 1 });
		const events = await start(a);
		await events.return();
		const { signal } = await job(0);
		await until(() => signal.aborted);
	});

	it('one that comes back within the grace period continues the same analysis', async () => {
		const { start, job, jobs } = setUp({ graceMs: 60_000 });
		const first = await start(a);
		await take(first);
		const { emit, signal } = await job(0);
		emit(progress(1));
		await first.return();
		const second = await start(a);
		emit({ type: 'report', report: await report() });
		expect(types(await rest(second))).toEqual(['accepted', 'progress', 'report']);
		expect([signal.aborted, jobs.length]).toEqual([false, 1]);
	});

	it('one that comes back during the cancellation starts a new analysis', async () => {
		const { start, job, jobs } = setUp({ graceMs: 0, deaf: true });
		const first = await start(a);
		await take(first);
		const old = await job(0);
		await first.return();
		await until(() => old.signal.aborted);
		const second = start(a);
		old.emit(failed('cancelled'));
		const events = await second;
		const next = events.next();
		(await job(1)).emit({ type: 'report', report: await report() });
		expect((await next).value).toEqual({ type: 'accepted', id: a });
		expect(types(await rest(events))).toEqual(['report']);
		expect(jobs).toHaveLength(2);
	});

	it('if one of two leaves, nothing is cancelled', async () => {
		const { start, job } = setUp({ graceMs: 0 });
		const [first, second] = [await start(a), await start(a)];
		await take(first);
		await take(second);
		await first.return();
		await new Promise((resolve) => setTimeout(resolve, 20));
		const { emit, signal } = await job(0);
		expect(signal.aborted).toBe(false);
		emit({ type: 'report', report: await report() });
		expect(types(await rest(second))).toEqual(['report']);
	});
});

describe('ending', () => {
	it('cancel resolves once the analysis has ended, and late events are dropped', async () => {
		const { start, job, analyses, results } = setUp();
		const events = await start(a);
		const { emit } = await job(0);
		await analyses.cancel(a);
		emit({ type: 'report', report: await report() });
		expect(types(await rest(events))).toEqual(['accepted', 'failed']);
		expect(results.size).toBe(0);
		await analyses.cancel(a); // no effect without an analysis
		await analyses.cancel(d);
	});

	it('drain refuses new analyses, fails waiting ones, and lets running ones finish', async () => {
		const { start, job, analyses, results } = setUp();
		const [runs, waits] = [await start(a), await start(b)];
		const { emit } = await job(0);
		const drained = analyses.drain(60_000);
		await expect(start(c)).rejects.toMatchObject({ code: 'shutting-down' });
		expect((await rest(waits)).at(-1)).toMatchObject({ error: { code: 'shutting-down', retryable: true } });
		emit({ type: 'report', report: await report() });
		await drained;
		expect(types(await rest(runs)).at(-1)).toBe('report');
		expect(results.has(a)).toBe(true);
	});

	it('drain ends analyses that do not finish in time, even if they do not respond', async () => {
		const { start, job, analyses, results, uploads } = setUp({ deaf: true });
		const events = await start(a);
		const { emit, signal } = await job(0);
		const drained = analyses.drain(0);
		expect((await rest(events)).at(-1)).toMatchObject({ error: { code: 'shutting-down' } });
		expect(signal.aborted).toBe(true);
		emit({ type: 'report', report: await report() }); // too late, the reader already got shutting-down
		await drained;
		expect([results.size, uploads.has(a)]).toEqual([0, true]);
	});
});

describe('jobs', () => {
	const tick = () => new Promise((resolve) => setTimeout(resolve, 5));
	const submit = (analyses: Analyses, uploadId: string) => analyses.submit(analysisRequestSchema.parse({ uploadId }));

	/** A store whose writes of results take until `land` is called with their number; those before `from` take none. */
	function slowWrites(from: number) {
		const fake = createFakeStore();
		for (const id of [a, b, c, d]) fake.put(id);
		const pending: (() => void)[] = [];
		let writes = 0;
		const writeResult: Store['writeResult'] = async (id, result) => {
			if (writes++ >= from) await new Promise<void>((resolve) => pending.push(resolve));
			await fake.store.writeResult(id, result);
		};
		const land = async (n: number) => {
			await until(() => pending.length > n);
			pending[n]?.();
			await tick();
		};
		return { store: { ...fake.store, writeResult }, land };
	}

	it('an analysis whose result is being stored becomes no job any more', async () => {
		const { store, land } = slowWrites(0);
		const { start, job, analyses } = setUp({ store });
		await start(a);
		(await job(0)).emit({ type: 'report', report: await report() });
		await tick();
		const submitted = submit(analyses, a);
		await land(0);
		const ended = await Promise.race([submitted, land(1).then(() => submitted)]);
		expect(ended).toMatchObject({ type: 'report' });
		expect(await analyses.find(a)).toMatchObject({ schema: 'unmask-report/1' });
	});

	it('nothing is left of a job that was cancelled and deleted while it was being recorded', async () => {
		const { store, land } = slowWrites(1);
		const { job, analyses } = setUp({ store });
		await submit(analyses, a);
		await job(0);
		const submitted = submit(analyses, b);
		await tick();
		const deleted = analyses.cancel(b).then(() => store.deleteResult(b));
		await tick();
		await land(0);
		await Promise.all([submitted, deleted]);
		expect(await analyses.find(b)).toBeNull();
	});

	it('a failure does not replace the report that another instance made meanwhile', async () => {
		const one = setUp();
		const two = setUp({ store: one.store });
		await submit(two.analyses, c);
		await submit(one.analyses, a);
		await submit(two.analyses, a); // waits
		(await one.job(0)).emit({ type: 'report', report: await report() });
		await until(() => !one.uploads.has(a));
		(await two.job(0)).emit(failed('not-a-video'));
		await until(() => two.analyses.status().running === 0);
		expect(await two.analyses.find(a)).toMatchObject({ schema: 'unmask-report/1' });
		expect(await two.analyses.find(c)).toMatchObject({ schema: 'unmask-failure/1' });
	});

	/** Two instances that share a bucket, with the uploads a and b. */
	function twoInstances() {
		const bucket = createFakeStore();
		for (const id of [a, b]) bucket.put(id);
		const store: Store = { ...bucket.store, kind: 'gcs' };
		return [setUp({ store }), setUp({ store })] as const;
	}

	it('one that a stopped instance left is at once interrupted for the others, which can run it', async () => {
		const [one, two] = twoInstances();
		for (const id of [a, b]) await submit(one.analyses, id);
		await one.job(0);
		await one.analyses.drain(0);
		for (const id of [a, b])
			expect(await two.analyses.find(id)).toMatchObject({ error: { code: 'analysis-interrupted' } });
		await submit(two.analyses, b);
		expect(await two.job(0)).toMatchObject({ fileName: 'bb.mp4' });
		await two.analyses.drain(0);
	});

	it('nothing is stored of an analysis that was deleted through another instance', async () => {
		const { start, job, analyses, uploads, results } = setUp();
		const streamed = await start(a);
		(await job(0)).emit(progress(1));
		uploads.delete(a);
		(await job(0)).emit({ type: 'report', report: await report() });
		expect((await rest(streamed)).at(-1)?.type).toBe('report');
		await submit(analyses, b);
		await job(1);
		results.delete(b);
		uploads.delete(b);
		(await job(1)).emit({ type: 'report', report: await report() });
		await until(() => analyses.status().running === 0);
		expect([...results.keys()]).toEqual([]);
	});
});
