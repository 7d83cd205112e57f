import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createDiskStore, type DiskStore, type DiskStoreOptions } from '../../function/store/disk-store.ts';
import { signAddress } from '../../function/store/signed-address.ts';
import { createUploadServer } from '../tools/upload-server.ts';
import {
	arrivedBytes,
	breakPart,
	newId,
	put,
	putPart,
	sampleResult,
	sampleVideo,
	sha256,
	type Ticket,
} from './send-upload.ts';

/** What only the disk store does: it receives the bytes itself, and cleans up its own folder. */

const secret = 'a secret of this test';
const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
	for (const end of endings.splice(0)) await end();
});

type Running = { readonly store: DiskStore; readonly base: string; readonly folder: string };

type StartOptions = Partial<DiskStoreOptions> & { idleMs?: number; origins?: string };

async function start({ idleMs, origins, ...options }: StartOptions = {}): Promise<Running> {
	const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'unmask-store-')));
	const server = createUploadServer(() => store, { ...(idleMs && { idleMs }), ...(origins && { origins }) });
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const limits = { maxBytes: 1e9, uploadTtlS: 3600, reportTtlS: 0 };
	const store = createDiskStore({ ...limits, secret, ...options, folder });
	await store.check();
	endings.push(async () => {
		await store.close();
		server.closeAllConnections();
		server.close();
		await rm(folder, { recursive: true, force: true });
	});
	return { store, base, folder };
}

async function begin({ store, base }: Running, sizeBytes: number): Promise<{ id: string; ticket: Ticket }> {
	const id = newId();
	const upload = { id, fileName: 'clip.mp4', sizeBytes, contentType: 'video/mp4', origin: null };
	const ticket = await store.createUpload(upload);
	return { id, ticket: { ...ticket, url: `${base}${ticket.url}` } };
}

const ask = (ticket: Ticket, total: number | '*') =>
	put(ticket, Buffer.alloc(0), { 'Content-Range': `bytes */${total}` });
const files = async ({ folder }: Running) => (await readdir(join(folder, 'uploads'))).sort();

/** Status and code of a refusal, which must be a complete RFC 9457 problem. */
async function refusal(answer: Response): Promise<string> {
	expect(answer.headers.get('content-type')).toBe('application/problem+json');
	const problem = (await answer.json()) as Record<string, unknown>;
	expect(problem).toMatchObject({ type: `urn:unmask:problem:${problem.code}`, status: answer.status });
	expect([problem.title, problem.detail, problem.requestId].every((text) => typeof text === 'string')).toBe(true);
	return `${answer.status} ${problem.code}`;
}

describe('signed addresses', () => {
	const changes: [string, (url: URL) => void][] = [
		['size', (url) => url.searchParams.set('size', '101')],
		['type', (url) => url.searchParams.set('type', 'image/png')],
		['expiry', (url) => url.searchParams.set('expires', '99999999999')],
		['signature', (url) => url.searchParams.set('signature', '0'.repeat(64))],
		['missing signature', (url) => url.searchParams.delete('signature')],
		['longer signature', (url) => url.searchParams.append('signature', '0')],
		['added parameter', (url) => url.searchParams.set('x', '1')],
		['id', (url) => (url.pathname = `/store/uploads/${newId()}`)],
	];
	it.each(changes)('refuse a changed %s', async (_part, change) => {
		const running = await start();
		const { ticket } = await begin(running, 100);
		const url = new URL(ticket.url);
		change(url);
		const answer = await put({ ...ticket, url: url.href }, sampleVideo(100));
		expect(await refusal(answer)).toBe('403 upload-refused');
		expect((await put(ticket, sampleVideo(100))).status).toBe(200);
	});

	it('expire', async () => {
		const running = await start();
		const { id, ticket } = await begin(running, 100);
		const expiresS = Math.floor(Date.now() / 1000);
		const address = signAddress(secret, { id, sizeBytes: 100, contentType: 'video/mp4', expiresS });
		const answer = await put({ ...ticket, url: `${running.base}${address}` }, sampleVideo(100));
		expect(await refusal(answer)).toBe('403 upload-refused');
	});

	it('refuse an address from another server', async () => {
		const running = await start();
		const { ticket } = await begin(await start({ secret: 'another secret' }), 100);
		const url = `${running.base}${new URL(ticket.url).pathname}${new URL(ticket.url).search}`;
		expect(await refusal(await put({ ...ticket, url }, sampleVideo(100)))).toBe('403 upload-refused');
	});

	it('stay the same if an upload is started again, and refuse another upload with its id', async () => {
		const { store } = await start();
		const upload = { id: newId(), fileName: 'a.mp4', sizeBytes: 100, contentType: 'video/mp4', origin: null };
		expect(await store.createUpload(upload)).toEqual(await store.createUpload(upload));
		await expect(store.createUpload({ ...upload, sizeBytes: 101 })).rejects.toMatchObject({ code: 'key-reused' });
	});

	it.each([
		'/store',
		'/store/',
		'/store/uploads/..%2f..%2fetc',
		`/store/uploads/${'a'.repeat(32)}/../x`,
		'/store/results/x',
	])('are the only valid paths: not %s', async (path) => {
		const { base } = await start();
		// node:http sends the path unchanged, whereas fetch would resolve its dots
		const status = await new Promise((resolve, reject) => {
			request(base, { method: 'PUT', path }, (answer) => resolve(answer.resume().statusCode))
				.on('error', reject)
				.end();
		});
		expect(status).toBe(404);
	});

	it('only accept PUT', async () => {
		const { ticket } = await begin(await start(), 100);
		for (const method of ['GET', 'POST', 'DELETE']) {
			const answer = await fetch(ticket.url, { method });
			expect(await refusal(answer)).toBe('405 method-not-allowed');
			expect(answer.headers.get('allow')).toBe('PUT, OPTIONS');
		}
	});
});

describe('the resumable protocol', () => {
	it('reports the progress of an upload: nothing, a part, everything', async () => {
		const running = await start();
		const bytes = sampleVideo(1000);
		const { id, ticket } = await begin(running, 1000);
		const nothing = await ask(ticket, '*');
		expect([nothing.status, nothing.headers.get('range')]).toEqual([308, null]);
		await putPart(ticket, bytes, 0, 600);
		const some = await ask(ticket, 1000);
		expect([some.status, some.headers.get('range')]).toEqual([308, 'bytes=0-599']);
		expect((await running.store.findUpload(id))?.receivedBytes).toBe(600);
		await putPart(ticket, bytes, 600, 1000);
		const all = await ask(ticket, 1000);
		expect(all.status).toBe(200);
		expect(await all.json()).toEqual({ id, sizeBytes: 1000, sha256: sha256(bytes) });
	});

	it('skips received bytes and refuses a gap', async () => {
		const { ticket } = await begin(await start(), 10_000);
		const bytes = sampleVideo(10_000);
		await putPart(ticket, bytes, 0, 6000);
		const old = await putPart(ticket, bytes, 1000, 2000);
		const gap = await putPart(ticket, bytes, 7000, 8000);
		expect([old, gap].map((answer) => [answer.status, arrivedBytes(answer)])).toEqual([
			[308, 6000],
			[308, 6000],
		]);
		const rest = await putPart(ticket, bytes, 3000, 10_000);
		expect(await rest.json()).toMatchObject({ sha256: sha256(bytes) });
	});

	it('resumes after a restart of the server, with the right digest', async () => {
		const before = await start();
		const bytes = sampleVideo(2_000_000);
		const { id, ticket } = await begin(before, bytes.length);
		await putPart(ticket, bytes, 0, 700_000);
		await breakPart(ticket, bytes, 700_000, 2_000_000, 300_000);
		await before.store.close();

		const after = await start({ folder: before.folder });
		const moved = { ...ticket, url: ticket.url.replace(before.base, after.base) };
		const arrived = arrivedBytes(await ask(moved, bytes.length));
		expect(arrived).toBeGreaterThanOrEqual(700_000);
		const answer = await putPart(moved, bytes, arrived, bytes.length);
		expect(await answer.json()).toEqual({ id, sizeBytes: bytes.length, sha256: sha256(bytes) });
	});

	it('lets a later request replace one that hangs', async () => {
		const running = await start();
		const bytes = sampleVideo(1_000_000);
		const { ticket } = await begin(running, bytes.length);
		const headers = { 'Content-Length': bytes.length, ...ticket.headers };
		const hanging = request(ticket.url, { method: 'PUT', headers });
		const ended = new Promise<number | undefined>((resolve, reject) =>
			hanging.on('response', (answer) => resolve(answer.resume().statusCode)).on('error', reject),
		);
		hanging.write(bytes.subarray(0, 400_000));
		while (arrivedBytes(await ask(ticket, bytes.length)) < 400_000);
		const answer = await putPart(ticket, bytes, 400_000, bytes.length);
		expect(await answer.json()).toMatchObject({ sha256: sha256(bytes) });
		expect(await ended).toBe(400);
		hanging.destroy();
	});

	it('drops a stalled sender and keeps the received bytes', async () => {
		const running = await start({ idleMs: 100 });
		const bytes = sampleVideo(100_000);
		const { ticket } = await begin(running, bytes.length);
		const headers = { 'Content-Length': bytes.length, ...ticket.headers };
		const status = await new Promise((resolve, reject) => {
			const slow = request(ticket.url, { method: 'PUT', headers }, (answer) => resolve(answer.resume().statusCode));
			slow.on('error', reject).write(bytes.subarray(0, 50_000));
		});
		expect(status).toBe(408);
		expect(arrivedBytes(await ask(ticket, bytes.length))).toBe(50_000);
		const answer = await putPart(ticket, bytes, 50_000, bytes.length);
		expect(await answer.json()).toMatchObject({ sha256: sha256(bytes) });
	});

	it.each([
		['bytes 0-99/101', 100, '422 upload-mismatch'],
		['bytes 50-149/100', 100, '422 upload-mismatch'],
		['bytes 0-49/100', 100, '422 upload-mismatch'],
		['bytes 9-3/100', 100, '400 usage'],
		['bytes=0-99', 100, '400 usage'],
		['bytes -1-5/100', 100, '400 usage'],
		['octets 0-99/100', 100, '400 usage'],
	])('refuses Content-Range %s with %i bytes', async (range, sizeBytes, expected) => {
		const running = await start();
		const { id, ticket } = await begin(running, 100);
		const answer = await put(ticket, sampleVideo(sizeBytes), { 'Content-Range': range });
		expect(await refusal(answer)).toBe(expected);
		expect(await files(running)).toEqual([`${id}.json`]);
	});

	it('refuses more or fewer bytes than announced, also without a length', async () => {
		const running = await start();
		const { id, ticket } = await begin(running, 100_000);
		const chunked = async (bytes: Uint8Array) =>
			fetch(ticket.url, {
				method: 'PUT',
				headers: ticket.headers,
				body: new Blob([Uint8Array.from(bytes)]).stream(),
				duplex: 'half',
			} as RequestInit);
		expect(await refusal(await put(ticket, sampleVideo(99_999)))).toBe('422 upload-mismatch');
		expect(await refusal(await put(ticket, sampleVideo(100_001)))).toBe('422 upload-mismatch');
		expect(await refusal(await chunked(sampleVideo(100_001)))).toBe('422 upload-mismatch');
		expect(await files(running)).toEqual([`${id}.json`]);
		expect(await refusal(await chunked(sampleVideo(99_999)))).toBe('400 upload-interrupted');
		expect(arrivedBytes(await ask(ticket, 100_000))).toBe(99_999);
		expect((await chunked(sampleVideo(100_000))).status).toBe(200);
	});

	it('refuses another media type, and accepts a missing one', async () => {
		const { ticket } = await begin(await start(), 100);
		const answer = await put(ticket, sampleVideo(100), { 'Content-Type': 'image/png' });
		expect(await refusal(answer)).toBe('422 upload-mismatch');
		expect((await put({ ...ticket, headers: {} }, sampleVideo(100))).status).toBe(200);
	});

	it('accepts no more bytes once the upload is deleted', async () => {
		const running = await start();
		const bytes = sampleVideo(600_000);
		const { id, ticket } = await begin(running, bytes.length);
		await putPart(ticket, bytes, 0, 262_144);
		expect(await running.store.deleteUpload(id)).toBe(true);
		expect(await refusal(await putPart(ticket, bytes, 262_144, bytes.length))).toBe('404 upload-not-found');
		expect(await files(running)).toEqual([]);
	});
});

describe('the file', () => {
	const text = (start: string) => Buffer.from(start.padEnd(200_000, 'x'));
	it.each([
		['a text', text('Dear reader'), '422 not-a-video'],
		['a PDF', text('%PDF-1.7'), '422 not-a-video'],
		['a ZIP', text('PK\u0003\u0004'), '422 not-a-video'],
		['a program', text('\u007fELF'), '422 not-a-video'],
		['zeros', Buffer.alloc(200_000), '422 not-a-video'],
		['a playlist', text('#EXTM3U\n'), '422 playlist-refused'],
	])('is refused at its first bytes if it is %s', async (_kind, bytes, expected) => {
		const running = await start();
		const { id, ticket } = await begin(running, 4e8);
		const answer = await put(ticket, bytes, { 'Content-Range': `bytes 0-${bytes.length - 1}/400000000` });
		expect(await refusal(answer)).toBe(expected);
		expect(await running.store.findUpload(id)).toBeNull();
		expect(await files(running)).toEqual([]);
	});

	it.each([
		['MP4', Buffer.from('\0\0\0\x18ftypmp42', 'latin1')],
		['fragmented MP4', Buffer.from('\0\0\0\x18styp', 'latin1')],
		['JPEG', Buffer.from('ffd8ffe0', 'hex')],
		['Matroska', Buffer.from('1a45dfa3', 'hex')],
		['bare H.264', Buffer.from('0000000167', 'hex')],
		['truncated transport stream', Buffer.alloc(1500, 1).map((byte, i) => ((i - 71) % 188 === 0 ? 0x47 : byte))],
	])('is accepted if it is %s, even in tiny pieces', async (_kind, head) => {
		const { ticket } = await begin(await start(), 9000);
		const bytes = Buffer.concat([head, Buffer.alloc(9000, 7)]).subarray(0, 9000);
		expect((await putPart(ticket, bytes, 0, 2)).status).toBe(308);
		expect((await putPart(ticket, bytes, 2, 11)).status).toBe(308);
		expect((await putPart(ticket, bytes, 11, 9000)).status).toBe(200);
	});

	it('is removed if the disk is full, and can be sent again', async ({ skip }) => {
		if (process.platform !== 'linux') skip('/dev/full is Linux');
		const running = await start();
		const { id, ticket } = await begin(running, 100_000);
		await symlink('/dev/full', join(running.folder, 'uploads', `${id}.part`));
		expect(await refusal(await put(ticket, sampleVideo(100_000)))).toBe('507 write-failed');
		expect(await files(running)).toEqual([`${id}.json`]);
		expect((await put(ticket, sampleVideo(100_000))).status).toBe(200);
	});
});

describe('pages of other origins', () => {
	const origins = 'https://page.test';
	const from = (ticket: Ticket, method: string, origin: string) =>
		fetch(ticket.url, { method, headers: { Origin: origin, 'Access-Control-Request-Method': 'PUT' } });

	it('may send and query the progress if they are listed', async () => {
		const { ticket } = await begin(await start({ origins }), 100);
		const asked = await from(ticket, 'OPTIONS', 'https://page.test');
		expect(asked.status).toBe(204);
		expect(asked.headers.get('access-control-allow-origin')).toBe('https://page.test');
		expect(asked.headers.get('access-control-allow-methods')).toContain('PUT');
		expect(asked.headers.get('access-control-allow-headers')).toMatch(/content-range/i);
		const answer = await put(ticket, sampleVideo(100), { Origin: 'https://page.test' });
		expect(answer.headers.get('access-control-allow-origin')).toBe('https://page.test');
		expect(answer.headers.get('access-control-expose-headers')).toMatch(/\brange/i);
		expect(answer.headers.get('vary')).toMatch(/origin/i);
	});

	it('may not otherwise', async () => {
		const { ticket } = await begin(await start({ origins }), 100);
		for (const method of ['OPTIONS', 'PUT']) {
			const answer = await from(ticket, method, 'https://evil.test');
			expect(answer.headers.has('access-control-allow-origin')).toBe(false);
		}
	});
});

describe('the sweeper', () => {
	const longAgo = new Date(Date.now() - 2 * 3600_000);

	it('deletes expired uploads, complete or not, and nothing else', async () => {
		const old = await start({ uploadTtlS: 3600 });
		const whole = await begin(old, 100);
		await put(whole.ticket, sampleVideo(100));
		const half = await begin(old, 1000);
		await putPart(half.ticket, sampleVideo(1000), 0, 500);
		await old.store.sweep();
		expect((await files(old)).length).toBe(4);

		const short = await start({ folder: old.folder, uploadTtlS: -1 }); // everything has expired
		expect(await short.store.findUpload(whole.id)).toBeNull();
		expect(await files(short)).toEqual([]); // swept at startup
	});

	it('keeps an upload while an analysis is reading it', async () => {
		const running = await start();
		const { id, ticket } = await begin(running, 100);
		await put(ticket, sampleVideo(100));
		const opened = await running.store.openUpload(id, new AbortController().signal);
		const path = join(running.folder, 'uploads', `${id}.json`);
		const record = { fileName: 'a', sizeBytes: 100, contentType: 'video/mp4', sha256: null };
		await writeFile(path, JSON.stringify({ ...record, createdAt: longAgo.toISOString() }));
		await running.store.sweep();
		expect(await files(running)).toContain(id);
		await opened.release();
		await running.store.sweep();
		expect(await files(running)).toEqual([]);
	});

	it('removes leftovers of a crash', async () => {
		const folder = await mkdtemp(join(tmpdir(), 'unmask-store-'));
		for (const name of ['uploads', 'results']) {
			await mkdir(join(folder, name));
			for (const file of [`.${newId()}.json.0a1b2c.tmp`, ...(name === 'uploads' ? [`${newId()}.part`, newId()] : [])]) {
				await writeFile(join(folder, name, file), 'left');
				await utimes(join(folder, name, file), longAgo, longAgo);
			}
		}
		await writeFile(join(folder, 'uploads', 'a-file-of-the-user'), 'not ours');
		const running = await start({ folder });
		expect(await files(running)).toEqual(['a-file-of-the-user']);
		expect(await readdir(join(folder, 'results'))).toEqual([]);
	});

	it('deletes reports only if they expire', async () => {
		const keeping = await start();
		const id = newId();
		await keeping.store.writeResult(id, sampleResult('a.mp4'));
		await utimes(join(keeping.folder, 'results', `${id}.json`), longAgo, longAgo);
		await keeping.store.sweep();
		expect(await keeping.store.readResult(id)).not.toBeNull();
		const expiring = await start({ folder: keeping.folder, reportTtlS: 3600 });
		expect(await expiring.store.readResult(id)).toBeNull();
	});
});
