import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Config } from '../config.ts';
import { AnalysisError, errorTable, toAnalysisError } from '../errors.ts';
import { type ApiKeys, needsKeys } from '../http/api-keys.ts';
import { createHostCheck } from '../http/check-host.ts';
import { checkScope, createClientOf } from '../http/client.ts';
import { apiBodyBytes, readBody } from '../http/read-body.ts';
import { type AgentTools, createAgentServer } from './create-agent-server.ts';

/** Maximum number of sessions; the least recently used one is closed to make room. */
const maxSessions = 32;
const bodyTimeoutMs = 15_000;

type Session = { readonly transport: StreamableHTTPServerTransport; readonly client: string };

/** A Model Context Protocol server over streamable HTTP at `/mcp`, with one session per client that starts one. */
export function createAgentHttpServer(tools: AgentTools, config: Config, keys: ApiKeys): Server {
	const sessions = new Sessions(tools);
	const checkHost = createHostCheck(config);
	const clientOf = createClientOf(keys, config);
	const isFree = !needsKeys(config);
	const handle = async (req: IncomingMessage, res: ServerResponse) => {
		if (req.url?.split('?', 1)[0] !== '/mcp') throw new AnalysisError('not-found', 'request');
		checkHost(req);
		// no web page may call this; a browser always sends the origin with such a request
		if (req.headers.origin !== undefined)
			throw new AnalysisError('host-unknown', 'request', 'requests from web pages are refused');
		const client = clientOf(req);
		if (!isFree) checkScope(client, 'analyse');
		const body =
			req.method === 'POST' ? await readBody(req, { limitBytes: apiBodyBytes, timeoutMs: bodyTimeoutMs }) : null;
		const transport = await sessions.of(req.headers['mcp-session-id'], client.id);
		await transport.handleRequest(req, res, body === null ? undefined : parseJson(body));
	};
	const server = createServer({ headersTimeout: 10_000, requestTimeout: 0 }, (req, res) => {
		handle(req, res).catch((thrown: unknown) => refuse(res, thrown));
	});
	server.once('close', () => sessions.close());
	return server;
}

class Sessions {
	readonly #tools: AgentTools;
	/** Least recently used first. */
	readonly #open = new Map<string, Session>();

	constructor(tools: AgentTools) {
		this.#tools = tools;
	}

	/** The session with that id, or a new one if there is no id. Throws `not-found` if it is closed or belongs to another client. */
	async of(id: string | string[] | undefined, client: string): Promise<StreamableHTTPServerTransport> {
		if (id === undefined) return this.#start(client);
		const session = this.#open.get(String(id));
		if (session?.client !== client) throw new AnalysisError('not-found', 'request', 'there is no such session');
		this.#open.delete(String(id));
		this.#open.set(String(id), session);
		return session.transport;
	}

	close(): void {
		for (const { transport } of this.#open.values()) void transport.close();
	}

	async #start(client: string): Promise<StreamableHTTPServerTransport> {
		const transport = new StreamableHTTPServerTransport({
			sessionIdGenerator: () => randomUUID(),
			onsessioninitialized: (id) => {
				const [leastRecent] = this.#open;
				if (this.#open.size >= maxSessions && leastRecent) void leastRecent[1].transport.close();
				this.#open.set(id, { transport, client });
			},
		});
		transport.onclose = () => {
			if (transport.sessionId !== undefined) this.#open.delete(transport.sessionId);
		};
		await createAgentServer(this.#tools).connect(transport);
		return transport;
	}
}

function parseJson(body: Buffer): unknown {
	try {
		return JSON.parse(body.toString());
	} catch {
		throw new AnalysisError('usage', 'request', 'the body is not JSON');
	}
}

/** Refuses a request before it reaches the protocol, in the protocol's form (JSON-RPC 2.0, section 5.1). */
function refuse(res: ServerResponse, thrown: unknown): void {
	if (res.headersSent) return void res.destroy();
	const { code, message } = toAnalysisError(thrown, 'request');
	const { status } = errorTable[code];
	const text = code === 'internal' ? errorTable.internal.sentence : message;
	res
		.writeHead(status, {
			'content-type': 'application/json',
			'cache-control': 'no-store',
			...(status === 401 && { 'www-authenticate': 'Bearer' }),
			connection: 'close',
		})
		.end(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32_000, message: text, data: { code } } }));
}
