import { createHash, createPublicKey, createVerify, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openGcs } from '../../function/store/gcs-client.ts';
import { createGcsObjects, type GcsObjects } from '../../function/store/gcs-objects.ts';
import { createGcsStore } from '../../function/store/gcs-store.ts';
import type { Store } from '../../function/store/store.ts';
import { type FakeGcs, startFakeGcs } from '../tools/fake-gcs-server.ts';
import { newId, put, sampleResult, sampleVideo } from './send-upload.ts';

/** What only the Google Cloud Storage store does: objects with any name, and addresses that Google checks. */

let server: FakeGcs;
let objects: GcsObjects;
let store: Store;
const options = { uploadsBucket: 'up', resultsBucket: 'up', maxBytes: 1e6, uploadTtlS: 3600 };
const live = () => new AbortController().signal;

beforeAll(async () => {
	server = await startFakeGcs();
	const client = openGcs({ apiEndpoint: server.endpoint });
	await client.createBucket('up');
	objects = createGcsObjects({ apiEndpoint: server.endpoint });
	store = createGcsStore({ ...options, apiEndpoint: server.endpoint });
});
afterAll(() => server?.stop());

async function* pieces(...texts: string[]) {
	yield* texts;
}

describe('objects', () => {
	it('are listed by prefix, sorted by name, over many pages', async () => {
		const names = ['b.mp4', 'ü 🙂.mp4', 'a/b.mp4', 'a.mp4'];
		for (const name of names) await objects.writeText('up', `list/${name}`, 'video/mp4', 'x');
		await objects.writeText('up', 'other/c.mp4', 'video/mp4', 'x');
		const listed: string[] = [];
		for await (const { name, sizeBytes } of objects.list('up', 'list/')) {
			expect(sizeBytes).toBe(1);
			listed.push(name);
		}
		expect(listed).toEqual(['list/a.mp4', 'list/a/b.mp4', 'list/b.mp4', 'list/ü 🙂.mp4']);
	});

	it('are written, read, replaced and removed', async () => {
		expect(await objects.find('up', 'one')).toBeNull();
		expect(await objects.readText('up', 'one')).toBeNull();
		await objects.writeText('up', 'one', 'text/plain', 'first', { key: 'value' });
		const first = await objects.find('up', 'one');
		expect(first).toMatchObject({ sizeBytes: 5, contentType: 'text/plain', metadata: { key: 'value' } });
		await objects.write('up', 'one', 'text/plain', pieces('sec', 'ond ü'));
		expect(await objects.readText('up', 'one')).toBe('second ü');
		expect((await objects.find('up', 'one'))?.generation).not.toBe(first?.generation);
		expect(await objects.remove('up', 'one')).toBe(true);
		expect(await objects.remove('up', 'one')).toBe(false);
	});

	it('are not written if their pieces fail', async () => {
		await objects.writeText('up', 'kept', 'text/plain', 'before');
		const failing = (async function* () {
			yield 'half';
			throw new Error('the source broke');
		})();
		await expect(objects.write('up', 'kept', 'text/plain', failing)).rejects.toMatchObject({ code: 'store-failed' });
		expect(await objects.readText('up', 'kept')).toBe('before');
	});

	it('are downloaded to a file, or not at all', async () => {
		const folder = await mkdtemp(join(tmpdir(), 'unmask-gcs-'));
		await objects.writeText('up', 'down', 'text/plain', 'content');
		const { generation } = (await objects.find('up', 'down')) ?? { generation: '' };
		await objects.download('up', 'down', generation, join(folder, 'file'), live());
		expect(await readFile(join(folder, 'file'), 'utf8')).toBe('content');
		const cancelled = objects.download('up', 'down', generation, join(folder, 'no'), AbortSignal.abort());
		await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
		const absent = objects.download('up', 'absent', '1', join(folder, 'no'), live());
		await expect(absent).rejects.toMatchObject({ code: 'store-failed' });
		await rm(folder, { recursive: true });
	});
});

describe('the client', () => {
	it('reaches the server of STORAGE_EMULATOR_HOST, which its library handles differently', async () => {
		vi.stubEnv('STORAGE_EMULATOR_HOST', server.endpoint);
		const named = createGcsObjects({ apiEndpoint: server.endpoint });
		await named.writeText('up', 'by-name', 'text/plain', 'one');
		await named.write('up', 'by-name', 'text/plain', pieces('two'));
		expect(await named.readText('up', 'by-name')).toBe('two');
		expect(await named.remove('up', 'by-name')).toBe(true);
		vi.unstubAllEnvs();
	});

	it('retries an interrupted response once, then gives up', async () => {
		let broken = 1;
		let asked = 0;
		const breaking = createServer((_request, response) => {
			asked++;
			response.writeHead(200, { 'content-length': 7 });
			if (broken-- > 0) response.write('con', () => response.destroy());
			else response.end('content');
		});
		await new Promise<void>((resolve) => breaking.listen(0, '127.0.0.1', resolve));
		const apiEndpoint = `http://127.0.0.1:${(breaking.address() as AddressInfo).port}`;
		const patient = createGcsObjects({ apiEndpoint, silenceMs: 100 });
		expect(await patient.readText('up', 'one')).toBe('content');
		const folder = await mkdtemp(join(tmpdir(), 'unmask-gcs-'));
		broken = 1;
		await patient.download('up', 'one', '1', join(folder, 'file'), live());
		expect(await readFile(join(folder, 'file'), 'utf8')).toBe('content');
		expect(asked).toBe(4);
		broken = 2;
		await expect(patient.readText('up', 'one')).rejects.toMatchObject({ code: 'store-failed' });
		expect(asked).toBe(6);
		await rm(folder, { recursive: true });
		breaking.close();
	});

	it('gives up on a server that always fails', async () => {
		const failing = createServer((_request, response) => response.writeHead(400).end('no'));
		await new Promise<void>((resolve) => failing.listen(0, '127.0.0.1', resolve));
		const apiEndpoint = `http://127.0.0.1:${(failing.address() as AddressInfo).port}`;
		const broken = createGcsStore({ ...options, apiEndpoint });
		const begun = { id: newId(), fileName: 'a', sizeBytes: 1, contentType: 'video/mp4', origin: null };
		const calls = [
			broken.check(),
			broken.createUpload(begun),
			broken.findUpload(begun.id),
			broken.openUpload(begun.id, live()),
			broken.deleteUpload(begun.id),
			broken.readResult(begun.id),
			broken.deleteResult(begun.id),
		];
		for (const call of await Promise.allSettled(calls))
			expect(call).toMatchObject({ status: 'rejected', reason: { code: 'store-failed', cause: expect.anything() } });
		failing.closeAllConnections();
		failing.close();
	});
});

describe('uploads', () => {
	const upload = { fileName: 'ü clip.mp4', sizeBytes: 500, contentType: 'video/mp4', origin: null };

	it('are marked, so that the function ignores the event of their arrival', async () => {
		const id = newId();
		await put(await store.createUpload({ ...upload, id }), sampleVideo(500));
		for (const name of [`uploads/${id}`, `uploads/${id}.json`])
			expect((await objects.find('up', name))?.metadata['unmask-analyse']).toBe('on-request');
		expect((await objects.find('up', `uploads/${id}`))?.metadata['file-name']).toBe('%C3%BC%20clip.mp4');
	});

	it('leave nothing on this machine after release, cancellation or failure', async () => {
		const left = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('unmask-upload-'));
		const before = await left();
		const id = newId();
		await put(await store.createUpload({ ...upload, id }), sampleVideo(500));
		const opened = await store.openUpload(id, live());
		await opened.release();
		const abort = new AbortController();
		const cancelled = store.openUpload(id, abort.signal);
		abort.abort();
		await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
		expect(await left()).toEqual(before);
	});

	it('are cancelled at Google if they are deleted before they are complete', async () => {
		// fake-gcs-server accepts a cancellation without cancelling, so this test acts as the server of the session
		const seen: (string | undefined)[] = [];
		const session = createServer((request, response) => {
			seen.push(request.method);
			response.writeHead(499).end();
		});
		await new Promise<void>((resolve) => session.listen(0, '127.0.0.1', resolve));
		const id = newId();
		await store.createUpload({ ...upload, id });
		const name = `uploads/${id}.json`;
		const record = JSON.parse((await objects.readText('up', name)) ?? '');
		record.session = `http://127.0.0.1:${(session.address() as AddressInfo).port}/`;
		await objects.writeText('up', name, 'application/json', JSON.stringify(record));
		expect(await store.deleteUpload(id)).toBe(true);
		expect(seen).toEqual(['DELETE']);
		session.close();
	});

	it('may be objects that arrived by other means, which are never deleted', async () => {
		await objects.writeText('up', 'inbox/ü clip.mp4', 'video/mp4', 'the bytes');
		const { generation } = (await objects.find('up', 'inbox/ü clip.mp4')) ?? { generation: '' };
		const object = { bucket: 'up', name: 'inbox/ü clip.mp4', generation };
		const id = newId();
		await store.adoptObject?.(id, object);
		expect(await store.findUpload(id)).toMatchObject({ fileName: 'ü clip.mp4', sizeBytes: 9, complete: true });
		const opened = await store.openUpload(id, live());
		expect(await readFile(opened.path, 'utf8')).toBe('the bytes');
		await opened.release();
		expect(await store.deleteUpload(id)).toBe(true);
		expect(await objects.find('up', object.name)).not.toBeNull();
		const other = store.adoptObject?.(newId(), { ...object, generation: '1' });
		await expect(other).rejects.toMatchObject({ code: 'upload-not-found' });
	});
});

describe('a signed address', () => {
	const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
	const credentials = {
		client_email: 'tester@project.iam.gserviceaccount.com',
		private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
	};
	const upload = { fileName: 'ü clip.mp4', contentType: 'video/mp4', origin: null };
	const open = () => createGcsStore({ ...options, apiEndpoint: server.endpoint, credentials, maxBytes: 1e9 });

	it('is bound to size, type, name, time and the absence of the object (V4)', async () => {
		const id = newId();
		const ticket = await open().createUpload({ ...upload, id, sizeBytes: 500 });
		expect(ticket.resumable).toBe(false);
		expect(ticket.headers).toEqual({
			'Content-Type': 'video/mp4',
			'x-goog-content-length-range': '500,500',
			'x-goog-if-generation-match': '0',
			'x-goog-meta-file-name': '%C3%BC%20clip.mp4',
			'x-goog-meta-unmask-analyse': 'on-request',
		});
		const url = new URL(ticket.url);
		expect(url.pathname).toBe(`/up/uploads/${id}`);
		const query = Object.fromEntries(url.searchParams);
		const signed = ['content-type', 'host', ...Object.keys(ticket.headers).slice(1)].sort();
		expect(query).toMatchObject({ 'X-Goog-Algorithm': 'GOOG4-RSA-SHA256', 'X-Goog-SignedHeaders': signed.join(';') });
		expect(query['X-Goog-Credential']).toMatch(
			/^tester@project\.iam\.gserviceaccount\.com\/\d{8}\/auto\/storage\/goog4_request$/,
		);
		expect(Math.abs(Number(query['X-Goog-Expires']) - 3600)).toBeLessThanOrEqual(1);

		// As Google does, verifies the signature over the request (cloud.google.com/storage/docs/authentication/canonical-requests).
		const values: Record<string, string> = { host: url.hostname };
		for (const [name, value] of Object.entries(ticket.headers)) values[name.toLowerCase()] = value;
		const encode = (text: string) =>
			encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
		const canonicalQuery = Object.keys(query)
			.filter((name) => name !== 'X-Goog-Signature')
			.sort()
			.map((name) => `${encode(name)}=${encode(query[name] ?? '')}`)
			.join('&');
		const headerLines = signed.map((name) => `${name}:${values[name]}\n`).join('');
		const canonical = ['PUT', url.pathname, canonicalQuery, headerLines, signed.join(';'), 'UNSIGNED-PAYLOAD'].join(
			'\n',
		);
		const scope = (query['X-Goog-Credential'] ?? '').split('/').slice(1).join('/');
		const digest = createHash('sha256').update(canonical).digest('hex');
		const text = ['GOOG4-RSA-SHA256', query['X-Goog-Date'], scope, digest].join('\n');
		const isSigned = createVerify('RSA-SHA256')
			.update(text)
			.verify(
				createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })),
				query['X-Goog-Signature'] ?? '',
				'hex',
			);
		expect(isSigned).toBe(true);
	});
});

describe('deletion', () => {
	/** Names of the objects that contain an id. */
	const named = async (id: string) => {
		const found: string[] = [];
		for await (const { name } of objects.list('up', '')) if (name.includes(id)) found.push(name);
		return found;
	};

	it('removes upload, record, report and webhook from the bucket', async () => {
		const id = 'd'.repeat(32);
		async function* film() {
			yield Buffer.from('\0\0\0\x18ftypmp42 and so on');
		}
		await store.putUpload({ id, fileName: 'witness.mp4', contentType: 'video/mp4' }, film());
		await store.writeResult(id, sampleResult('witness.mp4'));
		await store.webhooks.write(id, '{}');
		expect(await named(id)).toHaveLength(4);
		await Promise.all([store.deleteResult(id), store.deleteUpload(id), store.webhooks.remove(id)]);
		expect(await named(id)).toEqual([]);
	});

	it('removes an expired report when it is requested', async () => {
		const expired: string[] = [];
		const day = 86_400;
		const forgetful = createGcsStore({
			...options,
			apiEndpoint: server.endpoint,
			reportTtlS: 30 * day,
			onExpired: (what, id) => expired.push(`${what} ${id}`),
		});
		const [old, recent] = ['e'.repeat(32), 'f'.repeat(32)];
		const at = (days: number) => new Date(Date.now() - days * day * 1000).toISOString();
		await store.writeResult(old, { ...sampleResult('a.mp4'), createdAt: at(31) });
		await store.writeResult(recent, { ...sampleResult('a.mp4'), createdAt: at(29) });
		expect(await forgetful.readResult(recent)).not.toBeNull();
		expect(await forgetful.readResult(old)).toBeNull();
		expect(await named(old)).toEqual([]);
		expect(expired).toEqual([`report ${old}`]);
	});
});
