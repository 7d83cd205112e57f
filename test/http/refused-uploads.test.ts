import { request } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { UploadTicket } from '../../function/contract/upload.ts';
import type { ErrorCode } from '../../function/errors.ts';
import { openTestService, type TestService } from './open-service.ts';

/** Every refused or failed upload is logged with its code and counted. */

let service: TestService;
beforeEach(async () => {
	service = await openTestService({ idleMs: 50 });
});
afterEach(() => service.close());

const sizeBytes = 1000;
const video = Buffer.from('\0\0\0\x20ftypisom'.padEnd(sizeBytes, 'x'));

async function begin(): Promise<UploadTicket> {
	const body = { fileName: 'a.mp4', sizeBytes, contentType: 'video/mp4' };
	return (await service.call('POST', '/v1/uploads', { body })).json<UploadTicket>();
}

const send = ({ upload }: UploadTicket, body: Buffer, headers: Record<string, string> = {}) =>
	fetch(upload.url, { method: 'PUT', headers: { ...upload.headers, ...headers }, body: Uint8Array.from(body) });

/** Sends half of the bytes, then disconnects or waits. */
const sendHalf = ({ upload }: UploadTicket, leaves: boolean) =>
	new Promise<void>((resolve) => {
		const headers = { ...upload.headers, 'Content-Length': sizeBytes };
		const sending = request(upload.url, { method: 'PUT', headers }, (answer) => {
			answer.resume();
			resolve();
		});
		sending.on('error', () => resolve());
		sending.write(video.subarray(0, 500), () => leaves && setTimeout(() => sending.destroy(), 20));
	});

const refusals: [ErrorCode, number, (ticket: UploadTicket) => Promise<unknown>][] = [
	['upload-refused', 403, ({ upload }) => fetch(`${upload.url}0`, { method: 'PUT', body: 'x' })],
	['method-not-allowed', 405, ({ upload }) => fetch(upload.url)],
	['not-found', 404, ({ upload }) => fetch(upload.url.replace(/uploads.*/, 'nothing'), { method: 'PUT' })],
	['upload-mismatch', 422, (ticket) => send(ticket, video.subarray(1))],
	['usage', 400, (ticket) => send(ticket, video, { 'Content-Range': 'bytes=0' })],
	['not-a-video', 422, (ticket) => send(ticket, Buffer.alloc(sizeBytes, 'x'))],
	['playlist-refused', 422, (ticket) => send(ticket, Buffer.from('#EXTM3U\n'.padEnd(sizeBytes, 'x')))],
	['request-slow', 408, (ticket) => sendHalf(ticket, false)],
	['upload-interrupted', 499, (ticket) => sendHalf(ticket, true)],
	[
		'upload-not-found',
		404,
		async (ticket) => {
			await service.store.deleteUpload(ticket.id);
			return send(ticket, video);
		},
	],
];

test.each(refusals)('%s', async (code, status, provoke) => {
	const ticket = await begin();
	await provoke(ticket);
	const line = () => service.lines.map((text) => JSON.parse(text)).find((fields) => fields.code === code);
	await expect.poll(line).toMatchObject({ httpRequest: { requestUrl: '/store', status } });
	// an id is only logged once its signature is verified
	if (!['upload-refused', 'not-found', 'upload-not-found'].includes(code))
		expect(line().analysis).toBe(ticket.id.slice(0, 8));
	const metrics = (await service.call('GET', '/metrics')).text;
	expect(metrics).toContain(`unmask_problems_total{code="${code}"} 1`);
	expect(service.lines.join('')).not.toContain('signature');
});
