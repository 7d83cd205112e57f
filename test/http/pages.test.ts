import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { UploadProgress } from '../../function/contract/upload.ts';
import type { Resolve } from '../../function/outgoing/guarded-request.ts';
import { codeOf, openTestService, sha256Hex, type TestService } from './open-service.ts';

/** Links to pages, read by a fake yt-dlp: a program that sends requests through the given proxy and writes the response to a file. */

const film = Buffer.concat([Buffer.from('\0\0\0\x18ftypmp42'), Buffer.alloc(1024 ** 2, 7)]);
let folder: string;
let origin: string;
let service: TestService;
let asked: string[] = [];
const site = createServer((req, res) => {
	asked.push(req.url ?? '');
	if (req.url === '/film') res.writeHead(200, { 'content-type': 'video/mp4' }).end(film);
	else res.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!doctype html><title>Watch</title>');
});

/** Source of the fake: records its arguments, then requests `target` through the proxy by GET or CONNECT. */
const program = (target: string, how: 'get' | 'connect' | 'fail' | 'direct') => `#!${process.execPath}
const { writeFileSync } = require('node:fs');
const { request } = require('node:http');
const args = process.argv.slice(2);
const after = (name) => args[args.indexOf(name) + 1];
writeFileSync(${JSON.stringify(join(folder, 'started.json'))}, JSON.stringify({ args, env: process.env, cwd: process.cwd() }));
if (${how === 'fail'}) { console.error('ERROR: Unsupported URL'); process.exit(1); }
const proxy = new URL(after('--proxy'));
const own = { host: proxy.hostname, port: proxy.port };
const headers = ${how === 'direct'} ? {} : { 'proxy-authorization': 'Basic ' + Buffer.from(proxy.username + ':' + proxy.password).toString('base64') };
const asking = ${how === 'connect'}
	? request({ ...own, method: 'CONNECT', path: new URL(${JSON.stringify(target)}).host, headers })
	: request({ ...own, path: ${JSON.stringify(target)}, headers });
const failed = (what) => { console.error('ERROR: ' + what); process.exit(1); };
const take = (answer) => {
	if (answer.statusCode !== 200) return failed('the proxy answered ' + answer.statusCode);
	const chunks = [];
	answer.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
		console.log('title: A film: 1/2');
		writeFileSync(after('--output').replace('%(ext)s', 'mp4'), Buffer.concat(chunks));
	});
};
asking.on('response', take).on('error', (error) => failed(error.message)).on('connect', (answer, socket) => {
	if (answer.statusCode !== 200) return failed('the proxy answered ' + answer.statusCode);
	request({ createConnection: () => socket, path: '/film', host: 'x' }, take).end();
});
asking.end();
`;

beforeAll(async () => {
	site.listen(0, '127.0.0.1');
	await once(site, 'listening');
	origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => site.close(resolve)));
beforeEach(async () => {
	asked = [];
	folder = await mkdtemp(join(tmpdir(), 'unmask-pages-test-'));
});
afterEach(async () => {
	await service.close();
	await rm(folder, { recursive: true });
});

const headers = { authorization: 'Bearer key' };
async function open(text: string | null, env: Record<string, string> = {}): Promise<void> {
	if (text !== null) {
		await writeFile(join(folder, 'yt-dlp'), text);
		await chmod(join(folder, 'yt-dlp'), 0o755);
	}
	const networks = { UNMASK_OUTGOING_NETWORKS: '127.0.0.0/8' };
	const base = { UNMASK_API_KEY_HASHES: sha256Hex('key'), UNMASK_YT_DLP: 'on', PATH: folder };
	const resolve: Resolve = async () => [{ address: '10.0.0.1', family: 4 }];
	service = await openTestService({ env: { ...base, ...networks, ...env }, resolve });
}
async function ended(url = `${origin}/watch`) {
	const { id } = (await service.call('POST', '/v1/uploads', { body: { url }, headers })).json<UploadProgress>();
	for (;;) {
		const seen = await service.call('GET', `/v1/uploads/${id}`, { headers });
		if (seen.status !== 200 || seen.json<UploadProgress>().state === 'complete') return seen;
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}
const started = async () =>
	JSON.parse(await readFile(join(folder, 'started.json'), 'utf8')) as {
		args: string[];
		env: Record<string, string>;
		cwd: string;
	};
/** Temporary folders left behind; there should be none. */
const leftovers = async () => (await readdir(tmpdir())).filter((name) => /^unmask-yt-dlp-/.test(name));

describe('a link to a page', () => {
	test.each(['get', 'connect'] as const)('becomes an upload with the video that yt-dlp fetched by %s', async (how) => {
		await open(program(`${origin}/film`, how));
		const done = await ended();
		expect(done.json()).toMatchObject({ state: 'complete', fileName: 'A film: 1 2', sizeBytes: film.length });
		expect(asked).toEqual(['/watch', '/film']);
		const { args, env, cwd } = await started();
		expect(args.slice(-2)).toEqual(['--', `${origin}/watch`]);
		expect(args).toContain('--ignore-config');
		expect(Object.keys(env).filter((name) => /KEY|UNMASK|NODE/.test(name))).toEqual([]);
		expect([env.HOME, env.https_proxy]).toEqual([cwd, args[args.indexOf('--proxy') + 1]]);
		expect(await leftovers()).toEqual([]);
	});

	test.each([
		...['http://169.254.169.254/latest/', 'http://10.0.0.1/', 'http://[::1]:9999/', 'http://0x0a000001/'],
		...['https://192.168.0.1:8443/', 'http://127.0.0.1:22/', 'http://inside.example/', 'https://inside.example/'],
	])('cannot reach an address that is off limits for links: %s', async (target) => {
		for (const how of ['get', 'connect'] as const) {
			await open(program(target, how), { UNMASK_OUTGOING_NETWORKS: '127.0.0.1' });
			expect(codeOf(await ended())).toBe('url-refused');
			expect(asked.filter((path) => path !== '/watch')).toEqual([]);
			if (how === 'get') await service.close();
		}
		expect(await leftovers()).toEqual([]);
	});

	test('is refused with a code if yt-dlp is missing, not allowed, or finds nothing', async () => {
		await open(null);
		const missing = await ended();
		expect([missing.status, codeOf(missing)]).toEqual([422, 'page-unsupported']);
		expect(missing.text).toContain('yt-dlp is not installed');
		await service.close();
		await open(program(`${origin}/film`, 'get'), { UNMASK_YT_DLP: 'off' });
		expect(codeOf(await ended())).toBe('page-unsupported');
		await expect(started()).rejects.toThrow();
		await service.close();
		await open(program('', 'fail'));
		const failed = await ended();
		expect(codeOf(failed)).toBe('page-unsupported');
		expect(failed.text).toContain('Unsupported URL');
		expect(await service.storedFiles()).toEqual([]);
		expect(await leftovers()).toEqual([]);
	});

	test('is subject to the size and time limits, and the proxy refuses other programs', async () => {
		await open(program(`${origin}/film`, 'get'), { UNMASK_MAX_BYTES: '100000' });
		expect(['file-too-large', 'page-unsupported']).toContain(codeOf(await ended()));
		expect(await service.storedFiles()).toEqual([]);
		await service.close();
		await open(program(`${origin}/film`, 'direct'));
		const refused = await ended();
		expect(refused.text).toContain('the proxy answered 407');
		await service.close();
		await open(`#!${process.execPath}\nsetTimeout(() => {}, 60_000);`, { UNMASK_LINK_S: '1' });
		const late = await ended();
		expect([codeOf(late), late.text.includes('longer than 1 s')]).toEqual(['url-unreachable', true]);
		expect(await leftovers()).toEqual([]);
	});
});
