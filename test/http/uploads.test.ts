import { afterEach, describe, expect, test } from 'vitest';
import type { UploadTicket } from '../../function/contract/upload.ts';
import {
	type Called,
	codeOf,
	openTestService,
	sha256Hex,
	type TestService,
	type TestServiceOptions,
} from './open-service.ts';

let service: TestService;
afterEach(() => service.close());

const open = async (options: TestServiceOptions = {}) => {
	service = await openTestService(options);
};

const video = { fileName: 'holiday.mp4', sizeBytes: 1000, contentType: 'video/mp4' };
const begin = (body: unknown = video, headers: Record<string, string> = {}) =>
	service.call('POST', '/v1/uploads', { body, headers });
const ticketOf = (answer: Called) => answer.json<UploadTicket>();

test('a ticket has 128 random bits and an address of this service, without the file name', async () => {
	await open();
	const tickets = [ticketOf(await begin()), ticketOf(await begin())];
	expect(tickets[0]?.id).toMatch(/^[0-9a-f]{32}$/);
	expect(tickets[0]?.id).not.toBe(tickets[1]?.id);
	expect(tickets[0]?.upload.url.startsWith(`${service.url}/store/`)).toBe(true);
	expect(tickets[0]?.upload.url).not.toContain('holiday');
});

test('the address uses the host name by which the sender reached the service', async () => {
	await open();
	const proxied = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'desk.example' };
	expect(ticketOf(await begin(video, proxied)).upload.url.startsWith('https://desk.example/store/')).toBe(true);
	const nonsense = await begin(video, { 'x-forwarded-host': 'a b' });
	expect([nonsense.status, codeOf(nonsense)]).toEqual([400, 'usage']);
});

describe('Idempotency-Key', () => {
	const key = { 'idempotency-key': 'page-1' };

	test('gives the same response for the same key and body, at once or later', async () => {
		await open();
		const both = await Promise.all([begin(video, key), begin(video, key)]);
		const later = await begin(video, key);
		expect(new Set([...both, later].map(({ text }) => text)).size).toBe(1);
	});

	test('refuses another body; another key starts another upload', async () => {
		await open();
		const first = ticketOf(await begin(video, key));
		const other = await begin({ ...video, sizeBytes: 1001 }, key);
		expect([other.status, codeOf(other)]).toEqual([422, 'key-reused']);
		expect(ticketOf(await begin(video, { 'idempotency-key': 'page-2' })).id).not.toBe(first.id);
	});

	test('is scoped to the client', async () => {
		await open({ env: { UNMASK_API_KEY_HASHES: `${sha256Hex('one')},${sha256Hex('two')}` } });
		const [one, two] = [
			await begin(video, { ...key, 'x-api-key': 'one' }),
			await begin(video, { ...key, 'x-api-key': 'two' }),
		];
		expect(ticketOf(one).id).not.toBe(ticketOf(two).id);
	});

	test.each(['', ' ', 'a b', 'x'.repeat(256)])('is refused if it is %j', async (value) => {
		await open();
		const answer = await begin(video, { 'idempotency-key': value });
		expect([answer.status, codeOf(answer)]).toEqual([400, 'usage']);
	});
});

describe('media types by RFC 9110', () => {
	test.each([
		['VIDEO/MP4', 'video/mp4'],
		['video/mp4; codecs="avc1.42E01E, mp4a.40.2"', 'video/mp4'],
		['Video/QuickTime ;profile=main;', 'video/quicktime'],
		['', 'application/octet-stream'],
		[undefined, 'application/octet-stream'],
		['application/x-matroska', 'application/octet-stream'],
		['binary/octet-stream', 'application/octet-stream'],
	])('%s is accepted as %s', async (contentType, kept) => {
		await open();
		const bytes = Buffer.from('\0\0\0\x20ftypisom and so on');
		const asked = { fileName: 'a', sizeBytes: bytes.length, ...(contentType !== undefined && { contentType }) };
		const { id, upload } = ticketOf(await begin(asked));
		expect((await service.store.findUpload(id))?.contentType).toBe(kept);
		expect(upload.headers).toEqual({ 'Content-Type': kept });
		const headers = { 'content-type': contentType ?? '' };
		const sent = await fetch(upload.url, { method: 'PUT', headers, body: Uint8Array.from(bytes) });
		expect(sent.status).toBe(200);
	});

	test.each(['text/html', 'TEXT/plain; charset=utf-8', 'multipart/form-data; boundary=x', 'video', 'video/', 'a b/c'])(
		'%s is refused',
		async (contentType) => {
			await open();
			expect(codeOf(await begin({ ...video, contentType }))).toBe('usage');
		},
	);

	test.each(['Application/JSON', 'application/json;charset="UTF-8"', 'application/json ; charset=utf-8; profile=x'])(
		'a body of %s is JSON',
		async (type) => {
			await open();
			const headers = { 'content-type': type };
			const answer = await fetch(`${service.url}/v1/uploads`, { method: 'POST', headers, body: JSON.stringify(video) });
			expect(answer.status).toBe(201);
		},
	);
});

describe('refused requests', () => {
	test.each([
		['a path as the name', { ...video, fileName: '../../etc/passwd' }],
		['a line break in the name', { ...video, fileName: 'a\r\nSet-Cookie: b' }],
		['no size', { fileName: 'a.mp4', contentType: 'video/mp4' }],
		['a fractional size', { ...video, sizeBytes: 0.5 }],
		['a page as the type', { ...video, contentType: 'text/html' }],
		['a header in the type', { ...video, contentType: 'video/mp4\r\nx: y' }],
		['a type with a line break at its end', { ...video, contentType: 'video/mp4\n' }],
		['an unknown field', { ...video, id: '0'.repeat(32) }],
		['a prototype', JSON.parse('{"__proto__":{"sizeBytes":1},"fileName":"a","contentType":"video/mp4"}')],
	])('%s', async (_, body) => {
		await open();
		const answer = await begin(body);
		expect([answer.status, codeOf(answer)]).toEqual([400, 'usage']);
	});

	test('a size over the limit', async () => {
		await open({ env: { UNMASK_MAX_BYTES: '999' } });
		const answer = await begin();
		expect([answer.status, codeOf(answer)]).toEqual([413, 'file-too-large']);
	});

	test.each([
		['another media type', 'text/plain', '{}', 415],
		['a form', 'application/x-www-form-urlencoded', 'a=b', 415],
		['another charset', 'application/json; charset=utf-16', '{}', 415],
		['a media type twice', 'application/json, text/html', '{}', 415],
		['not JSON', 'application/json', '{', 400],
		['nothing', 'application/json', '', 400],
		['not UTF-8', 'application/json', Uint8Array.of(0x22, 0xff, 0x22), 400],
		['deep JSON', 'application/json; charset=UTF-8', '['.repeat(30_000), 400],
	])('%s', async (_, type, body, status) => {
		await open();
		const answer = await fetch(`${service.url}/v1/uploads`, {
			method: 'POST',
			headers: { 'content-type': type },
			body,
		});
		expect(answer.status).toBe(status);
		expect(answer.headers.get('content-type')).toBe('application/problem+json');
		expect(await answer.text()).not.toMatch(/ at |node_modules/);
	});
});

test('a form with a file is told where it belongs, however large', async () => {
	await open();
	const form = new FormData();
	form.set('file', new Blob([Buffer.alloc(200_000)]), 'clip.mp4');
	const answer = await fetch(`${service.url}/v1/uploads`, { method: 'POST', body: form });
	expect(answer.status).toBe(415);
	expect(await answer.text()).toContain('POST /v1/analyses');
});

test('a type that is none is refused without a pattern', async () => {
	await open();
	const answer = await begin({ ...video, contentType: 'movie' });
	expect(answer.text).toContain('such as video/mp4');
});

test('a lone surrogate in a name is replaced by a character that can be stored', async () => {
	await open();
	const { id } = ticketOf(await begin({ ...video, fileName: 'a\ud800.mp4' }));
	expect((await service.store.findUpload(id))?.fileName).toBe('a\ufffd.mp4');
});
