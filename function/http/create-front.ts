import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { AnalysisError, type ErrorCode, toAnalysisError } from '../errors.ts';
import type { DiskStore } from '../store/disk-store.ts';
import type { Instance } from './instance.ts';
import type { PageFiles } from './page-files.ts';
import { problemFromThrown, sendProblem } from './problem.ts';
import { apiBodyBytes, type BodyLimits, readBody } from './read-body.ts';
import { createFunctionServer } from './register-functions.ts';
import { type RequestRecord, recordRequest } from './request-record.ts';
import { createApiHeaders, createPageHeaders } from './security-headers.ts';

/** What stands behind the front. */
export type FrontOptions = {
	readonly instance: Instance;
	/** The built page; null = none is served. */
	readonly page: PageFiles | null;
	/** Milliseconds in which a body has to arrive (those of uploads excepted). */
	readonly bodyTimeoutMs?: number;
	/** Milliseconds in which the headers have to arrive. */
	readonly headersTimeoutMs?: number;
	/** Milliseconds after which an answer of which its reader takes nothing more is given up. */
	readonly stallMs?: number;
};

const eventBodyBytes = 1024 ** 2;

/**
 * The one server: paths of the disk store go to its streaming handler, the page's files are answered from memory, all else goes to the
 * framework's server, which would read bodies of any size: so they are read here, within limits of size and time.
 */
export function createFront({
	instance,
	page,
	bodyTimeoutMs = 15_000,
	headersTimeoutMs = 10_000,
	stallMs = 60_000,
}: FrontOptions): Server {
	const target = instance.config.FUNCTION_TARGET;
	const inner = createFunctionServer(target, instance);
	const health = target === 'unmask' ? null : createFunctionServer('unmask', instance);
	const receiver = 'handle' in instance.store ? (instance.store as DiskStore) : null;
	const setApiHeaders = createApiHeaders();
	const setPageHeaders = createPageHeaders([...storeOrigins(instance), ...(page?.apiOrigins ?? [])]);
	const limits = { limitBytes: target === 'unmask' ? apiBodyBytes : eventBodyBytes, timeoutMs: bodyTimeoutMs };

	async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
		const path = pathOf(req.url ?? '');
		if (!isDecodable(path)) {
			const record = recordRequest(req, res, instance);
			setApiHeaders(req, res);
			return refuse(req, res, record, new AnalysisError('not-found', 'request'));
		}
		const isRead = req.method === 'GET' || req.method === 'HEAD';
		if (target === 'unmask' && receiver && path.startsWith('/store/')) {
			const record = recordRequest(req, res, instance, '/store');
			setApiHeaders(req, res);
			return guarded(req, res, record, () => receiver.handle(req, res));
		}
		if (target === 'unmask' && page && isRead && !isApiPath(path)) {
			const record = recordRequest(req, res, instance, '/');
			setPageHeaders(req, res);
			return guarded(req, res, record, async () => {
				await readBody(req, limits);
				page.answer(req, res, path);
			});
		}
		if (health && isRead) return passOn(health, req, res, limits);
		return passOn(inner, req, res, limits, target === 'unmask' ? null : checkEvent);
	}

	/** To the framework's server, its body read. */
	async function passOn(
		server: Server,
		req: IncomingMessage & { rawBody?: Buffer; body?: unknown },
		res: ServerResponse,
		bodyLimits: BodyLimits,
		parse: ((req: IncomingMessage, body: Buffer) => object) | null = null,
	): Promise<void> {
		try {
			req.rawBody = await readBody(req, bodyLimits);
			if (parse) req.body = parse(req, req.rawBody);
		} catch (thrown) {
			const record = recordRequest(req, res, instance);
			setApiHeaders(req, res);
			refuse(req, res, record, thrown);
			return;
		}
		server.emit('request', req, res);
	}

	return createServer(
		{
			headersTimeout: headersTimeoutMs,
			connectionsCheckingInterval: Math.min(5000, headersTimeoutMs),
			requestTimeout: 0, // an upload may take hours; the store looks after slow senders, readBody after all others
			keepAliveTimeout: 65_000, // longer than the proxies' in front, or they reuse what is being closed
			maxHeaderSize: 16 * 1024,
			keepAlive: true,
		},
		(req, res) => {
			// whole answers only: one that is still being made may take as long as it likes
			res.once('prefinish', () => res.setTimeout(stallMs, () => res.destroy()));
			answer(req, res).catch((thrown: unknown) => {
				instance.log.error({ fault: thrown instanceof Error ? thrown.stack : null }, 'the front failed');
				res.destroy();
			});
		},
	);
}

/** Runs a handler; what it throws becomes a problem. */
async function guarded(
	req: IncomingMessage,
	res: ServerResponse,
	record: RequestRecord,
	handle: () => Promise<void>,
): Promise<void> {
	try {
		await handle();
	} catch (thrown) {
		refuse(req, res, record, thrown);
	}
}

/** Answers with the problem and ends the connection where its body has not arrived whole. */
function refuse(req: IncomingMessage, res: ServerResponse, record: RequestRecord, thrown: unknown): void {
	const problem = problemFromThrown(thrown, record.requestId);
	record.code = problem.code as ErrorCode;
	if (problem.status >= 500) record.fault = toAnalysisError(thrown, 'request');
	if (req.complete || res.headersSent) {
		sendProblem(res, problem);
		return;
	}
	res.setHeader('connection', 'close');
	sendProblem(res, problem, restArrived(req));
}

const lingerMs = 1000;

/** Reads on for a moment before the connection is closed: a sender whose bytes nobody takes would see a reset in place of the answer. */
function restArrived(req: IncomingMessage): Promise<void> {
	return new Promise((resolve) => {
		const timer = setTimeout(resolve, lingerMs);
		const done = () => {
			clearTimeout(timer);
			resolve();
		};
		req.once('end', done).once('close', done).resume();
	});
}

/** Addresses that are never a page's. */
const isApiPath = (path: string) =>
	/^\/(v1|store)(\/|$)/.test(path) || ['/healthz', '/readyz', '/metrics', '/openapi.json'].includes(path);

/** Path of a request target, in whichever form it comes (RFC 9112, section 3.2); empty when there is none. */
function pathOf(target: string): string {
	if (target.startsWith('/')) return target.split(/[?#]/, 1)[0] as string;
	return URL.canParse(target) ? new URL(target).pathname : '';
}

/** The framework answers what cannot be decoded with a page of its own. */
function isDecodable(path: string): boolean {
	try {
		decodeURIComponent(path);
		return true;
	} catch {
		return false;
	}
}

/** Where the page sends uploads to, if it is not here. */
function storeOrigins({ store, config }: Instance): readonly string[] {
	if (store.kind === 'disk') return [];
	return [new URL(config.STORAGE_EMULATOR_HOST ?? 'https://storage.googleapis.com').origin];
}

/** The body of a CloudEvent over HTTP, checked before the framework sees it, which answers what it cannot read with a page of its own; throws `usage`. */
function checkEvent(req: IncomingMessage, body: Buffer): object {
	const event = parseObject(body);
	const isBinary = ['ce-id', 'ce-type', 'ce-source', 'ce-specversion'].every((name) => req.headers[name]);
	const isEvent = isBinary || ('specversion' in event && 'type' in event && 'id' in event && 'source' in event);
	if (isEvent && !('context' in event) && !('eventType' in event)) return event;
	throw new AnalysisError('usage', 'request', 'a CloudEvent 1.0 is taken here, in binary or structured mode');
}

function parseObject(body: Buffer): object {
	try {
		const value: unknown = JSON.parse(body.toString());
		if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
	} catch {}
	throw new AnalysisError('usage', 'request', 'the body is not a JSON object');
}
