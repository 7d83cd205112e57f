import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { serviceEventSchema } from '../../function/contract/events.ts';
import type { UploadTicket } from '../../function/contract/upload.ts';
import { makeClip } from '../bench/clips.ts';
import type { LoadAnswer, LoadOrder } from '../bench/load-maker.ts';
import { footprintOf } from '../tools/service-footprint.ts';
import { type RunningService, startService } from '../tools/start-service.ts';
import { numberedClip } from './numbered-clips.ts';
import { isOwnFile } from './stays-whole.ts';

/** The size of the load; it is only ever sent to a service that the run starts on the loopback interface. */
export type LoadOptions = {
	/** Analyses that wait while one runs. */
	readonly waiting: number;
	/** Concurrent uploads, and the megabytes of each. */
	readonly uploads: number;
	readonly uploadMb: number;
	/** Connections that send their headers a byte at a time, and as many that send a body like that. */
	readonly slow: number;
	/** Connections that send requests as fast as they can with one key, until `overLimit` more than allowed were sent. */
	readonly flooding: number;
	readonly overLimit: number;
	/** Requests per minute that a key may send: enough for the other parts. */
	readonly requestsAMinute: number;
	/** How long the health is requested, seconds; the other parts may take longer. */
	readonly seconds: number;
	/** Called when a part has ended. */
	readonly onEnd?: (part: string) => void;
};

/** The result of a run. */
export type LoadResult = {
	readonly health: LoadAnswer;
	/** Peak resident memory of the service and of the model process, MB. */
	readonly serviceMb: number;
	readonly modelsMb: number;
	/** Status codes of the flood. */
	readonly flood: Readonly<Record<string, number>>;
	/** How the slow connections ended: `closed`, or the status that they received. */
	readonly slow: Readonly<Record<string, number>>;
	readonly uploads: Readonly<Record<string, number>>;
	/** Results of the analyses that ran or waited; the one too many is refused. */
	readonly analyses: Readonly<Record<string, number>>;
	readonly faults: readonly string[];
};

const keys = { user: 'a key of the users', flood: 'a key of the flood' };
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const asUser = { authorization: `Bearer ${Buffer.from(keys.user).toString('hex')}` };
const asFlood = { authorization: `Bearer ${Buffer.from(keys.flood).toString('hex')}` };

/** Limits of resident memory, MB: service and models fit into an instance of 1 GiB. */
export const memoryLimitMb = { service: 350, models: 700 };

/** Runs all parts at the same time, while another process requests the service's health. */
export async function loadService(options: LoadOptions): Promise<LoadResult> {
	const folder = await mkdtemp(join(tmpdir(), 'unmask-load-'));
	const [data, temporary] = [join(folder, 'data'), join(folder, 'tmp')];
	await mkdir(temporary);
	const service = await startService({
		data,
		env: {
			...{ UNMASK_SLOTS: '1', UNMASK_QUEUE: `${options.waiting}`, UNMASK_LOG: 'silent', TMPDIR: temporary },
			UNMASK_REQUESTS_A_MINUTE: `${options.requestsAMinute}`,
			UNMASK_API_KEY_HASHES: Object.values(keys)
				.map((key) => sha256(Buffer.from(key).toString('hex')))
				.join(','),
		},
	});
	const peaks = { serviceMb: 0, modelsMb: 0 };
	let isOver = false;
	const faults: string[] = [];
	const watching = (async () => {
		while (!isOver) {
			const { serviceMb, modelsMb } = await footprintOf(service.pid, [], isOwnFile);
			peaks.serviceMb = Math.max(peaks.serviceMb, serviceMb);
			peaks.modelsMb = Math.max(peaks.modelsMb, modelsMb);
			await wait(200);
		}
	})();
	try {
		const mp4 = makeClip(folder, 'clip', 320, 240, 1, 12);
		const reported = <T>(part: string, work: Promise<T>) => work.finally(() => options.onEnd?.(part));
		const [health, analyses, uploads, slow, flood] = await Promise.all([
			reported(
				'health',
				askHealth({ url: service.url, paths: ['/healthz'], clients: 2, pauseMs: 50, seconds: options.seconds }),
			),
			reported('analyses', analyseAtOnce(service, mp4, options.waiting)),
			reported('uploads', uploadAtOnce(service, mp4, options)),
			reported('slow connections', dripAtOnce(service, options)),
			reported('flood', floodAtOnce(service, options)),
		]);
		if (health.errors > 0) faults.push(`${health.errors} errors of /healthz`);
		if (analyses['queue-full'] !== 1 || analyses.report !== options.waiting + 1)
			faults.push(`analyses: ${JSON.stringify(analyses)}`);
		if (uploads['200'] !== options.uploads) faults.push(`uploads: ${JSON.stringify(uploads)}`);
		if (Object.keys(flood).some((status) => status !== '201' && status !== '429') || !flood['429'])
			faults.push(`the flood got ${JSON.stringify(flood)}`);
		if (slow.open) faults.push(`${slow.open} slow connections are still open`);
		for (const [part, limitMb] of Object.entries(memoryLimitMb))
			if (peaks[`${part}Mb` as keyof typeof peaks] > limitMb) faults.push(`more than ${limitMb} MB: ${part}`);
		const { files } = await footprintOf(service.pid, [data, temporary], isOwnFile);
		// the flood's announcements stay until they expire; everything that was sent and analysed is gone
		const left = files.filter((path) => !path.endsWith('.json') || path.includes('/results/'));
		faults.push(...left.map((path) => `left behind: ${path}`));
		isOver = true;
		await watching;
		const exit = await service.stop();
		if (exit !== 0) faults.push(`the service exited with ${exit}`);
		return { health, ...peaks, flood, slow, uploads, analyses, faults };
	} finally {
		isOver = true;
		await service.stop('SIGKILL').catch(() => {});
		await rm(folder, { recursive: true, force: true });
	}
}

/** Runs in a separate process, so that the service is measured and not this program. */
async function askHealth(order: LoadOrder): Promise<LoadAnswer> {
	const script = join(import.meta.dirname, '../bench/load-maker.ts');
	const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script, JSON.stringify(order)]);
	return JSON.parse(stdout) as LoadAnswer;
}

/** Sends one more than may run and wait: one is refused, and all others end with a report. */
async function analyseAtOnce({ url }: RunningService, mp4: string, waiting: number): Promise<Record<string, number>> {
	const ids: string[] = [];
	for (let number = 0; number < waiting + 2; number++) {
		const { fileName, bytes } = await numberedClip(mp4, number);
		ids.push((await upload(url, fileName, bytes)).id);
	}
	const ends = await Promise.all(
		ids.map(async (id) => {
			const answer = await post(`${url}/v1/analyses`, asUser, { uploadId: id, plan: { frames: 10 } });
			if (!answer.ok) return ((await answer.json()) as { code: string }).code;
			const last = (await answer.text()).trim().split('\n').at(-1) ?? '';
			const event = serviceEventSchema.parse(JSON.parse(last));
			return event.type === 'failed' ? event.error.code : event.type;
		}),
	);
	await forgetAll(url, ids);
	return countsOf(ends);
}

async function uploadAtOnce({ url }: RunningService, mp4: string, { uploads, uploadMb }: LoadOptions) {
	const { bytes } = await numberedClip(mp4, 0, uploadMb * 1e6);
	const all = await Promise.all(
		Array.from({ length: uploads }, (_, number) =>
			upload(url, `upload-${number}.mp4`, bytes).catch(({ message, cause }: Error) => ({
				id: '',
				status: `${message} (${(cause as Error)?.message})`,
			})),
		),
	);
	await forgetAll(url, all.map(({ id }) => id).filter(Boolean));
	return countsOf(all.map(({ status }) => `${status}`));
}

async function upload(url: string, fileName: string, bytes: Buffer) {
	const asked = { fileName, sizeBytes: bytes.length, contentType: 'video/mp4' };
	const announced = await post(`${url}/v1/uploads`, asUser, asked);
	if (!announced.ok) throw new Error(`${announced.status}`);
	const ticket = (await announced.json()) as UploadTicket;
	const sent = await fetch(ticket.upload.url, {
		method: 'PUT',
		headers: ticket.upload.headers,
		body: new Uint8Array(bytes),
	});
	await sent.body?.cancel();
	return { id: ticket.id, status: sent.status };
}

async function forgetAll(url: string, ids: readonly string[]): Promise<void> {
	for (const id of ids)
		await (await fetch(`${url}/v1/analyses/${id}`, { method: 'DELETE', headers: asUser })).body?.cancel();
}

/** The service gives up on headers after ten seconds, checked every five, and on bodies after fifteen. */
const mostPatientMs = 60_000;

/** Slow-loris: half of the connections never finish their headers, the other half never their body; they send a byte every half second. */
async function dripAtOnce({ port }: RunningService, { slow }: LoadOptions): Promise<Record<string, number>> {
	const heads = ['GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ', 'POST /v1/uploads HTTP/1.1\r\nHost: x\r\n'];
	const whole = 'Content-Type: application/json\r\nContent-Length: 60000\r\n\r\n{';
	const untilMs = performance.now() + mostPatientMs;
	const drip = async (head: string) => {
		const socket = connect(port, '127.0.0.1');
		let received = '';
		let closed = false;
		socket.on('data', (chunk) => (received += chunk));
		socket.on('error', () => {});
		socket.on('close', () => (closed = true));
		socket.write(head);
		while (!closed && performance.now() < untilMs) {
			await wait(500);
			if (!closed && !socket.writableEnded) socket.write('x');
		}
		destroy(socket);
		return /^HTTP\/1\.1 (\d+)/.exec(received)?.[1] ?? (closed ? 'closed' : 'open');
	};
	const all = Array.from({ length: 2 * slow }, (_, i) => drip(i % 2 ? `${heads[1]}${whole}` : (heads[0] as string)));
	return countsOf(await Promise.all(all));
}

const destroy = (socket: Socket) => void socket.destroy();

async function floodAtOnce({ url }: RunningService, { flooding, overLimit, requestsAMinute }: LoadOptions) {
	const statuses: string[] = [];
	let sent = 0;
	const body = { fileName: 'flood.mp4', sizeBytes: 1000, contentType: 'video/mp4' };
	const client = async () => {
		while (sent++ < requestsAMinute + overLimit) {
			const answer = await post(`${url}/v1/uploads`, asFlood, body);
			await answer.body?.cancel();
			statuses.push(`${answer.status}`);
		}
	};
	await Promise.all(Array.from({ length: flooding }, client));
	return countsOf(statuses);
}

const post = (address: string, who: Record<string, string>, body: object) =>
	fetch(address, {
		method: 'POST',
		headers: { ...who, 'content-type': 'application/json', accept: 'application/x-ndjson' },
		body: JSON.stringify(body),
	});

function countsOf(words: readonly string[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
	return counts;
}
