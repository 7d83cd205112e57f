import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';

/** Sets the headers that keep a browser from doing with an answer what it is not for. */
export type SetSecurityHeaders = (req: IncomingMessage, res: ServerResponse) => void;

/** No subdomain is ours to decide about; browsers ignore the header without TLS. */
const strictTransportSecurity = { includeSubDomains: false };

/** For answers of the API and of the store: nothing in them is ever a page. */
export function createApiHeaders(): SetSecurityHeaders {
	const set = helmet({
		strictTransportSecurity,
		contentSecurityPolicy: {
			useDefaults: false,
			directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
		},
	});
	return (req, res) => set(req, res, () => {});
}

/**
 * For the page: its own scripts and styles only, none of them inline; `connect` are the origins besides its own that it may call. It may compile
 * WebAssembly, and is isolated from other pages, so that the networks that it runs itself may use several threads.
 */
export function createPageHeaders(connect: readonly string[]): SetSecurityHeaders {
	const set = helmet({
		strictTransportSecurity,
		crossOriginEmbedderPolicy: true,
		contentSecurityPolicy: {
			useDefaults: false,
			directives: {
				defaultSrc: ["'none'"],
				scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
				workerSrc: ["'self'"],
				styleSrc: ["'self'"],
				fontSrc: ["'self'"],
				imgSrc: ["'self'", 'data:', 'blob:'],
				mediaSrc: ["'self'", 'blob:'],
				connectSrc: ["'self'", ...connect],
				manifestSrc: ["'self'"],
				baseUri: ["'none'"],
				formAction: ["'none'"],
				frameAncestors: ["'none'"],
				objectSrc: ["'none'"],
			},
		},
	});
	return (req, res) => {
		set(req, res, () => {});
		res.setHeader(
			'permissions-policy',
			'camera=(self), microphone=(self), geolocation=(), payment=(), usb=(), display-capture=()',
		);
	};
}
