import express, { type NextFunction, type Request, type Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import { AnalysisError, type ErrorCode, errorTable } from '../errors.ts';
import { type Client, createClientOf } from './client.ts';
import { createCors } from './cors.ts';
import type { Instance } from './instance.ts';
import { createDocument } from './openapi.ts';
import { problemFromThrown, sendProblem } from './problem.ts';
import { type RequestRecord, recordRequest } from './request-record.ts';
import type { Route } from './route.ts';
import { routes } from './routes.ts';
import { createApiHeaders } from './security-headers.ts';

/** Answers requests to the API; nothing escapes it. */
export type Api = (req: Request, res: Response) => void;

/** What the first handler of a request finds out, for those that follow. */
type Locals = { record: RequestRecord; client: Client };

/** The wire of one instance, made from the table of routes. */
export function createApi(instance: Instance): Api {
	const { UNMASK_API_KEY_HASHES: keys, UNMASK_MAX_BYTES: maxBytes } = instance.config;
	const document = JSON.stringify(createDocument(routes, { needsKey: keys !== null, maxBytes }));
	const clientOf = createClientOf(instance.config);
	const allowOrigins = createCors(instance.config.UNMASK_ORIGINS);
	const setHeaders = createApiHeaders();
	const limit = rateLimit({
		windowMs: 60_000,
		limit: instance.config.UNMASK_REQUESTS_A_MINUTE,
		standardHeaders: 'draft-8',
		legacyHeaders: false,
		validate: false, // addresses are our own business, see client.ts
		keyGenerator: (_req, res) => localsOf(res).client.id,
		handler: () => {
			throw new AnalysisError('rate-limited', 'request');
		},
	});
	const router = express.Router({ caseSensitive: true, strict: true });
	for (const route of routes) {
		const begin = (_req: Request, res: Response, next: NextFunction) => {
			localsOf(res).record.route = route.path;
			next();
		};
		const answer = async (req: Request, res: Response) => {
			const { record, client } = localsOf(res);
			if (route.needsKey && !client.authorised) throw new AnalysisError('unauthorised', 'request');
			await route.handle({ instance, req, res, client, record, document });
		};
		router[route.method](routerPath(route), begin, ...(route.isLimited ? [limit] : []), answer);
	}
	for (const path of new Set(routes.map(routerPath))) router.all(path, otherMethod);
	return (req, res) => {
		const record = recordRequest(req, res, instance);
		setHeaders(req, res);
		if (allowOrigins(req, res)) return;
		Object.assign(res.locals, { record, client: clientOf(req) } satisfies Locals);
		router(req, res, (thrown: unknown) => refuse(thrown ?? new AnalysisError('not-found', 'request'), res));
	};
}

const localsOf = (res: Response) => res.locals as Locals;

/** `/v1/analyses/{id}` as the router writes it: `/v1/analyses/:id`. */
const routerPath = ({ path }: Route) => path.replaceAll(/\{(\w+)\}/g, ':$1');

/** A path of the table, but none of its methods. */
function otherMethod(req: Request, res: Response): void {
	const there = routes.filter((route) => routerPath(route) === req.route.path);
	localsOf(res).record.route = there[0]?.path ?? 'none';
	const methods = there.map((route) => route.method.toUpperCase());
	res.set('allow', [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', '));
	if (req.method === 'OPTIONS') return void res.status(204).end();
	throw new AnalysisError('method-not-allowed', 'request');
}

/** The one place where what was thrown becomes an answer. */
function refuse(thrown: unknown, res: Response): void {
	const { record } = localsOf(res);
	const problem = problemFromThrown(thrown, record.requestId);
	record.code = problem.code as ErrorCode;
	if (errorTable[record.code].status >= 500 && thrown instanceof Error) record.fault = thrown;
	if (res.headersSent) res.destroy();
	else sendProblem(res, problem);
}
