import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { parseConfig } from '../../function/config.ts';
import { ApiKeys, parseKeys } from '../../function/http/api-keys.ts';
import { codeOf, openTestService, sha256Hex, type TestService } from './open-service.ts';

/** Named keys in a file that changes while the service is running. */

let folder: string;
let file: string;
let service: TestService | null = null;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'unmask-keys-'));
	file = join(folder, 'keys.json');
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(async () => {
	await service?.close();
	service = null;
});

type Entry = { name: string; key: string; scopes?: string[]; expiresAt?: string; requestsAMinute?: number };
/** Replaces the file as operators should: writes a temporary file, then renames it. */
async function write(...entries: Entry[]) {
	const keys = entries.map(({ key, ...rest }) => ({ ...rest, sha256: sha256Hex(key) }));
	await writeFile(`${file}.new`, JSON.stringify({ keys }));
	await rename(`${file}.new`, file);
}
const open = async (env: Record<string, string> = {}) => {
	service = await openTestService({ env: { UNMASK_KEYS_FILE: file, ...env } });
	return service;
};
const withKey = (key: string) => ({ authorization: `Bearer ${key}` });
const statusOf = async (method: string, path: string, key: string) =>
	(await (service as TestService).call(method, path, { headers: withKey(key) })).status;
const models = (key: string) => statusOf('GET', '/v1/models', key);
const none = 'a'.repeat(32);

describe('a keys file', () => {
	test('gives each key its scopes', async () => {
		await write(
			{ name: 'reader', key: 'r', scopes: ['read'] },
			{ name: 'sender', key: 's', scopes: ['analyse'] },
			{ name: 'both', key: 'b' },
			{ name: 'operator', key: 'o', scopes: ['admin'] },
		);
		const { call } = await open();
		const seen: Record<string, (number | string)[]> = {};
		for (const key of ['r', 's', 'b', 'o'])
			seen[key] = [
				await models(key),
				await statusOf('GET', `/v1/analyses/${none}`, key),
				await statusOf('GET', `/v1/uploads/${none}`, key),
				await statusOf('DELETE', `/v1/analyses/${none}`, key),
				await statusOf('POST', '/v1/analyses', key),
				await statusOf('GET', '/metrics', key),
			];
		expect(seen).toEqual({
			r: [200, 404, 404, 403, 403, 403],
			s: [403, 403, 403, 404, 415, 403],
			b: [200, 404, 404, 404, 415, 403],
			o: [403, 403, 403, 403, 403, 200],
		});
		const refused = await call('GET', '/v1/models', { headers: withKey('s') });
		expect(codeOf(refused)).toBe('scope-missing');
		expect(refused.text).toContain('needed: read');
		expect(codeOf(await call('GET', '/v1/models', { headers: withKey('x') }))).toBe('unauthorised');
		expect((await call('GET', '/v1/service')).json()).toMatchObject({ needsKey: true });
	});

	test('is reloaded when it changes: keys are added, revoked and rotated without a restart', async () => {
		await write({ name: 'newsroom', key: 'old' });
		await open({ UNMASK_API_KEY_HASHES: sha256Hex('fixed') });
		expect([await models('old'), await models('new'), await models('fixed')]).toEqual([200, 401, 200]);
		await write({ name: 'newsroom', key: 'old' }, { name: 'newsroom', key: 'new' });
		await expect.poll(() => models('new')).toBe(200);
		expect(await models('old')).toBe(200); // both work until every client has the new one
		await write({ name: 'newsroom', key: 'new' });
		await expect.poll(() => models('old')).toBe(401);
		expect([await models('new'), await models('fixed')]).toEqual([200, 200]);
	});

	test('that becomes damaged while the service is running has no effect, and is logged once', async () => {
		await write({ name: 'newsroom', key: 'k' });
		const { lines } = await open();
		const warnings = () => lines.filter((line) => line.includes('stay as they were'));
		await writeFile(`${file}.new`, '{"keys":[{"name":"newsroom","sha256":"k"}]}');
		await rename(`${file}.new`, file);
		await expect.poll(() => warnings().length).toBe(1);
		expect(warnings()[0]).toContain('keys.0.sha256: 64 hexadecimal digits');
		expect(await models('k')).toBe(200);
		await rm(file);
		await expect.poll(() => warnings().length).toBe(2);
		expect(await models('k')).toBe(200);
		await write({ name: 'newsroom', key: 'l' });
		await expect.poll(() => models('l')).toBe(200);
		expect(warnings()).toHaveLength(2);
	});

	test('supports expiry and a rate limit per key', async () => {
		await write(
			{ name: 'over', key: 'over', expiresAt: '2026-01-01T00:00:00Z' },
			{ name: 'soon', key: 'soon', expiresAt: '2126-01-01T00:00:00+01:00' },
			{ name: 'slow', key: 'slow', requestsAMinute: 2 },
		);
		const { call } = await open();
		const refused = await call('GET', '/v1/models', { headers: withKey('over') });
		expect([refused.status, codeOf(refused)]).toEqual([401, 'unauthorised']);
		expect(refused.text).toContain('this key expired at 2026-01-01T00:00:00Z');
		const [first, second, third] = [await models('slow'), await models('slow'), await models('slow')];
		expect([first, second, third]).toEqual([200, 200, 429]);
		expect(await models('soon')).toBe(200);
	});

	test('names the keys in metrics and logs', async () => {
		await write({ name: 'newsroom', key: 'n' }, { name: 'operator', key: 'o', scopes: ['admin'] });
		const { call } = await open();
		for (let i = 0; i < 3; i++) await models('n');
		const { text } = await call('GET', '/metrics', { headers: withKey('o') });
		expect(text).toContain('unmask_key_requests_total{key="newsroom",route="/v1/models"} 3');
		expect(text).not.toContain(sha256Hex('n').slice(0, 8));
	});

	test('that is missing or invalid prevents the start, with the reason', async () => {
		const log = { info: () => {}, error: () => {} };
		const start = (path: string) => ApiKeys.open(parseConfig({ UNMASK_KEYS_FILE: path }), log);
		await expect(start(join(folder, 'no.json'))).rejects.toMatchObject({
			code: 'environment',
			detail: expect.stringMatching(/ENOENT/),
		});
		await writeFile(file, '[]');
		await expect(start(file)).rejects.toMatchObject({ code: 'environment' });
	});
});

const sha256 = sha256Hex('k');
test.each([
	['', 'it is not JSON'],
	['{}', 'keys: '],
	[{ keys: [{ name: 'A B', sha256 }] }, 'keys.0.name: lower-case letters, digits and hyphens'],
	[{ keys: [{ name: 'a', sha256: 'k' }] }, 'keys.0.sha256: 64 hexadecimal digits'],
	[{ keys: [{ name: 'a', sha256, scopes: ['everything'] }] }, 'keys.0.scopes.0: '],
	[{ keys: [{ name: 'a', sha256, scopes: [] }] }, 'keys.0.scopes: '],
	[{ keys: [{ name: 'a', sha256, expiresAt: 'tomorrow' }] }, 'keys.0.expiresAt: '],
	[{ keys: [{ name: 'a', sha256, key: 'the key itself' }] }, 'keys.0: '],
	[
		{
			keys: [
				{ name: 'a', sha256 },
				{ name: 'b', sha256 },
			],
		},
		'a key is listed twice',
	],
])('%j is refused: %s', (value, sentence) => {
	const text = typeof value === 'string' ? value : JSON.stringify(value);
	const refusal = (() => {
		try {
			parseKeys(text);
		} catch (thrown) {
			return (thrown as Error).message;
		}
	})();
	expect(refusal).toContain(sentence);
	expect(refusal).not.toContain('the key itself');
});
