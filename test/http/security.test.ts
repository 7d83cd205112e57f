import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { codeOf, openTestService, sha256Hex, type TestService, type TestServiceOptions } from './open-service.ts';

let service: TestService;
afterEach(() => service.close());

const open = async (options: TestServiceOptions = {}) => {
	service = await openTestService(options);
};

/** Sends raw bytes and returns everything received until the connection is closed. */
const sendRaw = (text: string) =>
	new Promise<string>((resolve) => {
		const socket = connect(service.port, '127.0.0.1');
		let got = '';
		socket.on('data', (chunk) => (got += chunk));
		socket.on('error', () => {}); // 'close' follows
		socket.on('close', () => resolve(got));
		socket.write(text);
	});

const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);

describe('keys', () => {
	const env = { UNMASK_API_KEY_HASHES: `${sha256Hex('first key')},${sha256Hex('second')}` };

	test.each(['/v1/models', '/metrics', `/v1/analyses/${'0'.repeat(32)}`])('are required for %s', async (path) => {
		await open({ env });
		for (const headers of [
			{},
			{ authorization: 'Bearer wrong' },
			{ 'x-api-key': '' },
			{ authorization: 'Basic second' },
		]) {
			const answer = await service.call('GET', path, { headers: headers as Record<string, string> });
			expect([answer.status, codeOf(answer)]).toEqual([401, 'unauthorised']);
			expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="unmask"');
		}
		for (const headers of [{ authorization: 'Bearer second' }, { 'x-api-key': 'first key' }, { 'x-api-key': 'second' }])
			expect((await service.call('GET', path, { headers: headers as Record<string, string> })).status).not.toBe(401);
	});

	test.each(['/healthz', '/readyz', '/openapi.json', '/v1/service'])('are not required for %s', async (path) => {
		await open({ env });
		expect((await service.call('GET', path)).status).toBe(200);
	});

	test('do not include the digest itself', async () => {
		await open({ env });
		const answer = await service.call('GET', '/v1/models', { headers: { 'x-api-key': sha256Hex('second') } });
		expect(answer.status).toBe(401);
	});
});

describe('rate limits', () => {
	test('apply per address and state the time to wait; probes are exempt', async () => {
		await open({ env: { UNMASK_REQUESTS_A_MINUTE: '2' } });
		const statuses = [];
		for (let i = 0; i < 3; i++) statuses.push((await service.call('GET', '/v1/models')).status);
		expect(statuses).toEqual([200, 200, 429]);
		const refused = await service.call('GET', '/v1/service');
		expect(codeOf(refused)).toBe('rate-limited');
		expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
		for (const path of ['/healthz', '/readyz', '/healthz']) expect((await service.call('GET', path)).status).toBe(200);
	});

	test('apply per key, and a forged forwarding address has no effect', async () => {
		const env = { UNMASK_REQUESTS_A_MINUTE: '1', UNMASK_API_KEY_HASHES: `${sha256Hex('one')},${sha256Hex('two')}` };
		await open({ env });
		const get = async (key: string, from = '') =>
			(
				await service.call('GET', '/v1/models', {
					headers: { 'x-api-key': key, ...(from && { 'x-forwarded-for': from }) },
				})
			).status;
		expect([await get('one'), await get('one'), await get('two')]).toEqual([200, 429, 200]);
		expect([await get('wrong', '1.2.3.4'), await get('wrong', '5.6.7.8')]).toEqual([401, 429]);
	});

	test('use the address that a trusted proxy saw, not earlier entries', async () => {
		await open({ env: { UNMASK_REQUESTS_A_MINUTE: '1', UNMASK_TRUSTED_PROXIES: '1' } });
		const get = async (from: string) =>
			(await service.call('GET', '/v1/service', { headers: { 'x-forwarded-for': from } })).status;
		expect([await get('9.9.9.9, 1.2.3.4'), await get('8.8.8.8, 1.2.3.4'), await get('1.2.3.4, 5.6.7.8')]).toEqual([
			200, 429, 200,
		]);
	});
});

describe('pages of other origins', () => {
	const env = { UNMASK_ORIGINS: 'https://press.example, https://desk.example' };
	const preflight = (origin: string) => ({
		origin,
		'access-control-request-method': 'POST',
		'access-control-request-headers': 'content-type',
	});

	test('may call if they are listed', async () => {
		await open({ env });
		const headers = preflight('https://desk.example');
		const before = await service.call('OPTIONS', '/v1/uploads', { headers });
		expect(before.status).toBe(204);
		expect(before.headers.get('access-control-allow-origin')).toBe('https://desk.example');
		expect(before.headers.get('access-control-allow-methods')).toContain('DELETE');
		expect(before.headers.get('access-control-allow-headers')).toContain('idempotency-key');
		for (const path of ['/v1/service', '/v1/nothing']) {
			const answer = await service.call('GET', path, { headers: { origin: 'https://desk.example' } });
			expect(answer.headers.get('access-control-allow-origin')).toBe('https://desk.example');
			expect(answer.headers.get('vary')).toMatch(/origin/i);
		}
	});

	test.each(['https://evil.example', 'null', 'https://desk.example.evil.example', 'http://desk.example'])(
		'%s may not',
		async (origin) => {
			await open({ env });
			for (const [method, headers] of [
				['OPTIONS', preflight(origin)],
				['GET', { origin }],
			] as const) {
				const answer = await service.call(method, '/v1/service', { headers });
				expect(answer.headers.get('access-control-allow-origin')).toBeNull();
			}
		},
	);

	test('may not call if none are listed', async () => {
		await open();
		const answer = await service.call('GET', '/v1/service', { headers: { origin: 'https://desk.example' } });
		expect(answer.headers.get('access-control-allow-origin')).toBeNull();
	});
});

describe('addresses and methods', () => {
	test.each([
		'/v1/nothing',
		'/v1',
		'/v1/',
		'/v1/models/',
		'/V1/models',
		'/v1/analyses/..%2f..%2fetc%2fpasswd',
		'/v1/analyses/%00',
		'/v1/analyses/%E0%A4%A',
		`/v1/analyses/${'0'.repeat(31)}`,
		`/v1/analyses/${'A'.repeat(32)}`,
		'/v1/../../etc/passwd',
		'/store/../uploads',
		'/uploads/x.json',
		'//evil.example/v1/models',
	])('GET %s is not found', async (path) => {
		await open();
		const answer = await sendRaw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
		expect([403, 404, 405]).toContain(statusOf(answer));
		expect(answer).toContain('urn:unmask:problem:');
		expect(answer).not.toMatch(/node_modules|root:/);
	});

	test.each([
		['PUT', '/v1/uploads', 'POST, OPTIONS'],
		['GET', '/v1/analyses', 'POST, OPTIONS'],
		['PATCH', `/v1/analyses/${'0'.repeat(32)}`, 'GET, DELETE, HEAD, OPTIONS'],
		['POST', '/healthz', 'GET, HEAD, OPTIONS'],
		['TRACE', '/v1/models', 'GET, HEAD, OPTIONS'],
	])('%s %s gets the list of allowed methods', async (method, path, allow) => {
		await open();
		const answer = await sendRaw(`${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
		expect(statusOf(answer)).toBe(405);
		expect(/^allow: (.*)\r$/im.exec(answer)?.[1]).toBe(allow);
	});

	test('HEAD is GET without a body', async () => {
		await open();
		const answer = await service.call('HEAD', '/v1/models');
		expect([answer.status, answer.text]).toEqual([200, '']);
	});

	test('an absolute request target is equivalent', async () => {
		await open();
		const answer = await sendRaw('GET http://x/healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
		expect(statusOf(answer)).toBe(200);
	});

	test.each(['*', 'evil.example:443', '\\windows'])('a target that is not a path (%s) is refused', async (target) => {
		await open();
		const answer = await sendRaw(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
		expect(statusOf(answer)).toBeGreaterThanOrEqual(400);
		expect(statusOf(answer)).toBeLessThan(500);
	});
});

describe('bodies and headers', () => {
	test('a body over the limit is refused early, whether its size is announced or not', async () => {
		await open();
		const announced = await sendRaw(
			'POST /v1/uploads HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 70000\r\n\r\n{',
		);
		expect(statusOf(announced)).toBe(413);
		expect(announced).toContain('"code":"body-too-large"');
		expect(announced).toMatch(/^connection: close\r$/im);
		const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n1\r\n{\r\n`;
		const chunked = await sendRaw(
			`POST /v1/uploads HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}`,
		);
		expect(statusOf(chunked)).toBe(413);
	});

	test('a body that does not arrive times out', async () => {
		await open({ bodyTimeoutMs: 20 });
		for (const target of ['POST /v1/uploads', 'GET /healthz', 'POST /nothing']) {
			const answer = await sendRaw(
				`${target} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{`,
			);
			expect(statusOf(answer)).toBe(408);
			expect(answer).toContain('"code":"request-slow"');
		}
	});

	test('headers that do not arrive time out', async () => {
		await open({ headersTimeoutMs: 20 });
		expect(statusOf(await sendRaw('GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: '))).toBe(408);
	});

	test('headers over the limit, and anything but HTTP, are refused', async () => {
		await open();
		expect(statusOf(await sendRaw(`GET /healthz HTTP/1.1\r\nHost: x\r\nX-Large: ${'x'.repeat(20_000)}\r\n\r\n`))).toBe(
			431,
		);
		expect(statusOf(await sendRaw('HELLO\r\n\r\n'))).toBe(400);
		const smuggled =
			'POST /v1/uploads HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n';
		expect(statusOf(await sendRaw(smuggled))).toBe(400);
	});

	test('a request header is never echoed', async () => {
		await open();
		const headers = { 'x-request-id': 'mine', 'x-forwarded-host': 'evil.example', 'function-execution-id': 'mine' };
		const answer = await service.call('GET', '/v1/nothing?evil', { headers });
		expect(JSON.stringify([...answer.headers]) + answer.text).not.toMatch(/mine|evil/);
		expect(answer.headers.get('x-request-id')).toBe(answer.json<{ requestId: string }>().requestId);
	});

	test('every response prevents sniffing, framing and script execution', async () => {
		await open();
		for (const path of ['/healthz', '/v1/nothing', '/metrics', '/store/uploads/x']) {
			const { headers } = await fetch(`${service.url}${path}`);
			expect(headers.get('x-content-type-options')).toBe('nosniff');
			expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
			expect(headers.get('x-powered-by')).toBeNull();
		}
	});
});

test('logs contain routes, statuses and eight digits of ids, but no name, key, token or query', async () => {
	await open({ env: { UNMASK_API_KEY_HASHES: sha256Hex('my key') } });
	const id = await service.upload('very-secret-name.mp4', { 'x-api-key': 'my key', 'idempotency-key': 'idem-token' });
	const headers = { authorization: 'Bearer my-other-key', referer: 'http://x/?ref-token' };
	await service.call('GET', `/v1/analyses/${id}?query-token=1`, { headers });
	await service.call('POST', '/v1/uploads', {
		body: { fileName: 'very-secret-name/x' },
		headers: { 'x-api-key': 'my key' },
	});
	service.fake.inference.status = () => {
		throw new Error('very-secret-name in a message');
	};
	expect((await service.call('GET', '/readyz')).status).toBe(500);
	await service.call('GET', '/healthz'); // by now, the earlier responses have ended and are logged
	const text = service.lines.join('');
	expect(text).not.toMatch(/very-secret|my key|my-other-key|token|signature|query/);
	expect(text).not.toContain(id);
	const lines = service.lines.map((line) => JSON.parse(line) as Record<string, unknown>);
	const request = (requestUrl: string, status: number) => ({
		httpRequest: expect.objectContaining({ requestUrl, status, latency: expect.stringMatching(/^\d+\.\d{3}s$/) }),
		'logging.googleapis.com/trace': expect.stringMatching(/^[0-9a-f]{32}$/),
	});
	const expectLine = (fields: object) => expect(lines).toContainEqual(expect.objectContaining(fields));
	expectLine({ severity: 'INFO', ...request('/v1/uploads', 201), analysis: id.slice(0, 8) });
	expectLine({ ...request('/v1/analyses/{id}', 401), code: 'unauthorised' });
	expectLine({ severity: 'ERROR', ...request('/readyz', 500) });
	for (const line of lines)
		expect(line).toMatchObject({ time: expect.stringMatching(/Z$/), message: expect.any(String) });
});
