import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';

/** Sets the security headers of a response. */
export type SetSecurityHeaders = (req: IncomingMessage, res: ServerResponse) => void;

/** The service does not decide for subdomains. Browsers ignore the header without TLS. */
const strictTransportSecurity = { includeSubDomains: false };

/** For responses of the API and the store, which are never pages. */
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
 * For the page: only its own scripts and styles, none of them inline. `connect` lists the other origins that it may call. The page may compile
 * WebAssembly, and is cross-origin isolated so that the models it runs can use several threads.
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
