import { afterEach, expect, test } from 'vitest';
import type { ServiceEvent } from '../../function/contract/events.ts';
import type { Report } from '../../function/contract/report.ts';
import type { KeySet } from '../../function/contract/service.ts';
import { checkSignature } from '../../function/signature/check-signature.ts';
import { newKey, publicPart } from '../../function/signature/signing-key.ts';
import { sampleReports } from '../unit/sample-report.ts';
import { openTestService, type TestService } from './open-service.ts';

/** Reports signed by the service, as clients receive them. */

let service: TestService;
afterEach(() => service.close());

test('streamed and stored reports in every language have the same signature, whose key is published', async () => {
	const key = await newKey();
	service = await openTestService({ env: { UNMASK_SIGNING_KEY: JSON.stringify(key), UNMASK_SIGNER: 'A newsroom' } });
	const report = await sampleReports.fake();
	const uploadId = await service.upload();
	const answer = service.call('POST', '/v1/analyses', {
		body: { uploadId },
		headers: { accept: 'application/x-ndjson', 'accept-language': 'ar' },
	});
	(await service.fake.job(0)).emit({ type: 'report', report });
	const last = JSON.parse((await answer).text.trim().split('\n').at(-1) as string) as ServiceEvent & { report: Report };
	const { keys } = (await service.call('GET', '/.well-known/jwks.json')).json<KeySet>();
	expect(keys).toEqual([{ ...publicPart(key), use: 'sig', alg: 'EdDSA' }]);
	const trusted = { trusted: keys };
	const { signer } = await checkSignature(last.report, trusted);
	expect(signer).toBe('A newsroom');
	for (const language of ['en', 'ar']) {
		const headers = { 'accept-language': language };
		const stored = (await service.call('GET', `/v1/analyses/${uploadId}`, { headers })).json<Report>();
		expect(stored.signature).toEqual(last.report.signature);
		await checkSignature(stored, trusted);
	}
	expect(service.lines.join('')).not.toContain(key.d);
});

test('without a key, reports are not signed and the key set is empty', async () => {
	service = await openTestService();
	const uploadId = await service.upload();
	const answer = service.call('POST', '/v1/analyses', { body: { uploadId }, headers: { accept: 'application/json' } });
	(await service.fake.job(0)).emit({ type: 'report', report: await sampleReports.fake() });
	expect((await answer).json<Report>()).not.toHaveProperty('signature');
	expect((await service.call('GET', '/.well-known/jwks.json')).json()).toEqual({ keys: [] });
});
