import { describe, expect, it } from 'vitest';
import { type FollowEvent, followAnalysis } from '../../../function/client/follow-analysis.ts';
import { ProblemError } from '../../../function/client/problem-error.ts';
import type { ServiceEvent } from '../../../function/contract/events.ts';
import type { AnalysisRequest } from '../../../function/contract/plan.ts';
import type { FaceEntry, Report } from '../../../function/contract/report.ts';
import { planFromDepth } from '../../../spa/lib/depth.ts';
import { gate, testMachine } from '../../tools/test-machine.ts';
import { sampleReports } from '../sample-report.ts';

const id = `${'0'.repeat(31)}1`;
const request: AnalysisRequest = { uploadId: id, plan: planFromDepth(40), keepUpload: false, keepReport: true };
const report = await sampleReports.real();
const accepted: ServiceEvent = { type: 'accepted', id };
const queued: ServiceEvent = { type: 'queued', position: 2 };
const progress = (framesDone: number): ServiceEvent => ({
	type: 'progress',
	framesDone,
	framesTotal: 40,
	faces: framesDone,
});
const end: ServiceEvent = { type: 'report', report };

/** One connection: its events, and the code of the error that follows unless they include a last event. */
type Connection = { readonly events?: readonly ServiceEvent[]; readonly error?: ProblemError };

/** The service as a list of connections; more requests than connections are a bug in the test. */
function fakeService(connections: readonly Connection[], stored: Report | ProblemError | null = null) {
	let asked = 0;
	let askedForReport = 0;
	return {
		get asked() {
			return asked;
		},
		get askedForReport() {
			return askedForReport;
		},
		async *stream(): AsyncGenerator<ServiceEvent, void> {
			const connection = connections[asked++];
			if (!connection) throw new Error('asked too often');
			yield* connection.events ?? [];
			if (connection.error) throw connection.error;
		},
		async readAnalysis() {
			askedForReport++;
			if (stored instanceof ProblemError) throw stored;
			if (stored) return stored;
			throw new ProblemError('report-not-found', { status: 404 });
		},
	};
}

const cut = () => new ProblemError('stream-cut', { retryable: true });

async function gather(service: ReturnType<typeof fakeService>, { machine } = testMachine()) {
	const events: FollowEvent[] = [];
	let error: unknown = null;
	try {
		for await (const event of followAnalysis(service, request, machine)) events.push(event);
	} catch (thrown) {
		error = thrown;
	}
	return { events, types: events.map(({ type }) => type), error: error as ProblemError | null };
}

describe('followAnalysis', () => {
	it('passes on the events of one connection in order', async () => {
		const all = [accepted, queued, progress(1), progress(2), end];
		const service = fakeService([{ events: all }]);
		expect((await gather(service)).events).toEqual(all);
		expect(service.asked).toBe(1);
	});

	it('drops replayed events after an interruption, so that each event is emitted once', async () => {
		const service = fakeService([
			{ events: [accepted, progress(1), progress(2)], error: cut() },
			{ events: [accepted, progress(1), progress(2), progress(3)], error: cut() },
			{ events: [accepted, progress(1), progress(2), progress(3), progress(4), end] },
		]);
		const { events, types } = await gather(service);
		expect(types).toEqual([
			...['accepted', 'progress', 'progress'],
			...['reconnecting', 'reconnected', 'progress'],
			...['reconnecting', 'reconnected', 'progress', 'report'],
		]);
		expect(events.flatMap((event) => (event.type === 'progress' ? [event.framesDone] : []))).toEqual([1, 2, 3, 4]);
	});

	it('recognises a replay without pictures and moments', async () => {
		const [track] = report.tracks;
		if (!track?.faces[0] || !track.moments[0]) throw new Error('the sample has a face and a moment');
		const face = (cropJpegBase64: string | null): ServiceEvent => ({
			type: 'face',
			trackId: 1,
			face: track.faces[0] as FaceEntry,
			cropJpegBase64,
		});
		const moment: ServiceEvent = { type: 'moment', trackId: 1, moment: track.moments[0] };
		const service = fakeService([
			{ events: [accepted, face('cGljdHVyZQ=='), progress(1), moment], error: cut() },
			{ events: [accepted, face(null), progress(1), moment, end] },
		]);
		expect((await gather(service)).types).toEqual([
			...['accepted', 'face', 'progress', 'moment', 'reconnecting', 'reconnected', 'moment', 'report'],
		]);
	});

	it('reports a restart if the replay differs, and emits all of it', async () => {
		const service = fakeService([
			{ events: [accepted, progress(1), progress(5), progress(9)], error: cut() },
			{ events: [accepted, progress(1), progress(4), progress(8), end] },
		]);
		const { events } = await gather(service);
		const after = events.slice(events.findIndex(({ type }) => type === 'restarted'));
		expect(after).toEqual([{ type: 'restarted' }, progress(1), progress(4), progress(8), end]);
	});

	it('accepts a report instead of a replay', async () => {
		const service = fakeService([
			{ events: [accepted, progress(1), progress(2)], error: cut() },
			{ events: [accepted, end] },
		]);
		expect((await gather(service)).types).toEqual([
			...['accepted', 'progress', 'progress', 'reconnecting', 'reconnected', 'report'],
		]);
	});

	it('waits for the network before it reconnects', async () => {
		const machine = testMachine();
		const service = fakeService([
			{ events: [accepted, progress(1)], error: new ProblemError('offline', { retryable: true }) },
			{ events: [accepted, progress(1), end] },
		]);
		machine.setOnline(false);
		const events = followAnalysis(service, request, machine.machine);
		const seen: string[] = [];
		for await (const event of events) {
			seen.push(event.type);
			if (event.type !== 'reconnecting') continue;
			setImmediate(() => setImmediate(() => machine.setOnline(true)));
			expect(service.asked).toBe(1);
		}
		expect(seen.at(-1)).toBe('report');
		expect(machine.listeners.size).toBe(0);
	});

	it('pauses longer each time, then reads the stored report', async () => {
		const machine = testMachine();
		const service = fakeService(
			[{ events: [accepted, progress(1)], error: cut() }, ...Array.from({ length: 8 }, () => ({ error: cut() }))],
			report,
		);
		const { events } = await gather(service, machine);
		expect(events.at(-1)).toEqual(end);
		expect(machine.pauses).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
		expect(service.askedForReport).toBe(1);
	});

	it('ends with the first error if there is no stored report either', async () => {
		const service = fakeService([
			{ events: [accepted, progress(1)], error: cut() },
			{ error: new ProblemError('upload-not-found', { status: 404 }) },
		]);
		const { error } = await gather(service);
		expect(error?.code).toBe('upload-not-found');
		expect(service.askedForReport).toBe(1);
	});

	it('ends with a stored failure', async () => {
		const stored = new ProblemError('no-video-stream', { status: 422, detail: 'Sound only.' });
		const service = fakeService(
			[{ events: [accepted], error: cut() }, { error: new ProblemError('upload-not-found', { status: 404 }) }],
			stored,
		);
		expect((await gather(service)).error).toBe(stored);
	});

	it('throws a refusal of the first request at once', async () => {
		const service = fakeService([{ error: new ProblemError('model-unknown', { status: 400 }) }]);
		const { events, error } = await gather(service);
		expect(events).toEqual([]);
		expect(error?.code).toBe('model-unknown');
		expect(service.askedForReport).toBe(0);
	});

	it('waits for a busy service as long as it asks, however often', async () => {
		const machine = testMachine();
		const full = new ProblemError('queue-full', { status: 429, retryable: true, retryAfterS: 7 });
		const service = fakeService([...Array.from({ length: 12 }, () => ({ error: full })), { events: [accepted, end] }]);
		const { events } = await gather(service, machine);
		expect(events.at(-1)).toEqual(end);
		expect(machine.pauses).toEqual(Array.from({ length: 12 }, () => 7000));
	});

	it('can be aborted during a pause', async () => {
		const stop = new AbortController();
		const paused = gate();
		const machine = testMachine({
			pause: (_ms, signal) =>
				new Promise((_resolve, reject) => {
					signal?.addEventListener('abort', () => reject(signal.reason));
					paused.open();
				}),
		});
		const service = fakeService([{ events: [accepted], error: cut() }]);
		const run = (async () => {
			for await (const _ of followAnalysis(service, request, machine.machine, stop.signal));
		})();
		await paused.opened;
		stop.abort();
		await expect(run).rejects.toMatchObject({ name: 'AbortError' });
		expect(service.asked).toBe(1);
	});
});
