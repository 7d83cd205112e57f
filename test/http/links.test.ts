import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../../function/client/index.ts';
import type { UploadProgress } from '../../function/contract/upload.ts';
import type { Resolve } from '../../function/outgoing/guarded-request.ts';
import { codeOf, openTestService, sha256Hex, type TestService, type TestServiceOptions } from './open-service.ts';

/** Files that the service fetches from a test server. */

const film = Buffer.concat([Buffer.from('\0\0\0\x18ftypmp42'), Buffer.alloc(3 * 1024 ** 2, 7)]);
let service: TestService;
let origin: string;
let port: number;
let asked: string[] = [];
let answer: (req: IncomingMessage, res: ServerResponse) => void;
const server = createServer((req, res) => {
	asked.push(req.url ?? '');
	answer(req, res);
});
beforeAll(async () => {
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	port = (server.address() as AddressInfo).port;
	origin = `http://127.0.0.1:${port}`;
});
afterAll(() => {
	server.closeAllConnections();
	return new Promise((resolve) => server.close(resolve));
});
afterEach(async () => {
	asked = [];
	await service.close();
});

const keys = { UNMASK_API_KEY_HASHES: sha256Hex('key') };
const allowed = { UNMASK_OUTGOING_NETWORKS: '127.0.0.0/8' };
const headers = { authorization: 'Bearer key' };
const open = async (env: Record<string, string> = { ...keys, ...allowed }, options: TestServiceOptions = {}) => {
	service = await openTestService({ env, ...options });
};
const send = (_req: IncomingMessage, res: ServerResponse) =>
	void res.writeHead(200, { 'content-type': 'video/mp4', 'content-length': film.length }).end(film);
const begin = (url: string, some: object = {}) =>
	service.call('POST', '/v1/uploads', { body: { url, ...some }, headers });
const look = (id: string) => service.call('GET', `/v1/uploads/${id}`, { headers });
/** The final response: complete, or the problem. */
async function ended(url: string, some: object = {}) {
	const begun = await begin(url, some);
	if (begun.status !== 202) return begun;
	const { id } = begun.json<UploadProgress>();
	for (;;) {
		const seen = await look(id);
		if (seen.status !== 200 || seen.json<UploadProgress>().state === 'complete') return seen;
		await new Promise((resolve) => setTimeout(resolve, 10));
	}
}
const codeAfter = async (url: string) => codeOf(await ended(url));

describe('a link', () => {
	test('becomes an upload with the bytes and the name that the server sent', async () => {
		await open();
		answer = (_req, res) => {
			const disposition = `attachment; filename="plain.mp4"; filename*=UTF-8''caf%C3%A9%2F1.mp4`;
			res.writeHead(200, { 'content-type': 'Video/MP4; x=y', 'content-disposition': disposition });
			res.end(film);
		};
		const done = await ended(`${origin}/a/b.mp4?signature=1`);
		const { id, ...progress } = done.json<UploadProgress>();
		const sizes = { receivedBytes: film.length, sizeBytes: film.length };
		expect(progress).toEqual({ fileName: 'café 1.mp4', state: 'complete', ...sizes });
		expect(asked).toEqual(['/a/b.mp4?signature=1']);
		const stored = await service.store.openUpload(id, new AbortController().signal);
		const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
		expect(digest(await readFile(stored.path))).toBe(digest(film));
		await stored.release();
		const job = await service.call('POST', '/v1/analyses', { body: { uploadId: id, async: true }, headers });
		expect(job.status).toBe(202);
	});

	test('reports its progress, can be analysed once it has arrived, and can be deleted', async () => {
		await open();
		let more = () => {};
		answer = (_req, res) => {
			res.writeHead(200, { 'content-length': film.length }).write(film.subarray(0, 1_000_000));
			more = () => res.end(film.subarray(1_000_000));
		};
		const begun = await begin(`${origin}/slow.mp4`, { fileName: 'mine.mp4' });
		expect(begun.status).toBe(202);
		const { id } = begun.json<UploadProgress>();
		expect(begun.headers.get('location')).toBe(`/v1/uploads/${id}`);
		await expect
			.poll(async () => (await look(id)).json())
			.toEqual({
				...{ id, fileName: 'mine.mp4', state: 'arriving' },
				...{ receivedBytes: 1_000_000, sizeBytes: film.length },
			});
		const early = await service.call('POST', '/v1/analyses', { body: { uploadId: id }, headers });
		expect([early.status, codeOf(early)]).toEqual([409, 'upload-incomplete']);
		more();
		await expect.poll(async () => (await look(id)).json()).toMatchObject({ state: 'complete' });

		const other = (await begin(`${origin}/never.mp4`)).json<UploadProgress>().id;
		await expect.poll(() => asked.length).toBe(2);
		expect((await service.call('DELETE', `/v1/analyses/${other}`, { headers })).status).toBe(204);
		expect(codeOf(await look(other))).toBe('upload-not-found');
		expect((await service.storedFiles()).filter((name) => name.startsWith(other))).toEqual([]);
	});

	test('can be awaited by the client', async () => {
		await open();
		answer = send;
		const client = createClient({ base: service.url, apiKey: 'key' });
		const states: string[] = [];
		const id = await client.importLink({ url: `${origin}/a.mp4` }, { onProgress: ({ state }) => states.push(state) });
		expect((await look(id)).json()).toMatchObject({ state: 'complete' });
		expect(states.at(-1)).toBe('complete');
		answer = (_req, res) => void res.writeHead(404).end();
		await expect(client.importLink({ url: `${origin}/b.mp4` })).rejects.toMatchObject({ code: 'url-unreachable' });
	});

	test('is followed through five redirects, not six', async () => {
		await open();
		answer = (req, res) => {
			const left = Number(req.url?.slice(1));
			if (left > 0) res.writeHead(302, { location: `/${left - 1}` }).end();
			else send(req, res);
		};
		expect((await ended(`${origin}/5`)).json<UploadProgress>()).toMatchObject({ state: 'complete', fileName: '0' });
		expect(await codeAfter(`${origin}/6`)).toBe('url-refused');
	});

	test('counts towards the limit of two per client', async () => {
		await open();
		answer = (_req, res) => void res.writeHead(200).write(film.subarray(0, 10));
		for (const name of ['1', '2']) expect((await begin(`${origin}/${name}`)).status).toBe(202);
		const third = await begin(`${origin}/3`);
		expect([third.status, codeOf(third)]).toEqual([429, 'queue-full']);
	});
});

describe('a link is refused for', () => {
	test.each([
		['an HTML page', '<!doctype html><html><body>watch it here</body></html>', {}, 'not-a-video'],
		['a playlist', '#EXTM3U\n#EXTINF:9,\nhttp://example.org/a.ts\n', {}, 'playlist-refused'],
		['nothing', '', {}, 'file-empty'],
		['a compressed response', 'xx', { 'content-encoding': 'gzip' }, 'url-refused'],
		['more than the limit, announced', 'x', { 'content-length': `${10 * 1024 ** 2}` }, 'file-too-large'],
		['more than the limit, not announced', Buffer.concat([film, film]), {}, 'file-too-large'],
	])('%s', async (_what, body, sent, code) => {
		await open({ ...keys, ...allowed, UNMASK_MAX_BYTES: `${4 * 1024 ** 2}` });
		answer = (_req, res) => void res.writeHead(200, sent as Record<string, string>).end(body);
		expect(await codeAfter(`${origin}/x`)).toBe(code);
		expect(await service.storedFiles()).toEqual([]);
	});

	test.each([404, 403, 500, 206, 304])('status %i', async (status) => {
		await open();
		answer = (_req, res) => void res.writeHead(status).end();
		const refused = await ended(`${origin}/x`);
		expect([refused.status, codeOf(refused)]).toEqual([502, 'url-unreachable']);
	});

	test('a response that ends too early, stalls, or takes too long', async () => {
		await open({ ...keys, ...allowed, UNMASK_LINK_S: '1' }, { silenceMs: 300 });
		answer = (_req, res) => {
			res.writeHead(200, { 'content-length': film.length }).write(film.subarray(0, 99), () => res.destroy());
		};
		expect(await codeAfter(`${origin}/cut`)).toBe('url-unreachable');
		answer = (_req, res) => void res.writeHead(200).write(film.subarray(0, 99));
		expect(await codeAfter(`${origin}/silent`)).toBe('url-unreachable');
		answer = (_req, res) => {
			res.writeHead(200);
			const drip = setInterval(() => res.write(film.subarray(0, 20)), 50);
			res.on('close', () => clearInterval(drip));
		};
		const late = await ended(`${origin}/dripping`);
		expect(late.text).toContain('it took longer than 1 s');
		expect(await service.storedFiles()).toEqual([]);
	});

	test.each([
		...['http://10.0.0.1/a.mp4', 'http://169.254.169.254/computeMetadata/v1/', 'http://[::1]/', 'file:///etc/passwd'],
		...['http://192.168.1.1/', 'http://2130706433/', 'http://u:p@example.org/'],
	])('%s, before any request is sent', async (url) => {
		await open({ ...keys });
		const refused = await begin(url);
		expect([refused.status, codeOf(refused)]).toEqual([422, 'url-refused']);
	});

	test('a redirect or a name that leads to a private address, also if the name changes between two lookups', async () => {
		// only 127.0.0.0/8 is allowed here, so that the test server stands for the public internet
		const names: Record<string, string[]> = {
			'inside.example': ['10.0.0.1'],
			'rebind.example': ['127.0.0.1', '10.0.0.1'],
		};
		const resolve: Resolve = async (name) => {
			const [address = ''] = names[name] ?? [];
			if ((names[name]?.length ?? 0) > 1) names[name]?.shift();
			return [{ address, family: 4 }];
		};
		await open({ ...keys, ...allowed }, { resolve });
		const targets = [
			'http://169.254.169.254/',
			'http://inside.example/',
			'http://[fd00:ec2::254]/',
			'ftp://x/',
			'http://127.0.0.1:22/',
		];
		for (const location of targets) {
			answer = (_req, res) => void res.writeHead(302, { location }).end();
			expect(await codeAfter(`${origin}/`)).toBe('url-refused');
		}
		expect(await codeAfter('http://inside.example/')).toBe('url-refused');
		answer = (req, res) => {
			if (req.url === '/again') send(req, res);
			else res.writeHead(302, { location: '/again' }).end(); // the same name, resolved again
		};
		asked = [];
		expect(await codeAfter(`http://rebind.example:${port}/first`)).toBe('url-refused');
		expect(asked).toEqual(['/first']);
	});

	test.each([
		{ url: '' },
		{ url: 5 },
		{ url: 'https://example.org/', sizeBytes: 5 },
		{ url: 'https://example.org/', fileName: '../x' },
	])('an invalid request: %j', async (body) => {
		await open();
		const refused = await service.call('POST', '/v1/uploads', { body, headers });
		expect([refused.status, codeOf(refused)]).toEqual([400, 'usage']);
	});

	test('any reason if no keys are required, unless the operator allows links', async () => {
		await open({ ...allowed });
		expect(codeOf(await begin(`${origin}/a.mp4`))).toBe('links-off');
		await service.close();
		answer = send;
		await open({ ...allowed, UNMASK_LINKS: 'on' });
		expect((await ended(`${origin}/a.mp4`)).json<UploadProgress>().state).toBe('complete');
		await service.close();
		await open({ ...keys, ...allowed, UNMASK_LINKS: 'off' });
		expect(codeOf(await begin(`${origin}/a.mp4`))).toBe('links-off');
	});
});
