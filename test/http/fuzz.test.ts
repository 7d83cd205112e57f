import type { IncomingHttpHeaders } from 'node:http';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../function/config.ts';
import { analysisRequestSchema } from '../../function/contract/plan.ts';
import { AnalysisError } from '../../function/errors.ts';
import { parseAs } from '../../function/http/parse-body.ts';
import type { ReadRequest } from '../../function/http/uploads/handle-upload.ts';
import { receiveForm } from '../../function/http/uploads/receive-form.ts';
import { checkLiteral, createRules, parseOutgoing } from '../../function/outgoing/guarded-request.ts';
import { Webhooks } from '../../function/outgoing/webhooks.ts';

/** Malformed input from outside: each ends at once, in a value or in a refusal with a code. */

/** The code that `work` throws, or null; any other error is a bug. */
function codeOf(work: () => unknown): string | null {
	try {
		work();
		return null;
	} catch (thrown) {
		if (thrown instanceof AnalysisError) return thrown.code;
		throw thrown;
	}
}

const file =
	'--b\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\nContent-Type: video/mp4\r\n\r\nbytes\r\n';
const plan = '--b\r\nContent-Disposition: form-data; name="plan"\r\n\r\n{"frames":20}\r\n';
const pieces = [
	...[file, plan, '--b--\r\n', '--b', '\r\n', '\r\n\r\n', '--', 'Content-Disposition: form-data', '; name="file"', ';'],
	...[
		'; filename="',
		'"',
		"; filename*=utf-8''%ff",
		'Content-Type: ',
		'multipart/mixed; boundary=b',
		'\0',
		'\u00ff',
		':',
	],
	...['Content-Transfer-Encoding: base64\r\n', '__proto__', 'x'.repeat(9000), 'Content-Length: 5\r\n', '='],
];

/** The outcome of reading a form: the names of its fields, or a code. */
async function read(body: Buffer, type = 'multipart/form-data; boundary=b'): Promise<string> {
	const req = { headers: { 'content-type': type } as IncomingHttpHeaders, rawBody: body } as ReadRequest;
	try {
		const fields = await receiveForm(req, 2000, async ({ bytes }) => {
			for await (const chunk of bytes) if (chunk.length > body.length) throw new Error('more than came');
		});
		return [...fields.keys()].join();
	} catch (thrown) {
		if (thrown instanceof AnalysisError) return thrown.code;
		throw thrown;
	}
}

describe('a form', () => {
	const codes = new Set(['usage', 'body-too-large', 'upload-interrupted']);
	/** Either read in full, with any fields, or refused as the sender's fault; `request-slow` would mean that it hung. */
	const isCoded = (outcome: string) => codes.has(outcome) || !/^(request-slow|internal|store-failed)$/.test(outcome);

	test('is read in full, with a plan', async () =>
		expect(await read(Buffer.from(`${file}${plan}--b--\r\n`))).toBe('plan'));

	test('made of arbitrary pieces ends at once', { timeout: 60_000 }, async () => {
		const bodies = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 40 })), { maxLength: 14 });
		await fc.assert(
			fc.asyncProperty(bodies, async (parts) => isCoded(await read(Buffer.from(parts.join(''), 'latin1')))),
			{ numRuns: 400, endOnFailure: true },
		);
	});

	test('that was cut off or changed ends at once', { timeout: 60_000 }, async () => {
		const whole = Buffer.from(`${plan}${file}${plan.replace('plan', 'keepUpload')}--b--\r\n`);
		const changes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 6 });
		await fc.assert(
			fc.asyncProperty(fc.nat(whole.length), changes, async (end, list) => {
				const body = Buffer.from(whole);
				for (const [at, byte] of list) body[at] = byte;
				return isCoded(await read(body.subarray(0, end)));
			}),
			{ numRuns: 300, endOnFailure: true },
		);
	});

	test('with any boundary ends at once', { timeout: 60_000 }, async () => {
		const types = fc.string({ unit: fc.constantFrom('b', ';', '=', '"', ' ', 'boundary=', '\\', '-', '/') });
		await fc.assert(
			fc.asyncProperty(types, async (rest) => isCoded(await read(Buffer.from(file), `multipart/form-data;${rest}`))),
			{ numRuns: 200, endOnFailure: true },
		);
	});
});

describe('an address', () => {
	const octet = fc.integer({ min: 0, max: 255 });
	const inside = fc.oneof(
		...[fc.tuple(fc.constant(10), octet, octet, octet), fc.tuple(fc.constant(127), octet, octet, octet)],
		fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
		fc.tuple(fc.constant(169), fc.constant(254), octet, octet),
	);
	const spellings: readonly ((address: readonly number[]) => string)[] = [
		(address) => address.join('.'),
		(address) => address.map((byte) => `0x${byte.toString(16)}`).join('.'),
		(address) => address.map((byte) => `0${byte.toString(8)}`).join('.'),
		(address) => `${Buffer.from(address).readUInt32BE()}`,
		(address) => `0x${Buffer.from(address).toString('hex')}`,
		([a, b, c, d]) => `${a}.${b}.${(c as number) * 256 + (d as number)}`,
		([a, ...rest]) => `${a}.${Buffer.from([0, ...rest]).readUInt32BE()}`,
		(address) => `[::ffff:${address.join('.')}]`,
		(address) => `[64:ff9b::${address.join('.')}]`,
		(address) =>
			`[2002:${Buffer.from(address)
				.toString('hex')
				.replace(/(?<=^.{4})/, ':')}::1]`,
		(address) => `${address.join('.').replaceAll('.', '\u3002')}`,
		(address) => `${address.join('.')}.`,
	];

	test('of a private network is refused in every spelling', () => {
		const rules = createRules(null);
		fc.assert(
			fc.property(inside, fc.constantFrom(...spellings), fc.constantFrom('http', 'https'), (address, spell, scheme) => {
				const text = `${scheme}://${spell(address)}/a.mp4`;
				return codeOf(() => checkLiteral(parseOutgoing(text), true, rules)) === 'url-refused';
			}),
			{ numRuns: 1000, endOnFailure: true },
		);
	});
});

describe('webhook settings', () => {
	const records = { read: async () => null, write: async () => {}, remove: async () => false, list: async () => [] };
	const webhooks = new Webhooks({
		records,
		secret: 'a secret of sixteen',
		rules: createRules(null),
		find: async () => null,
	});

	test('made of arbitrary text are an allowed https address, or refused', () => {
		const texts = fc.oneof(fc.string(), fc.webUrl(), fc.constantFrom('https://', 'https://[', 'HTTPS:\\\\10.1\\@x'));
		fc.assert(
			fc.property(texts, (text) => {
				let href = '';
				const code = codeOf(() => {
					href = webhooks.check(text);
				});
				return code === 'url-refused' || (code === null && /^https?:\/\/[^@]+$/.test(href.split('/', 3).join('/')));
			}),
			{ numRuns: 1000, endOnFailure: true },
		);
	});

	test('made of arbitrary JSON are accepted or wrong usage', () => {
		fc.assert(
			fc.property(fc.jsonValue(), (webhook) => {
				const asked = { uploadId: '0'.repeat(32), webhook };
				return [null, 'usage'].includes(codeOf(() => parseAs(analysisRequestSchema, asked)));
			}),
			{ numRuns: 1000, endOnFailure: true },
		);
	});

	test('of the operator are accepted, or rejected at startup', () => {
		const names = fc.constantFrom('UNMASK_WEBHOOKS', 'UNMASK_OUTGOING_NETWORKS', 'UNMASK_LINKS', 'UNMASK_YT_DLP');
		const values = fc.oneof(
			fc.string(),
			fc.ipV4(),
			fc.ipV6(),
			fc.constantFrom('10.0.0.0/8,', '::/0', '1/1', '10.0.0.0/-0'),
		);
		fc.assert(
			fc.property(names, values, (name, value) => {
				const code = codeOf(() => createRules(parseConfig({ [name]: value }).UNMASK_OUTGOING_NETWORKS));
				return [null, 'environment'].includes(code);
			}),
			{ numRuns: 1000, endOnFailure: true },
		);
	});
});
