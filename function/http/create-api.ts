import type { IncomingMessage, ServerResponse } from 'node:http';
import { AnalysisError } from '../errors.ts';
import type { DiskStore } from '../store/disk-store.ts';
import { createHostCheck } from './check-host.ts';
import { createCors } from './cors.ts';
import { createRouter } from './create-router.ts';
import { eventBodyBytes, handleEvent } from './handle-event.ts';
import type { Instance } from './instance.ts';
import { refuse } from './problem.ts';
import { apiBodyBytes, readBody } from './read-body.ts';
import { type RequestRecord, recordRequest } from './request-record.ts';
import { createApiHeaders, createPageHeaders } from './security-headers.ts';
import { handleUpload, type ReadRequest } from './uploads/handle-upload.ts';
import { isForm } from './uploads/receive-form.ts';

/** The service as a request handler; never throws. */
export type Api = (req: IncomingMessage, res: ServerResponse) => void;

/** Time limits for clients, milliseconds. */
export type ClientLimits = {
	/** For a request body to arrive, except that of an upload. */
	readonly bodyTimeoutMs: number;
	/** For the next bytes of an upload to arrive. */
	readonly idleMs: number;
	/** For the client to accept the next bytes of a finished response. */
	readonly stallMs: number;
};

const defaultLimits: ClientLimits = { bodyTimeoutMs: 15_000, idleMs: 60_000, stallMs: 60_000 };

/**
 * Creates the request handler of an instance: API, uploads and page, or only the cloud event, depending on FUNCTION_TARGET. `unmask serve` runs it
 * in a plain server, functions-framework in its own server, which has already read the body.
 */
export function createApi(instance: Instance, limits: Partial<ClientLimits> = {}): Api {
	const { bodyTimeoutMs, idleMs, stallMs } = { ...defaultLimits, ...limits };
	const answer = instance.config.FUNCTION_TARGET === 'unmask' ? createService() : createEventTarget();
	return (req, res) => {
		const record = recordRequest(req, res, instance);
		// only for finished responses: producing one may take any time
		res.once('prefinish', () => res.setTimeout(stallMs, () => res.destroy()));
		record.settled = answer(req, res, record).catch((thrown: unknown) => refuse(req, res, record, thrown));
	};

	function createService() {
		const { page, store, config } = instance;
		const setApiHeaders = createApiHeaders();
		const setPageHeaders = createPageHeaders([...storeOrigins(instance), ...(page?.apiOrigins ?? [])]);
		const allowOrigins = createCors(config.UNMASK_ORIGINS);
		const checkHost = createHostCheck(config);
		const route = createRouter(instance, { idleMs });
		return async (req: ReadRequest, res: ServerResponse, record: RequestRecord): Promise<void> => {
			const path = pathOf(req.url ?? '');
			const isPage = page !== null && isRead(req) && path !== null && !isApiPath(path);
			(isPage ? setPageHeaders : setApiHeaders)(req, res);
			if (path === null) throw new AnalysisError('not-found', 'request');
			if (!probePaths.has(path)) checkHost(req);
			if (!isPage && allowOrigins(req, res)) return;
			if (isPage) {
				record.route = '/';
				await readBody(req, { limitBytes: apiBodyBytes, timeoutMs: bodyTimeoutMs });
				return page.serve(req, res, path);
			}
			if (path.startsWith('/store/') && 'receive' in store) {
				record.route = '/store';
				return handleUpload(store as DiskStore, req, res, { idleMs }, (id) => {
					record.analysisId = id;
				});
			}
			const isFile = req.method === 'POST' && path === '/v1/analyses' && isForm(req); // streamed to the store
			// before the body, which is larger than that of a request may be
			if (req.method === 'POST' && path === '/v1/uploads' && isForm(req))
				throw new AnalysisError('media-type-unsupported', 'request', formElsewhere);
			if (!isFile) req.rawBody = await readBody(req, { limitBytes: apiBodyBytes, timeoutMs: bodyTimeoutMs });
			await route(req, res, record);
		};
	}

	function createEventTarget() {
		const setApiHeaders = createApiHeaders();
		const route = createRouter(instance, { idleMs });
		return async (req: ReadRequest, res: ServerResponse, record: RequestRecord): Promise<void> => {
			setApiHeaders(req, res);
			const body = await readBody(req, { limitBytes: eventBodyBytes, timeoutMs: bodyTimeoutMs });
			if (isRead(req)) await route(req, res, record);
			else await handleEvent(instance, req, res, body);
		};
	}
}

const formElsewhere =
	'send a form with a file to POST /v1/analyses; here, expected application/json with fileName and sizeBytes';

const isRead = ({ method }: IncomingMessage) => method === 'GET' || method === 'HEAD';

/** Called by machines under any host name; their responses reveal nothing. */
const probePaths: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

const apiFiles: ReadonlySet<string> = new Set(['/metrics', '/openapi.json', '/.well-known/jwks.json']);

/** Whether a path belongs to the API, never to the page. */
const isApiPath = (path: string) => /^\/(v1|store)(\/|$)/.test(path) || probePaths.has(path) || apiFiles.has(path);

/** The path of a request target in any form (RFC 9112, section 3.2); empty if there is none, null if it cannot be decoded. */
function pathOf(target: string): string | null {
	const path = target.startsWith('/')
		? (target.split(/[?#]/, 1)[0] as string)
		: URL.canParse(target)
			? new URL(target).pathname
			: '';
	try {
		decodeURIComponent(path);
		return path;
	} catch {
		return null;
	}
}

/** Other origins to which the page sends uploads. */
function storeOrigins({ store, config }: Instance): readonly string[] {
	if (store.kind === 'disk') return [];
	return [new URL(config.STORAGE_EMULATOR_HOST ?? 'https://storage.googleapis.com').origin];
}
