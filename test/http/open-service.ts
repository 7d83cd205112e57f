import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../function/config.ts';
import type { Problem } from '../../function/contract/service.ts';
import type { UploadTicket } from '../../function/contract/upload.ts';
import { ApiKeys } from '../../function/http/api-keys.ts';
import { createApi } from '../../function/http/create-api.ts';
import { createApiServer } from '../../function/http/create-server.ts';
import type { SpanSink } from '../../function/http/export-spans.ts';
import { createInstance } from '../../function/http/instance.ts';
import { createLog } from '../../function/http/log.ts';
import { createMetrics } from '../../function/http/metrics.ts';
import { observeInference, observeStart } from '../../function/http/observe-analyses.ts';
import { openLinks } from '../../function/http/open-links.ts';
import { openWebhooks } from '../../function/http/open-webhooks.ts';
import { readPage } from '../../function/http/page-files.ts';
import { createRules, type Resolve } from '../../function/outgoing/guarded-request.ts';
import { openSigner } from '../../function/signature/sign-report.ts';
import { createDiskStore } from '../../function/store/disk-store.ts';
import type { Store } from '../../function/store/store.ts';
import { type Analyses, createAnalyses, logDeletion } from '../../function/worker/analyses.ts';
import { AnnotatedCopies, type DrawCopy } from '../../function/worker/annotated-copies.ts';
import { createFakeInference } from '../unit/analyses-fakes.ts';
import { faultOfAnswer } from './conformance.ts';

/** Options of a test service. */
export type TestServiceOptions = {
	/** Folder of the store, not deleted at the end; default: a temporary one. */
	readonly folder?: string;
	readonly env?: Readonly<Record<string, string>>;
	/** Folder of a built page. */
	readonly page?: string;
	readonly store?: Store;
	readonly slots?: number;
	readonly queue?: number;
	/** How long an analysis continues without a reader, milliseconds. */
	readonly graceMs?: number;
	readonly keepAliveMs?: number;
	readonly bodyTimeoutMs?: number;
	readonly headersTimeoutMs?: number;
	readonly stallMs?: number;
	readonly idleMs?: number;
	/** Seconds after which the disk store deletes a report; default: never. */
	readonly reportTtlS?: number;
	/** Resolves host names for outgoing requests. */
	readonly resolve?: Resolve;
	/** Time limit for the next bytes of a link, milliseconds. */
	readonly silenceMs?: number;
	/** Exports traces. */
	readonly spans?: SpanSink;
	/** Draws annotated copies. */
	readonly draw?: DrawCopy;
};

export type Called = {
	readonly status: number;
	readonly headers: Headers;
	readonly text: string;
	/** The body as JSON. */
	json<T>(): T;
};

export type TestService = Awaited<ReturnType<typeof openTestService>>;

/** The whole service over HTTP with a real disk store and queue; the test emits the events of the models. */
export async function openTestService(options: TestServiceOptions = {}) {
	const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'unmask-http-')));
	const config = parseConfig({ UNMASK_HOSTS: 'x', ...options.env }); // the host name in handwritten requests
	const fake = createFakeInference();
	const lines: string[] = [];
	const log = createLog('debug', { write: (line) => lines.push(line) });
	const metrics = createMetrics();
	let url = '';
	const disk = createDiskStore({
		folder,
		secret: 'a secret of sixteen',
		maxBytes: config.UNMASK_MAX_BYTES,
		uploadTtlS: config.UNMASK_UPLOAD_TTL_S,
		reportTtlS: options.reportTtlS ?? 0,
		onExpired: (what, id) => logDeletion(log, what, id, 'expired'),
	});
	const store = options.store ?? disk;
	const inference = observeInference(fake.inference, { metrics, spans: options.spans ?? null, log, config });
	const annotated = new AnnotatedCopies({
		store,
		draw: options.draw ?? (() => Promise.reject(new Error('not part of this'))),
		sweepMs: 50,
	});
	const signer = await openSigner(config);
	const analyses: Analyses = createAnalyses({
		store,
		...(signer && { sign: (report) => signer.sign(report) }),
		inference,
		slots: options.slots ?? 1,
		queue: options.queue ?? 1,
		limits: { maxDurationS: 60 },
		log,
		graceMs: options.graceMs ?? 0,
		onStart: observeStart(metrics, options.spans ?? null),
		onJobEnd: (id, last) => void webhooks?.finish(id, last),
	});
	const find = (id: string) => analyses.find(id);
	const keys = await ApiKeys.open(config, log, 20);
	const rules = createRules(config.UNMASK_OUTGOING_NETWORKS, options.resolve);
	const webhooks = openWebhooks({ config, store, find, metrics, log, secret: 'a secret of sixteen', rules });
	const instance = createInstance({
		...{ config, store, inference, analyses, log, metrics },
		webhooks,
		keys,
		signer,
		annotated,
		links: openLinks(config, store, rules, options.silenceMs),
		page: options.page ? await readPage(options.page) : null,
		spans: options.spans ?? null,
		...(options.keepAliveMs && { keepAliveMs: options.keepAliveMs }),
	});
	const { bodyTimeoutMs, headersTimeoutMs, stallMs, idleMs } = options;
	const limits = { ...(bodyTimeoutMs && { bodyTimeoutMs }), ...(stallMs && { stallMs }), ...(idleMs && { idleMs }) };
	webhooks?.start();
	const server = createApiServer(createApi(instance, limits), { ...(headersTimeoutMs && { headersTimeoutMs }) });
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	url = `http://127.0.0.1:${port}`;

	/** Sends a request; the response must conform to the OpenAPI document. */
	async function call(method: string, path: string, some: { body?: unknown; headers?: Record<string, string> } = {}) {
		const body = some.body === undefined ? null : JSON.stringify(some.body);
		const headers = { ...(body !== null && { 'content-type': 'application/json' }), ...some.headers };
		const answer = await fetch(`${url}${path}`, { method, headers, body });
		const text = await answer.text();
		const fault = faultOfAnswer(method, path, {
			status: answer.status,
			type: answer.headers.get('content-type'),
			text,
		});
		if (fault) throw new Error(`${method} ${path}: ${fault}`);
		return {
			status: answer.status,
			headers: answer.headers,
			text,
			json: <T>() => JSON.parse(text) as T,
		} satisfies Called;
	}

	/** Creates a complete upload and returns its id. */
	async function upload(fileName = 'holiday.mp4', headers: Record<string, string> = {}): Promise<string> {
		const bytes = Buffer.from('\0\0\0\x20ftypisom and so on');
		const asked = { fileName, sizeBytes: bytes.length, contentType: 'video/mp4' };
		const ticket = (await call('POST', '/v1/uploads', { body: asked, headers })).json<UploadTicket>();
		const sent = await fetch(ticket.upload.url, { method: 'PUT', headers: ticket.upload.headers, body: bytes });
		if (!sent.ok) throw new Error(`the upload was answered ${sent.status}`);
		return ticket.id;
	}

	/** Names of the files in the uploads folder. */
	const storedFiles = () => readdir(join(folder, 'uploads')).catch(() => []);

	async function close(): Promise<void> {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
		await analyses.drain(0);
		webhooks?.close();
		keys.close();
		await instance.links?.close();
		await annotated.close();
		await disk.close();
		if (!options.folder) await rm(folder, { recursive: true, force: true });
	}

	return { url, port, folder, disk, fake, store, analyses, instance, lines, call, upload, storedFiles, close };
}

/** The code of a problem response. */
export const codeOf = (answer: Called) => answer.json<Problem>().code;

export const sha256Hex = (text: string) => createHash('sha256').update(text).digest('hex');
