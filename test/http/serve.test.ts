import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../../function/config.ts';
import type { ServiceEvent } from '../../function/contract/events.ts';
import { reportSchema } from '../../function/contract/report.ts';
import type { UploadTicket } from '../../function/contract/upload.ts';
import { findFfmpeg } from '../../function/media/find-ffmpeg.ts';
import { runCli } from '../e2e/run-cli.ts';
import { type RunningService, startService } from '../tools/start-service.ts';

/** The built command with all its real parts. */

let folder: string;
let clip: Buffer;
let service: RunningService | null = null;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'unmask-serve-'));
	const { ffmpeg } = await findFfmpeg({ ffmpegPath: null, searchPath: process.env.PATH ?? '' });
	const portrait = join(packageRoot(), 'test/fixtures/portraits/a.jpg');
	const zoom = "zoompan=z='1+0.002*on':d=75:s=480x480:fps=25,format=yuv420p";
	execFileSync(ffmpeg, ['-v', 'error', '-i', portrait, '-vf', zoom, join(folder, 'clip.mp4')]);
	clip = await readFile(join(folder, 'clip.mp4'));
});
afterAll(async () => {
	await service?.stop('SIGKILL');
	await rm(folder, { recursive: true, force: true });
});

async function upload(url: string): Promise<string> {
	const asked = { fileName: 'my holiday.mp4', sizeBytes: clip.length, contentType: 'video/mp4' };
	const ticket = (await (await post(`${url}/v1/uploads`, asked)).json()) as UploadTicket;
	const { headers, url: address } = ticket.upload;
	expect((await fetch(address, { method: 'PUT', headers, body: Uint8Array.from(clip) })).ok).toBe(true);
	return ticket.id;
}

const post = (url: string, body: unknown, accept = 'application/x-ndjson') =>
	fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', accept }, body: JSON.stringify(body) });

test('a video is uploaded, analysed and deleted; SIGTERM ends running analyses with an event and exits with 0', async () => {
	service = await startService({ env: { UNMASK_LOG: 'info' } });
	const id = await upload(service.url);
	const answer = await post(`${service.url}/v1/analyses`, { uploadId: id, plan: { frames: 10 } }, 'application/json');
	const report = reportSchema.parse(await answer.json());
	expect(report.coverage.framesSampled).toBe(10);
	expect(report.fileName).toBe('my holiday.mp4');
	expect(await (await fetch(`${service.url}/v1/analyses/${id}`)).json()).toEqual(report);

	const stream = await post(`${service.url}/v1/analyses`, {
		uploadId: await upload(service.url),
		plan: { frames: 100 },
	});
	const stopped = service.stop();
	const events = (await stream.text())
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as ServiceEvent);
	expect(events[0]).toMatchObject({ type: 'accepted' });
	expect(['report', 'failed']).toContain(events.at(-1)?.type);
	expect(await stopped).toBe(0);
	expect(service.printed()).toContain('nothing leaves this machine');
	expect(service.printed()).not.toMatch(/holiday|signature/);
	service = null;
}, 120_000);

test('three kills lose no job: each has its report, or was interrupted and can be requested again', async () => {
	const data = join(folder, 'killed');
	const open = () => startService({ data, env: { UNMASK_QUEUE: '20' } });
	service = await open();
	const ids: string[] = [];
	for (let k = 0; k < 6; k++) ids.push(await upload(service.url));
	const submit = (id: string) => post(`${service?.url}/v1/analyses`, { uploadId: id, async: true }, 'application/json');
	const look = async (id: string) => {
		const answer = await fetch(`${service?.url}/v1/analyses/${id}`);
		return { status: answer.status, ...((await answer.json()) as { code?: string; retryable?: boolean }) };
	};
	const isThere = async (id: string) => (await look(id)).status === 200;
	for (let kill = 0; kill < 3; kill++) {
		for (const id of ids) if (!(await isThere(id))) expect((await submit(id)).status).toBe(202);
		await expect.poll(() => isThere(ids[kill] as string), { timeout: 60_000 }).toBe(true); // jobs run in order
		await service.stop('SIGKILL');
		service = await open();
		const states = await Promise.all(ids.map(look));
		for (const state of states)
			if (state.status !== 200)
				expect(state).toMatchObject({ status: 500, code: 'analysis-interrupted', retryable: true });
		expect(states[kill]?.status).toBe(200);
		expect(states.at(-1)?.status).toBe(500);
	}
	for (const id of ids) if (!(await isThere(id))) await submit(id);
	for (const id of ids) await expect.poll(() => isThere(id), { timeout: 60_000 }).toBe(true);
	await service.stop();
	service = null;
}, 300_000);

test('a port in use is reported in one sentence, with status 5', async () => {
	const other = createServer();
	await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
	const { port } = other.address() as AddressInfo;
	const { status, stderr } = await runCli(['serve', '--port', `${port}`, '--data', folder]);
	expect(status).toBe(5);
	expect(stderr).toContain(`port ${port} is in use by another program; choose another one with --port N`);
	expect(stderr).not.toMatch(/^ +at /m);
	await new Promise((resolve) => other.close(resolve));
}, 60_000);

test.each([
	[['--port', 'many'], /--port takes a whole number, 0 to 65535/],
	[['extra'], /Too many arguments/],
])('%j is wrong usage, status 2', async (args, sentence) => {
	const { status, stderr } = await runCli(['serve', ...args]);
	expect([status, sentence.test(stderr)]).toEqual([2, true]);
});
