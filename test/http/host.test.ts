import { request } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import type { Problem } from '../../function/contract/service.ts';
import { openTestService, sha256Hex, type TestService } from './open-service.ts';

/** A page of another site whose name resolves to this machine (DNS rebinding) cannot read anything. */

let service: TestService;
afterEach(() => service.close());
const open = async (env: Record<string, string> = {}, page?: string) => {
	service = await openTestService({ env: { UNMASK_HOSTS: '', ...env }, ...(page && { page }) });
};

const ask = (host: string, path = '/v1/service', method = 'GET', body = '') =>
	new Promise<{ status: number; text: string }>((resolve, reject) => {
		const headers = { host, 'content-type': 'application/json', 'content-length': body.length };
		request({ port: service.port, path, method, headers }, async (answer) => {
			let text = '';
			for await (const chunk of answer) text += chunk;
			resolve({ status: answer.statusCode ?? 0, text });
		})
			.on('error', reject)
			.end(body);
	});

describe('a foreign name is refused', () => {
	test.each([
		['GET', '/v1/service', ''],
		['GET', '/v1/models', ''],
		['GET', '/metrics', ''],
		['GET', '/openapi.json', ''],
		['GET', `/v1/analyses/${'0'.repeat(32)}`, ''],
		['POST', '/v1/uploads', '{"fileName":"a.mp4","sizeBytes":9,"contentType":"video/mp4"}'],
		['PUT', '/store/uploads/x', 'x'],
		['GET', '/', ''],
	])('for %s %s', async (method, path, body) => {
		await open();
		const { status, text } = await ask('evil.example', path, method, body);
		const problem = JSON.parse(text) as Problem;
		expect([status, problem.code, problem.retryable]).toEqual([421, 'host-unknown', false]);
		expect(text).not.toMatch(/signature|evil/);
	});

	test.each(['evil.example:8080', 'localhost.evil.example', '127.0.0.1.evil.example', 'evil.example@localhost', 'a b'])(
		'in any form: %s',
		async (host) => {
			await open();
			expect((await ask(host)).status).not.toBe(200);
		},
	);
});

test.each(['localhost', 'LOCALHOST:8080', 'localhost.', '127.0.0.1:1', '[::1]:8080', '192.168.1.7', '0.0.0.0'])(
	'%s is accepted',
	async (host) => {
		await open();
		expect((await ask(host)).status).toBe(200);
	},
);

test('the names in HOST, UNMASK_HOSTS and UNMASK_ORIGINS are accepted', async () => {
	await open({ HOST: 'desk.lan', UNMASK_HOSTS: 'one.lan, Two.lan', UNMASK_ORIGINS: 'https://page.lan:8443' });
	for (const host of ['desk.lan:8080', 'one.lan', 'two.lan', 'page.lan']) expect((await ask(host)).status).toBe(200);
	expect((await ask('three.lan')).status).toBe(421);
});

test('any name works for probes, with UNMASK_HOSTS=*, and if keys are required', async () => {
	await open();
	for (const path of ['/healthz', '/readyz']) expect((await ask('unmask.namespace', path)).status).toBe(200);
	await service.close();
	await open({ UNMASK_HOSTS: '*' });
	expect((await ask('any.example')).status).toBe(200);
	await service.close();
	await open({ UNMASK_API_KEY_HASHES: sha256Hex('key') });
	expect((await ask('any.example')).status).toBe(200);
	expect((await ask('any.example', '/v1/models')).status).toBe(401);
});
