import { lookup as systemLookup } from 'node:dns/promises';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { type BlockList, connect, isIP, type LookupFunction, type Socket } from 'node:net';
import { AnalysisError } from '../errors.ts';
import { isInNetworks, isPublicAddress, networks } from './public-address.ts';

/** All addresses of a name. */
export type Resolve = (name: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;

/** Where requests may go besides the public internet, and how names become addresses. */
export type OutgoingRules = { readonly allowed: BlockList; readonly resolve: Resolve };

/** Rules by the setting UNMASK_OUTGOING_NETWORKS; throws `environment` where it is not understood. */
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

/** One request to an address that somebody else has chosen. */
export type GuardedRequest = {
	readonly method: 'GET' | 'HEAD' | 'POST';
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: string;
	readonly signal: AbortSignal;
	/** Milliseconds until the answer has to begin. */
	readonly answerMs: number;
	/** Whether plain HTTP is taken outside of the allowed networks, too. */
	readonly plainHttp: boolean;
};

/** Ports below 1024 belong to services that speak other languages than HTTP, but for these two. */
const isPort = (port: string) => port === '' || port === '80' || port === '443' || Number(port) >= 1024;

/**
 * The address as a URL that may be asked for, before its name is looked up; throws `url-refused`. WHATWG's parser turns every spelling of an
 * address of IPv4 (octal, hexadecimal, one number) into its usual form.
 */
export function parseOutgoing(text: string): URL {
	const url = URL.canParse(text) ? new URL(text) : null;
	if (url === null || !/^https?:$/.test(url.protocol)) throw refused('http and https are taken');
	if (url.username || url.password) throw refused('a name or password is not sent');
	if (!isPort(url.port)) throw refused(`port ${url.port} is not taken`);
	return url;
}

/** Throws `url-refused` for a literal address that may not be reached; a name is looked up when it is asked for. */
export function checkLiteral(url: URL, plainHttp: boolean, rules: OutgoingRules): void {
	const literal = url.hostname.replace(/^\[|\]$/g, '');
	if (isIP(literal)) checkAddress(literal, url, plainHttp, rules);
}

function checkAddress(address: string, { protocol }: URL, plainHttp: boolean, { allowed }: OutgoingRules): void {
	if (isInNetworks(allowed, address)) return;
	if (!isPublicAddress(address)) throw refused('its address is not in the public internet');
	if (protocol === 'http:' && !plainHttp) throw refused('https is needed');
}

/**
 * Sends one request; the answer, whose body is not read yet. Redirects are not followed. Every address that the name has is checked, and the
 * connection goes to one of those: a name that changes its address in between gains nothing. Throws `url-refused`, `url-unreachable`,
 * `cancelled`.
 */
export async function guardedRequest(
	url: URL,
	{ method, headers, body, signal, answerMs, plainHttp }: GuardedRequest,
	rules: OutgoingRules,
): Promise<IncomingMessage> {
	if (signal.aborted) throw new AnalysisError('cancelled', 'upload');
	const check = (address: string) => checkAddress(address, url, plainHttp, rules);
	checkLiteral(url, plainHttp, rules); // the look-up below is not asked for it
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
	// ends with the answer's first line: a body may take as long as it likes
	const late = new AnalysisError('url-unreachable', 'upload', 'no answer in time');
	const timer = setTimeout(() => request.destroy(late), answerMs);
	try {
		request.end(body);
		const [answer] = (await once(request, 'response')) as [IncomingMessage];
		return answer;
	} catch (thrown) {
		request.destroy();
		throw outgoingError(thrown, signal);
	} finally {
		clearTimeout(timer);
	}
}

/** Opens a connection under the same rules, for what a proxy passes on. Throws like `guardedRequest`. */
export async function guardedSocket(
	url: URL,
	{ rules, signal }: { readonly rules: OutgoingRules; readonly signal: AbortSignal },
): Promise<Socket> {
	const check = (address: string) => checkAddress(address, url, true, rules);
	checkLiteral(url, true, rules); // the look-up below is not asked for it
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

/** What went wrong on the way as `url-refused`, `url-unreachable` or `cancelled`; says nothing of what is behind a refused address. */
export function outgoingError(thrown: unknown, signal: AbortSignal): AnalysisError {
	if (thrown instanceof AnalysisError) return thrown;
	if (signal.aborted) return new AnalysisError('cancelled', 'upload', '', { cause: thrown });
	const { code = '' } = thrown as NodeJS.ErrnoException;
	return new AnalysisError('url-unreachable', 'upload', code, { cause: thrown });
}

/** A look-up for a socket: all addresses of a name, or an error where any of them may not be reached. */
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
