import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { AnalysisError } from '../errors.ts';

/** The built page. Small files are held in memory, large ones are read from a path listed at startup: a request never names a file. */
export type PageFiles = {
	/** Serves GET and HEAD. An unknown path gets the page with status 404 if the client accepts HTML; otherwise throws not-found. */
	serve(req: IncomingMessage, res: ServerResponse, path: string): void;
	/** Other origins of the page's API, from `<meta name="unmask-api">`. */
	readonly apiOrigins: readonly string[];
};

type Encoding = 'br' | 'gzip';
type File = {
	readonly type: string;
	readonly etag: string;
	readonly cacheControl: string;
	/** null = read from `path` for each request. */
	readonly plain: Buffer | null;
	readonly path: string;
	readonly bytes: number;
	readonly compressed: Readonly<Partial<Record<Encoding, Buffer>>>;
};

/** Media types of the files in a build; text files are compressed. */
const types: Readonly<Record<string, { readonly type: string; readonly isText: boolean }>> = {
	'.html': { type: 'text/html; charset=utf-8', isText: true },
	'.js': { type: 'text/javascript; charset=utf-8', isText: true },
	'.mjs': { type: 'text/javascript; charset=utf-8', isText: true },
	'.css': { type: 'text/css; charset=utf-8', isText: true },
	'.svg': { type: 'image/svg+xml', isText: true },
	'.json': { type: 'application/json', isText: true },
	'.webmanifest': { type: 'application/manifest+json', isText: true },
	'.txt': { type: 'text/plain; charset=utf-8', isText: true },
	'.png': { type: 'image/png', isText: false },
	'.jpg': { type: 'image/jpeg', isText: false },
	'.webp': { type: 'image/webp', isText: false },
	'.mp4': { type: 'video/mp4', isText: false },
	'.ico': { type: 'image/x-icon', isText: false },
	'.woff2': { type: 'font/woff2', isText: false },
	'.wasm': { type: 'application/wasm', isText: false },
	'.onnx': { type: 'application/octet-stream', isText: false },
};

/** Maximum size of a file held in memory, bytes. Models and their runtime are larger. */
const maxBytesInMemory = 2e6;

/** Reads and compresses every file of a build; null if the folder has no index.html. */
export async function readPage(folder: string): Promise<PageFiles | null> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
	const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
	const files = new Map(
		await Promise.all(
			paths
				.filter((path) => extname(path) in types)
				.map(async (path): Promise<[string, File]> => {
					const address = `/${relative(folder, path).split(sep).join('/')}`;
					return [address, await readPageFile(path, address)];
				}),
		),
	);
	const index = files.get('/index.html');
	if (!index) return null;
	files.set('/', index);
	return {
		apiOrigins: apiOriginsOf(index.plain?.toString() ?? ''),
		serve(req, res, path) {
			const file = files.get(path);
			if (file) return send(req, res, file, 200);
			if (!/\btext\/html\b/.test(req.headers.accept ?? '')) throw new AnalysisError('not-found', 'request');
			send(req, res, index, 404);
		},
	};
}

async function readPageFile(path: string, address: string): Promise<File> {
	const { type, isText } = types[extname(path)] as (typeof types)[string];
	const raw = await readFile(path);
	// relative addresses would break when the page is served at an unknown path
	const plain = address === '/index.html' ? Buffer.from(raw.toString().replaceAll('="./', '="/')) : raw;
	const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
	// Vite puts a digest in the names of the files in assets/
	const cacheControl = address.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
	const isInMemory = plain.length <= maxBytesInMemory;
	return {
		...{ type, etag, cacheControl, path, bytes: plain.length },
		plain: isInMemory ? plain : null,
		compressed: isInMemory && isText ? await compress(plain) : {},
	};
}

async function compress(plain: Buffer): Promise<File['compressed']> {
	const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
	const [br, gz] = await Promise.all([promisify(brotliCompress)(plain, quality), promisify(gzip)(plain)]);
	return { ...(br.length < plain.length && { br }), ...(gz.length < plain.length && { gzip: gz }) };
}

function send(req: IncomingMessage, res: ServerResponse, file: File, status: number): void {
	const encoding = encodingFor(req.headers['accept-encoding'] ?? '', file);
	const body = encoding === null ? file.plain : (file.compressed[encoding] as Buffer);
	// one tag per encoding (RFC 9110, section 8.8.3.3)
	const etag = encoding === null ? file.etag : file.etag.replace(/"$/, `-${encoding}"`);
	res.setHeader('etag', etag);
	res.setHeader('cache-control', file.cacheControl);
	res.setHeader('vary', 'accept-encoding');
	const knownTags = (req.headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
	if (status === 200 && knownTags.includes(etag)) return void res.writeHead(304).end();
	res.writeHead(status, {
		'content-type': file.type,
		'content-length': body?.length ?? file.bytes,
		...(encoding !== null && { 'content-encoding': encoding }),
	});
	if (req.method === 'HEAD') return void res.end();
	if (body) return void res.end(body);
	const reading = createReadStream(file.path);
	pipeline(reading, res, () => {}); // if the client leaves or the file is gone, the response is cut short
}

/** The smallest encoding that the client accepts. Ignores weights in `Accept-Encoding` except 0; browsers send no others. */
function encodingFor(accepted: string, { compressed }: File): Encoding | null {
	const acceptedEncodings = accepted
		.split(',')
		.filter((part) => !/;\s*q=0(\.0*)?\s*$/.test(part))
		.map((part) => part.split(';')[0]?.trim());
	return (
		(['br', 'gzip'] as const).find((encoding) => compressed[encoding] && acceptedEncodings.includes(encoding)) ?? null
	);
}

function apiOriginsOf(html: string): readonly string[] {
	const tag = /<meta[^>]*name="unmask-api"[^>]*>/.exec(html)?.[0] ?? '';
	const content = /content="([^"]*)"/.exec(tag)?.[1] ?? '';
	return URL.canParse(content) ? [new URL(content).origin] : [];
}
