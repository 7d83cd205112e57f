import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../../function/config.ts';
import type { Report, ReportTimeStamp } from '../../../function/contract/report.ts';
import { openSigner } from '../../../function/signature/sign-report.ts';
import { newKey } from '../../../function/signature/signing-key.ts';
import { certificatesFrom, checkTimeStamp, requestTimeStamp } from '../../../function/signature/time-stamp.ts';
import { createTestSigner } from '../../tools/test-certificates.ts';
import { type AuthorityFaults, startTimeAuthority, type TimeAuthority } from '../../tools/time-authority.ts';
import { sampleReports } from '../sample-report.ts';

let authority: TimeAuthority;
afterEach(() => authority.close());
const open = async (faults: AuthorityFaults = {}) => {
	authority = await startTimeAuthority(faults);
};
const jws = 'header..value';
const codeOf = (work: Promise<unknown>) =>
	work.then(
		() => 'fits',
		({ code }) => code,
	);

describe('a time stamp', () => {
	it('contains the time and the name of the authority', async () => {
		// a whole second at which the authority's certificate, made just now, is valid
		const at = new Date(1000 * Math.floor(Date.now() / 1000) - 60_000);
		await open({ now: () => at.getTime() });
		const stamp = await requestTimeStamp(authority.url, jws);
		expect(stamp.at).toBe(at.toISOString());
		const trusted = certificatesFrom(authority.root);
		expect(await checkTimeStamp(stamp, jws, trusted)).toBe('CN=Test Time, O=Unmask Tests');
		expect(await checkTimeStamp(stamp, jws, null)).toContain('Test Time');
	});

	it('is valid only for its signature and time, and for a trusted authority', async () => {
		await open();
		const stamp = await requestTimeStamp(authority.url, jws);
		expect(await codeOf(checkTimeStamp(stamp, `${jws}x`, null))).toBe('timestamp-invalid');
		expect(await codeOf(checkTimeStamp({ ...stamp, at: '2020-01-01T00:00:00.000Z' }, jws, null))).toBe(
			'timestamp-invalid',
		);
		const other = await startTimeAuthority();
		expect(await codeOf(checkTimeStamp(stamp, jws, certificatesFrom(other.root)))).toBe('timestamp-invalid');
		await other.close();
		for (const token of ['', 'AAAA', stamp.token.slice(0, -40)])
			expect(await codeOf(checkTimeStamp({ ...stamp, token }, jws, null))).toBe('timestamp-invalid');
	});

	it('is invalid if any byte is changed', { timeout: 60_000 }, async () => {
		await open();
		const stamp = await requestTimeStamp(authority.url, jws);
		const trusted = certificatesFrom(authority.root);
		const bytes = Buffer.from(stamp.token, 'base64');
		let taken = 0;
		for (let at = 0; at < bytes.length; at += 47) {
			const changed = Buffer.from(bytes);
			changed[at] = (changed[at] as number) ^ 0x10;
			if ((await codeOf(checkTimeStamp({ ...stamp, token: changed.toString('base64') }, jws, trusted))) === 'fits')
				taken++;
		}
		expect(taken).toBeLessThan(3); // bytes outside the signature, such as the version of the envelope
	});

	it.each<[string, AuthorityFaults]>([
		['a certificate for something else', { signer: createTestSigner() }],
		['another request', { change: (request) => delete request.nonce }],
		['another text', { change: ({ messageImprint }) => messageImprint.hashedMessage.valueBlock.valueHexView.fill(1) }],
		['a refusal', { status: 2 }],
	])('is refused for %s', async (_what, faults) => {
		await open(faults);
		expect(await codeOf(requestTimeStamp(authority.url, jws))).toBe('timestamp-invalid');
	});
});

describe('UNMASK_TSA_URL', () => {
	let report: Report;
	beforeAll(async () => {
		report = await sampleReports.fake();
	});
	const sign = async (url: string | undefined, lost: string[] = []): Promise<ReportTimeStamp | null | undefined> => {
		const env = { UNMASK_SIGNING_KEY: JSON.stringify(await newKey()), ...(url && { UNMASK_TSA_URL: url }) };
		const signer = await openSigner(parseConfig(env), { onStampFailure: (why) => lost.push(why) });
		const signature = (await signer?.sign(report))?.signature;
		if (signature?.timeStamp) await checkTimeStamp(signature.timeStamp, signature.jws, null);
		return signature?.timeStamp;
	};

	it('adds a time stamp to every signed report; if the authority fails, only the stamp is missing', async () => {
		await open();
		expect((await sign(authority.url))?.at).toMatch(/^20/);
		expect(await sign(undefined)).toBeNull();
		expect(authority.requests()).toBe(1);
		const lost: string[] = [];
		expect(await sign('http://127.0.0.1:1/', lost)).toBeNull();
		expect(lost[0]).toContain('This address did not respond');
	});
});
