import type { IncomingMessage, ServerResponse } from 'node:http';
import express, { type NextFunction, type Request, type Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import { AnalysisError } from '../errors.ts';
import { needsKeys } from './api-keys.ts';
import { type Client, checkScope, createClientOf } from './client.ts';
import type { Instance } from './instance.ts';
import { createDocument } from './openapi.ts';
import type { RequestRecord } from './request-record.ts';
import type { Exchange, Route } from './route.ts';
import { routes } from './routes.ts';

/** Handles a request whose body has been read; rejects with whatever goes wrong. */
export type Router = (req: IncomingMessage, res: ServerResponse, record: RequestRecord) => Promise<void>;

/** What the handlers of one request share. */
type Locals = { record: RequestRecord; client: Client; done: () => void };

/** Creates the router of the API from the table of routes. */
export function createRouter(instance: Instance, limits: Exchange['limits']): Router {
	const { config, keys, metrics } = instance;
	const needsKey = needsKeys(config);
	const document = JSON.stringify(createDocument(routes, { needsKey, maxBytes: config.UNMASK_MAX_BYTES }));
	const clientOf = createClientOf(keys, config);
	const limit = rateLimit({
		windowMs: 60_000,
		limit: (_req, res) => localsOf(res).client.key?.requestsAMinute ?? config.UNMASK_REQUESTS_A_MINUTE,
		standardHeaders: 'draft-8',
		legacyHeaders: false,
		validate: false, // client.ts determines addresses
		keyGenerator: (_req, res) => localsOf(res).client.id,
		handler: () => {
			throw new AnalysisError('rate-limited', 'request');
		},
	});
	const app = express();
	for (const name of ['case sensitive routing', 'strict routing', 'trust proxy']) app.enable(name);
	for (const name of ['etag', 'x-powered-by', 'query parser']) app.disable(name);
	for (const route of routes) {
		const recordRoute = (_req: Request, res: Response, next: NextFunction) => {
			localsOf(res).record.route = route.path;
			next();
		};
		const answer = async (req: Request, res: Response) => {
			const { record, client, done } = localsOf(res);
			if (route.scope !== null && needsKey) checkScope(client, route.scope);
			if (client.key) metrics.keyRequests.inc({ key: client.key.name, route: route.path });
			await route.handle({ instance, req, res, client, record, document, limits });
			done();
		};
		app[route.method](routerPath(route), recordRoute, ...(route.isLimited ? [limit] : []), answer);
	}
	for (const path of new Set(routes.map(routerPath))) app.all(path, otherMethod);
	return (req, res, record) =>
		new Promise((done, reject) => {
			Object.assign(res, { locals: { record, client: clientOf(req), done } satisfies Locals });
			app(req as Request, res as Response, (thrown: unknown) =>
				reject(thrown ?? new AnalysisError('not-found', 'request')),
			);
		});
}

const localsOf = (res: Response) => res.locals as Locals;

/** Converts `/v1/analyses/{id}` to Express's `/v1/analyses/:id`. */
const routerPath = ({ path }: Route) => path.replaceAll(/\{(\w+)\}/g, ':$1');

/** Handles a known path with an unsupported method. */
function otherMethod(req: Request, res: Response): void {
	const there = routes.filter((route) => routerPath(route) === req.route.path);
	localsOf(res).record.route = there[0]?.path ?? 'none';
	const methods = there.map((route) => route.method.toUpperCase());
	res.set('allow', [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', '));
	if (req.method !== 'OPTIONS') throw new AnalysisError('method-not-allowed', 'request');
	res.status(204).end();
	localsOf(res).done();
}
