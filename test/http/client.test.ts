import { openAsBlob } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type ClientOptions, createClient, type FileEvent, ProblemError } from '../../function/client/index.ts';
import type { Report } from '../../function/contract/report.ts';
import { AnalysisError } from '../../function/errors.ts';
import { failedEvent } from '../../function/worker/failed-event.ts';
import { testMachine } from '../tools/test-machine.ts';
import { sampleReports } from '../unit/sample-report.ts';
import { openTestService, sha256Hex, type TestService, type TestServiceOptions } from './open-service.ts';

/** The exported client against the whole service. */

let service: TestService;
let report: Report;
beforeAll(async () => {
	report = await sampleReports.real();
});
afterEach(() => service?.close());
async function open(options: TestServiceOptions = {}, some: Partial<ClientOptions> = {}) {
	service = await openTestService({ graceMs: 0, queue: 10, ...options });
	return createClient({ base: `${service.url}/`, ...some });
}

const film = (sizeBytes = 40, name = 'çözüm 试.mp4') => {
	const bytes = new Uint8Array(sizeBytes);
	bytes.set(new TextEncoder().encode('\0\0\0\x18ftypmp42'));
	return Object.assign(new Blob([bytes], { type: 'video/mp4' }), { name });
};
const plan = { frames: 60 } as const; // the sample's

describe('sending a file in one call', () => {
	test('returns the report; the events cover the upload, then the analysis', async () => {
		const client = await open();
		const seen: FileEvent[] = [];
		const reading = (async () => {
			for await (const event of client.events(film(), plan)) seen.push(event);
		})();
		const job = await service.fake.job(0);
		job.emit({ type: 'progress', framesDone: 1, framesTotal: 60, faces: 1 });
		job.emit({ type: 'report', report });
		await reading;
		const types = seen.map(({ type }) => type).filter((type, i, all) => type !== all[i - 1]);
		expect(types).toEqual(['uploading', 'accepted', 'progress', 'report']);
		expect(seen.findLast(({ type }) => type === 'uploading')).toMatchObject({
			upload: { state: 'done', sentBytes: 40 },
			totalBytes: 40,
		});
		expect(job).toMatchObject({ fileName: 'çözüm 试.mp4', plan: { frames: 60 } });

		const again = client.analyse(film(), plan, { fileName: '../b.mp4' });
		const next = await service.fake.job(1);
		next.emit({ type: 'report', report });
		expect(await again).toMatchObject({ schema: 'unmask-report/1', verdict: { outcome: report.verdict.outcome } });
		expect(next.fileName).toBe('.. b.mp4');
	});

	test('reads a file from disk while sending it in parts', async () => {
		const folder = await mkdtemp(join(tmpdir(), 'unmask-client-'));
		const path = join(folder, 'long.mp4');
		const sizeBytes = 20 * 1024 ** 2 + 5;
		await writeFile(
			path,
			new Uint8Array(await film(sizeBytes).arrayBuffer()).map((byte, i) => byte || i % 251),
		);
		const ranges: (string | null)[] = [];
		const client = await open(
			{},
			{
				fetch: (input, init) => {
					const range = new Request(input, init).headers.get('content-range');
					if (range) ranges.push(range);
					return fetch(input, init);
				},
			},
		);
		const id = await client.upload(await openAsBlob(path), { fileName: 'long.mp4' });
		expect(ranges[0]).toBe(`bytes 0-${8 * 1024 ** 2 - 1}/${sizeBytes}`);
		expect(ranges.length).toBeGreaterThan(1);
		const { path: stored, release } = await service.store.openUpload(id, new AbortController().signal);
		expect((await readFile(stored)).equals(await readFile(path))).toBe(true);
		await release();
		await rm(folder, { recursive: true });
	});

	test('rejects with the code of a failed analysis', async () => {
		const client = await open();
		const running = client.analyse(film());
		const job = await service.fake.job(0);
		job.emit(failedEvent('a.mp4', new AnalysisError('no-video-stream', 'probe')));
		const error = await running.catch((thrown: unknown) => thrown);
		expect(error).toBeInstanceOf(ProblemError);
		expect(error).toMatchObject({ code: 'no-video-stream', retryable: false, detail: expect.stringMatching(/sound/) });
	});

	test('rejects another kind of file with code and status, without a retry', async () => {
		const client = await open();
		const text = new Blob(['#EXTM3U\n#EXTINF:9,\nhttp://example.org/a.ts\n'.repeat(9)]);
		await expect(client.analyse(text)).rejects.toMatchObject({ code: 'playlist-refused', status: 422 });
		await expect(client.analyse(film(), { frames: 5 })).rejects.toMatchObject({ code: 'usage', status: 400 });
	});

	test('is cancelled at the service if the reader leaves or the signal aborts', async () => {
		const client = await open();
		for await (const event of client.events(film())) if (event.type === 'accepted') break;
		const first = await service.fake.job(0);
		await expect.poll(() => first.signal.aborted).toBe(true);
		const stop = new AbortController();
		const running = client.analyse(film(), {}, { signal: stop.signal });
		const job = await service.fake.job(1);
		stop.abort();
		await expect(running).rejects.toMatchObject({ name: 'AbortError' });
		await expect.poll(() => job.signal.aborted).toBe(true);
		await expect.poll(() => service.storedFiles()).toEqual([]);
	});

	test('leaves nothing behind if it is aborted during the upload', async () => {
		const stop = new AbortController();
		const client = await open({}, {});
		const sending = client.upload(film(), {
			signal: stop.signal,
			onProgress: ({ id }) => {
				if (id) stop.abort();
			},
		});
		await expect(sending).rejects.toMatchObject({ code: 'cancelled' });
		await expect.poll(() => service.storedFiles()).toEqual([]);
	});
});

describe('jobs', () => {
	test('are started, read, awaited and deleted', async () => {
		const client = await open();
		const uploadId = await client.upload(film());
		expect(await client.submit({ uploadId, plan })).toMatchObject({ id: uploadId, state: 'running' });
		const job = await service.fake.job(0);
		job.emit({ type: 'progress', framesDone: 3, framesTotal: 60, faces: 2 });
		const progress = { framesDone: 3, framesTotal: 60, faces: 2 };
		await expect.poll(() => client.read(uploadId)).toMatchObject({ progress });
		const { machine, pauses } = testMachine();
		const waiting = createClient({ base: service.url, machine }).wait(uploadId, {
			onJob: () => job.emit({ type: 'report', report }),
		});
		expect(await waiting).toMatchObject({ schema: 'unmask-report/1' });
		expect(pauses[0]).toBe(2000); // the value of Retry-After
		expect(await client.read(uploadId)).toMatchObject({ schema: 'unmask-report/1' });
		await client.delete(uploadId);
		await client.delete(uploadId); // there is nothing left to delete
		await expect(client.read(uploadId)).rejects.toMatchObject({ code: 'report-not-found', status: 404 });
	});

	test('reject with the code of their failure', async () => {
		const client = await open();
		const uploadId = await client.upload(film());
		await client.submit({ uploadId });
		const waiting = client.wait(uploadId);
		(await service.fake.job(0)).emit(failedEvent('a.mp4', new AnalysisError('truncated', 'probe')));
		await expect(waiting).rejects.toMatchObject({ code: 'truncated', status: 422 });
	});
});

describe('obstacles', () => {
	test('sends the API key if there is one; a missing key has a code', async () => {
		const client = await open({ env: { UNMASK_API_KEY_HASHES: sha256Hex('the-key') } });
		await expect(client.models()).rejects.toMatchObject({ code: 'unauthorised', status: 401 });
		const id = await createClient({ base: service.url, apiKey: 'the-key' }).upload(film());
		expect(id).toMatch(/^[0-9a-f]{32}$/);
	});

	test('waits for a full queue as long as the service asks', async () => {
		const { machine, pauses } = testMachine();
		await open({ queue: 0 });
		const client = createClient({ base: service.url, machine });
		const first = client.analyse(film(), plan);
		const job = await service.fake.job(0);
		const second = client.analyse(film(), plan);
		await expect.poll(() => pauses.length).toBeGreaterThan(0);
		job.emit({ type: 'report', report });
		await first;
		(await service.fake.job(1)).emit({ type: 'report', report });
		await second;
		expect(Math.min(...pauses)).toBeGreaterThanOrEqual(1000); // Retry-After, not the half second of a first failure
	});

	test('honours Retry-After in seconds and as a date, and ignores an invalid one', async () => {
		const waits = ['7', new Date(Date.now() + 600_000).toUTCString(), 'soon'];
		const server = createServer((_req, res) => {
			const wait = waits.shift();
			if (wait === undefined) return void res.end('{"models":[]}');
			const problem = { code: 'rate-limited', retryable: true, status: 429, detail: 'Too many.' };
			res.writeHead(429, { 'retry-after': wait, 'content-type': 'application/problem+json' });
			res.end(JSON.stringify(problem));
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { machine, pauses } = testMachine();
		const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		expect(await createClient({ base, machine }).models()).toEqual({ models: [] });
		expect(pauses).toHaveLength(3);
		expect(pauses[0]).toBe(7000);
		expect(pauses[1]).toBeGreaterThan(500_000);
		expect(pauses[2]).toBe(2000);
		await new Promise((resolve) => server.close(resolve));
	});
});
