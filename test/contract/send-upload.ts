import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { StoredResult } from '../../function/contract/report.ts';
import type { UploadTicket } from '../../function/contract/upload.ts';

export type Ticket = UploadTicket['upload'];

export const newId = () => randomBytes(16).toString('hex');

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Bytes that start like an MP4 file. */
export function sampleVideo(sizeBytes: number): Buffer {
	const bytes = randomBytes(sizeBytes);
	bytes.set(Buffer.from('\0\0\0\x20ftypisom'));
	return bytes;
}

/** Sends one PUT like the page does. */
export const put = (ticket: Ticket, body: Uint8Array, headers: Record<string, string> = {}) =>
	fetch(ticket.url, {
		method: 'PUT',
		headers: { ...ticket.headers, ...headers },
		body: Uint8Array.from(body),
		redirect: 'manual',
	});

/** Sends `bytes` from `first` to before `end` as one part. */
export const putPart = (ticket: Ticket, bytes: Uint8Array, first: number, end: number) =>
	put(ticket, bytes.subarray(first, end), { 'Content-Range': `bytes ${first}-${end - 1}/${bytes.length}` });

/** Number of received bytes according to a response. */
export const arrivedBytes = (answer: Response) =>
	Number(/^bytes=0-(\d+)$/.exec(answer.headers.get('range') ?? '')?.[1] ?? -1) + 1;

/** Starts a part and breaks the connection once `sent` of its bytes have been written. */
export async function breakPart(
	ticket: Ticket,
	bytes: Uint8Array,
	first: number,
	end: number,
	sent: number,
): Promise<void> {
	await new Promise<void>((resolve) => {
		const headers = {
			...ticket.headers,
			'Content-Length': end - first,
			'Content-Range': `bytes ${first}-${end - 1}/${bytes.length}`,
		};
		const sending = request(ticket.url, { method: 'PUT', headers });
		sending.on('error', () => {}).on('close', resolve);
		sending.write(bytes.subarray(first, first + sent), () => sending.destroy());
	});
}

/** A small result to store. */
export const sampleResult = (fileName: string, message = 'a sentence'): StoredResult => ({
	schema: 'unmask-failure/1',
	createdAt: '2026-01-01T00:00:00.000Z',
	fileName,
	error: { code: 'not-a-video', stage: 'probe', message, retryable: false },
});
