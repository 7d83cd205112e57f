import { readdir, readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { Report } from '../../function/contract/report.ts';
import type { Service } from '../../function/contract/service.ts';
import { AnalysisError } from '../../function/errors.ts';
import { failedEvent } from '../../function/worker/failed-event.ts';
import { sampleReports } from '../unit/sample-report.ts';
import { codeOf, openTestService, type TestService, type TestServiceOptions } from './open-service.ts';

/** Inspects the disk for traces of an analysis. */

let service: TestService;
let report: Report;
beforeAll(async () => {
	report = { ...(await sampleReports.real()), fileName: 'witness.mp4' };
});
afterEach(() => service.close());
const open = async (options: TestServiceOptions = {}) => {
	service = await openTestService({ queue: 10, ...options });
};

/** Files of the store with the id in their name, or with the id or the video's name in their content. */
async function tracesOf(id: string): Promise<string[]> {
	const entries = await readdir(service.folder, { recursive: true, withFileTypes: true });
	const found: string[] = [];
	for (const entry of entries.filter((each) => each.isFile())) {
		const bytes = await readFile(join(entry.parentPath, entry.name));
		if (entry.name.includes(id) || bytes.includes(id) || bytes.includes('witness')) found.push(entry.name);
	}
	return found.toSorted();
}
const audit = () =>
	service.lines
		.map((line) => JSON.parse(line) as { audit?: string; what?: string; id?: string; why?: string })
		.filter(({ audit }) => audit === 'deletion')
		.map(({ what, id, why }) => `${what} ${id} ${why}`);
const analyse = (uploadId: string, some: object = {}, signal: AbortSignal | null = null) =>
	fetch(`${service.url}/v1/analyses`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', accept: 'application/x-ndjson' },
		body: JSON.stringify({ uploadId, plan: { frames: 60 }, ...some }),
		signal,
	});
const keepNothing = { keepReport: false };

test('DELETE removes report and upload, and logs both deletions', async () => {
	await open();
	const id = await service.upload('witness.mp4');
	const answer = analyse(id, { keepUpload: true });
	(await service.fake.job(0)).emit({ type: 'report', report });
	await (await answer).text();
	expect(await tracesOf(id)).toEqual([id, `${id}.json`, `${id}.json`]); // video, its record, report
	expect((await service.call('DELETE', `/v1/analyses/${id}`)).status).toBe(204);
	expect(await tracesOf(id)).toEqual([]);
	expect(audit()).toEqual([`report ${id.slice(0, 8)} asked for`, `upload ${id.slice(0, 8)} asked for`]);
	expect(service.lines.join('')).not.toContain('witness');
});

test('with keepReport false, nothing is kept and the report only goes to the reader', async () => {
	await open();
	const id = await service.upload('witness.mp4');
	const answer = analyse(id, keepNothing);
	(await service.fake.job(0)).emit({ type: 'report', report });
	expect(await (await answer).text()).toContain('"type":"report"');
	expect(await tracesOf(id)).toEqual([]);
	expect(codeOf(await service.call('GET', `/v1/analyses/${id}`))).toBe('report-not-found');
	expect(audit()).toEqual([`upload ${id.slice(0, 8)} not kept`]);
});

test('nothing is kept if the analysis fails, even temporarily', async () => {
	await open();
	for (const [i, code] of (['truncated', 'inference-died'] as const).entries()) {
		const id = await service.upload('witness.mp4');
		const answer = analyse(id, keepNothing);
		(await service.fake.job(i)).emit(failedEvent('witness.mp4', new AnalysisError(code, 'probe')));
		expect(await (await answer).text()).toContain(`"${code}"`);
		expect(await tracesOf(id)).toEqual([]);
	}
});

test('nothing is kept if the reader leaves while the analysis is running or waiting', async () => {
	await open({ graceMs: 0 });
	const [first, second] = [await service.upload('witness.mp4'), await service.upload('witness.mp4')];
	const [leaveFirst, leaveSecond] = [new AbortController(), new AbortController()];
	await analyse(first, keepNothing, leaveFirst.signal);
	await service.fake.job(0);
	await analyse(second, keepNothing, leaveSecond.signal);
	leaveSecond.abort();
	await expect.poll(() => tracesOf(second)).not.toContain(second);
	leaveFirst.abort();
	await expect.poll(() => tracesOf(first)).toEqual([]);
});

test('a request to keep nothing takes precedence over others; contradictory requests are refused', async () => {
	await open();
	const id = await service.upload('witness.mp4');
	const both = [analyse(id, keepNothing)];
	const job = await service.fake.job(0);
	both.push(analyse(id, { keepUpload: true }));
	await both[1];
	job.emit({ type: 'report', report });
	for (const answer of both) expect(await (await answer).text()).toContain('"type":"report"');
	expect(await tracesOf(id)).toEqual([]);

	const other = await service.upload('witness.mp4');
	for (const some of [{ async: true }, { keepUpload: true }, { webhook: { url: 'https://example.org/' } }]) {
		const refused = await service.call('POST', '/v1/analyses', { body: { uploadId: other, ...keepNothing, ...some } });
		expect([refused.status, codeOf(refused)]).toEqual([400, 'usage']);
	}
	const form = new FormData();
	form.append('keepReport', 'false');
	form.append('file', new File(['\0\0\0\x20ftypisom and so on'], 'witness.mp4'));
	const headers = { prefer: 'respond-async', accept: 'application/json' };
	const refused = await fetch(`${service.url}/v1/analyses`, { method: 'POST', body: form, headers });
	expect(refused.status).toBe(400);
	expect(await service.storedFiles()).toEqual([other, `${other}.json`]); // the file of the form was deleted
});

test('a report expires after thirty days, which is logged and announced by the service', async () => {
	await open({ reportTtlS: 30 * 86_400 });
	const { retention } = (await service.call('GET', '/v1/service')).json<Service>();
	expect(retention.reportS).toBe(30 * 86_400);
	const [old, recent] = [await service.upload('witness.mp4'), await service.upload('witness.mp4')];
	for (const id of [old, recent]) await service.store.writeResult(id, report);
	const day = 86_400_000;
	await utimes(join(service.folder, `results/${old}.json`), new Date(), new Date(Date.now() - 31 * day));
	await utimes(join(service.folder, `results/${recent}.json`), new Date(), new Date(Date.now() - 29 * day));
	await service.disk.sweep();
	expect(await service.store.readResult(old)).toBeNull();
	expect(await service.store.readResult(recent)).not.toBeNull();
	expect(audit()).toEqual([`report ${old.slice(0, 8)} expired`]);
});
