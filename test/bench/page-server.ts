import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { packageRoot } from '../../function/config.ts';
import type { ServiceEvent } from '../../function/contract/events.ts';
import type { Report } from '../../function/contract/report.ts';
import type { Models, Ready, Service } from '../../function/contract/service.ts';
import type { UploadTicket } from '../../function/contract/upload.ts';
import { createPageHeaders } from '../../function/http/security-headers.ts';

/** The built page behind a service that takes any file and answers with events of the caller. */
export type PageServer = {
	readonly url: string;
	/** Resolves when the page has asked for its analysis, with a way to send it events. */
	readonly asked: Promise<Stream>;
	close(): Promise<void>;
};

/** The open answer of an analysis. */
export type Stream = {
	/** Sends events; resolves once the page's end takes more. */
	send(events: readonly ServiceEvent[]): Promise<void>;
	end(): void;
};

const types: Readonly<Record<string, string>> = {
	'.html': 'text/html',
	'.js': 'text/javascript',
	'.mjs': 'text/javascript',
	'.css': 'text/css',
	'.svg': 'image/svg+xml',
	'.json': 'application/json',
	'.webmanifest': 'application/manifest+json',
	'.wasm': 'application/wasm',
	'.mp4': 'video/mp4',
	'.jpg': 'image/jpeg',
	'.png': 'image/png',
};

const id = '1'.padStart(32, '0');

const service: Service = {
	version: 'bench',
	limits: { sizeBytes: 1e9, durationS: 14_400, slots: 1, queue: 8 },
	needsKey: false,
	links: false,
	retention: { uploadS: 3600, reportS: null },
	secondsAFrame: null,
	secondsAFrameByModel: {},
};

const ready: Ready = {
	ready: true,
	state: 'ready',
	provider: 'cpu',
	models: [],
	selfTest: null,
	store: 'disk',
	problem: null,
	code: null,
};

const ticket: UploadTicket = {
	id,
	upload: { method: 'PUT', url: `/store/${id}`, headers: {}, resumable: false, expiresAt: '2100-01-01T00:00:00.000Z' },
};

/** Serves dist/spa with the service's headers, on a free port; the one classifier has the thresholds and rates of `report`. */
export async function startPageServer(report: Pick<Report, 'thresholds' | 'errorRates'>): Promise<PageServer> {
	const setHeaders = createPageHeaders([]);
	let onAsked: (stream: Stream) => void = () => {};
	const asked = new Promise<Stream>((resolve) => {
		onAsked = resolve;
	});
	const answers: Readonly<Record<string, unknown>> = {
		'GET /readyz': ready,
		'GET /v1/service': service,
		'GET /v1/models': modelsOf(report),
		'POST /v1/uploads': ticket,
		[`PUT /store/${id}`]: {},
	};
	const server = createServer(async (req, res) => {
		const { pathname } = new URL(req.url ?? '/', 'http://localhost');
		const route = `${req.method} ${pathname}`;
		if (route === 'POST /v1/analyses') return onAsked(openStream(res));
		if (route in answers) return await sendJson(req, res, answers[route]);
		setHeaders(req, res);
		await sendFile(res, pathname);
	});
	await once(server.listen(0, '127.0.0.1'), 'listening');
	return {
		url: `http://localhost:${(server.address() as AddressInfo).port}`,
		asked,
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

function openStream(res: ServerResponse): Stream {
	res.writeHead(200, { 'content-type': 'application/x-ndjson' });
	const write = async (event: ServiceEvent) => {
		if (!res.write(`${JSON.stringify(event)}\n`)) await drained(res);
	};
	void write({ type: 'accepted', id });
	return {
		async send(events) {
			for (const event of events) await write(event);
		},
		end: () => void res.end(),
	};
}

const drained = (res: ServerResponse) =>
	new Promise<void>((resolve) => {
		const end = () => {
			res.off('drain', end).off('close', end);
			resolve();
		};
		res.on('drain', end).on('close', end);
	});

async function sendJson(req: IncomingMessage, res: ServerResponse, answer: unknown): Promise<void> {
	for await (const _ of req.resume()); // whole uploads, too
	res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
}

async function sendFile(res: ServerResponse, path: string): Promise<void> {
	const name = path === '/' ? '/index.html' : normalize(path);
	const body = await readFile(join(packageRoot(), 'dist/spa', name)).catch(() => null);
	if (!body) return void res.writeHead(404).end();
	res.writeHead(200, { 'content-type': types[extname(name)] ?? 'application/octet-stream' }).end(body);
}

function modelsOf({ thresholds, errorRates }: Pick<Report, 'thresholds' | 'errorRates'>): Models {
	const both = <T>(value: T) => ({ image: value, video: value });
	return {
		models: [
			{
				...{ id: 'unmask-lite0-224', kind: 'classifier', isDefault: true, tier: 'fast', isOwn: false },
				...{
					sha256: '2'.repeat(64),
					sizeBytes: 1,
					licence: '',
					madeBy: '',
					reliability: null,
					speed: null,
					metrics: [],
				},
				thresholds: both(thresholds),
				errorRates: both(errorRates),
			},
		],
		errorRates: both(errorRates),
	};
}
