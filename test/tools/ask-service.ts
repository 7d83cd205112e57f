import { serviceEventSchema } from '../../function/contract/events.ts';
import type { WirePlan } from '../../function/contract/plan.ts';
import type { Report } from '../../function/contract/report.ts';
import { problemSchema } from '../../function/contract/service.ts';
import type { UploadTicket } from '../../function/contract/upload.ts';
import { errorTable } from '../../function/errors.ts';

/** The final result of a file for a client: a report, or a code. `refused` = by an HTTP status, `failed` = by the last event. */
export type FileAnswer =
	| { readonly kind: 'report'; readonly id: string; readonly report: Report }
	| { readonly kind: 'refused' | 'failed'; readonly id: string | null; readonly code: string };

/** A file and its plan. */
export type FileRequest = {
	readonly fileName: string;
	readonly bytes: Buffer;
	readonly plan: Partial<WirePlan>;
	readonly signal: AbortSignal;
};

/** Sends a file and requests its analysis like any client; throws if a response violates the contract. */
export async function askService(url: string, { fileName, bytes, plan, signal }: FileRequest): Promise<FileAnswer> {
	const ticketAnswer = await post(`${url}/v1/uploads`, signal, {
		fileName,
		sizeBytes: bytes.length,
		contentType: 'video/mp4',
	});
	if (!ticketAnswer.ok) return { kind: 'refused', id: null, code: await codeOf(ticketAnswer) };
	const { id, upload } = (await ticketAnswer.json()) as UploadTicket;
	const sent = await fetch(upload.url, {
		method: upload.method,
		headers: upload.headers,
		body: new Uint8Array(bytes),
		signal,
	});
	if (!sent.ok) return { kind: 'refused', id, code: await codeOf(sent) };
	await sent.body?.cancel();
	return analyseUpload(url, id, plan, signal);
}

/** Requests the analysis of an upload and reads its events to the end; throws if a response violates the contract. */
export async function analyseUpload(
	url: string,
	id: string,
	plan: Partial<WirePlan>,
	signal: AbortSignal,
): Promise<FileAnswer> {
	const answer = await post(`${url}/v1/analyses`, signal, { uploadId: id, plan });
	if (!answer.ok) return { kind: 'refused', id, code: await codeOf(answer) };
	const lines = (await answer.text()).split('\n').filter(Boolean);
	const events = lines.map((line) => serviceEventSchema.parse(JSON.parse(line)));
	const last = events.at(-1);
	if (events[0]?.type !== 'accepted' || events[0].id !== id) throw new Error('the events do not begin with `accepted`');
	if (events.slice(0, -1).some(({ type }) => type === 'report' || type === 'failed'))
		throw new Error('events follow the last one');
	if (last?.type === 'report') return { kind: 'report', id, report: last.report };
	if (last?.type === 'failed') return { kind: 'failed', id, code: knownCode(last.error.code) };
	throw new Error(`the events end with ${last?.type ?? 'nothing'}`);
}

/** Deletes report and upload; returns false if there was none. Throws for any status other than 204 and 404. */
export async function deleteAnalysis(url: string, id: string, signal: AbortSignal): Promise<boolean> {
	const { status, body } = await fetch(`${url}/v1/analyses/${id}`, { method: 'DELETE', signal });
	await body?.cancel();
	if (status !== 204 && status !== 404) throw new Error(`DELETE returned ${status}`);
	return status === 204;
}

const post = (address: string, signal: AbortSignal, body: object) =>
	fetch(address, {
		method: 'POST',
		headers: { 'content-type': 'application/json', accept: 'application/x-ndjson' },
		body: JSON.stringify(body),
		signal,
	});

async function codeOf(answer: Response): Promise<string> {
	const type = answer.headers.get('content-type');
	if (type !== 'application/problem+json') throw new Error(`status ${answer.status} with ${type}`);
	const { code, status } = problemSchema.parse(await answer.json());
	if (status !== answer.status) throw new Error(`a problem of status ${status} under status ${answer.status}`);
	return knownCode(code);
}

function knownCode(code: string): string {
	if (!Object.hasOwn(errorTable, code)) throw new Error(`${code} is not a code of the table`);
	return code;
}
