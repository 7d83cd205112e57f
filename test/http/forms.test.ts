import { request } from 'node:http';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../function/contract/report.ts';
import type { Problem } from '../../function/contract/service.ts';
import { sampleReports } from '../unit/sample-report.ts';
import { openTestService, sha256Hex, type TestService, type TestServiceOptions } from './open-service.ts';

/** A single request with a file and its plan. */

let service: TestService;
let report: Report;
beforeAll(async () => {
	report = await sampleReports.real();
});
afterEach(() => service.close());
const open = async (options: TestServiceOptions = {}) => {
	service = await openTestService({ graceMs: 60_000, ...options });
};

const video = Buffer.from('\0\0\0\x20ftypisom'.padEnd(300_000, 'x'));
const fileOf = (bytes: Uint8Array = video, name = 'holiday.mp4', type = 'video/mp4') =>
	['file', new File([Uint8Array.from(bytes)], name, { type })] as const;

function formOf(...parts: (readonly [string, string | File])[]): FormData {
	const form = new FormData();
	for (const [name, value] of parts) form.append(name, value);
	return form;
}

const send = (body: FormData | string, headers: Record<string, string> = {}) =>
	fetch(`${service.url}/v1/analyses`, { method: 'POST', body, headers });

const uploadsLeft = async (id: string) => service.store.findUpload(id);

test('a file and a plan, in any order, get the report and its location', async () => {
	await open();
	for (const [n, parts] of [
		[fileOf(), ['plan', '{"frames":20}'] as const],
		[['plan', '{"frames":20}'] as const, ['keepUpload', 'true'] as const, fileOf(video, 'Über uns.mp4', '')],
	].entries()) {
		const asking = send(formOf(...parts));
		const job = await service.fake.job(n);
		expect(job.plan.frames).toBe(20);
		expect(job.fileName).toBe(n === 0 ? 'holiday.mp4' : 'Über uns.mp4');
		job.emit({ type: 'report', report });
		const answer = await asking;
		expect(answer.status).toBe(200);
		expect(await answer.json()).toMatchObject({ schema: 'unmask-report/1' });
		const location = answer.headers.get('location') ?? '';
		expect(location).toMatch(/^\/v1\/analyses\/[0-9a-f]{32}$/);
		expect((await fetch(`${service.url}${location}`)).status).toBe(200);
		const upload = await uploadsLeft(location.slice(-32));
		if (n === 0) expect(upload).toBeNull();
		else
			expect(upload).toMatchObject({
				complete: true,
				sizeBytes: video.length,
				contentType: 'application/octet-stream',
			});
	}
});

test('a file without a name is a file all the same', async () => {
	await open();
	const head = '--b\r\nContent-Disposition: form-data; name="file"\r\n\r\n';
	const body = Buffer.concat([Buffer.from(head), video, Buffer.from('\r\n--b--\r\n')]);
	const headers = { 'content-type': 'multipart/form-data; boundary=b' };
	const asking = fetch(`${service.url}/v1/analyses`, { method: 'POST', body, headers });
	(await service.fake.job(0)).emit({ type: 'report', report });
	expect((await asking).status).toBe(200);
});

test('a form can get an event stream', async () => {
	await open();
	const asking = send(formOf(fileOf()), { accept: 'application/x-ndjson' });
	(await service.fake.job(0)).emit({ type: 'report', report });
	const lines = (await (await asking).text()).trim().split('\n');
	expect(lines.map((line) => JSON.parse(line).type)).toEqual(['accepted', 'report']);
});

test('a client that leaves before it knows the id cancels the analysis and leaves nothing behind', async () => {
	await open();
	const leaving = new AbortController();
	const asked = { method: 'POST', body: formOf(fileOf()), signal: leaving.signal };
	const asking = fetch(`${service.url}/v1/analyses`, asked).catch(() => 'left');
	const { signal } = await service.fake.job(0);
	leaving.abort();
	expect(await asking).toBe('left');
	await expect.poll(() => signal.aborted).toBe(true);
	await expect.poll(() => service.storedFiles()).toEqual([]);
});

describe('a refused form leaves nothing behind', () => {
	const refusals: [string, () => FormData, number, string, TestServiceOptions?][] = [
		['no file', () => formOf(['plan', '{}']), 400, 'usage'],
		['a file of another name', () => formOf(['video', fileOf()[1]]), 400, 'usage'],
		['two files', () => formOf(fileOf(), fileOf()), 400, 'usage'],
		['a plan that is not JSON', () => formOf(fileOf(), ['plan', 'frames=20']), 400, 'usage'],
		['an invalid plan', () => formOf(fileOf(), ['plan', '{"frames":1}']), 400, 'usage'],
		['a plan twice', () => formOf(['plan', '{}'], ['plan', '{}'], fileOf()), 400, 'usage'],
		['an unknown field', () => formOf(fileOf(), ['colour', '1']), 400, 'usage'],
		['another upload', () => formOf(fileOf(), ['uploadId', `"${'0'.repeat(32)}"`]), 400, 'usage'],
		['many fields', () => formOf(...Array.from('abcdefghij', (name) => [name, '1'] as const), fileOf()), 400, 'usage'],
		['a long field', () => formOf(['plan', ' '.repeat(70_000)], fileOf()), 413, 'body-too-large'],
		['an empty file', () => formOf(fileOf(Buffer.alloc(0))), 422, 'file-empty'],
		['no video', () => formOf(fileOf(Buffer.alloc(300_000, 'x'))), 422, 'not-a-video'],
		['a short text', () => formOf(fileOf(Buffer.from('hello'))), 422, 'not-a-video'],
		['a large file', () => formOf(fileOf()), 413, 'file-too-large', { env: { UNMASK_MAX_BYTES: '1000' } }],
		['no key', () => formOf(fileOf()), 401, 'unauthorised', { env: { UNMASK_API_KEY_HASHES: sha256Hex('k') } }],
		['an unknown model', () => formOf(fileOf(), ['plan', '{"model":"none"}']), 400, 'model-unknown'],
	];
	test.each(refusals)('%s', async (_, form, status, code, options) => {
		await open(options);
		const answer = await send(form());
		expect([answer.status, ((await answer.json()) as Problem).code]).toEqual([status, code]);
		expect(service.fake.jobs).toHaveLength(0);
		expect(await service.storedFiles()).toEqual([]);
	});

	test.each([
		['no boundary', 'multipart/form-data', 'x'],
		['not a form', 'multipart/form-data; boundary=b', 'x'],
		[
			'half a form',
			'multipart/form-data; boundary=b',
			'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhalf',
		],
		['a header without end', 'multipart/form-data; boundary=b', `--b\r\n${'x'.repeat(100_000)}`],
	])('%s', async (_, type, body) => {
		await open();
		const answer = await send(body, { 'content-type': type });
		expect([answer.status, ((await answer.json()) as Problem).code]).toEqual([400, 'usage']);
		expect(await service.storedFiles()).toEqual([]);
	});

	test.each([true, false])('a sender that stops in the middle; it disconnects: %s', async (leaves) => {
		await open({ idleMs: 50 });
		const sending = request(`${service.url}/v1/analyses`, {
			method: 'POST',
			headers: { 'content-type': 'multipart/form-data; boundary=b', 'content-length': 1e6 },
		});
		const head = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n';
		sending.on('error', () => {}).on('response', (answer) => answer.resume());
		sending.write(Buffer.concat([Buffer.from(head), video]), () => leaves && setTimeout(() => sending.destroy(), 20));
		const code = leaves ? 'upload-interrupted' : 'request-slow';
		await expect
			.poll(() => service.lines.some((line) => line.includes(`"code":"${code}"`)), { timeout: 5000 })
			.toBe(true);
		expect(await service.storedFiles()).toEqual([]);
		sending.destroy();
	});

	test('a full queue', async () => {
		await open({ slots: 1, queue: 0 });
		const first = send(formOf(fileOf()));
		const job = await service.fake.job(0);
		const refused = await send(formOf(fileOf()));
		expect([refused.status, refused.headers.has('retry-after')]).toEqual([429, true]);
		expect(await service.storedFiles()).toHaveLength(2); // those of the first one
		job.emit({ type: 'report', report });
		await first;
	});
});
