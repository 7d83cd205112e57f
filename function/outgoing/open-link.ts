import type { IncomingMessage } from 'node:http';
import { wireType } from '../contract/wire-type.ts';
import { AnalysisError } from '../errors.ts';
import { guardedRequest, type OutgoingRules, outgoingError, parseOutgoing } from './guarded-request.ts';

/** A file behind a link; its bytes arrive as fast as they are read. */
export type LinkedFile = {
	/** As named by the server or the link; may contain any text. */
	readonly fileName: string;
	readonly contentType: string;
	/** As announced by the server; null = not announced. */
	readonly sizeBytes: number | null;
	/** Throws `url-unreachable` if the connection breaks or stalls, and `cancelled`. */
	readonly bytes: AsyncIterable<Buffer>;
};

/** Options for opening a link. */
export type LinkOptions = {
	readonly rules: OutgoingRules;
	readonly signal: AbortSignal;
	readonly maxBytes: number;
	/** Time limit for the start of the response and for the next bytes, milliseconds. */
	readonly silenceMs?: number;
	/** Whether plain HTTP is refused, also behind a redirect; false by default. */
	readonly httpsOnly?: boolean;
};

/** Maximum number of redirects. */
const maxRedirects = 5;
const defaultSilenceMs = 30_000;

/**
 * Opens a link by GET and follows at most five redirects, each checked like the link itself. Throws `url-refused`, `url-unreachable`,
 * `page-unsupported` for an HTML page, `file-too-large` if the announced size is, `cancelled`.
 */
export async function openLink(link: string, options: LinkOptions): Promise<LinkedFile> {
	const { rules, signal, maxBytes, silenceMs = defaultSilenceMs, httpsOnly = false } = options;
	let url = parseOutgoing(link);
	for (let redirects = 0; ; redirects++) {
		if (httpsOnly && url.protocol !== 'https:') throw refused('https is required');
		const headers = { accept: 'video/*, image/*, */*;q=0.1', 'accept-encoding': 'identity' };
		const request = { method: 'GET', headers, signal, responseTimeoutMs: silenceMs, plainHttp: true } as const;
		const response = await guardedRequest(url, request, rules);
		const { statusCode = 0 } = response;
		if (statusCode === 200) return linkedFile(response, url, { signal, maxBytes, silenceMs });
		response.destroy();
		const { location } = response.headers;
		if (![301, 302, 303, 307, 308].includes(statusCode) || location === undefined)
			throw new AnalysisError('url-unreachable', 'upload', `it responded with ${statusCode}`);
		if (redirects === maxRedirects) throw refused(`more than ${maxRedirects} redirects`);
		if (!URL.canParse(location, url.href)) throw refused('it redirects to an invalid address');
		url = parseOutgoing(new URL(location, url).href);
	}
}

function linkedFile(
	response: IncomingMessage,
	url: URL,
	{ signal, maxBytes, silenceMs }: { signal: AbortSignal; maxBytes: number; silenceMs: number },
): LinkedFile {
	const { headers } = response;
	const announced = Number(headers['content-length'] ?? Number.NaN);
	const refusal = /^(text\/html|application\/xhtml\+xml)\b/i.test(headers['content-type'] ?? '')
		? new AnalysisError('page-unsupported', 'upload')
		: announced > maxBytes
			? new AnalysisError('file-too-large', 'upload', `the limit is ${maxBytes} bytes`)
			: (headers['content-encoding'] ?? 'identity') !== 'identity'
				? refused('its response is compressed') // a few bytes could expand beyond any limit
				: null;
	if (refusal) {
		response.destroy();
		throw refusal;
	}
	return {
		fileName: nameFromHeader(headers['content-disposition']) ?? nameFromPath(url.pathname),
		contentType: wireType(headers['content-type'] ?? ''),
		sizeBytes: Number.isSafeInteger(announced) ? announced : null,
		bytes: bytesOf(response, signal, silenceMs),
	};
}

async function* bytesOf(
	response: IncomingMessage,
	signal: AbortSignal,
	silenceMs: number,
): AsyncGenerator<Buffer, void> {
	const silent = new AnalysisError('url-unreachable', 'upload', 'it stopped sending');
	const stop = () => void response.destroy(new AnalysisError('cancelled', 'upload'));
	const timer = setTimeout(() => response.destroy(silent), silenceMs);
	signal.addEventListener('abort', stop, { once: true });
	if (signal.aborted) stop();
	try {
		for await (const chunk of response) {
			timer.refresh();
			yield chunk as Buffer;
		}
	} catch (thrown) {
		throw outgoingError(thrown, signal);
	} finally {
		clearTimeout(timer);
		signal.removeEventListener('abort', stop);
		response.destroy();
	}
}

/** Reads the file name by RFC 6266; the extended form takes precedence. */
function nameFromHeader(header: string | undefined): string | null {
	const extended = /filename\*\s*=\s*utf-8'[^']*'([^;]+)/i.exec(header ?? '')?.[1];
	const plain = /filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(header ?? '');
	const name = (extended && decoded(extended.trim())) || plain?.[1]?.replaceAll(/\\(.)/g, '$1') || plain?.[2];
	return name || null;
}

const nameFromPath = (path: string) => decoded(path.split('/').at(-1) ?? '') || 'file';

function decoded(text: string): string | null {
	try {
		return decodeURIComponent(text);
	} catch {
		return null;
	}
}

const refused = (what: string) => new AnalysisError('url-refused', 'upload', what);
