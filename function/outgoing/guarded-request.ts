import { lookup as systemLookup } from 'node:dns/promises';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { type BlockList, connect, isIP, type LookupFunction, type Socket } from 'node:net';
import { AnalysisError } from '../errors.ts';
import { isInNetworks, isPublicAddress, networks } from './public-address.ts';

/** Resolves a host name to all of its addresses. */
export type Resolve = (name: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;

/** The networks that requests may reach besides the public internet, and the resolver for names. */
export type OutgoingRules = { readonly allowed: BlockList; readonly resolve: Resolve };

/** Creates rules from UNMASK_OUTGOING_NETWORKS; throws `environment` if it is invalid. */
export function createRules(
	setting: string | null,
	resolve: Resolve = (name) => systemLookup(name, { all: true }),
): OutgoingRules {
	try {
		return { allowed: networks((setting ?? '').split(',').flatMap((text) => text.trim() || [])), resolve };
	} catch (cause) {
		throw new AnalysisError('environment', 'environment', `UNMASK_OUTGOING_NETWORKS: ${(cause as Error).message}`);
	}
}

/** A request to an address chosen by a client. */
export type GuardedRequest = {
	readonly method: 'GET' | 'HEAD' | 'POST';
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: string;
	readonly signal: AbortSignal;
	/** Time limit for the start of the response, milliseconds. */
	readonly responseTimeoutMs: number;
	/** Whether plain HTTP is allowed outside the allowed networks, too. */
	readonly plainHttp: boolean;
};

/** Except for 80 and 443, ports below 1024 belong to services that do not speak HTTP. */
const isPort = (port: string) => port === '' || port === '80' || port === '443' || Number(port) >= 1024;

/**
 * Parses and checks an address, without resolving its name; throws `url-refused`. WHATWG's parser normalises every spelling of an IPv4 address
 * (octal, hexadecimal, a single number).
 */
export function parseOutgoing(text: string): URL {
	const url = URL.canParse(text) ? new URL(text) : null;
	if (url === null || !/^https?:$/.test(url.protocol)) throw refused('only http and https are allowed');
	if (url.username || url.password) throw refused('user names and passwords are not allowed');
	if (!isPort(url.port)) throw refused(`port ${url.port} is not allowed`);
	return url;
}

/** Throws `url-refused` for a literal IP address that may not be reached. Names are checked when they are resolved. */
export function checkLiteral(url: URL, plainHttp: boolean, rules: OutgoingRules): void {
	const literal = url.hostname.replace(/^\[|\]$/g, '');
	if (isIP(literal)) checkAddress(literal, url, plainHttp, rules);
}

function checkAddress(address: string, { protocol }: URL, plainHttp: boolean, { allowed }: OutgoingRules): void {
	if (isInNetworks(allowed, address)) return;
	if (!isPublicAddress(address)) throw refused('its address is not on the public internet');
	if (protocol === 'http:' && !plainHttp) throw refused('https is required');
}

/**
 * Sends a request and returns the response with its body unread. Does not follow redirects. Checks every address of the name, and connects to one
 * of those, so that changing the name's address in between (DNS rebinding) has no effect. Throws `url-refused`, `url-unreachable`, `cancelled`.
 */
export async function guardedRequest(
	url: URL,
	{ method, headers, body, signal, responseTimeoutMs, plainHttp }: GuardedRequest,
	rules: OutgoingRules,
): Promise<IncomingMessage> {
	if (signal.aborted) throw new AnalysisError('cancelled', 'upload');
	const check = (address: string) => checkAddress(address, url, plainHttp, rules);
	checkLiteral(url, plainHttp, rules); // a literal address is not looked up
	const options: RequestOptions = {
		method,
		headers: {
			'user-agent': 'unmask',
			...headers,
			...(body !== undefined && { 'content-length': `${Buffer.byteLength(body)}` }),
		},
		agent: false,
		lookup: checkedLookup(rules.resolve, check),
		signal,
	};
	const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options);
	request.once('socket', (socket: Socket) => {
		socket.once('connect', () => {
			try {
				check(socket.remoteAddress ?? '');
			} catch (thrown) {
				request.destroy(thrown as Error);
			}
		});
	});
	// covers only the start of the response: its body may take any time
	const late = new AnalysisError('url-unreachable', 'upload', 'no response in time');
	const timer = setTimeout(() => request.destroy(late), responseTimeoutMs);
	try {
		request.end(body);
		const [response] = (await once(request, 'response')) as [IncomingMessage];
		return response;
	} catch (thrown) {
		request.destroy();
		throw outgoingError(thrown, signal);
	} finally {
		clearTimeout(timer);
	}
}

/** Opens a connection under the same rules, for the tunnels of a proxy. Throws like `guardedRequest`. */
export async function guardedSocket(
	url: URL,
	{ rules, signal }: { readonly rules: OutgoingRules; readonly signal: AbortSignal },
): Promise<Socket> {
	const check = (address: string) => checkAddress(address, url, true, rules);
	checkLiteral(url, true, rules); // a literal address is not looked up
	const socket = connect({
		host: url.hostname.replace(/^\[|\]$/g, ''),
		port: Number(url.port || 443),
		lookup: checkedLookup(rules.resolve, check),
	});
	try {
		await once(socket, 'connect', { signal });
		check(socket.remoteAddress ?? '');
		return socket;
	} catch (thrown) {
		socket.destroy();
		throw outgoingError(thrown, signal);
	}
}

/** Converts an error to `url-refused`, `url-unreachable` or `cancelled`; reveals nothing about what is behind a refused address. */
export function outgoingError(thrown: unknown, signal: AbortSignal): AnalysisError {
	if (thrown instanceof AnalysisError) return thrown;
	if (signal.aborted) return new AnalysisError('cancelled', 'upload', '', { cause: thrown });
	const { code = '' } = thrown as NodeJS.ErrnoException;
	return new AnalysisError('url-unreachable', 'upload', code, { cause: thrown });
}

/** Creates a lookup function for sockets that fails if any address of a name may not be reached. */
function checkedLookup(resolve: Resolve, check: (address: string) => void): LookupFunction {
	return (name, { all }, callback) => {
		resolve(name).then(
			(found) => {
				try {
					for (const { address } of found) check(address);
					const [first] = found;
					if (!first) throw Object.assign(new Error('no address'), { code: 'ENOTFOUND' });
					if (all) callback(null, [...found]);
					else callback(null, first.address, first.family);
				} catch (thrown) {
					callback(thrown as Error, '', 0);
				}
			},
			(thrown: Error) => callback(thrown as NodeJS.ErrnoException, '', 0),
		);
	};
}

const refused = (what: string) => new AnalysisError('url-refused', 'request', what);
