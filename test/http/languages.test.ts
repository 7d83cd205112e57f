import { afterEach, beforeAll, expect, test } from 'vitest';
import { planSchema } from '../../function/contract/plan.ts';
import type { Report } from '../../function/contract/report.ts';
import { sampleReports } from '../unit/sample-report.ts';
import { openTestService, type TestService } from './open-service.ts';

let service: TestService;
let report: Report;
beforeAll(async () => {
	report = { ...(await sampleReports.fake()), plan: planSchema.parse({ maxDurationS: 60 }) }; // matches the default plan
});
afterEach(() => service.close());

const arabic = /^[\u0600-\u06ff]/;

test('the sentence is in the language that the client prefers: when stored, in a stream and in a single response', async () => {
	service = await openTestService();
	const id = await service.upload();
	await service.store.writeResult(id, report);
	const ask = (language: string) =>
		fetch(`${service.url}/v1/analyses/${id}`, { headers: { 'accept-language': language } });
	const sentence = async (answer: Response) => ((await answer.json()) as Report).verdict.sentence;
	expect(await sentence(await ask('ar-EG, en;q=0.5'))).toMatch(arabic);
	for (const language of ['en', 'nl', '*', ';;q='])
		expect(await sentence(await ask(language))).toBe(report.verdict.sentence);

	const analyse = (accept: string) =>
		fetch(`${service.url}/v1/analyses`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', 'accept-language': 'ar', accept },
			body: JSON.stringify({ uploadId: id }),
		});
	expect(await sentence(await analyse('application/json'))).toMatch(arabic);
	const last = (await (await analyse('application/x-ndjson')).text()).trimEnd().split('\n').at(-1) ?? '';
	expect(JSON.parse(last).report.verdict).toMatchObject({
		sentence: expect.stringMatching(arabic),
		headline: report.verdict.headline,
	});
});
