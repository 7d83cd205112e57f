import { openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ServiceEvent } from '../../function/contract/events.ts';
import type { WirePlan } from '../../function/contract/plan.ts';
import type { Report } from '../../function/contract/report.ts';
import type { UploadTicket } from '../../function/contract/upload.ts';

/** The requests of the bench to the service, as from any HTTP client. */

export type Ticket = UploadTicket;

/** Announces a file. */
export async function announce(url: string, file: string): Promise<Ticket> {
	const { size } = await stat(file);
	const response = await send(`${url}/v1/uploads`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ fileName: basename(file), sizeBytes: size, contentType: 'video/mp4' }),
	});
	return (await response.json()) as Ticket;
}

/** Uploads a file; returns its id. */
export async function upload(url: string, file: string): Promise<string> {
	const ticket = await announce(url, file);
	const { url: address, headers } = ticket.upload;
	await (await send(address, { method: 'PUT', headers, body: await openAsBlob(file) })).body?.cancel();
	return ticket.id;
}

/** Analyses an upload; reports each event with the milliseconds since the request, and returns the report. */
export async function analyse(
	url: string,
	uploadId: string,
	plan: Partial<WirePlan>,
	{ keepUpload = false, onEvent = (_event: ServiceEvent, _ms: number) => {} } = {},
): Promise<Report> {
	const start = performance.now();
	const response = await send(`${url}/v1/analyses`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', accept: 'application/x-ndjson' },
		body: JSON.stringify({ uploadId, plan, keepUpload }),
	});
	let begun = '';
	for await (const chunk of (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())) {
		const ms = performance.now() - start;
		const lines = (begun + chunk).split('\n');
		begun = lines.pop() ?? '';
		for (const line of lines) {
			if (line === '') continue; // keep-alive
			const event = JSON.parse(line) as ServiceEvent;
			onEvent(event, ms);
			if (event.type === 'report') return event.report;
			if (event.type === 'failed') throw new Error(`the analysis failed: ${event.error.message}`);
		}
	}
	throw new Error('the stream of events ended without a report');
}

/** Deletes report and upload. */
export async function forget(url: string, id: string): Promise<void> {
	await send(`${url}/v1/analyses/${id}`, { method: 'DELETE' });
}

async function send(url: string, init: RequestInit): Promise<Response> {
	const response = await fetch(url, init);
	if (!response.ok) throw new Error(`${init.method} ${url}: ${response.status} ${await response.text()}`);
	return response;
}
