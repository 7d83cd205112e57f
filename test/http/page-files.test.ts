import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestService, type TestService } from './open-service.ts';

const html =
	'<!doctype html><meta name="unmask-api" content="https://api.example/x"><script src="./assets/a-1.js"></script>';
const script = `console.log('${'a'.repeat(5000)}')`;
let folder: string;
let service: TestService;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'unmask-page-'));
	await mkdir(join(folder, 'assets'));
	await writeFile(join(folder, 'index.html'), html);
	await writeFile(join(folder, 'assets', 'a-1.js'), script);
	await writeFile(join(folder, 'icon.png'), 'not packed');
	await writeFile(join(folder, 'notes.md'), 'not served');
	service = await openTestService({ page: folder });
});
afterAll(async () => {
	await service.close();
	await rm(folder, { recursive: true, force: true });
});

/** Unlike fetch, neither adds headers nor decompresses. */
const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
	new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
		request(`${service.url}${path}`, { method, headers }, (answer) => {
			const chunks: Buffer[] = [];
			answer.on('data', (chunk: Buffer) => chunks.push(chunk));
			answer.on('end', () =>
				resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
			);
		})
			.on('error', reject)
			.end();
	});

test('the page is always revalidated; files with a digest in their names never are', async () => {
	const page = await get('/');
	expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
	expect(page.headers['cache-control']).toBe('no-cache');
	expect((await get('/index.html')).body).toEqual(page.body);
	const asset = await get('/assets/a-1.js');
	expect(asset.body.toString()).toBe(script);
	expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
});

test('text is compressed for clients that accept it', async () => {
	const br = await get('/assets/a-1.js', { 'accept-encoding': 'gzip, deflate, br' });
	expect([br.headers['content-encoding'], brotliDecompressSync(br.body).toString()]).toEqual(['br', script]);
	const gzip = await get('/assets/a-1.js', { 'accept-encoding': 'gzip, br;q=0' });
	expect([gzip.headers['content-encoding'], gunzipSync(gzip.body).toString()]).toEqual(['gzip', script]);
	expect(gzip.headers.vary).toBe('accept-encoding');
	expect(gzip.headers.etag).not.toBe(br.headers.etag);
	expect((await get('/icon.png', { 'accept-encoding': 'br' })).headers['content-encoding']).toBeUndefined();
});

test('a client with a current copy gets 304 without a body', async () => {
	const { etag } = (await get('/')).headers;
	const again = await get('/', { 'if-none-match': `"x", W/${etag}` });
	expect([again.status, again.body.length]).toEqual([304, 0]);
	expect((await get('/', { 'if-none-match': '"x"' })).status).toBe(200);
});

test('HEAD is GET without a body', async () => {
	const head = await get('/', {}, 'HEAD');
	expect([head.status, head.body.length]).toEqual([200, 0]);
	expect(Number(head.headers['content-length'])).toBeGreaterThan(0);
});

describe('an unknown path', () => {
	test('gets the page with 404, which finds its files from any depth', async () => {
		const answer = await get('/some/where', { accept: 'text/html,*/*;q=0.8' });
		expect([answer.status, answer.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
		expect(answer.body.toString()).toContain('src="/assets/a-1.js"');
	});

	test.each([
		['/some/where', '*/*'],
		['/v1/nothing', 'text/html'],
		['/store/nothing', 'text/html'],
		['/assets/a-2.js', '*/*'],
		['/notes.md', '*/*'],
		['/../package.json', '*/*'],
		['/%2e%2e/package.json', '*/*'],
		['/assets/..%2findex.html', '*/*'],
	])('%s for %s gets a problem', async (path, accept) => {
		const answer = await get(path, { accept });
		expect([403, 404, 405]).toContain(answer.status);
		expect(answer.headers['content-type']).toBe('application/problem+json');
	});

	test('does not accept POST', async () => {
		expect((await get('/', {}, 'POST')).status).toBe(404);
	});
});

test('the page can only run its own scripts and styles, none inline, and only call its API and store', async () => {
	const { headers } = await get('/');
	const policy = String(headers['content-security-policy']);
	expect(policy.replace("'wasm-unsafe-eval'", '')).not.toMatch(/unsafe|\*/);
	expect(policy.split(';')).toEqual(
		expect.arrayContaining([
			"default-src 'none'",
			"script-src 'self' 'wasm-unsafe-eval'",
			"worker-src 'self'",
			"style-src 'self'",
			"img-src 'self' data: blob:",
			"media-src 'self' blob:",
			"connect-src 'self' https://api.example",
			"frame-ancestors 'none'",
			"base-uri 'none'",
			"form-action 'none'",
		]),
	);
	expect(headers['x-content-type-options']).toBe('nosniff');
	expect(headers['referrer-policy']).toBe('no-referrer');
	expect(headers['permissions-policy']).toContain('camera=(self)');
});

test('without a built page there is only the API', async () => {
	const api = await openTestService();
	const answer = await api.call('GET', '/', { headers: { accept: 'text/html' } });
	expect(answer.status).toBe(404);
	await api.close();
});
