import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AnalysisError } from '../../../function/errors.ts';
import {
	createRules,
	guardedRequest,
	parseOutgoing,
	type Resolve,
} from '../../../function/outgoing/guarded-request.ts';

/** A local server that the public internet cannot reach. */
let port: number;
let asked = 0;
const server = createServer((_req, res) => {
	asked++;
	res.end('secret');
});
beforeAll(async () => {
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	port = (server.address() as AddressInfo).port;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const noNames: Resolve = () => Promise.reject(new Error('no name is lookups up here'));
/** A resolver that returns one list after the other and then repeats the last one. */
const answers =
	(...lists: string[][]): Resolve =>
	async () => {
		const list = lists.length > 1 ? lists.shift() : lists[0];
		return (list ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
	};
const defaults = { method: 'GET', headers: {}, responseTimeoutMs: 5000, plainHttp: true } as const;
async function get(
	url: string,
	resolve = noNames,
	allowed: string | null = null,
	some: Partial<typeof defaults> | object = {},
) {
	const { signal } = new AbortController();
	const answer = await guardedRequest(
		parseOutgoing(url),
		{ ...defaults, signal, ...some },
		createRules(allowed, resolve),
	);
	answer.destroy();
	return answer.statusCode;
}
const refused = expect.objectContaining({ code: 'url-refused' });

describe('a private address is not reachable', () => {
	it.each([
		...['127.0.0.1', '127.1', '2130706433', '0x7f000001', '0177.0.0.1', '0x7f.1', '127.0.0.1.', '①②⑦.⓪.⓪.①', '0'],
		...['0.0.0.0', '[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[64:ff9b::127.0.0.1]', '[2002:7f00:1::]'],
	])('as the literal %s', async (host) => {
		await expect(get(`http://${host}:${port}/`)).rejects.toEqual(refused);
		expect(asked).toBe(0);
	});

	it.each([
		['its own', ['127.0.0.1']],
		['a private one', ['10.0.0.1']],
		["the cloud's metadata service", ['169.254.169.254']],
		['carrier-grade NAT', ['100.64.0.1']],
		['IPv4 mapped into IPv6', ['::ffff:127.0.0.1']],
		['a private one behind a public one', ['93.184.216.34', '127.0.0.1']],
	])('by a name that resolves to %s', async (_what, list) => {
		await expect(get(`http://some.example:${port}/`, answers(list))).rejects.toEqual(refused);
		expect(asked).toBe(0);
	});

	it('by a name that changes between two lookups: there is only one lookup, and its result is used', async () => {
		let lookups = 0;
		const rebinding: Resolve = async () => {
			lookups++;
			return [{ address: lookups === 1 ? '127.0.0.1' : '93.184.216.34', family: 4 }];
		};
		expect(await get(`http://rebind.example:${port}/`, rebinding, '127.0.0.0/8')).toBe(200); // by the first address, which is allowed here
		expect(lookups).toBe(1);
		asked = 0;
		const other = answers(['192.0.2.1'], ['127.0.0.1']);
		await expect(
			get(`http://rebind.example:${port}/`, other, '192.0.2.0/24', { responseTimeoutMs: 300 }),
		).rejects.toMatchObject({
			code: 'url-unreachable',
		});
		await expect(get(`http://rebind.example:${port}/`, other, '192.0.2.0/24')).rejects.toEqual(refused);
		expect(asked).toBe(0);
	});

	it('unless its network is allowed', async () => {
		expect(await get(`http://127.0.0.1:${port}/`, noNames, '10.0.0.0/8, 127.0.0.0/8')).toBe(200);
		asked = 0;
	});
});

describe('an address is refused', () => {
	it.each([
		...['file:///etc/passwd', 'ftp://example.org/a.mp4', 'gopher://127.0.0.1:70/', 'data:video/mp4;base64,AAAA'],
		...['javascript:1', 'http://user:word@example.org/', 'http://user@example.org/', 'http://example.org:22/'],
		...['http://example.org:25/', 'http://', 'example.org/a.mp4', '//example.org/', '', 'http://[::1', 'http://a b/'],
		...['http://%00/'],
	])('%s', (text) => expect(() => parseOutgoing(text)).toThrow(refused));

	it('with plain HTTP where that is not allowed', async () => {
		const some = { plainHttp: false };
		await expect(get('http://some.example/', answers(['93.184.216.34']), null, some)).rejects.toEqual(refused);
	});

	it('or parses as a URL, for any text', () => {
		fc.assert(
			fc.property(fc.oneof(fc.string(), fc.webUrl({ withFragments: true, withQueryParameters: true })), (text) => {
				try {
					return ['http:', 'https:'].includes(parseOutgoing(text).protocol);
				} catch (thrown) {
					return thrown instanceof AnalysisError && thrown.code === 'url-refused';
				}
			}),
			{ endOnFailure: true },
		);
	});
});

it('reports an unreachable server', async () => {
	const none: Resolve = () => Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }));
	const unreachable = { code: 'url-unreachable', detail: 'ENOTFOUND' };
	await expect(get('http://nobody.example/', none)).rejects.toMatchObject(unreachable);
	await expect(get('http://nobody.example/', answers([]))).rejects.toMatchObject(unreachable);
	await expect(get('http://127.0.0.1:1025/', noNames, '127.0.0.1')).rejects.toMatchObject({ detail: 'ECONNREFUSED' });
});

it('an invalid network in the setting is reported at startup', () => {
	expect(() => createRules('10.0.0.0/8,everything')).toThrow(expect.objectContaining({ code: 'environment' }));
});
