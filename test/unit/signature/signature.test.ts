import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reportIn } from '../../../function/answer/report-in.ts';
import { parseConfig } from '../../../function/config.ts';
import type { Report } from '../../../function/contract/report.ts';
import { cropFileNames, writeReport } from '../../../function/evidence/write-report.ts';
import { checkSignature } from '../../../function/signature/check-signature.ts';
import { openSigner } from '../../../function/signature/sign-report.ts';
import { keysFrom, newKey, publicPart } from '../../../function/signature/signing-key.ts';
import { sampleReports } from '../sample-report.ts';

let signed: Report;
const jwk = await newKey();
const open = (key: object = jwk, name = 'A newsroom') =>
	openSigner(parseConfig({ UNMASK_SIGNING_KEY: JSON.stringify(key), UNMASK_SIGNER: name }));
beforeAll(async () => {
	const report = await (await open())?.sign(await sampleReports.fake());
	signed = JSON.parse(JSON.stringify(report));
});

const codeOf = (report: unknown, trusted: Parameters<typeof checkSignature>[1]['trusted'] = null) =>
	checkSignature(report as Report, { trusted }).then(
		() => 'fits',
		(error) => error.code,
	);

/** The report with one change in its text; throws if nothing changes. */
function changed(from: string | RegExp, to: string): Report {
	const text = JSON.stringify(signed);
	const other = text.replace(from, to);
	if (other === text) throw new Error(`there is no ${from}`);
	return JSON.parse(other);
}

/** Every number, string and boolean of a value with its path. */
function leaves(value: unknown, way: readonly string[] = []): { way: readonly string[]; value: unknown }[] {
	if (typeof value !== 'object' || value === null) return [{ way, value }];
	return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...way, key]));
}
const another = (value: unknown) =>
	typeof value === 'number'
		? value + 1e-9 * Math.max(1, Math.abs(value))
		: typeof value === 'boolean'
			? !value
			: `${value}x`;

describe('a signed report', { timeout: 60_000 }, () => {
	test('verifies unchanged, in any language, and with other member order and white space', async () => {
		expect(await codeOf(signed)).toBe('fits');
		expect(await codeOf(reportIn('ar', signed))).toBe('fits');
		const turned = Object.fromEntries(Object.entries(signed).reverse());
		expect(await codeOf(JSON.parse(JSON.stringify(turned, null, 3)))).toBe('fits');
		expect(signed.signature).toMatchObject({ signer: 'A newsroom', key: publicPart(jwk) });
		expect(JSON.stringify(signed)).not.toContain(jwk.d);
	});

	test('verifies in a language other than at signing, and after the wording has changed', async () => {
		const { ar: _, ...sentences } = signed.signature?.sentences ?? {};
		const earlier = { ...signed, signature: { ...signed.signature, sentences } } as Report;
		expect(reportIn('ar', earlier).verdict.sentence).toBe(signed.verdict.sentence);
		const reworded = { ...signed, signature: { ...signed.signature, sentences: { en: 'As it was said then.' } } };
		expect(reportIn('en', reworded as Report).verdict.sentence).toBe('As it was said then.');
	});

	test('fails if one digit of the score is changed', async () => {
		const score = signed.verdict.fakeProbability as number;
		// the fourth digit: changing the last of seventeen may yield the same number
		const digits = `${score}`.slice(0, 6);
		const last = (Number(digits.at(-1)) + 1) % 10;
		const other = changed(`"fakeProbability":${digits}`, `"fakeProbability":${digits.slice(0, -1)}${last}`);
		expect(await codeOf(other)).toBe('signature-invalid');
	});

	test('fails if anything else is changed, added or removed', async () => {
		// a time stamp is made from the signature, so it is not covered; see time-stamp.test.ts
		const isSigned = ({ way }: { way: readonly string[] }) =>
			!['cropJpegBase64', 'faces', 'timeStamp'].some((part) => way.includes(part));
		const places = leaves(signed).filter(isSigned);
		expect(places.length).toBeGreaterThan(100);
		const step = Math.max(1, Math.floor(places.length / 40));
		for (const [i, { way, value }] of places.entries()) {
			if (i % step !== 0 && way[0] !== 'signature') continue;
			const other = structuredClone(signed);
			let at = other as unknown as Record<string, unknown>;
			for (const key of way.slice(0, -1)) at = at[key] as Record<string, unknown>;
			at[way.at(-1) as string] = another(value);
			expect(await codeOf(other), way.join('.')).toBe('signature-invalid');
		}
		expect(await codeOf({ ...signed, note: 'x' })).toBe('signature-invalid');
		const { createdAt: _, ...less } = signed;
		expect(await codeOf(less)).toBe('signature-invalid');
		expect(await codeOf({ ...signed, verdict: { ...signed.verdict, sentence: 'It is genuine.' } })).toBe(
			'signature-invalid',
		);
	});

	test('names a changed picture, in the report and next to it', async () => {
		const crop = signed.tracks[0]?.moments[0]?.cropJpegBase64 as string;
		const other = structuredClone(signed);
		const moment = other.tracks[0]?.moments[0] as { cropJpegBase64: string };
		moment.cropJpegBase64 = `${crop.slice(0, 400)}${crop[400] === 'A' ? 'B' : 'A'}${crop.slice(401)}`;
		await expect(checkSignature(other, { trusted: null })).rejects.toMatchObject({
			code: 'picture-changed',
			detail: expect.stringMatching(/^face 1 at \d+\.\d\d s$/),
		});
		const folder = await mkdtemp(join(tmpdir(), 'unmask-signed-'));
		try {
			await writeReport(folder, signed);
			const names = cropFileNames(signed);
			const files = await Promise.all(
				names.map(async (name, index) => ({ name, index, bytes: await readFile(join(folder, name)) })),
			);
			expect(files.length).toBeGreaterThan(1);
			await checkSignature(signed, { trusted: null, files });
			const swapped = files.map((file, i) => ({ ...file, bytes: files[i === 0 ? 1 : i]?.bytes as Buffer }));
			await expect(checkSignature(signed, { trusted: null, files: swapped })).rejects.toMatchObject({
				code: 'picture-changed',
				detail: names[0],
			});
			expect(await readFile(join(folder, 'report.html'), 'utf8')).toContain(jwk.kid);
		} finally {
			await rm(folder, { recursive: true });
		}
	});

	test('fails with another key; signing again changes the signer', async () => {
		const theirs = await newKey();
		const swapped = { ...signed, signature: { ...signed.signature, key: publicPart(theirs) } };
		expect(await codeOf(swapped)).toBe('signature-invalid');
		const anew = (await (await open(theirs))?.sign(signed)) as Report;
		expect(await codeOf(anew)).toBe('fits');
		expect(await codeOf(anew, [publicPart(jwk)])).toBe('signer-unknown');
		expect(await codeOf(signed, [publicPart(theirs), publicPart(jwk)])).toBe('fits');
		const { signature: _, ...bare } = signed;
		expect(await codeOf(bare)).toBe('signature-missing');
	});

	test('accepts only EdDSA, whatever the header says', async () => {
		const header = (alg: string) => Buffer.from(JSON.stringify({ alg })).toString('base64url');
		const value = signed.signature?.jws.split('.')[2];
		for (const alg of ['none', 'HS256', 'ES256']) {
			const jws = `${header(alg)}..${alg === 'none' ? '' : value}`;
			expect(await codeOf({ ...signed, signature: { ...signed.signature, jws } })).toBe('signature-invalid');
		}
	});
});

describe('the setting UNMASK_SIGNING_KEY', () => {
	let folder: string;
	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), 'unmask-keys-'));
	});
	afterAll(() => rm(folder, { recursive: true }));

	test('is a key or the file of one; without it, reports are not signed', async () => {
		const file = join(folder, 'key');
		await writeFile(file, JSON.stringify(jwk));
		expect((await openSigner(parseConfig({ UNMASK_SIGNING_KEY: file })))?.key).toEqual(publicPart(jwk));
		expect(await openSigner(parseConfig({}))).toBeNull();
	});

	test('is refused if it is not a key, and never quoted', async () => {
		const { d, ...half } = jwk;
		const other = (await newKey()).x;
		const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
		for (const key of [half, { ...jwk, d: 'short' }, { ...jwk, x: other }, rsa, { ...jwk, crv: 'X25519' }])
			await expect(open(key)).rejects.toMatchObject({
				code: 'environment',
				detail: expect.not.stringContaining(d.slice(0, 8)),
			});
		await expect(openSigner(parseConfig({ UNMASK_SIGNING_KEY: join(folder, 'none') }))).rejects.toMatchObject({
			code: 'environment',
		});
		await writeFile(join(folder, 'text'), 'hello');
		await expect(openSigner(parseConfig({ UNMASK_SIGNING_KEY: join(folder, 'text') }))).rejects.toMatchObject({
			code: 'environment',
		});
		expect((await stat(join(folder, 'text'))).size).toBe(5);
	});

	test('reads keys from a key or a key set, and nothing else', async () => {
		const key = publicPart(jwk);
		expect(await keysFrom(JSON.stringify(jwk))).toMatchObject([{ x: key.x, kid: key.kid }]);
		expect(await keysFrom(JSON.stringify({ keys: [{ kty: 'RSA' }, { ...key, kid: 'wrong' }] }))).toEqual([key]);
		for (const text of ['', 'x', '[]', '{"keys":[]}', 'null']) expect(await keysFrom(text)).toEqual([]);
	});
});
